"""The colour picker: what is seen under the pointer becomes the foreground colour."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from editor_core.document.compositing import flatten_over, flatten_sketch
from editor_core.document.geometry import Rect
from gui.canvas.tool import Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.state.colours import Colour, Colours
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.viewmodels.document_vm import DocumentVM

RING = 26.0  # logical pixels: radius of the ring that shows the colour
WIDTH = 12.0


class ColourPicker(Tool):
    """Picks while the button is down; a ring shows the new colour above the old one."""

    cursor = Qt.CursorShape.CrossCursor
    hint = QT_TRANSLATE_NOOP("hints", "Click to pick the colour you see. X: swap colours.")

    def __init__(self, document: DocumentVM, colours: Colours) -> None:
        self._vm = document
        self._colours = colours
        self._before: Colour | None = None  # while picking

    def press(self, pointer: Pointer) -> None:
        self._before = self._colours.foreground
        self.move(pointer)

    def move(self, pointer: Pointer) -> None:
        colour = self._colour_at(int(pointer.x // 1), int(pointer.y // 1))
        if colour is not None:
            self._colours.set(foreground=colour)

    def release(self, pointer: Pointer) -> None:
        self._before = None

    def abort(self) -> None:
        self._colours.set(foreground=self._before)
        self._before = None

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        if hover is None or self._before is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 150), WIDTH + 3))
        painter.drawEllipse(QPointF(*hover), RING, RING)
        left, top, side = hover[0] - RING, hover[1] - RING, 2 * RING
        for colour, begin in ((self._colours.foreground, 0), (self._before, 180)):
            pen = QPen(QColor(*colour), WIDTH)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(int(left), int(top), int(side), int(side), begin * 16, 180 * 16)

    def reach(self, viewport: Viewport) -> float:
        return RING + WIDTH

    def _colour_at(self, x: int, y: int) -> Colour | None:
        """What is seen there, sketch included; None outside the picture."""
        document, place = self._vm.document, Rect(x, y, 1, 1)
        if document is None or place.intersected(document.rect).is_empty:
            return None
        red, green, blue = (int(value) for value in flatten_over(document.layers, place)[0, 0])
        *sketch, alpha = (int(value) for value in flatten_sketch(document.layers, place)[0, 0])
        mixed = [round((s * alpha + p * (255 - alpha)) / 255) for s, p in zip(sketch, (red, green, blue))]
        return mixed[0], mixed[1], mixed[2]
