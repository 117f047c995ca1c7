"""The move tool: drags the chosen layer or group, or what is selected of it, or nudges it with the arrow keys."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPainter

from editor_core.document.commands import ShiftLayer
from editor_core.document.geometry import EMPTY
from editor_core.document.lifting import extent
from editor_core.document.placement import Placement
from gui.canvas.tool import Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.tools.floating import Floating
from gui.tools.guide_drag import GuideDrag
from gui.tools.handles import handles_of, nudge
from gui.viewmodels.document_vm import DocumentVM

EVERYWHERE = 1e5  # logical pixels
SELECTION = "Move selection"


class MoveTool(Tool):
    """One drag is one undo entry; Shift keeps to one direction."""

    cursor = Qt.CursorShape.SizeAllCursor
    takes_arrows = True
    hint = QT_TRANSLATE_NOOP(
        "hints",
        "Drag the active layer, or what is selected of it; or use the arrow keys. Shift: one direction only. "
        "Guides can be dragged, too.",
    )

    def __init__(self, document: DocumentVM, floating: Floating, guides: GuideDrag | None = None) -> None:
        """guides: those that are taken where the pointer is on one."""
        self.chosen_layer: str | None = None
        self._vm = document
        self._floating = floating
        self._guides = guides or GuideDrag(document)
        self._start: Pointer | None = None
        self._box = EMPTY  # what is moved, where it was
        self._way = (0, 0)  # gone so far in this drag, picture pixels

    def hover(self, pointer: Pointer) -> None:
        guide = self._guides.under(pointer.x, pointer.y, pointer.scale)
        sizes = Qt.CursorShape.SplitVCursor, Qt.CursorShape.SplitHCursor
        self.cursor = MoveTool.cursor if guide is None else sizes[guide.vertical]

    def press(self, pointer: Pointer) -> None:
        if (guide := self._guides.under(pointer.x, pointer.y, pointer.scale)) is not None:
            self._guides.begin(guide)
        elif self._moves_selection:
            if self._floating.begin(self._layer()):
                self._start, self._box = pointer, self._floating.box
        elif (layer := self._layer()) is not None and (document := self._vm.document) is not None:
            document.end_merging()
            self._start, self._way, self._box = pointer, (0, 0), extent(document.layers[layer])

    def move(self, pointer: Pointer) -> None:
        if (taken := self._guides.taken) is not None:
            self._guides.drag(taken.vertical, pointer.x, pointer.y)
        if self._start is None:
            return
        way = pointer.pull(handles_of(self._box), pointer.x - self._start.x, pointer.y - self._start.y)
        dx, dy = round(way[0]), round(way[1])
        if pointer.shift:
            dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
        if self._floating.lifted is not None:
            self._floating.place(Placement.of(self._floating.box).shifted(dx, dy))
        elif not self._shift(dx - self._way[0], dy - self._way[1]):
            self._start = None  # locked, as the message says
        self._way = dx, dy

    def release(self, pointer: Pointer) -> None:
        self._guides.drop()
        self._start = None
        self._floating.put_down(SELECTION)
        if self._vm.document is not None:
            self._vm.document.end_merging()

    def abort(self) -> None:
        self._guides.cancel()
        if self._floating.lifted is not None:
            self._start = None
            self._floating.cancel()
        elif (start := self._start) is not None:
            self._shift(-self._way[0], -self._way[1])
            self.release(start)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        way = nudge(key, modifiers)
        if way is None or self._layer() is None:
            return False
        dx, dy = way
        if not self._moves_selection:
            self._shift(dx, dy)
        elif self._floating.begin(self._layer()):
            self._floating.place(Placement.of(self._floating.box).shifted(dx, dy))
            self._floating.put_down(SELECTION)
        return True

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        self._floating.paint(painter, viewport)

    def reach(self, viewport: Viewport) -> float:
        return EVERYWHERE if self._floating.lifted is not None else 0.0

    @property
    def _moves_selection(self) -> bool:
        document = self._vm.document
        return (
            document is not None and document.selection is not None and self.chosen_layer in document.layers
        )

    def _layer(self) -> str | None:
        """The chosen layer or group; without one the artist is told to choose."""
        document, chosen = self._vm.document, self.chosen_layer
        if document is None or (chosen is not None and chosen in document.layers):
            return chosen
        self._vm.problem.emit(
            QCoreApplication.translate("tools", "Select the layer to move in the Layers panel first.")
        )
        return None

    def _shift(self, dx: int, dy: int) -> bool:
        layer = self._layer()
        return layer is not None and ((dx, dy) == (0, 0) or self._vm.execute(ShiftLayer(layer, dx, dy)))
