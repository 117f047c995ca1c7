"""What pictures say of how they were made: one file for each program that writes it, ``reading.py`` asks them all."""
