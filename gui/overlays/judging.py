"""The tinted frame that says: this is not your picture yet."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.canvas.pixel_view import picture_rect
from gui.canvas.viewport import Viewport
from gui.look.theme import Theme

WIDTH = 3.0  # logical pixels
HALO = 10.0


class JudgingFrame:
    """A frame in the accent colour around the picture while ``shown``; a dashed one while it is being painted.

    Where the picture is larger than the canvas, the frame runs along the canvas.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.shown = False
        self.live = False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if not self.shown and not self.live:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas = QRectF(0, 0, viewport.view_width, viewport.view_height)
        picture = picture_rect(viewport)
        if not canvas.contains(painter.worldTransform().mapRect(picture)):
            painter.resetTransform()
            picture = canvas.adjusted(HALO, HALO, -HALO, -HALO)
        for width, alpha in ((HALO, 0.25), (WIDTH, 1.0)):
            pen = QPen(self._theme.colour("accent", alpha), width)
            if not self.shown:
                pen.setDashPattern((4.0, 4.0) if width == WIDTH else (1e6, 1.0))
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            half = width / 2
            painter.drawRect(picture.adjusted(-half, -half, half, half))
