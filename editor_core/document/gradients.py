"""Gradients: from one colour to another along a line, or outwards from its beginning."""

import math

import numpy as np

from editor_core.document.geometry import Rect
from editor_core.document.masks import Point
from editor_core.document.tiles import Pixels

Rgba = tuple[int, int, int, int]


def gradient(
    rect: Rect, start: Point, end: Point, colours: tuple[Rgba, Rgba], radial: bool = False
) -> Pixels:
    """RGBA (height, width, 4) under a rectangle: the first colour at ``start``, the second at ``end``, mixed by the way
    between; before and beyond they go on. ``radial``: in circles around ``start``.

    Colours are mixed as light falls off between them on the screen, weighted by how opaque they are.
    """
    x = np.arange(rect.x, rect.right, dtype=np.float32) + np.float32(0.5 - start[0])
    y = np.arange(rect.y, rect.bottom, dtype=np.float32) + np.float32(0.5 - start[1])
    across, down = end[0] - start[0], end[1] - start[1]
    length = max(math.hypot(across, down), 1e-6)
    if radial:
        share = np.sqrt((x * x)[None] + (y * y)[:, None]) / np.float32(length)
    else:
        share = (x * np.float32(across))[None] + (y * np.float32(down))[:, None]
        share /= np.float32(length * length)
    np.clip(share, 0, 1, out=share)
    first, last = (np.array(colour, np.float32) for colour in colours)
    opacity = first[3] + share * (last[3] - first[3])
    mixed = np.empty((*share.shape, 4), np.float32)
    for channel in range(3):  # premultiplied, so that a clear colour lends none of its own
        weighted = first[channel] * first[3] * (1 - share) + last[channel] * last[3] * share
        mixed[..., channel] = np.divide(weighted, opacity, out=np.zeros_like(share), where=opacity > 0)
    mixed[..., 3] = opacity
    pixels: Pixels = np.rint(mixed).astype(np.uint8)
    return pixels
