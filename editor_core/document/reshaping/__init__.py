"""Changes of the whole canvas, its size and how it lies; everything on it goes along, turns and all."""
