"""One row of the table of actions."""

from dataclasses import dataclass


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
