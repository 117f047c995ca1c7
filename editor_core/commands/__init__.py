"""The headless commands: one a file, all registered in ``app.py``, run by ``entry.py``.

A command's file says what it takes; whatever is large is imported inside the command, so that help is instant.
"""
