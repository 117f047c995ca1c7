"""Questions to the artist. Each is opened without blocking and awaited."""
