"""A curve through points that can be dragged: a click adds one, dragging one out of the square removes it."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor_core.document.adjustments import MAX_POINTS, STEPS, STRAIGHT, Point, table
from gui.look.theme import Theme
from gui.widgets.histogram import paint_histogram

SIDE = 256  # logical pixels
MARGIN = 8
REACH = 10.0
APART = 0.01  # of the side: two points are never nearer


class CurveEdit(QWidget):
    """One channel's curve.

    Signals (main thread):
        moved: The points are others.
        released: The end of a drag.
    """

    moved = Signal()
    released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.points: tuple[Point, ...] = STRAIGHT
        self._held: int | None = None
        self._counts: np.ndarray | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Curve"))
        self.setToolTip(self.tr("Click: add a point. Drag out of the square: remove it."))

    def sizeHint(self) -> QSize:
        return QSize(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN)

    def show_points(self, points: tuple[Point, ...]) -> None:
        """Show other points without telling anybody."""
        self.points = points
        self.update()

    def show_histogram(self, counts: np.ndarray | None) -> None:
        """How often each level occurs in the picture that is adjusted, 0..1 (n,)."""
        self._counts = counts
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        places = [self._place(point) for point in self.points]
        near = [QPointF(place - event.position()).manhattanLength() for place in places]
        self._held = near.index(min(near))
        if min(near) > REACH:
            self._add(self._value(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            return
        outside = not QRectF(self.rect()).adjusted(-24, -24, 24, 24).contains(event.position())
        inner = 0 < self._held < len(self.points) - 1
        if outside and inner:
            self._take(self.points[: self._held] + self.points[self._held + 1 :])
            self._held = None
        else:
            self._put(self._held, self._value(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self.released.emit()

    def _add(self, value: Point) -> None:
        self._held = None
        if len(self.points) >= MAX_POINTS:
            return
        number = sum(point[0] < value[0] for point in self.points)
        if 0 < number < len(self.points):
            self._held = number
            self.points = (*self.points[:number], value, *self.points[number:])
            self._put(number, value)

    def _put(self, number: int, value: Point) -> None:
        """A point elsewhere, between its neighbours."""
        low = self.points[number - 1][0] + APART if number else 0.0
        high = self.points[number + 1][0] - APART if number + 1 < len(self.points) else 1.0
        point = (min(max(value[0], low), high), value[1])
        self._take((*self.points[:number], point, *self.points[number + 1 :]))

    def _take(self, points: tuple[Point, ...]) -> None:
        self.points = points
        self.update()
        self.moved.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = QRectF(MARGIN, MARGIN, SIDE, SIDE)
        painter.fillRect(square, self._theme.colour("field"))
        if self._counts is not None:
            paint_histogram(painter, square, self._counts, self._theme.colour("hover"))
        painter.setPen(QPen(self._theme.colour("line"), 1))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            at = MARGIN + share * SIDE
            painter.drawLine(QPointF(at, MARGIN), QPointF(at, MARGIN + SIDE))
            painter.drawLine(QPointF(MARGIN, at), QPointF(MARGIN + SIDE, at))
        painter.setPen(QPen(self._theme.colour("text"), 1.5))
        line = table(self.points)
        places = [self._place((n / (STEPS - 1), float(line[n]))) for n in range(0, STEPS, 8)]
        painter.drawPolyline(QPolygonF([*places, self._place((1.0, float(line[-1])))]))
        painter.setBrush(self._theme.colour("accent"))
        painter.setPen(Qt.PenStyle.NoPen)
        for point in self.points:
            painter.drawEllipse(self._place(point), 4.5, 4.5)

    def _place(self, point: Point) -> QPointF:
        return QPointF(MARGIN + point[0] * SIDE, MARGIN + (1 - point[1]) * SIDE)

    def _value(self, place: QPointF) -> Point:
        x, y = (place.x() - MARGIN) / SIDE, 1 - (place.y() - MARGIN) / SIDE
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
