"""Marks inside texts: what is translated later, and the access keys of menus."""

import re


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Qt's own mark for texts to be translated later, by the name its tools look for; Qt's has no types."""
    return text


def plain_text(text: str) -> str:
    """A menu's text without the mark of its access key, which languages without letters put into brackets."""
    return re.sub(r"\(&.\)|&", "", text)
