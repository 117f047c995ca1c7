"""Everything the program does, without a window. Importing this package loads nothing else."""

__version__ = "0.1.0"
