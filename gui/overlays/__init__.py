"""What is painted over the picture and never belongs to it."""
