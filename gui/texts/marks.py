"""Marks inside texts: what is translated later, access keys, and names that hold such signs themselves."""

import re
from html import escape

from PySide6.QtCore import QCoreApplication

from editor_core.base.translatable import QT_TRANSLATE_NOOP

__all__ = ["QT_TRANSLATE_NOOP", "as_label", "as_tip", "as_title", "plain_text", "quoted"]


def plain_text(text: str) -> str:
    """A menu's text without the mark of its access key, which languages without letters put into brackets."""
    return re.sub(r"\(&.\)|&", "", text)


def as_label(name: str) -> str:
    """A name as a menu entry or a button shows it: an & in it is no access key."""
    return name.replace("&", "&&")


def as_tip(text: str) -> str:
    """A text of the artist's as a tooltip shows it: Qt takes what looks like tags for HTML."""
    return f'<span style="white-space: pre-wrap">{escape(text)}</span>' if "<" in text else text


def as_title(name: str) -> str:
    """A name as a window's title shows it: a [*] in it is not the mark of unsaved changes."""
    return name.replace("[*]", "[*][*]")


def quoted(words: str) -> str:
    """Words in the language's quotation marks."""
    return QCoreApplication.translate("marks", "“{words}”").format(words=words)
