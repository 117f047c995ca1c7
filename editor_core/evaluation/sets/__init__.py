"""Public sets, one a file: a folder as it is handed out becomes examples."""
