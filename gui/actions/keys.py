"""Keys in words: as Qt writes them everywhere, and as this system's users know them."""

from PySide6.QtGui import QKeySequence


def portable(key: str) -> str:
    """A key as Qt writes it everywhere alike."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def native(key: str) -> str:
    """A key as this system's users know it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
