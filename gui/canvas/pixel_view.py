"""Draws a pixel source through a viewport, from tiles of the fitting resolution."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from editor_core.document.geometry import EMPTY, Rect
from gui.canvas.tile_cache import PixelSource, TileCache, on_level
from gui.canvas.viewport import Viewport
from gui.worker.images import drawn_image

PIXELATED_FROM = 2.0  # zoom; below it pixels are smoothed


class PixelView:
    """One source on the screen. Keeps the image of the part in sight and changes in it only what changed."""

    def __init__(self, source: PixelSource) -> None:
        self._tiles = TileCache(source)
        self._level = 0
        self._area = EMPTY  # of the image, in pixels of the level
        self._image = QImage()
        self._changed = EMPTY  # picture pixels that must be read again

    @property
    def source(self) -> PixelSource:
        return self._tiles.source

    def invalidate(self, rect: Rect) -> None:
        """A rectangle of picture pixels looks different now; it is read when it is next drawn."""
        self._changed = self._changed.united(rect)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the part in sight at its place; nothing outside the picture."""
        visible = Rect(*viewport.visible())
        if visible.is_empty:
            return
        self._prepare(self._tiles.level_for(viewport.zoom), visible)
        painter.save()
        painter.setClipRect(picture_rect(viewport), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth(viewport))
        span = 1 << self._level
        left, top = viewport.to_screen(self._area.x * span, self._area.y * span)
        scale = viewport.scale * span
        target = QRectF(left, top, self._area.width * scale, self._area.height * scale)
        painter.drawImage(target, self._image, QRectF(self._image.rect()))
        painter.restore()

    def _prepare(self, level: int, visible: Rect) -> None:
        """Bring the image up to date for what is in sight."""
        area = self._tiles.covering(level, visible)
        changed, self._changed = self._changed, EMPTY
        if not changed.is_empty:
            self._tiles.refresh(changed, level, area)
        if level != self._level or area != self._area:
            self._level, self._area = level, area
            self._image = drawn_image(self._tiles.region(level, area))
        elif not changed.is_empty:
            self._patch(on_level(changed, level).intersected(area))

    def _patch(self, part: Rect) -> None:
        if part.is_empty:
            return
        painter = QPainter(self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        fresh = drawn_image(self._tiles.region(self._level, part))
        painter.drawImage(part.x - self._area.x, part.y - self._area.y, fresh)
        painter.end()


def picture_rect(viewport: Viewport) -> QRectF:
    """Where the picture lies on the screen."""
    scale = viewport.scale
    return QRectF(viewport.left, viewport.top, viewport.image_width * scale, viewport.image_height * scale)


def is_smooth(viewport: Viewport) -> bool:
    """Whether pixels are blended: below 200 %, except where they fall on device pixels exactly."""
    return viewport.zoom < PIXELATED_FROM and (viewport.zoom != 1.0 or viewport.angle % 90 != 0)
