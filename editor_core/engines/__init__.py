"""The editing methods, one a file; each reads top to bottom like its paper's algorithm."""
