"""Points in time, as the artist's clock and language have them."""

from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QTime


def clock_text(moment: str) -> str:
    """The local time of a moment in ISO 8601 with its offset, with the day unless it is today; empty for other text."""
    try:
        made = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return ""
    short = QLocale.FormatType.ShortFormat
    clock = QLocale().toString(QTime(made.hour, made.minute), short)
    if made.date() == datetime.now().astimezone().date():
        return clock
    return f"{QLocale().toString(QDate(made.year, made.month, made.day), short)} {clock}"
