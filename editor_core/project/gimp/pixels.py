"""The pixels of .xcf files as 8-bit sRGB: tiles unpacked, colours brought to sRGB's curve, indices looked up.

What an honest file needs is bounded by its size: no two of its tiles share bytes, and each has a pointer of its own. A
file that would have more unpacked than that is damaged, or made to keep a program busy.
"""

import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from editor_core.document.tiles import TILE_SIZE, Pixels, TileKey, Tiles
from editor_core.project.archive import max_layer_bytes
from editor_core.project.colour_profiles import is_srgb, to_srgb
from editor_core.project.gimp.structure import (
    GREY,
    INDEXED,
    Hierarchy,
    XcfError,
    XcfImage,
    XcfLayer,
    read_hierarchy,
)

_SIDE = 64  # pixels of a tile
_PER_TILE = TILE_SIZE // _SIDE
_PLAIN, _RLE, _ZLIB = range(3)
_BIG_ENDIAN = 12  # the version from which on deep pixels are
_HALF = 128  # alpha from which on an indexed pixel is there


Part = tuple[int, int, int]  # where a stored tile is, its height and width
Parts = tuple[Part, ...]
Make = Callable[[np.ndarray], Pixels]


class XcfPixels:
    """Reads the pixels of one file; counts what it unpacks."""

    def __init__(self, data: bytes, image: XcfImage) -> None:
        self._data, self._image = data, image
        self._tiles_left = len(data) // 4
        self._packed_left = 2 * len(data)
        self._room = max_layer_bytes(len(data))
        self._made: dict[tuple[object, ...], Pixels] = {}
        self._profile = b"" if image.precision.linear or not image.profile else image.profile
        if self._profile and is_srgb(self._profile):
            self._profile = b""
        self._colours = np.zeros((256, 3), np.uint8)
        known = np.frombuffer(image.colours, np.uint8)[: 256 * 3].reshape(-1, 3)
        self._colours[: len(known)] = known

    def layer(self, layer: XcfLayer) -> Tiles:
        """RGBA, its first pixel at (0, 0), as the mask leaves it. Raises XcfError."""
        place = self._hierarchy(layer.pixels, layer, self._channels(layer))
        tiles = self._tiles(place, 4, lambda values: self._rgba(values, layer.has_alpha))
        return _held_back(tiles, self.mask(layer)) if layer.mask else tiles

    def mask(self, layer: XcfLayer) -> Tiles:
        """What a layer's mask lets through, 0..255. Raises XcfError."""
        place = self._hierarchy(layer.mask, layer, 1)
        return self._tiles(place, 1, lambda values: _eight_bits(values, False))

    def _channels(self, layer: XcfLayer) -> int:
        colours = 1 if self._image.base in (GREY, INDEXED) else 3
        return colours + layer.has_alpha

    def _hierarchy(self, pointer: int, layer: XcfLayer, channels: int) -> Hierarchy:
        place = read_hierarchy(self._data, self._image.version, pointer)
        wanted = channels * self._precision.itemsize
        if (place.width, place.height, place.bytes_per_pixel) != (layer.width, layer.height, wanted):
            raise XcfError("the pixels are of another size")
        self._tiles_left -= len(place.tiles)
        if self._tiles_left < 0:
            raise XcfError("it has more tiles than it has room for")
        return place

    @property
    def _precision(self) -> np.dtype[np.generic]:
        order = ">" if self._image.version >= _BIG_ENDIAN else "<"
        kind = "u1" if self._image.base == INDEXED else self._image.precision.kind
        return np.dtype(order + kind)

    def _tiles(self, place: Hierarchy, channels: int, make: Make) -> Tiles:
        """Tiles of our size, those of the same stored ones, or of one colour, held once."""
        found: dict[TileKey, Pixels] = {}
        for key, parts in _grouped(place):
            name = (channels, *parts)
            if name not in self._made:
                self._made[name] = self._shared(self._tile(parts, place, channels, make))
            if self._made[name].any():
                found[key] = self._made[name]
        return Tiles(channels, found)

    def _shared(self, tile: Pixels) -> Pixels:
        tile.flags.writeable = False
        if (tile == tile[0, 0]).all():
            name = ("plain", tile.shape[2], tile[0, 0].tobytes())
            if name in self._made:
                return self._made[name]
            self._made[name] = tile
        self._room -= tile.nbytes
        if self._room < 0:
            raise XcfError("it has more pixels than there is room for")
        return tile

    def _tile(self, parts: Parts, place: Hierarchy, channels: int, make: Make) -> Pixels:
        tile = np.zeros((TILE_SIZE, TILE_SIZE, channels), np.uint8)
        for number, (pointer, height, width) in enumerate(parts):
            if pointer and height and width:
                top, left = number // _PER_TILE * _SIDE, number % _PER_TILE * _SIDE
                data = self._unpacked(pointer, height * width, place.bytes_per_pixel)
                values = np.frombuffer(data, self._precision).reshape(height, width, -1)
                tile[top : top + height, left : left + width] = make(values)
        return tile

    # -- bytes --------------------------------------------------------------------------------------------------------

    def _unpacked(self, at: int, count: int, size: int) -> bytes:
        """The bytes of a tile, pixel after pixel."""
        if self._image.compression == _PLAIN:
            data, used = self._data[at : at + count * size], count * size
        elif self._image.compression == _RLE:
            data, used = self._run_lengths(at, count, size)
        elif self._image.compression == _ZLIB:
            unpacker = zlib.decompressobj()
            most = at + 2 * count * size + 1024
            data = unpacker.decompress(self._data[at:most], count * size)
            used = len(self._data[at:most]) - len(unpacker.unused_data) - len(unpacker.unconsumed_tail)
        else:
            raise XcfError("an unknown compression")
        self._packed_left -= used
        if len(data) != count * size or self._packed_left < 0:
            raise XcfError("a tile is damaged")
        return data

    def _run_lengths(self, at: int, count: int, size: int) -> tuple[bytes, int]:
        """A run-length encoded tile, in which the pixels' first bytes come first; and how many bytes it took."""
        data, begin, end = self._data, at, len(self._data)
        planes = []
        for _ in range(size):
            plane, left = bytearray(), count
            while left > 0:  # the innermost loop of opening: noise has millions of runs
                code = data[at]
                if code > 128:
                    length, at = 256 - code, at + 1
                elif code < 127:
                    length, at = code + 1, at + 1
                else:
                    length, at = data[at + 1] << 8 | data[at + 2], at + 3
                if code < 128:
                    plane += data[at : at + 1] * length
                    at += 1
                else:
                    plane += data[at : at + length]
                    at += length
                left -= length
                if length == 0 or at > end:
                    raise XcfError("a tile is damaged")
            if left < 0:
                raise XcfError("a tile is damaged")
            planes.append(np.frombuffer(plane, np.uint8))
        return np.stack(planes, 1).tobytes(), at - begin

    # -- colours ------------------------------------------------------------------------------------------------------

    def _rgba(self, values: np.ndarray, has_alpha: bool) -> Pixels:
        """Stored values (h, w, channels) as RGBA."""
        if self._image.base == INDEXED:
            colours = self._colours[values[..., 0]]
            alpha = np.where(values[..., 1] >= _HALF, 255, 0) if has_alpha else np.full(values.shape[:2], 255)
        else:
            stored = values[..., :-1] if has_alpha else values
            colours = _eight_bits(stored, self._image.precision.linear)
            alpha = _eight_bits(values[..., -1], False) if has_alpha else np.full(values.shape[:2], 255)
            if colours.shape[2] == 1:
                colours = np.repeat(colours, 3, axis=2)
        if self._profile:
            converted = to_srgb(Image.fromarray(np.ascontiguousarray(colours)), self._profile)
            colours = colours if converted is None else np.asarray(converted)
        pixels: Pixels = np.dstack([colours, alpha]).astype(np.uint8)
        return pixels


