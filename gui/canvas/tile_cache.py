"""The visible pixels as tiles, at the zoom's resolution: made when first seen, dropped where the picture changes."""

from typing import Protocol

import numpy as np

from editor_core.document.geometry import Rect
from editor_core.document.levels import halve
from editor_core.document.tiles import COARSEST_LEVEL
from gui.look.images import premultiplied

TILE = 128  # pixels a side: what one read costs at the most
Key = tuple[int, int, int]  # level, column, row


class PixelSource(Protocol):
    """Something that can be looked at: a document, a result, one turn's picture."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        """uint8 (height, width, 3 or 4) of that rectangle, in pixels of the level: 1 / 2**level of the size."""


class ArraySource:
    """A picture that does not change: uint8 (H, W, 3 or 4)."""

    def __init__(self, pixels: np.ndarray) -> None:
        self._pixels = pixels

    @property
    def size(self) -> tuple[int, int]:
        return self._pixels.shape[1], self._pixels.shape[0]

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        if level:
            return halve(self.read(2 * x, 2 * y, 2 * width, 2 * height, level - 1))
        return self._pixels[y : y + height, x : x + width]


class TileCache:
    """Tiles of a source in halving resolutions: level 0 is full size, level n is 1 / 2**n of it.

    Tiles hold premultiplied pixels (see ``gui.look.images``), as Qt draws them fastest.
    Rectangles are in picture pixels, those of ``region`` in pixels of its level.
    """

    def __init__(self, source: PixelSource, limit: int = 2048) -> None:
        self._source = source
        self._limit = limit  # tiles
        self._pixels: dict[Key, np.ndarray] = {}

    @property
    def source(self) -> PixelSource:
        return self._source

    def level_for(self, zoom: float) -> int:
        """The coarsest level that still has a pixel for every device pixel at this zoom."""
        level = 0
        while level < COARSEST_LEVEL and zoom * 2 ** (level + 1) <= 1:
            level += 1
        return level

    def covering(self, level: int, rect: Rect) -> Rect:
        """The tiles that a rectangle touches, as a rectangle of the level's pixels."""
        area = on_level(rect, level)
        left, top = area.x // TILE * TILE, area.y // TILE * TILE
        right, bottom = -(-area.right // TILE) * TILE, -(-area.bottom // TILE) * TILE
        return Rect(left, top, right - left, bottom - top).intersected(self._bounds(level))

    def has(self, key: Key) -> bool:
        """Whether a tile is at hand without reading."""
        return key in self._pixels

    def region(self, level: int, area: Rect) -> np.ndarray:
        """The premultiplied pixels of ``area``, (height, width, 4)."""
        keys = tiles_of(level, area)
        if len(keys) == 1:
            return self._tile(keys[0])[area.slices_in(tile_area(keys[0]))]
        pixels = np.empty((area.height, area.width, 4), np.uint8)
        for key in keys:
            part = area.intersected(tile_area(key))
            pixels[part.slices_in(area)] = self._tile(key)[part.slices_in(tile_area(key))]
        return pixels

    def refresh(self, rect: Rect, level: int, area: Rect) -> None:
        """A rectangle changed: read it again where it lies in ``area`` of ``level``, forget it elsewhere."""
        for key in list(self._pixels):
            place = tile_area(key)
            part = on_level(rect, key[0]).intersected(place).intersected(self._bounds(key[0]))
            if part.is_empty:
                continue
            if key[0] == level and not part.intersected(area).is_empty:
                self._pixels[key][part.slices_in(place)] = self._read(part, level)
            else:
                del self._pixels[key]

    def __len__(self) -> int:
        return len(self._pixels)

    def _tile(self, key: Key) -> np.ndarray:
        if (pixels := self._pixels.get(key)) is None:
            level, tx, ty = key
            pixels = self._read(
                Rect(tx * TILE, ty * TILE, TILE, TILE).intersected(self._bounds(level)), level
            )
            while len(self._pixels) >= self._limit:
                del self._pixels[next(iter(self._pixels))]
            self._pixels[key] = pixels
        return pixels

    def _read(self, rect: Rect, level: int) -> np.ndarray:
        return premultiplied(self._source.read(*rect, level))

    def _bounds(self, level: int) -> Rect:
        width, height = self._source.size
        return on_level(Rect(0, 0, width, height), level)


def on_level(rect: Rect, level: int) -> Rect:
    """The pixels of a level that a rectangle of the picture touches."""
    span = 1 << level
    left, top = rect.x // span, rect.y // span
    return Rect(left, top, -(-rect.right // span) - left, -(-rect.bottom // span) - top)


def tile_area(key: Key) -> Rect:
    """What a tile covers, in pixels of its level."""
    return Rect(key[1] * TILE, key[2] * TILE, TILE, TILE)


def tiles_of(level: int, area: Rect) -> list[Key]:
    """The tiles that ``area`` (in pixels of the level) touches."""
    columns = range(area.x // TILE, -(-area.right // TILE))
    rows = range(area.y // TILE, -(-area.bottom // TILE))
    return [(level, column, row) for row in rows for column in columns]
