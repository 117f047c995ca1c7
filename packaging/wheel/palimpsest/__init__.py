"""Palimpsest, installed as one package: ``palimpsest.api`` for Python, ``python -m palimpsest`` for everyone.

The program's own modules lie below it, in ``program``. In the source tree they are ``gui``, ``editor_core`` and
``cache`` and import each other so; ``setup.py`` gives their imports the longer names, so that an installation takes no
other name from anyone.
"""
