"""The selection tools: rectangle, ellipse, lasso, polygon. They differ in the shape they draw."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from editor_core.document import masks
from editor_core.document import selection as selecting
from editor_core.document.commands import Select
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.masks import Point
from editor_core.document.selection import Combine, Shape
from editor_core.document.snapshot import DocumentSnapshot
from gui.canvas.tool import Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.viewmodels.document_vm import DocumentVM

CLICK = 3.0  # logical pixels: a shorter drag is a click
CLOSING = 9.0  # logical pixels: a click this near to the first corner closes a polygon
EVERYWHERE = 1e5  # logical pixels


class SelectSettings(QObject):
    """What a new shape does to the selection, and how soft its edge is; shared by all selection tools.

    Signals:
        changed: Any of it. Main thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.combine = Combine.REPLACE
        self.feather = 0  # pixels

    def set(self, *, combine: Combine | None = None, feather: int | None = None) -> None:
        """Change some of it."""
        self.combine = self.combine if combine is None else combine
        self.feather = self.feather if feather is None else feather
        self.changed.emit()

    def combine_with(self, pointer: Pointer) -> Combine:
        """Shift adds, Alt takes away, both cut; else what is chosen."""
        if pointer.shift:
            return Combine.INTERSECT if pointer.alt else Combine.ADD
        return Combine.SUBTRACT if pointer.alt else self.combine


class SelectTool(Tool):
    """Draws a shape as a line of points; on release it joins the selection as one undo entry."""

    cursor = Qt.CursorShape.CrossCursor
    hint = QT_TRANSLATE_NOOP("hints", "Shift: add to selection. Ctrl or Alt: subtract.")

    def __init__(self, document: DocumentVM, settings: SelectSettings) -> None:
        self.settings = settings
        self._vm = document
        self._how = Combine.REPLACE
        self._points: list[Point] = []  # picture pixels

    @staticmethod
    def shape(points: Sequence[Point], canvas: Rect) -> Shape:
        """What the points enclose."""
        return selecting.polygon(points, canvas)

    def outline(self) -> list[Point]:
        """The line to draw meanwhile, in picture pixels."""
        return self._points

    def abort(self) -> None:
        self._points = []

    def _select(self) -> None:
        """Let the drawn shape join the selection; a shape of no size lets go of it, as a click does."""
        drawn = partial(self.shape, tuple(self._points))
        feather, how, self._points = self.settings.feather, self._how, []
        select = QCoreApplication.translate("tools", "Select")
        deselect = QCoreApplication.translate("tools", "Deselect")
        self._vm.execute_made(partial(_joined, drawn, feather, how, select, deselect))

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        line = QPolygonF([QPointF(*viewport.to_screen(*point)) for point in self.outline()])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, style in (
            (QColor("white"), Qt.PenStyle.SolidLine),
            (QColor("black"), Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(colour, 1, style))
            painter.drawPolyline(line)

    def reach(self, viewport: Viewport) -> float:
        return EVERYWHERE if self._points else 0.0


class DragSelect(SelectTool):
    """A shape drawn in one drag."""

    def press(self, pointer: Pointer) -> None:
        self._how = self.settings.combine_with(pointer)
        self._points = [(pointer.x, pointer.y)]

    def move(self, pointer: Pointer) -> None:
        if self._points:
            self._points.append((pointer.x, pointer.y))

    def release(self, pointer: Pointer) -> None:
        if not self._points:
            return
        self.move(pointer)
        xs, ys = zip(*self._points)
        if max(max(xs) - min(xs), max(ys) - min(ys)) * pointer.scale < CLICK:
            self._points = []
            if self._how is not Combine.REPLACE:
                return
        self._select()


class LassoSelect(DragSelect):
    """Freely drawn; the ends are joined."""


class RectangleSelect(DragSelect):
    """From corner to corner, on whole pixels; with Shift pressed during the drag a square."""

    snaps = True

    def __init__(self, document: DocumentVM, settings: SelectSettings) -> None:
        super().__init__(document, settings)
        self._shift_began = False

    def press(self, pointer: Pointer) -> None:
        super().press(pointer)
        self._shift_began = pointer.shift

    def move(self, pointer: Pointer) -> None:
        self._shift_began = self._shift_began and pointer.shift
        if self._points:
            start, end = self._points[0], (pointer.x, pointer.y)
            square = pointer.shift and not self._shift_began
            self._points = [start, _squared(start, end) if square else end]

    @staticmethod
    def shape(points: Sequence[Point], canvas: Rect) -> Shape:
        return selecting.rectangle(_rect(points).intersected(canvas) if len(points) > 1 else EMPTY)

    def outline(self) -> list[Point]:
        if len(self._points) < 2:
            return []
        x, y, width, height = _rect(self._points)
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]


