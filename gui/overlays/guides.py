"""Guides over the picture, and one that is being dragged."""

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from editor_core.document.guides import Guide, Guides
from gui.canvas.viewport import Viewport

COLOUR = QColor(0, 190, 255, 210)
SHADE = QColor(0, 0, 0, 110)
FAR = 1e5  # logical pixels: no canvas is wider


class GuideLines:
    """Lines from one end of the canvas to the other."""

    def __init__(self) -> None:
        self.shown = True
        self.guides = Guides()
        self.dragged: Guide | None = None
        """Seen even where the others are hidden."""

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        lines = []
        if self.shown:
            lines = [_line(viewport, Guide(True, place)) for place in self.guides.vertical]
            lines += [_line(viewport, Guide(False, place)) for place in self.guides.horizontal]
        if self.dragged is not None:
            lines.append(_line(viewport, self.dragged))
        for colour, width in ((SHADE, 3), (COLOUR, 1)):
            painter.setPen(QPen(colour, width))
            painter.drawLines(lines)


def _line(viewport: Viewport, guide: Guide) -> QLineF:
    x, y = viewport.to_screen(guide.place, guide.place)
    return QLineF(x, -FAR, x, FAR) if guide.vertical else QLineF(-FAR, y, FAR, y)
