"""Numbers as the artist's language writes them."""

from PySide6.QtCore import QLocale


def decimal_text(value: float) -> str:
    """A number with one decimal, as the artist's language writes it."""
    return QLocale().toString(value, "f", 1)


def byte_text(count: int) -> str:
    """Such as "320 MB" or "1.2 GB"; what is smaller than a megabyte in KB."""
    if count >= 1 << 30:
        return f"{decimal_text(count / (1 << 30))} GB"
    if 0 < count < 1 << 20:
        return f"{max(1, round(count / (1 << 10)))} KB"
    return f"{round(count / (1 << 20))} MB"
