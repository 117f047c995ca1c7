"""Places in texts: Qt counts UTF-16 units, Python code points; an emoji is two of those and one of these."""


def units(text: str) -> int:
    """How many UTF-16 units a text has; half a surrogate pair is one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
