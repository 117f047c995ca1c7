"""The visible pixels as tiles, at the zoom's resolution: made when first seen, dropped where the picture changes."""

from typing import Protocol

import numpy as np

from editor_core.document.geometry import Rect
from gui.worker.images import premultiplied

TILE = 256
Key = tuple[int, int, int]


class PixelSource(Protocol):
    """Something that can be looked at: a document, a result, one turn's picture."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def read(self, x: int, y: int, width: int, height: int) -> np.ndarray:
        """uint8 (height, width, 3 or 4) of that rectangle."""


class ArraySource:
    """A picture that does not change: uint8 (H, W, 3 or 4)."""

    def __init__(self, pixels: np.ndarray) -> None:
        self._pixels = pixels

    @property
    def size(self) -> tuple[int, int]:
        return self._pixels.shape[1], self._pixels.shape[0]

    def read(self, x: int, y: int, width: int, height: int) -> np.ndarray:
        return self._pixels[y : y + height, x : x + width]


class TileCache:
    """Tiles of a source in halving resolutions: level 0 is full size, level n is 1 / 2**n of it.

    Tiles hold premultiplied pixels (see ``gui.worker.images``), so that transparent edges average rightly.
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
        level, deepest = 0, max(0, max(self._source.size).bit_length() - 1)
        while level < deepest and zoom * 2 ** (level + 1) <= 1:
            level += 1
        return level

    def covering(self, level: int, rect: Rect) -> Rect:
        """The tiles that a rectangle touches, as a rectangle of the level's pixels."""
        area = on_level(rect, level)
        left, top = area.x // TILE * TILE, area.y // TILE * TILE
        right, bottom = -(-area.right // TILE) * TILE, -(-area.bottom // TILE) * TILE
        return Rect(left, top, right - left, bottom - top).intersected(self._bounds(level))

    def region(self, level: int, area: Rect) -> np.ndarray:
        """The premultiplied pixels of ``area``, (height, width, 4)."""
        pixels = np.empty((area.height, area.width, 4), np.uint8)
        for ty in range(area.y // TILE, (area.bottom - 1) // TILE + 1):
            for tx in range(area.x // TILE, (area.right - 1) // TILE + 1):
                place = Rect(tx * TILE, ty * TILE, TILE, TILE)
                part = area.intersected(place)
                pixels[part.slices_in(area)] = self._tile((level, tx, ty))[part.slices_in(place)]
        return pixels

    def refresh(self, rect: Rect) -> None:
        """Read a changed rectangle again, in the tiles that were read before, on every level."""
        for level, tx, ty in sorted(self._pixels):  # coarser levels follow from finer ones
            place = Rect(tx * TILE, ty * TILE, TILE, TILE)
            part = on_level(rect, level).intersected(place).intersected(self._bounds(level))
            if part.is_empty:
                continue
            if level == 0:
                self._pixels[0, tx, ty][part.slices_in(place)] = self._read(part)
            else:
                self._halve_again((level, tx, ty), part)

    def __len__(self) -> int:
        return len(self._pixels)

    def _tile(self, key: Key) -> np.ndarray:
        if (pixels := self._pixels.get(key)) is None:
            level, tx, ty = key
            area = Rect(tx * TILE, ty * TILE, TILE, TILE).intersected(self._bounds(level))
            pixels = (
                self._read(area) if level == 0 else halve(self.region(level - 1, self._finer(level, area)))
            )
            while len(self._pixels) >= self._limit:
                del self._pixels[next(iter(self._pixels))]
            self._pixels[key] = pixels
        return pixels

    def _read(self, rect: Rect) -> np.ndarray:
        return premultiplied(self._source.read(*rect))

    def _halve_again(self, key: Key, part: Rect) -> None:
        """Make part of a tile again from the finer level; a tile whose finer ones are gone goes too."""
        level, tx, ty = key
        finer = self._finer(level, part)
        columns = range(finer.x // TILE, (finer.right - 1) // TILE + 1)
        rows = range(finer.y // TILE, (finer.bottom - 1) // TILE + 1)
        if all((level - 1, x, y) in self._pixels for x in columns for y in rows):
            place = Rect(tx * TILE, ty * TILE, TILE, TILE)
            self._pixels[key][part.slices_in(place)] = halve(self.region(level - 1, finer))
        else:
            del self._pixels[key]

    def _finer(self, level: int, area: Rect) -> Rect:
        """The same area one level finer."""
        return Rect(*(2 * side for side in area)).intersected(self._bounds(level - 1))

    def _bounds(self, level: int) -> Rect:
        width, height = self._source.size
        return on_level(Rect(0, 0, width, height), level)


def on_level(rect: Rect, level: int) -> Rect:
    """The pixels of a level that a rectangle of the picture touches."""
    span = 1 << level
    left, top = rect.x // span, rect.y // span
    return Rect(left, top, -(-rect.right // span) - left, -(-rect.bottom // span) - top)


def halve(pixels: np.ndarray) -> np.ndarray:
    """Half the size, (ceil(h / 2), ceil(w / 2), C), by the mean of 2 x 2 pixels; an odd edge repeats itself."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    wide = pixels.astype(np.uint16)
    total = wide[0::2, 0::2] + wide[1::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 1::2]
    return ((total + 2) // 4).astype(np.uint8)
