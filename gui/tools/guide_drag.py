"""A guide that is dragged: out of a ruler, or from where it was; one drag is one undo entry."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from editor_core.document.commands import SetGuides
from editor_core.document.guides import Guide
from gui.viewmodels.document_vm import DocumentVM

REACH = 5.0  # logical pixels from the line at which a guide is taken


class GuideDrag(QObject):
    """Changes the document when the drag ends.

    Signals:
        changed: The guide lies elsewhere, or is no longer dragged. Main thread.
    """

    changed = Signal()

    def __init__(self, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = True
        """Whether guides are seen, so that they can be taken."""
        self.is_inside: Callable[[float, float], bool] = lambda x, y: True
        """Whether a point of the picture is on the canvas that is seen; a guide dragged beyond it goes."""
        self._vm = document
        self._from: Guide | None = None
        self._guide: Guide | None = None

    @property
    def guide(self) -> Guide | None:
        """Where it is now; None while none is dragged, or where it would go if it were let go."""
        return self._guide

    def under(self, x: float, y: float, scale: float) -> Guide | None:
        """The guide at a point of the picture that could be taken. scale: logical pixels for one of the picture."""
        document = self._vm.document
        if document is None or not self.shown or document.guides.locked:
            return None
        return document.guides.nearest(x, y, REACH / scale)

    def begin(self, guide: Guide) -> None:
        """Take a guide from where it is."""
        self._from = self._guide = guide
        self.changed.emit()

    def drag(self, vertical: bool, x: float, y: float) -> None:
        """To a point of the picture; a guide that is new begins to be."""
        inside = self.is_inside(x, y)
        self._guide = Guide(vertical, round(x if vertical else y)) if inside else None
        self.changed.emit()

    def drop(self) -> None:
        """Let it lie here; outside the canvas it goes."""
        document, before, now = self._vm.document, self._from, self._guide
        self.cancel()
        if document is None or before == now:
            return
        guides = document.guides
        if before is not None:
            guides = guides.without(before)
        if now is not None:
            guides = guides.with_guide(now)
        if guides != document.guides:
            text = "Add guide" if before is None else "Delete guide" if now is None else "Move guide"
            self._vm.execute(SetGuides(guides, text))

    def cancel(self) -> None:
        """It lies where it was."""
        self._from = self._guide = None
        self.changed.emit()

    @property
    def taken(self) -> Guide | None:
        """The guide that was taken, as it was."""
        return self._from
