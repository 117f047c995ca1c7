"""A slider whose groove shows what each place stands for."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QWidget

HEIGHT = 18  # logical pixels
_HANDLE = 7.0


class GradientSlider(QSlider):
    """A horizontal slider over a run of colours; a click goes to its place."""

    def __init__(self, name: str, high: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, high)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMinimumWidth(40)
        self._colours: tuple[QColor, ...] = (QColor("black"), QColor("white"))

    def show_colours(self, colours: Sequence[QColor]) -> None:
        """Evenly spread from left to right."""
        self._colours = tuple(colours)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove = QRectF(self.rect()).adjusted(_HANDLE / 2, 3.5, -_HANDLE / 2, -3.5)
        run = QLinearGradient(groove.topLeft(), groove.topRight())
        for number, colour in enumerate(self._colours):
            run.setColorAt(number / (len(self._colours) - 1), colour)
        edge = self.palette().accent().color() if self.hasFocus() else QColor(0, 0, 0, 90)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(run)
        painter.drawRoundedRect(groove, 2, 2)
        middle = groove.left() + groove.width() * self.value() / self.maximum()
        painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
        painter.setBrush(QColor("white"))
        painter.drawRoundedRect(QRectF(middle - _HANDLE / 2, 1, _HANDLE, self.height() - 2), 2, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _go_to(self, x: float) -> None:
        share = (x - _HANDLE / 2) / max(1.0, self.width() - _HANDLE)
        self.setValue(round(share * self.maximum()))
