"""Every action of the window: its words, keys, icon and place in the menus."""
