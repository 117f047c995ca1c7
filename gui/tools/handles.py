"""Handles of a box on the canvas: where they are, which one the pointer has, how they are drawn."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from editor_core.document.geometry import Rect
from gui.canvas.tool import Point

FAR = 10  # pixels a nudge goes with Shift
WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
SIDE = 9.0  # logical pixels of a handle
REACH = 9.0  # logical pixels: how near the pointer must be
ANCHORS: tuple[Point, ...] = (
    (0.0, 0.0),
    (0.5, 0.0),
    (1.0, 0.0),
    (1.0, 0.5),
    (1.0, 1.0),
    (0.5, 1.0),
    (0.0, 1.0),
    (0.0, 0.5),
)
"""Of a box, as shares of its width and height: clockwise from the top left."""
CURSORS = (
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
    Qt.CursorShape.SizeHorCursor,
)


def handles_of(box: Rect) -> list[Point]:
    """The places of a box's handles, in its own pixels."""
    return [(box.x + across * box.width, box.y + down * box.height) for across, down in ANCHORS]


def nudge(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> tuple[int, int] | None:
    """How many pixels an arrow key moves what is in hand; None for any other key."""
    far = FAR if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
    return None if (way := WAYS.get(key)) is None else (way[0] * far, way[1] * far)


def nearest(points: Sequence[Point], x: float, y: float, reach: float) -> int | None:
    """The number of the nearest point within reach; None where there is none."""
    distances = [max(abs(px - x), abs(py - y)) for px, py in points]
    number = min(range(len(points)), key=distances.__getitem__)
    return number if distances[number] <= reach else None


def paint_box(painter: QPainter, corners: Sequence[Point], handles: Sequence[Point]) -> None:
    """The outline, seen on light and dark, and its handles; places are upright coordinates."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    outline = QPolygonF([QPointF(*corner) for corner in (*corners, corners[0])])
    for colour, width in ((QColor(0, 0, 0, 150), 3.0), (QColor("white"), 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawPolyline(outline)
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
    painter.setBrush(QColor("white"))
    for x, y in handles:
        painter.drawRect(QRectF(x - SIDE / 2, y - SIDE / 2, SIDE, SIDE))