def _grouped(place: Hierarchy) -> Iterator[tuple[TileKey, Parts]]:
    """The stored tiles by the tile of ours that they are part of, row by row."""
    columns, rows = -(-place.width // _SIDE), -(-place.height // _SIDE)
    for row in range(-(-rows // _PER_TILE)):
        for column in range(-(-columns // _PER_TILE)):
            parts = []
            for y in range(row * _PER_TILE, (row + 1) * _PER_TILE):
                for x in range(column * _PER_TILE, (column + 1) * _PER_TILE):
                    inside = x < columns and y < rows
                    height = min(_SIDE, place.height - y * _SIDE) if inside else 0
                    width = min(_SIDE, place.width - x * _SIDE) if inside else 0
                    parts.append((place.tiles[y * columns + x] if inside else 0, height, width))
            yield (column, row), tuple(parts)


def _eight_bits(values: np.ndarray, linear: bool) -> Pixels:
    """Values of any precision as 0..255; ``linear``: of light, which gets sRGB's curve."""
    if values.dtype.kind == "u":
        most = np.iinfo(values.dtype).max
        if most == 255 and not linear:
            return values.astype(np.uint8)
        share = values.astype(np.float64) / most
    else:
        share = np.nan_to_num(values.astype(np.float64), nan=0.0).clip(0, 1)
    if linear:
        share = np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)
    rounded: Pixels = (share * 255 + 0.5).astype(np.uint8)
    return rounded


def _held_back(tiles: Tiles, mask: Tiles) -> Tiles:
    """The pixels with a mask taken into their transparency."""
    found: dict[TileKey, Pixels] = {}
    for key in tiles:
        pixels, kept = tiles.tile(key), mask.tile(key)
        if pixels is None or kept is None:
            continue
        pixels = pixels.copy()
        pixels[..., 3] = (pixels[..., 3].astype(np.uint16) * kept[..., 0] + 127) // 255
        pixels.flags.writeable = False
        found[key] = pixels
    return Tiles(4, found)
