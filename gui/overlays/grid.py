"""A grid over the picture."""

import math

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.canvas.viewport import Viewport

NEAREST = 6.0  # logical pixels: a denser grid shows every second line, or fourth, …


class Grid:
    """Lines every so many picture pixels."""

    def __init__(self) -> None:
        self.shown = False
        self.spacing = 32  # picture pixels

    def snapped(self, x: float, y: float) -> tuple[float, float]:
        """The crossing that is nearest to a place."""
        return round(x / self.spacing) * self.spacing, round(y / self.spacing) * self.spacing

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if not self.shown:
            return
        step = float(self.spacing)
        while step * viewport.scale < NEAREST:
            step *= 2
        x, y, width, height = viewport.visible()
        lines = []
        for number in range(math.ceil(x / step), math.floor((x + width) / step) + 1):
            top, foot = (viewport.to_screen(number * step, end) for end in (y, y + height))
            lines.append(QLineF(*top, *foot))
        for number in range(math.ceil(y / step), math.floor((y + height) / step) + 1):
            left, right = (viewport.to_screen(end, number * step) for end in (x, x + width))
            lines.append(QLineF(*left, *right))
        for colour in (QColor(255, 255, 255, 70), QColor(0, 0, 0, 70)):
            painter.setPen(QPen(colour, 1))
            painter.drawLines(lines)
            painter.translate(1, 1)
