"""Draws a pixel source through a viewport, from tiles of the fitting resolution."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from editor_core.document.geometry import EMPTY, Rect
from gui.canvas.tile_cache import TILE, Key, PixelSource, TileCache, on_level, tile_area, tiles_of
from gui.canvas.viewport import Viewport
from gui.look.images import borrowed_image

PIXELATED_FROM = 2.0  # zoom; below it pixels are smoothed
AT_ONCE = 24  # tiles: where more than these changed, they are read as time allows, too
BUDGET_MS = 10  # for reading tiles in one frame; the rest comes with the next ones


@dataclass
class _Layer:
    """An image of part of the picture at one level."""

    level: int
    area: Rect  # in pixels of the level
    image: QImage
    missing: list[Key]  # tiles not drawn into the image yet, those nearest to the middle last

    def target(self, viewport: Viewport) -> QRectF:
        """Where the image lies, in upright coordinates."""
        span = 1 << self.level
        left, top = viewport.to_screen(self.area.x * span, self.area.y * span)
        scale = viewport.scale * span
        return QRectF(left, top, self.area.width * scale, self.area.height * scale)


class PixelView:
    """One source on the screen. Keeps the image of the part in sight and changes in it only what changed.

    With ``later``, a frame reads tiles only for a few milliseconds, shows what it showed before where tiles are still
    missing, and calls ``later`` to be drawn again.
    """

    def __init__(self, source: PixelSource, later: Callable[[], None] | None = None) -> None:
        self._tiles = TileCache(source)
        self._later = later
        self._front = _Layer(0, EMPTY, QImage(), [])
        self._back: _Layer | None = None  # what was shown before the front, while that is not complete
        self._changed = EMPTY  # picture pixels that must be read again

    @property
    def source(self) -> PixelSource:
        return self._tiles.source

    def rest(self) -> None:
        """Keep what is in sight and nothing else: it is not looked at for a while."""
        self._tiles = TileCache(self._tiles.source)

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
        for layer in (self._back, self._front):
            if layer is not None:
                painter.drawImage(layer.target(viewport), layer.image, QRectF(layer.image.rect()))
        painter.restore()
        if self._front.missing and self._later is not None:
            self._later()

    def _prepare(self, level: int, visible: Rect) -> None:
        """Bring the image up to date for what is in sight, as far as the time for a frame allows."""
        area = self._tiles.covering(level, visible)
        changed, self._changed = self._changed, EMPTY
        part = on_level(changed, level).intersected(area)
        much = self._later is not None and len(tiles_of(level, part)) > AT_ONCE
        if not changed.is_empty:
            self._tiles.refresh(changed, level, EMPTY if much else area)
        if level != self._front.level or area != self._front.area:
            self._begin(level, area)
        elif much:
            self._front.missing = list({*self._front.missing, *tiles_of(level, part)})
        elif not changed.is_empty:
            self._patch(part)
        self._fill()

    def _begin(self, level: int, area: Rect) -> None:
        """A new front; the last complete one stays behind it."""
        if not self._front.missing and not self._front.image.isNull():
            self._back = self._front
        image = QImage(area.width, area.height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        x, y = area.x + area.width / 2, area.y + area.height / 2
        missing = sorted(
            tiles_of(level, area),
            key=lambda key: -math.dist(((key[1] + 0.5) * TILE, (key[2] + 0.5) * TILE), (x, y)),
        )
        self._front = _Layer(level, area, image, missing)

    def _fill(self) -> None:
        """Draw missing tiles: those at hand, and others until the time is up, one at the least."""
        front, end = self._front, time.perf_counter() + BUDGET_MS / 1000
        late = False
        waiting: list[Key] = []
        while front.missing:
            key = front.missing.pop()
            if late and not self._tiles.has(key):
                waiting.append(key)
                continue
            self._paint(tile_area(key).intersected(front.area))
            late = self._later is not None and time.perf_counter() > end
        front.missing = waiting[::-1]
        if not front.missing:
            self._back = None

    def _patch(self, part: Rect) -> None:
        """Draw again what changed, in tiles that have been drawn."""
        for key in tiles_of(self._front.level, part):
            if key not in self._front.missing:
                self._paint(tile_area(key).intersected(part))

    def _paint(self, part: Rect) -> None:
        painter = QPainter(self._front.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        fresh = np.ascontiguousarray(self._tiles.region(self._front.level, part))
        painter.drawImage(part.x - self._front.area.x, part.y - self._front.area.y, borrowed_image(fresh))
        painter.end()


def picture_rect(viewport: Viewport) -> QRectF:
    """Where the picture lies on the screen."""
    scale = viewport.scale
    return QRectF(viewport.left, viewport.top, viewport.image_width * scale, viewport.image_height * scale)


def is_smooth(viewport: Viewport) -> bool:
    """Whether pixels are blended: below 200 %, except where they fall on device pixels exactly."""
    return viewport.zoom < PIXELATED_FROM and (viewport.zoom != 1.0 or viewport.angle % 90 != 0)
