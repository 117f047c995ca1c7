"""What a list of turns shows of each: a small picture and how much was changed, read from the file one by one.

A turn that lies in a file is read when nothing else waits, so that neither a click nor scrolling waits for pictures.
"""

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from editor_core.base.errors import EditorError
from editor_core.document.masks import share
from editor_core.document.turns import Turn
from gui.look.images import thumbnail

SIDE = 112  # device pixels: 56 logical ones on a screen at 200 %
_MOST_WAITING = 64  # what was scrolled past is not worth reading


@dataclass(frozen=True)
class TurnLook:
    """A turn in a list."""

    picture: object
    """What it was made from."""
    image: QImage
    """Empty as long as the turn was not read, or where it cannot be."""
    changed: float | None = None
    """Share of the picture that its mask covers."""


class TurnLooks(QObject):
    """Makes them and keeps them.

    Signals:
        made: A turn's id: its look is known now. Main thread.
    """

    made = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, TurnLook] = {}
        self._waiting: dict[str, Turn] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._read_one)

    def of(self, turn: Turn) -> TurnLook:
        """The look, an empty one where it has to be read first."""
        known = self._known.get(turn.id)
        if known is not None and known.picture is turn.picture:
            return known
        if all(stored is None or stored.is_at_hand for stored in map(turn.stored, ("image", "mask"))):
            return self._make(turn)
        self._waiting.pop(turn.id, None)
        self._waiting[turn.id] = turn
        if len(self._waiting) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._timer.start()
        return TurnLook(turn.picture, QImage())

    def keep_only(self, turns: Collection[str]) -> None:
        """Forget all others."""
        self._known = {key: look for key, look in self._known.items() if key in turns}
        self._waiting = {key: turn for key, turn in self._waiting.items() if key in turns}

    def _read_one(self) -> None:
        """The turn that was asked for last: the one in sight."""
        if not self._waiting:
            return
        _, turn = self._waiting.popitem()
        self._make(turn)
        if self._waiting:
            self._timer.start()
        self.made.emit(turn.id)

    def _make(self, turn: Turn) -> TurnLook:
        try:
            changed = share(turn.mask) if turn.mask is not None else None
            look = TurnLook(turn.picture, thumbnail(turn.image, SIDE), changed)
        except EditorError:  # told when the turn is shown
            look = TurnLook(turn.picture, QImage())
        self._known[turn.id] = look
        return look
