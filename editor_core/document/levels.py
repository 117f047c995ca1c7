"""Tiles at halved resolutions, so that a large picture seen from afar is read as small as it is shown.

A tile never changes, so its smaller versions are kept for as long as it lives; a stroke makes a few new tiles, and
only those are halved again.
"""

import weakref

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
        half = halve(tile) if tile.shape[2] != 4 else halve_straight(tile)
        known = (weakref.ref(tile, lambda _: _forget(key)), half)
        _smaller[key] = known
    return known[1]


def _forget(key: int) -> None:
    known = _smaller.get(key)
    if known is not None and known[0]() is None:
        del _smaller[key]


def halve(pixels: Pixels) -> Pixels:
    """Half the size, (ceil(h / 2), ceil(w / 2), C), by the mean of 2 x 2 pixels; an odd edge repeats itself."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    wide = pixels.astype(np.uint16)
    total = wide[0::2, 0::2] + wide[1::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 1::2]
    return ((total + 2) // 4).astype(np.uint8)


def halve_straight(pixels: Pixels) -> Pixels:
    """The same for RGBA with straight alpha: clear pixels lend no colour."""
    alpha = pixels[..., 3]
    if (alpha == 255).all():
        return halve(pixels)
    weighted = pixels.astype(np.uint16)
    weighted[..., :3] *= weighted[..., 3:]
    pairs = np.add(weighted[0::2], weighted[1::2], dtype=np.uint32)
    total = pairs[:, 0::2] + pairs[:, 1::2]
    weight = total[..., 3:]
    half = np.empty(total.shape, np.uint8)
    half[..., :3] = (total[..., :3] + weight // 2) // np.maximum(weight, 1)
    half[..., 3:] = (weight + 2) // 4
    return half
