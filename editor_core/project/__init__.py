"""Documents and pictures as files."""
