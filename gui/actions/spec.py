"""One row of the table of actions."""

import re
from dataclasses import dataclass


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Qt's own mark for texts to be translated later, by the name its tools look for; Qt's has no types."""
    return text


@dataclass(frozen=True)
class Spec:
    """One action. Texts are translated when the action is made."""

    id: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    """Checkable actions of one group exclude each other."""
    tip: str = ""
    separate: bool = False
    """A line before it in the menu."""


def plain_text(text: str) -> str:
    """A menu's text without the mark of its access key, which languages without letters put into brackets."""
    return re.sub(r"\(&.\)|&", "", text)
