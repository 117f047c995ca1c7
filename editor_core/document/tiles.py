"""Sparse pixels in shared, read-only tiles, so that strokes, undo and snapshots cost what they touch."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.levels import reduced

Pixels = NDArray[np.uint8]
TileKey = tuple[int, int]  # column, row
TilePatch = Mapping[TileKey, Pixels | None]  # None: the tile is empty

TILE_SIZE = 128  # pixels a side
COARSEST_LEVEL = 7  # where a tile is one pixel

_NONE = np.empty(0, np.uint8)  # equal to no tile


class Tiles:
    """An immutable, unbounded plane of uint8 pixels; a missing tile is all zero and costs nothing.

    Every change makes a new ``Tiles`` that shares the untouched tiles with the old one, so an instance may be
    handed to another thread and two instances are compared tile by tile through identity.
    """

    __slots__ = ("__weakref__", "_tiles", "channels")

    def __init__(self, channels: int, tiles: Mapping[TileKey, Pixels] | None = None) -> None:
        self.channels = channels
        self._tiles: dict[TileKey, Pixels] = dict(tiles or {})

    @classmethod
    def from_array(cls, pixels: Pixels, x: int = 0, y: int = 0) -> "Tiles":
        """Tiles of ``pixels`` (H, W, channels) or (H, W), the first pixel at (x, y)."""
        return cls(1 if pixels.ndim == 2 else pixels.shape[2]).with_pixels(x, y, pixels)

    @classmethod
    def from_rgb(cls, image: Pixels) -> "Tiles":
        """Opaque RGBA tiles of ``image`` (H, W, 3)."""
        rect = Rect(0, 0, image.shape[1], image.shape[0])
        tiles = {}
        for key, part in _parts(rect):
            tile = np.zeros((TILE_SIZE, TILE_SIZE, 4), np.uint8)
            inside = part.slices_in(tile_rect(key))
            tile[..., :3][inside] = image[part.slices_in(rect)]
            tile[..., 3][inside] = 255
            tiles[key] = _frozen(tile)
        return cls(4, tiles)

    def __len__(self) -> int:
        return len(self._tiles)

    def __iter__(self) -> Iterator[TileKey]:
        return iter(self._tiles)

    @property
    def nbytes(self) -> int:
        """Bytes of all tiles, each counted once however often it is repeated."""
        return unique_bytes(self._tiles.values())

    def tile(self, key: TileKey) -> Pixels | None:
        """The read-only tile (size, size, channels) or None when it is empty."""
        return self._tiles.get(key)

    def read(self, rect: Rect, level: int = 0) -> Pixels:
        """The pixels of ``rect`` (height, width, channels); read-only where one whole tile is asked for.

        ``level`` n is 1 / 2**n of the size, up to ``COARSEST_LEVEL``; ``rect`` counts in its pixels.
        """
        side = TILE_SIZE >> level
        key = (rect.x // side, rect.y // side)
        if rect == tile_rect(key, side) and key in self._tiles:
            return reduced(self._tiles[key], level)
        pixels = np.zeros((rect.height, rect.width, self.channels), np.uint8)
        x, y, right, bottom = rect.x, rect.y, rect.right, rect.bottom
        for row in range(
            y // side, -(-bottom // side)
        ):  # plain numbers: this is the innermost loop of drawing
            tile_top = row * side
            top, foot = max(y, tile_top), min(bottom, tile_top + side)
            for column in range(x // side, -(-right // side)):
                tile = self._tiles.get((column, row))
                if tile is not None:
                    tile_left = column * side
                    left, far = max(x, tile_left), min(right, tile_left + side)
                    pixels[top - y : foot - y, left - x : far - x] = reduced(tile, level)[
                        top - tile_top : foot - tile_top, left - tile_left : far - tile_left
                    ]
        return pixels

    def touches(self, rect: Rect, level: int = 0) -> bool:
        """Whether any tile under ``rect`` holds something."""
        side = TILE_SIZE >> level
        rows = range(rect.y // side, -(-rect.bottom // side))
        columns = range(rect.x // side, -(-rect.right // side))
        return any((column, row) in self._tiles for row in rows for column in columns)

    def with_pixels(self, x: int, y: int, pixels: Pixels) -> "Tiles":
        """A copy with ``pixels`` (H, W, channels) or (H, W) written at (x, y)."""
        source = pixels.reshape(*pixels.shape[:2], self.channels)
        rect = Rect(x, y, pixels.shape[1], pixels.shape[0])
        tiles = dict(self._tiles)
        plain: dict[bytes, Pixels] = {}  # tiles of one colour are held once
        for key, part in _parts(rect):
            if part == tile_rect(key):
                tile = source[part.slices_in(rect)]
                tile = plain.setdefault(tile[0, 0].tobytes(), tile.copy()) if _is_plain(tile) else tile.copy()
            else:
                tile = self._writable(key)
                tile[part.slices_in(tile_rect(key))] = source[part.slices_in(rect)]
            _put(tiles, key, _frozen(tile))
        return Tiles(self.channels, tiles)

    def filled(self, rect: Rect, value: tuple[int, ...]) -> "Tiles":
        """A copy with every pixel of ``rect`` set to ``value``; whole tiles share one array."""
        full = _frozen(np.broadcast_to(np.array(value, np.uint8), _shape(self.channels)).copy())
        tiles = dict(self._tiles)
        for key, part in _parts(rect):
            if part == tile_rect(key):
                tile = full
            else:
                tile = self._writable(key)
                tile[part.slices_in(tile_rect(key))] = value
                _frozen(tile)
            _put(tiles, key, tile)
        return Tiles(self.channels, tiles)

    def combined(self, rect: Rect, coverage: Pixels, combine: Callable[[Pixels, Pixels], Pixels]) -> "Tiles":
        """A copy with ``combine(before, coverage)`` wherever ``coverage`` (h, w, 1) of ``rect`` is not zero.

        Tiles of one value share one array.
        """
        tiles = dict(self._tiles)
        plain: dict[bytes, Pixels] = {}
        for key, part in _parts(rect):
            covered = coverage[part.slices_in(rect)]
            if covered.any():
                tile = self._writable(key)
                inside = part.slices_in(tile_rect(key))
                tile[inside] = combine(tile[inside], covered)
                if _is_plain(tile):
                    tile = plain.setdefault(tile[0, 0].tobytes(), tile)
                _put(tiles, key, _frozen(tile))
        return Tiles(self.channels, tiles)

    def halved_ahead(self) -> "Tiles":
        """Itself, the smaller versions of its tiles made now: what is then seen from afar is seen at once."""
        for tile in self._tiles.values():
            reduced(tile, COARSEST_LEVEL)
        return self

    def with_patch(self, patch: TilePatch) -> "Tiles":
        """A copy with the tiles of ``patch`` in place of its own."""
        tiles = dict(self._tiles)
        for key, tile in patch.items():
            if tile is None:
                tiles.pop(key, None)
            else:
                tiles[key] = tile
        return Tiles(self.channels, tiles)

    def changed_keys(self, other: "Tiles") -> set[TileKey]:
        """Keys whose tile is not the very same array in ``other``."""
        keys = self._tiles.keys() | other._tiles.keys()
        return {key for key in keys if self._tiles.get(key) is not other._tiles.get(key)}

    def patch(self, keys: Iterable[TileKey]) -> TilePatch:
        """This instance's tiles under ``keys``."""
        return {key: self._tiles.get(key) for key in keys}

    def sharing(self, other: "Tiles") -> "Tiles":
        """The same pixels, with the arrays of ``other`` wherever a tile is equal."""
        equal = {key for key in self if np.array_equal(self._tiles[key], other._tiles.get(key, _NONE))}
        return self.with_patch(other.patch(equal))

    def bounds(self) -> Rect:
        """The smallest rectangle that holds every pixel that is not all zero."""
        if not self._tiles:
            return EMPTY
        columns, rows = zip(*self._tiles)
        left = min(_extent(self._at_column(min(columns)), 1)[0]) + min(columns) * TILE_SIZE
        right = max(_extent(self._at_column(max(columns)), 1)[1]) + max(columns) * TILE_SIZE
        top = min(_extent(self._at_row(min(rows)), 0)[0]) + min(rows) * TILE_SIZE
        bottom = max(_extent(self._at_row(max(rows)), 0)[1]) + max(rows) * TILE_SIZE
        return Rect(left, top, right - left, bottom - top)

    def _at_column(self, column: int) -> list[Pixels]:
        return [tile for key, tile in self._tiles.items() if key[0] == column]

    def _at_row(self, row: int) -> list[Pixels]:
        return [tile for key, tile in self._tiles.items() if key[1] == row]

    def _writable(self, key: TileKey) -> Pixels:
        tile = self._tiles.get(key)
        return np.zeros(_shape(self.channels), np.uint8) if tile is None else tile.copy()


