"""The window itself: its parts, its menus, and where everything lies."""
