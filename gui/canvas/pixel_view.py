"""Draws a pixel source through a viewport, from tiles of the fitting resolution."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from gui.canvas.tile_cache import PixelSource, TileCache
from gui.canvas.viewport import Viewport

PIXELATED_FROM = 2.0  # zoom; below it pixels are smoothed


class PixelView:
    """One source on the screen. Holds the image of the part in sight until that part or its pixels change."""

    def __init__(self, source: PixelSource) -> None:
        self._tiles = TileCache(source)
        self._key: tuple[int, ...] | None = None
        self._image = QImage()
        self._covered = QRectF()  # picture pixels

    @property
    def source(self) -> PixelSource:
        return self._tiles.source

    def invalidate(self, x: int, y: int, width: int, height: int) -> None:
        self._tiles.invalidate(x, y, width, height)
        self._key = None

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the part in sight at its place; nothing outside the picture."""
        visible = viewport.visible()
        if not visible[2] or not visible[3]:
            return
        self._prepare(self._tiles.level_for(viewport.zoom), visible)
        painter.save()
        painter.setClipRect(picture_rect(viewport), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth(viewport))
        left, top = viewport.to_screen(self._covered.x(), self._covered.y())
        scale = viewport.scale
        target = QRectF(left, top, self._covered.width() * scale, self._covered.height() * scale)
        painter.drawImage(target, self._image, QRectF(self._image.rect()))
        painter.restore()

    def _prepare(self, level: int, visible: tuple[int, int, int, int]) -> None:
        key = (level, *self._tiles.range_of(level, *visible))
        if key == self._key:
            return
        image, covered = self._tiles.image(level, *visible)
        wanted = (
            QImage.Format.Format_ARGB32_Premultiplied
            if image.hasAlphaChannel()
            else QImage.Format.Format_RGB32
        )
        self._image = image.convertToFormat(wanted)
        span = 1 << level
        self._covered = QRectF(
            covered.x() * span, covered.y() * span, covered.width() * span, covered.height() * span
        )
        self._key = key


def picture_rect(viewport: Viewport) -> QRectF:
    """Where the picture lies on the screen."""
    scale = viewport.scale
    return QRectF(viewport.left, viewport.top, viewport.image_width * scale, viewport.image_height * scale)


def is_smooth(viewport: Viewport) -> bool:
    """Whether pixels are blended: below 200 %, except where they fall on device pixels exactly."""
    return viewport.zoom < PIXELATED_FROM and viewport.zoom != 1.0
