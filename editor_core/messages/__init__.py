"""What travels between window and worker: frozen requests and events, plain data and numpy only."""
