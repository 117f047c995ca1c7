"""What the window remembers, now and between two starts; no truth of the picture."""
