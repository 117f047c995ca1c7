"""The networks that predict the noise: one protocol (`backbone.py`), and a folder for each kind behind it."""
