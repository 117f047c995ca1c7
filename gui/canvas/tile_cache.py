"""The visible pixels as tiles, at the zoom's resolution: made when first seen, dropped where the picture changes."""

from typing import Protocol

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from gui.worker.images import to_qimage

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
    """Tiles of a source in halving resolutions: level 0 is full size, level n is 1 / 2**n of it."""

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

    def range_of(self, level: int, x: int, y: int, width: int, height: int) -> tuple[int, int, int, int]:
        """First and last tile column and row that a rectangle of picture pixels touches: x0, y0, x1, y1."""
        span = TILE << level
        return x // span, y // span, (x + width - 1) // span, (y + height - 1) // span

    def image(self, level: int, x: int, y: int, width: int, height: int) -> tuple[QImage, QRect]:
        """The tiles that cover a rectangle of picture pixels, as one image, and the rectangle of that image's
        pixels at its level (in level pixels)."""
        first_x, first_y, last_x, last_y = self.range_of(level, x, y, width, height)
        rows = [
            np.concatenate([self._tile((level, tx, ty)) for tx in range(first_x, last_x + 1)], axis=1)
            for ty in range(first_y, last_y + 1)
        ]
        pixels = np.concatenate(rows, axis=0)
        covered = QRect(first_x * TILE, first_y * TILE, pixels.shape[1], pixels.shape[0])
        return to_qimage(pixels), covered

    def invalidate(self, x: int, y: int, width: int, height: int) -> None:
        """Forget the tiles a changed rectangle touches, on every level."""
        for key in [key for key in self._pixels if _touches(key, x, y, width, height)]:
            del self._pixels[key]

    def clear(self) -> None:
        self._pixels.clear()

    def __len__(self) -> int:
        return len(self._pixels)

    def _tile(self, key: Key) -> np.ndarray:
        if (pixels := self._pixels.get(key)) is None:
            pixels = self._read(key) if key[0] == 0 else self._halved(key)
            while len(self._pixels) >= self._limit:
                del self._pixels[next(iter(self._pixels))]
            self._pixels[key] = pixels
        return pixels

    def _read(self, key: Key) -> np.ndarray:
        _, tx, ty = key
        width, height = self._source.size
        x, y = tx * TILE, ty * TILE
        return self._source.read(x, y, min(TILE, width - x), min(TILE, height - y))

    def _halved(self, key: Key) -> np.ndarray:
        """A tile made from the four below it, each pixel the mean of four."""
        level, tx, ty = key
        rows = [
            np.concatenate([self._tile(k) for k in row], axis=1)
            for row in self._children(level - 1, 2 * tx, 2 * ty)
            if row
        ]
        return halve(np.concatenate(rows, axis=0))

    def _children(self, level: int, tx: int, ty: int) -> list[list[Key]]:
        width, height = (-(-side // (TILE << level)) for side in self._source.size)  # tiles on that level
        return [[(level, x, y) for x in (tx, tx + 1) if x < width] for y in (ty, ty + 1) if y < height]


def halve(pixels: np.ndarray) -> np.ndarray:
    """Half the size, (ceil(h / 2), ceil(w / 2), C), by the mean of 2 x 2 pixels; an odd edge repeats itself."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    wide = pixels.astype(np.uint16)
    total = wide[0::2, 0::2] + wide[1::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 1::2]
    return ((total + 2) // 4).astype(np.uint8)


def _touches(key: Key, x: int, y: int, width: int, height: int) -> bool:
    level, tx, ty = key
    span = TILE << level
    return tx * span < x + width and x < (tx + 1) * span and ty * span < y + height and y < (ty + 1) * span
