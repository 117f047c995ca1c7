"""A histogram, painted behind a curve or above sliders."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import Theme

HEIGHT = 72  # logical pixels


def paint_histogram(painter: QPainter, place: QRectF, counts: np.ndarray, colour: QColor) -> None:
    """Fill what lies below counts, 0..1 (n,), in a rectangle."""
    step = place.width() / max(1, len(counts) - 1)
    outline = [
        QPointF(place.left() + number * step, place.bottom() - float(count) * place.height())
        for number, count in enumerate(np.sqrt(counts))  # else a sky hides everything else
    ]
    painter.save()
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([place.bottomLeft(), *outline, place.bottomRight()]))
    painter.restore()


class Histogram(QWidget):
    """One by itself."""

    def __init__(self, theme: Theme, counts: np.ndarray, parent: QWidget | None = None) -> None:
        """counts: 0..1 (n,)."""
        super().__init__(parent)
        self._theme, self.counts = theme, counts
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Histogram"))

    def sizeHint(self) -> QSize:
        return QSize(2 * HEIGHT, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("field"))
        paint_histogram(painter, QRectF(self.rect()), self.counts, self._theme.colour("disabled"))
