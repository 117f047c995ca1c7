"""The only folder that opens the session; the rest of the window sees requests and events, which are plain data."""
