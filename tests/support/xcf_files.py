"""Files as GIMP writes them, made byte by byte: for tests of the reader where there is no GIMP."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

SIDE = 64  # pixels of a tile
KINDS = {100: "u1", 200: "u2", 300: "u4", 500: "f2", 600: "f4", 700: "f8"}


@dataclass
class XcfLayer:
    """A layer to be written; ``pixels`` (h, w, channels) as they are stored."""

    pixels: np.ndarray
    name: str = "layer"
    x: int = 0
    y: int = 0
    mode: int = 28
    opacity: float = 1.0
    visible: bool = True
    mask: np.ndarray | None = None
    apply_mask: bool = True
    path: tuple[int, ...] = ()
    is_group: bool = False
    spaces: tuple[int, int, int] | None = None
    """Composite mode, composite space, blend space."""
    more: bytes = b""
    """Further properties, as bytes."""


@dataclass
class XcfFile:
    """A picture to be written, its layers from the top down."""

    width: int
    height: int
    layers: Sequence[XcfLayer]
    version: int = 11
    base: int = 0
    precision: int = 150
    compression: int = 1
    more: bytes = b""
    data: bytearray = field(default_factory=bytearray)

    def written(self) -> bytes:
        """The file's bytes."""
        self.data = bytearray(b"gimp xcf " + (b"v%03d" % self.version if self.version else b"file") + b"\0")
        self._numbers(self.width, self.height, self.base)
        if self.version >= 4:
            self._numbers(self.precision)
        self.data += prop(17, bytes([self.compression])) + self.more + prop(0)
        places = self._room(len(self.layers) + 1)
        self._pointer(0)  # no channels
        for place, layer in zip(places, self.layers):
            self._patch(place)
            self._layer(layer)
        return bytes(self.data)

    def _layer(self, layer: XcfLayer) -> None:
        height, width, channels = layer.pixels.shape
        alpha = channels in (2, 4)
        self._numbers(width, height, 2 * self.base + alpha)
        self._text(layer.name)
        self.data += prop(7, struct.pack(">I", layer.mode)) + prop(
            6, struct.pack(">I", round(layer.opacity * 255))
        )
        self.data += prop(33, struct.pack(">f", layer.opacity)) + prop(8, struct.pack(">I", layer.visible))
        self.data += prop(11, struct.pack(">I", layer.apply_mask)) + prop(
            15, struct.pack(">ii", layer.x, layer.y)
        )
        for kind, value in zip((35, 36, 37), layer.spaces or ()):
            self.data += prop(kind, struct.pack(">i", value))
        if layer.path:
            self.data += prop(30, struct.pack(f">{len(layer.path)}I", *layer.path))
        if layer.is_group:
            self.data += prop(29)
        self.data += layer.more + prop(0)
        pixels, mask = self._room(2)
        if self.version >= 20:
            self._pointer(0)  # no effects
        self._patch(pixels)
        self._hierarchy(layer.pixels)
        if layer.mask is not None:
            self._patch(mask)
            self._numbers(width, height)
            self._text("mask")
            self.data += prop(0)
            self._patch(self._room(1)[0])
            self._hierarchy(layer.mask[..., None])

    def _hierarchy(self, pixels: np.ndarray) -> None:
        height, width, channels = pixels.shape
        self._numbers(width, height, channels * pixels.itemsize)
        level = self._room(2)[0]
        self._patch(level)
        self._numbers(width, height)
        tiles = [
            pixels[top : top + SIDE, left : left + SIDE]
            for top in range(0, height, SIDE)
            for left in range(0, width, SIDE)
        ]
        for place, tile in zip(self._room(len(tiles) + 1), tiles):
            self._patch(place)
            self.data += self._packed(np.ascontiguousarray(tile))

    def _packed(self, tile: np.ndarray) -> bytes:
        stored = tile.astype(tile.dtype.newbyteorder(">" if self.version >= 12 else "<"))
        if self.compression == 0:
            return stored.tobytes()
        if self.compression == 2:
            return zlib.compress(stored.tobytes())
        planes = np.frombuffer(stored.tobytes(), np.uint8).reshape(-1, tile.shape[2] * tile.itemsize)
        return b"".join(run_lengths(plane.tobytes()) for plane in planes.T)

    # -- what everything is made of -----------------------------------------------------------------------------------

    def _numbers(self, *values: int) -> None:
        self.data += struct.pack(f">{len(values)}I", *values)

    def _text(self, text: str) -> None:
        raw = text.encode() + b"\0" if text else b""
        self.data += struct.pack(">I", len(raw)) + raw

    def _pointer(self, value: int) -> None:
        self.data += struct.pack(">Q" if self.version >= 11 else ">I", value)

    def _room(self, count: int) -> list[int]:
        """Places of pointers that are not known yet."""
        places = []
        for _ in range(count):
            places.append(len(self.data))
            self._pointer(0)
        return places

    def _patch(self, place: int) -> None:
        """Let a pointer point to what comes now."""
        struct.pack_into(">Q" if self.version >= 11 else ">I", self.data, place, len(self.data))


def prop(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack(">II", kind, len(payload)) + payload


def parasite(name: str, payload: bytes) -> bytes:
    raw = name.encode() + b"\0"
    return struct.pack(">I", len(raw)) + raw + struct.pack(">II", 1, len(payload)) + payload


def run_lengths(plane: bytes) -> bytes:
    """All four kinds of runs: short and long, of equal and of different bytes."""
    packed, at = bytearray(), 0
    while at < len(plane):
        end = at + 1
        while end < len(plane) and plane[end] == plane[at]:
            end += 1
        if (run := end - at) > 1:
            packed += (
                bytes([127, run >> 8, run & 255, plane[at]]) if run > 127 else bytes([run - 1, plane[at]])
            )
        else:
            while end < len(plane) and (end + 1 == len(plane) or plane[end] != plane[end + 1]):
                end += 1
            run = end - at
            packed += bytes([128, run >> 8, run & 255]) if run > 127 else bytes([256 - run])
            packed += plane[at:end]
        at = end
    return bytes(packed)
