"""Editing pictures larger than the model sees at once, in a window around the mask."""
