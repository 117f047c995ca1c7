"""What a document tells its observers: plain frozen events, delivered on the thread that changed it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from editor_core.document.geometry import Rect


@dataclass(frozen=True)
class SizeChanged:
    """The canvas has another size."""

    width: int
    height: int


@dataclass(frozen=True)
class LayersChanged:
    """Layers were added, removed, moved, or a property changed; ``rect`` is what may look different."""

    rect: Rect


@dataclass(frozen=True)
class PixelsChanged:
    """Pixels of one layer changed inside ``rect`` (document pixels)."""

    layer_id: str
    rect: Rect


@dataclass(frozen=True)
class SelectionChanged:
    """Other pixels are selected."""


@dataclass(frozen=True)
class HistoryChanged:
    """Turns were added, removed, renamed or starred."""


@dataclass(frozen=True)
class CurrentTurnChanged:
    """Another turn is shown."""

    turn_id: str | None


@dataclass(frozen=True)
class DraftsChanged:
    """Something was typed or set for the next edit, or taken back: ``seen`` is what is to be seen of it now."""

    seen: Mapping[tuple[str, str], object]
    """By the turn's id and name, as in `drafts.py`."""


@dataclass(frozen=True)
class GuidesChanged:
    """There are other guides."""


@dataclass(frozen=True)
class UndoChanged:
    """A step was made, taken back or made again; texts name what can be undone and redone now, None means nothing."""

    undo_text: str | None
    redo_text: str | None
    forgotten: int = 0
    """Steps so far that can no longer be undone, for they took too much memory."""


@dataclass(frozen=True)
class DirtyChanged:
    """The document now differs from the saved file, or no longer does."""

    dirty: bool


Event = (
    SizeChanged
    | LayersChanged
    | PixelsChanged
    | SelectionChanged
    | HistoryChanged
    | CurrentTurnChanged
    | DraftsChanged
    | GuidesChanged
    | UndoChanged
    | DirtyChanged
)
Observer = Callable[[Event], None]


class Observers:
    """Subscribed callbacks, called in the order in which they came."""

    def __init__(self) -> None:
        self._callbacks: dict[object, Observer] = {}

    def subscribe(self, callback: Observer) -> Callable[[], None]:
        """Call ``callback`` with every event from now on; the returned function ends that."""
        key = object()
        self._callbacks[key] = callback
        return lambda: self._callbacks.pop(key, None) and None

    def notify(self, event: Event) -> None:
        for key, callback in list(self._callbacks.items()):
            if key in self._callbacks:
                callback(event)
