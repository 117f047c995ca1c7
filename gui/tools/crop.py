"""The crop tool: a rectangle with handles; Enter cuts the picture to it, Escape lets go."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath

from editor_core.document.geometry import EMPTY, Rect
from gui.canvas.pixel_view import picture_rect
from gui.canvas.tool import Point, Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.tools.handles import ANCHORS, CURSORS, REACH, handles_of, nearest, nudge, paint_box
from gui.viewmodels.document_vm import DocumentVM

SHADE = QColor(0, 0, 0, 140)
CLICK = 3.0  # logical pixels: a shorter drag draws no rectangle
EVERYWHERE = 1e5


class CropBox(QObject):
    """The rectangle, as its tool and the bar above the canvas show it.

    Signals:
        changed: Another rectangle, or none. Main thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rect = EMPTY
        self.apply: Callable[[], None] = lambda: None

    def set(self, rect: Rect) -> None:
        if rect != self.rect:
            self.rect = rect
            self.changed.emit()


class CropTool(Tool):
    """A drag draws the rectangle, moves it, or moves one of its sides; Shift keeps its proportions."""

    hint = QT_TRANSLATE_NOOP("hints", "Drag a rectangle. Enter: crop. Esc: cancel. Shift: keep proportions.")

    def __init__(self, document: DocumentVM, box: CropBox) -> None:
        self.box = box
        self._vm = document
        self._grip: int | None = None  # the handle that is held; None: none
        self._start: Pointer | None = None
        self._before = EMPTY
        self.cursor = Qt.CursorShape.CrossCursor
        document.replaced.connect(lambda: box.set(EMPTY))
        document.size_changed.connect(lambda: box.set(EMPTY))

    @property
    def is_busy(self) -> bool:
        return not self.box.rect.is_empty

    @property
    def takes_arrows(self) -> bool:  # type: ignore[override]
        return self.is_busy

    def press(self, pointer: Pointer) -> None:
        self._start, self._before = pointer, self.box.rect
        self._grip = self._handle_at(pointer)
        if self._grip is None and not self._is_inside(pointer):
            self._before = EMPTY

    def move(self, pointer: Pointer) -> None:
        start, canvas = self._start, self._canvas
        if start is None or canvas.is_empty:
            return
        before = self._before
        if before.is_empty:
            start = start.snapped()
            self.box.set(_between((start.x, start.y), _corner(start, pointer.snapped()), canvas))
        elif self._grip is None:
            dx, dy = pointer.pull(handles_of(before), pointer.x - start.x, pointer.y - start.y)
            self.box.set(_kept_inside(before.shifted(round(dx), round(dy)), canvas))
        else:
            self.box.set(_resized(before, self._grip, pointer.snapped(), canvas))

    def release(self, pointer: Pointer) -> None:
        start, self._start = self._start, None
        if start is None:
            return
        far = max(abs(pointer.x - start.x), abs(pointer.y - start.y)) * pointer.scale
        if self._before.is_empty and far < CLICK:
            self.box.set(EMPTY)

    def double_click(self, pointer: Pointer) -> None:
        if self._is_inside(pointer):
            self.box.apply()
        else:
            self.press(pointer)

    def hover(self, pointer: Pointer) -> None:
        grip = self._handle_at(pointer)
        if grip is not None:
            self.cursor = CURSORS[grip % 4]
        elif self._is_inside(pointer):
            self.cursor = Qt.CursorShape.SizeAllCursor
        else:
            self.cursor = Qt.CursorShape.CrossCursor

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if not self.is_busy:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.box.apply()
        elif key == Qt.Key.Key_Escape:
            self.abort()
        elif (way := nudge(key, modifiers)) is not None:
            self.box.set(_kept_inside(self.box.rect.shifted(*way), self._canvas))
        else:
            return False
        return True

    @property
    def can_undo(self) -> bool:
        return self.is_busy

    def undo(self) -> bool:
        """There is only the rectangle to take back."""
        busy = self.is_busy
        self.abort()
        return busy

    def abort(self) -> None:
        self._start = None
        self.box.set(EMPTY)

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        if not self.is_busy:
            return
        x, y, width, height = self.box.rect
        corners = [
            viewport.to_screen(*p) for p in ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        ]
        inside = QRectF(QPointF(*corners[0]), QPointF(*corners[2]))
        shade = QPainterPath()
        shade.addRect(picture_rect(viewport))
        shade.addRect(inside)
        painter.fillPath(shade, SHADE)
        paint_box(painter, corners, [viewport.to_screen(*point) for point in handles_of(self.box.rect)])

    def reach(self, viewport: Viewport) -> float:
        return EVERYWHERE if self.is_busy or self._start is not None else 0.0

    @property
    def _canvas(self) -> Rect:
        return EMPTY if self._vm.document is None else self._vm.document.rect

    def _handle_at(self, pointer: Pointer) -> int | None:
        if not self.is_busy:
            return None
        return nearest(handles_of(self.box.rect), pointer.x, pointer.y, REACH / pointer.scale)

    def _is_inside(self, pointer: Pointer) -> bool:
        x, y, width, height = self.box.rect
        return x <= pointer.x < x + width and y <= pointer.y < y + height


def _corner(start: Pointer, pointer: Pointer) -> Point:
    """Where the rectangle ends; with Shift it is a square."""
    if not pointer.shift:
        return pointer.x, pointer.y
    side = max(abs(pointer.x - start.x), abs(pointer.y - start.y))
    return (
        start.x + (side if pointer.x >= start.x else -side),
        start.y + (side if pointer.y >= start.y else -side),
    )


def _between(one: Point, other: Point, canvas: Rect) -> Rect:
    """The whole pixels of the canvas between two points, at least one."""
    left, right = sorted((round(one[0]), round(other[0])))
    top, bottom = sorted((round(one[1]), round(other[1])))
    return Rect(left, top, max(1, right - left), max(1, bottom - top)).intersected(canvas)


def _resized(before: Rect, grip: int, pointer: Pointer, canvas: Rect) -> Rect:
    """The rectangle with a handle at the pointer; with Shift a corner keeps the proportions."""
    across, down = ANCHORS[grip]
    left, top, right, bottom = before.x, before.y, before.right, before.bottom
    x, y = min(max(pointer.x, 0), canvas.width), min(max(pointer.y, 0), canvas.height)
    if pointer.shift and 0.5 not in (across, down):
        fixed_x, fixed_y = (right if across == 0 else left), (bottom if down == 0 else top)
        room_x = fixed_x if across == 0 else canvas.width - fixed_x
        room_y = fixed_y if down == 0 else canvas.height - fixed_y
        share = max(abs(x - fixed_x) / before.width, abs(y - fixed_y) / before.height)
        share = min(share, room_x / before.width, room_y / before.height)
        x = fixed_x + (-1 if across == 0 else 1) * share * before.width
        y = fixed_y + (-1 if down == 0 else 1) * share * before.height
    ends_x = (x, right) if across == 0 else (left, x) if across == 1 else (left, right)
    ends_y = (y, bottom) if down == 0 else (top, y) if down == 1 else (top, bottom)
    made = _between((ends_x[0], ends_y[0]), (ends_x[1], ends_y[1]), canvas)
    return before if made.is_empty else made


def _kept_inside(rect: Rect, canvas: Rect) -> Rect:
    x = min(max(rect.x, 0), canvas.width - rect.width)
    y = min(max(rect.y, 0), canvas.height - rect.height)
    return Rect(x, y, rect.width, rect.height)
