"""Tiles at halved resolutions, so that a large picture seen from afar is read as small as it is shown.

A tile never changes, so its smaller versions are kept for as long as it lives; a stroke makes a few new tiles, and
only those are halved again.
"""

import weakref
from functools import partial

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_smaller: dict[int, tuple[weakref.ref[Pixels], Pixels]] = {}  # by the id of the larger array


def reduced(tile: Pixels, level: int) -> Pixels:
    """``tile`` (size, size, channels) at 1 / 2**level of its size; level 0 is the tile itself."""
    for _ in range(level):
        tile = _halved(tile)
    return tile


def _halved(tile: Pixels) -> Pixels:
    key = id(tile)
    known = _smaller.get(key)
    if known is None or known[0]() is not tile:
        half = halve_rgba(tile) if tile.shape[2] == 4 else halve(tile)
        known = (weakref.ref(tile, partial(_forget, _smaller, key)), half)
        _smaller[key] = known
    return known[1]


def _forget(kept: dict[int, tuple[weakref.ref[Pixels], Pixels]], key: int, _gone: object) -> None:
    """Given all it needs: tiles also die when the interpreter ends, after the names of this module."""
    known = kept.get(key)
    if known is not None and known[0]() is None:
        del kept[key]


def halve(pixels: Pixels) -> Pixels:
    """Half the size, (ceil(h / 2), ceil(w / 2), C), by the mean of 2 x 2 pixels; an odd edge repeats itself."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    height, width, channels = pixels.shape
    if height % 2 or width % 2:
        pixels = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = (-(-width // 2), -(-height // 2))
    half: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return half.reshape(size[1], size[0], channels)


def halve_rgba(pixels: Pixels) -> Pixels:
    """The same, to within 1 of 255, for RGBA of even sides with straight alpha: clear pixels lend no colour."""
    if (pixels[..., 3] == 255).all():
        return halve(pixels)
    planes = pixels.transpose(2, 0, 1).astype(np.uint16, order="C")  # long rows are much faster than fours
    planes[:3] *= planes[3]
    planes[:3] >>= 2  # so that the sum of four still fits
    planes = planes[:, 0::2] + planes[:, 1::2]
    planes = planes[..., 0::2] + planes[..., 1::2]
    alpha = planes[3]
    half = np.empty((*alpha.shape, 4), np.uint8)
    colour = planes[:3] * (np.float32(4) / np.maximum(alpha, 1)) + np.float32(0.5)
    half[..., :3] = colour.transpose(1, 2, 0)
    half[..., 3] = (alpha + 2) >> 2
    return half