def tile_rect(key: TileKey, side: int = TILE_SIZE) -> Rect:
    """The pixels that the tile covers, ``side`` of them each way."""
    return Rect(key[0] * side, key[1] * side, side, side)


def patch_rect(patch: TilePatch) -> Rect:
    """The smallest rectangle that holds every tile of ``patch``."""
    rect = EMPTY
    for key in patch:
        rect = rect.united(tile_rect(key))
    return rect


def unique_bytes(tiles: Iterable[Pixels | None]) -> int:
    """Bytes of ``tiles``, an array that occurs twice counted once."""
    return sum({id(tile): tile.nbytes for tile in tiles if tile is not None}.values())


def _parts(rect: Rect) -> Iterator[tuple[TileKey, Rect]]:
    """Each tile key under ``rect`` with the part of ``rect`` that lies in it."""
    if rect.is_empty:
        return
    for row in range(rect.y // TILE_SIZE, (rect.bottom - 1) // TILE_SIZE + 1):
        for column in range(rect.x // TILE_SIZE, (rect.right - 1) // TILE_SIZE + 1):
            yield (column, row), rect.intersected(tile_rect((column, row)))


def _put(tiles: dict[TileKey, Pixels], key: TileKey, tile: Pixels) -> None:
    if tile.any():
        tiles[key] = tile
    else:
        tiles.pop(key, None)


def _is_plain(tile: Pixels) -> bool:
    """Whether all pixels are alike; two of them tell of most tiles that they are not."""
    return bool((tile[0, 0] == tile[-1, -1]).all() and (tile == tile[0, 0]).all())


def _frozen(tile: Pixels) -> Pixels:
    tile.flags.writeable = False
    return tile


def _shape(channels: int) -> tuple[int, int, int]:
    return TILE_SIZE, TILE_SIZE, channels


def _extent(tiles: list[Pixels], axis: int) -> tuple[list[int], list[int]]:
    """First and one-past-last occupied index along ``axis`` (0 rows, 1 columns) of each tile."""
    lines = [np.flatnonzero(_occupied(tile, axis)) for tile in tiles]
    return [int(line[0]) for line in lines], [int(line[-1]) + 1 for line in lines]


def _occupied(tile: Pixels, axis: int) -> NDArray[np.bool_]:
    """Whether each row (axis 0) or column (axis 1) of a tile holds something.

    Rows are or-ed as they lie in memory: `any` over the rows and channels of RGBA takes a hundred times as long.
    """
    lines = tile.reshape(TILE_SIZE, -1)
    if axis == 1:
        lines = np.bitwise_or.reduce(lines, axis=0).reshape(TILE_SIZE, -1)
    return np.asarray(lines.any(axis=1))
