"""Rulers beside the canvas: where in the picture one is, and where guides are drawn from."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.canvas.viewport import Viewport
from gui.look.theme import Theme

THICKNESS = 18  # logical pixels
LEAST_APART = 56.0  # logical pixels between two numbers
LEAST_TICKS = 5.0  # logical pixels between two ticks
_ROUND = (1, 2, 5)


@dataclass(frozen=True)
class Scale:
    """What a ruler measures: pixels of the picture along its length."""

    along_x: bool
    """Columns of pixels rather than rows, whichever way the view is turned."""
    first: float
    """At the ruler's beginning."""
    step: float
    """From one logical pixel to the next, negative where the view runs the other way."""

    def at(self, position: float) -> float:
        """The picture's pixel at a position on the ruler."""
        return self.first + position * self.step

    def position(self, place: float) -> float:
        """Where on the ruler a pixel of the picture is."""
        return (place - self.first) / self.step

    def numbered(self) -> int:
        """Pixels of the picture between two numbers: 1, 2 or 5 with noughts."""
        wanted = max(1.0, abs(self.step) * LEAST_APART)
        power = 10 ** math.floor(math.log10(wanted))
        return next(int(each * power) for each in (*_ROUND, 10) if each * power >= wanted)

    def ticks(self) -> int:
        """Pixels of the picture between two ticks."""
        numbered = self.numbered()
        for parts in (10, 5, 2):
            if numbered % parts == 0 and numbered / parts >= abs(self.step) * LEAST_TICKS:
                return numbered // parts
        return numbered


def scale_of(viewport: Viewport, *, level: bool) -> Scale | None:
    """What a level ruler above the canvas measures, or an upright one beside it; None in a slanting view."""
    if viewport.angle % 90:
        return None
    ends = (viewport.upright(0, 0), viewport.upright(1, 0) if level else viewport.upright(0, 1))
    (x, y), (next_x, next_y) = (viewport.to_image(*end) for end in ends)
    along_x = abs(next_x - x) > abs(next_y - y)
    return Scale(True, x, next_x - x) if along_x else Scale(False, y, next_y - y)


class Ruler(QWidget):
    """One of both.

    Signals (main thread):
        pulled: A guide is drawn out of it: where the pointer is now, in this widget.
        let_go: Where the pointer went up.
    """

    pulled = Signal(QPointF)
    let_go = Signal(QPointF)

    def __init__(self, theme: Theme, *, level: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = level
        self._theme = theme
        self._viewport: Viewport | None = None
        self._mark: float | None = None
        self._pulling = False
        self.setAccessibleName(self.tr("Horizontal ruler") if level else self.tr("Vertical ruler"))
        self.setToolTip(self.tr("Pixels. Drag a guide out of the ruler; drag it back to remove it."))
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored
        self.setSizePolicy(free if level else fixed, fixed if level else free)
        theme.changed.connect(self.update)

    @property
    def scale(self) -> Scale | None:
        """What it measures now; None in a slanting view."""
        return None if self._viewport is None else scale_of(self._viewport, level=self.level)

    def show_view(self, viewport: Viewport) -> None:
        """Measure this view."""
        self._viewport = viewport
        slants = self.scale is None
        shape = Qt.CursorShape.SplitVCursor if self.level else Qt.CursorShape.SplitHCursor
        self.setCursor(Qt.CursorShape.ArrowCursor if slants else shape)
        self.update()

    def mark(self, position: float | None) -> None:
        """Show where the pointer is, in logical pixels along the ruler."""
        self._mark = position
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(THICKNESS, THICKNESS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pulling = event.button() == Qt.MouseButton.LeftButton and self.scale is not None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pulling:
            self.pulled.emit(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pulling and event.button() == Qt.MouseButton.LeftButton:
            self._pulling = False
            self.let_go.emit(event.position())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        painter.setPen(self._theme.colour("line"))
        edge = QRectF(self.rect()).adjusted(0, 0, -1, -1)
        painter.drawLine(edge.bottomLeft() if self.level else edge.topRight(), edge.bottomRight())
        scale = self.scale
        if scale is not None:
            self._paint_ticks(painter, scale)
        if self._mark is not None:
            painter.setPen(self._theme.colour("accent"))
            self._draw(painter, self._mark, THICKNESS)

    def _paint_ticks(self, painter: QPainter, scale: Scale) -> None:
        length = self.width() if self.level else self.height()
        ends = sorted((scale.at(0), scale.at(length)))
        numbered, apart = scale.numbered(), scale.ticks()
        font = painter.font()
        font.setPixelSize(9)
        painter.setFont(font)
        muted = QColor(self._theme.colour("muted"))
        for number in range(
            math.ceil(ends[0] / apart) - 1, math.floor(ends[1] / apart) + 1 + numbered // apart
        ):
            place = number * apart
            painter.setPen(muted)
            position = scale.position(place)
            self._draw(painter, position, THICKNESS if place % numbered == 0 else THICKNESS // 4)
            if place % numbered == 0:
                self._write(painter, position, str(place))

    def _draw(self, painter: QPainter, position: float, reach: int) -> None:
        """A line of this length across the ruler, from the canvas's side."""
        at = round(position) + 0.5
        near, far = THICKNESS - 1, THICKNESS - 1 - reach
        ends = (QPointF(at, near), QPointF(at, far)) if self.level else (QPointF(near, at), QPointF(far, at))
        painter.drawLine(*ends)

    def _write(self, painter: QPainter, position: float, text: str) -> None:
        painter.save()
        if self.level:
            painter.drawText(QPointF(position + 3, 9), text)
        else:
            painter.translate(9, position + 3)
            painter.rotate(90)
            painter.drawText(QPointF(0, 3), text)
        painter.restore()
