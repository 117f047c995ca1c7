"""How the window looks: theme, style sheet, icons, and pixels as Qt draws them."""
