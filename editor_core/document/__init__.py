"""The document: layers, turns, their history and one undo stack; numpy only, no files, no threads."""
