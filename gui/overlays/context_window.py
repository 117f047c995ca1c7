"""What the model sees of a picture that is too large for it, while it works there and of a turn that was made so."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.canvas.viewport import Viewport
from gui.theme import Theme

Window = tuple[int, int, int, int]
"""(left, top, width, height) in pixels of the picture."""


def window_of(log: Mapping[str, Any]) -> Window | None:
    """What the model saw of a turn's picture, by the turn's log; None where it saw all of it."""
    window = log.get("window")
    if not isinstance(window, list | tuple) or not all(isinstance(side, int) for side in window):
        return None
    return (window[0], window[1], window[2], window[3]) if len(window) == 4 else None


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
