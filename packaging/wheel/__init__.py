"""Palimpsest, installed as one package: the program's own modules lie below it, in ``program``.

They import each other as they do in the source tree (``gui``, ``editor_core``, ``cache``); only a process that starts
from here has them under these names, so that an installation takes no other name from anyone.
"""
