"""The mark of texts that the window translates, for the packages that know nothing of Qt."""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Qt's own mark for texts to be translated later, by the name its tools look for; Qt's has no types."""
    return text
