"""What the model sees of a picture that is too large for it, while it works there and of a turn that was made so."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.canvas.viewport import Viewport
from gui.look.theme import Theme

Window = tuple[int, int, int, int]
"""(left, top, width, height) in pixels of the picture."""


class ContextWindow:
    """A dashed rectangle, the same width at every zoom."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.window: Window | None = None
        """None shows nothing."""

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self.window is None:
            return
        left, top, width, height = self.window
        x, y = viewport.to_screen(left, top)
        rectangle = QRectF(x, y, width * viewport.scale, height * viewport.scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, style in (
            (QColor(0, 0, 0, 120), Qt.PenStyle.SolidLine),
            (self._theme.colour("accent"), Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(colour, 1.5, style))
            painter.drawRect(rectangle)
