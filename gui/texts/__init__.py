"""What the window says: names, sentences, the language they are in."""
