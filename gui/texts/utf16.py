"""Places in texts: Qt counts UTF-16 units, Python code points; an emoji is two of those and one of these."""


def units(text: str) -> int:
    """How many UTF-16 units a text has; half a surrogate pair is one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, at: int) -> int:
    """How many code points of a text lie before a place that Qt counts in UTF-16 units."""
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * at]
    return len(before.decode("utf-16-le", "surrogatepass"))
