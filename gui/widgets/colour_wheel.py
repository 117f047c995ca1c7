"""A ring of hues around a square of saturation and value, as painting programs have it."""

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QConicalGradient,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.state.colours import Hsv, with_hue

RING = 0.15  # of the radius
GAP = 3.0  # logical pixels between ring and square
SIDE, LEAST = 148, 96  # logical pixels
MARK = 5.0
_STEP = 0.01
_KEYS = {
    Qt.Key.Key_Left: (0, -_STEP, 0),
    Qt.Key.Key_Right: (0, _STEP, 0),
    Qt.Key.Key_Up: (0, 0, _STEP),
    Qt.Key.Key_Down: (0, 0, -_STEP),
    Qt.Key.Key_PageUp: (_STEP, 0, 0),
    Qt.Key.Key_PageDown: (-_STEP, 0, 0),
}


class ColourWheel(QWidget):
    """Hue around, saturation to the right, value upwards.

    Arrow keys move in the square, Page Up and Down along the ring.

    Signals:
        edited: Another Hsv, while the pointer is dragged, too. Main thread.
    """

    edited = Signal(Hsv)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = Hsv()
        self._on_ring: bool | None = None  # while dragged
        self._drawn: tuple[object, QPixmap] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(LEAST, LEAST)
        self.setAccessibleName(self.tr("Colour wheel"))
        self.setToolTip(self.tr("Ring: hue. Square: saturation and brightness."))

    def show_colour(self, colour: Hsv) -> None:
        if colour != self._colour:
            self._colour = colour
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def heightForWidth(self, width: int) -> int:
        return width

    @property
    def _radius(self) -> float:
        return min(self.width(), self.height()) / 2 - 1

    @property
    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    @property
    def _square(self) -> QRectF:
        half = (self._radius * (1 - RING) - GAP) / math.sqrt(2)
        middle = self._middle
        return QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        state = (self.size(), ratio, self._colour.hue)
        if self._drawn is None or self._drawn[0] != state:
            self._drawn = state, self._draw(ratio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._drawn[1])
        angle, reach = self._colour.hue * 2 * math.pi, self._radius * (1 - RING / 2)
        on_ring = self._middle + QPointF(math.cos(angle) * reach, -math.sin(angle) * reach)
        square = self._square
        inside = QPointF(
            square.left() + self._colour.saturation * square.width(),
            square.bottom() - self._colour.value * square.height(),
        )
        for place in (on_ring, inside):
            for colour, width in ((QColor(0, 0, 0, 200), 3.0), (QColor("white"), 1.5)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(place, MARK, MARK)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().accent().color(), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw(self, ratio: float) -> QPixmap:
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hues = QConicalGradient(self._middle, 0)
        for sixth in range(7):
            hues.setColorAt(sixth / 6, QColor.fromHsvF(sixth % 6 / 6, 1, 1))
        width = self._radius * RING
        reach = self._radius - width / 2
        painter.setPen(QPen(hues, width))
        painter.drawEllipse(self._middle, reach, reach)
        square = self._square
        across = QLinearGradient(square.topLeft(), square.topRight())
        across.setColorAt(0, QColor("white"))
        across.setColorAt(1, QColor.fromHsvF(self._colour.hue % 1, 1, 1))
        down = QLinearGradient(square.topLeft(), square.bottomLeft())
        down.setColorAt(0, QColor(0, 0, 0, 0))
        down.setColorAt(1, QColor(0, 0, 0))
        for gradient in (across, down):  # v * ((1 - s) * white + s * hue): exactly a colour's HSV
            painter.fillRect(square, gradient)
        painter.end()
        return drawn

    # -- pointer and keys -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            offset = event.position() - self._middle
            self._on_ring = math.hypot(offset.x(), offset.y()) > self._radius * (1 - RING) - GAP / 2
            self._point_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._on_ring is not None:
            self._point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._on_ring = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        hue, saturation, value = step
        colour = self._colour
        if hue:
            self._take(with_hue(colour, (colour.hue + hue) % 1))
        else:
            self._take(
                replace(
                    colour,
                    saturation=_share(colour.saturation + saturation),
                    value=_share(colour.value + value),
                )
            )

    def _point_at(self, place: QPointF) -> None:
        if self._on_ring:
            offset = place - self._middle
            self._take(with_hue(self._colour, math.atan2(-offset.y(), offset.x()) / (2 * math.pi) % 1))
        else:
            square = self._square
            across, up = place.x() - square.left(), square.bottom() - place.y()
            self._take(
                replace(
                    self._colour,
                    saturation=_share(across / square.width()),
                    value=_share(up / square.height()),
                )
            )

    def _take(self, colour: Hsv) -> None:
        self.show_colour(colour)
        self.edited.emit(colour)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
