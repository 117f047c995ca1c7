"""Pixels to PNG bytes and back, with limits on what is believed."""

import io
import struct
import weakref
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor_core.base.limits import MAX_PIXELS, MAX_SIDE
from editor_core.base.message import Message
from editor_core.document.tiles import Tiles
from editor_core.project.pillow_limits import within_our_limits
from editor_core.project.png_writer import BAND, SIGNATURE, encode_png

Pixels = NDArray[np.uint8]

PNG_MODES = {"L": 1, "RGB": 3, "RGBA": 4}
"""Pillow's modes in use, with their channels."""
DECODE_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error),
    *(RuntimeError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError),
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow, its plug-ins and the libraries below them raise over damaged files."""

_HEADER = struct.Struct(">8sI4sII")


def image_of(pixels: Pixels) -> Image.Image:
    """Pillow's image of ``pixels`` (H, W), (H, W, 3) or (H, W, 4).

    Copied a band at a time: Pillow holds the interpreter while it copies, and the window must not wait for a huge one.
    """
    height, width = pixels.shape[:2]
    if height <= BAND:
        return Image.fromarray(pixels)
    image = Image.new({1: "L", 3: "RGB", 4: "RGBA"}[pixels[:1, :1].size], (width, height), None)
    for top in range(0, height, BAND):
        image.paste(Image.fromarray(np.ascontiguousarray(pixels[top : top + BAND])), (0, top))
    return image


class PictureDataError(ValueError):
    """Pixels that cannot be read; ``reason`` is the middle of a sentence."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@within_our_limits
def decode_png(data: bytes, mode: str) -> Pixels:
    """The pixels of a PNG in Pillow's ``mode`` ("L", "RGB", "RGBA"); raises PictureDataError."""
    check_size(*size_of_png(data))
    try:
        return np.array(Image.open(io.BytesIO(data), formats=["PNG"]).convert(mode))
    except DECODE_ERRORS as problem:
        raise PictureDataError(Message("it is damaged")) from problem


def size_of_png(data: bytes) -> tuple[int, int]:
    """Width and height as the header says; raises PictureDataError for what does not begin like a PNG."""
    try:
        signature, length, kind, width, height = _HEADER.unpack_from(data)
    except struct.error as problem:
        raise PictureDataError(Message("it is cut off")) from problem
    if (signature, length, kind) != (SIGNATURE, 13, b"IHDR") or not width or not height:
        raise PictureDataError(Message("it is not a PNG"))
    return width, height


def check_size(width: int, height: int) -> None:
    """Raise PictureDataError with the limit in words when a picture is too large."""
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise PictureDataError(
            Message(
                "it has {width} × {height} pixels, but at most {side} pixels per side and {millions} "
                "megapixels in total are supported",
                width=width,
                height=height,
                side=MAX_SIDE,
                millions=MAX_PIXELS // 10**6,
            )
        )


class _Encoded:
    """PNG bytes of pixels that never change, forgotten together with them."""

    def __init__(self) -> None:
        self._arrays: dict[int, tuple[weakref.ref[Pixels], bytes]] = {}
        self._tiles: weakref.WeakKeyDictionary[Tiles, bytes] = weakref.WeakKeyDictionary()

    def array(self, pixels: Pixels) -> bytes:
        """PNG of a read-only array."""
        known = self._arrays.get(id(pixels))
        if known is not None and known[0]() is pixels:
            return known[1]
        return self.remember(pixels, encode_png(pixels))

    def remember(self, pixels: Pixels, data: bytes) -> bytes:
        """Note that ``data`` is what a read-only array is encoded to."""
        key = id(pixels)
        self._arrays[key] = (weakref.ref(pixels, lambda _: self._arrays.pop(key, None) and None), data)
        return data

    def tiles(self, tiles: Tiles) -> bytes:
        """PNG of the occupied part of ``tiles``; one empty pixel when nothing is there."""
        if tiles not in self._tiles:
            bounds = tiles.bounds()
            pixels = np.zeros((1, 1, tiles.channels), np.uint8) if bounds.is_empty else tiles.read(bounds)
            self._tiles[tiles] = encode_png(pixels[..., 0] if tiles.channels == 1 else pixels)
        return self._tiles[tiles]


ENCODED = _Encoded()
