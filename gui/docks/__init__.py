"""The panels around the canvas: one panel, one file."""
