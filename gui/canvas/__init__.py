"""Drawing the picture and pointing at it."""