class EllipseSelect(RectangleSelect):
    """The ellipse inside such a rectangle; a circle with Shift."""

    @staticmethod
    def shape(points: Sequence[Point], canvas: Rect) -> Shape:
        return selecting.ellipse(_rect(points) if len(points) > 1 else EMPTY)

    def outline(self) -> list[Point]:
        if len(self._points) < 2:
            return []
        return masks.ellipse_points(_rect(self._points))


class PolygonSelect(SelectTool):
    """Corner by corner; a double click, Enter or a click on the first corner closes it, Backspace takes one back."""

    snaps = True
    hint = QT_TRANSLATE_NOOP("hints", "Click to add corners. Enter or double-click: close.")

    def __init__(self, document: DocumentVM, settings: SelectSettings) -> None:
        super().__init__(document, settings)
        self._hover: Point | None = None

    @property
    def is_busy(self) -> bool:
        return bool(self._points)

    def press(self, pointer: Pointer) -> None:
        if not self._points:
            self._how = self.settings.combine_with(pointer)
        elif len(self._points) > 2 and self._is_near_first(pointer):
            self._select()
            return
        self._points.append((pointer.x, pointer.y))

    def double_click(self, pointer: Pointer) -> None:
        self._select()

    def hover(self, pointer: Pointer) -> None:
        self._hover = (pointer.x, pointer.y)

    def outline(self) -> list[Point]:
        return [*self._points, self._hover] if self._points and self._hover else self._points

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if not self._points:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._select()
        elif key == Qt.Key.Key_Escape:
            self.abort()
        elif key == Qt.Key.Key_Backspace:
            self.undo()
        else:
            return False
        return True

    @property
    def can_undo(self) -> bool:
        return self.is_busy

    def undo(self) -> bool:
        """Take back a corner."""
        if self._points:
            self._points.pop()
            return True
        return False

    def _is_near_first(self, pointer: Pointer) -> bool:
        x, y = self._points[0]
        return max(abs(pointer.x - x), abs(pointer.y - y)) * pointer.scale < CLOSING


def _joined(
    drawn: Callable[[Rect], Shape],
    feather: int,
    how: Combine,
    select: str,
    deselect: str,
    document: DocumentSnapshot,
) -> Select | None:
    """The undo entry with which a drawn shape joins the selection; runs on any thread."""
    shape = selecting.softened(drawn(document.rect), feather)
    found = selecting.combined(document.selection, shape, how, document.rect)
    return None if found is document.selection else Select(found, deselect if found is None else select)


def _rect(points: Sequence[Point]) -> Rect:
    """The whole pixels between the first and the last point, at least one."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    left, right = sorted((round(x0), round(x1)))
    top, bottom = sorted((round(y0), round(y1)))
    return Rect(left, top, max(1, right - left), max(1, bottom - top))


def _squared(start: Point, end: Point) -> Point:
    """The end of a square drawn from ``start``."""
    side = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    return (
        start[0] + (side if end[0] >= start[0] else -side),
        start[1] + (side if end[1] >= start[1] else -side),
    )
