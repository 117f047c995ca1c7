"""Which pixels a fill reaches: those like the one that was clicked, and joined to it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor_core.document.tiles import Pixels

Mask = NDArray[np.uint8]

_REACHED = 128  # neither of the two values of a mask


def fill_mask(picture: Pixels, x: int, y: int, tolerance: int, contiguous: bool = True) -> Mask:
    """255 where ``picture`` (H, W, C) differs by at most ``tolerance`` in every channel from pixel (x, y).

    ``contiguous``: only what can be reached from there, sideways and up and down. uint8 (H, W).
    """
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    similar = similar_mask(picture, picture[y, x].tolist(), tolerance)
    if not contiguous:
        return similar
    cv2.floodFill(similar, None, (x, y), _REACHED, flags=4)
    reached: Mask = np.where(similar == _REACHED, np.uint8(255), np.uint8(0))
    return reached


def similar_mask(picture: Pixels, colour: Sequence[int], tolerance: int) -> Mask:
    """255 where ``picture`` (H, W, C) differs by at most ``tolerance`` in every channel from a colour; uint8 (H, W)."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    value = [*colour] + [0] * (4 - picture.shape[2])  # four numbers are a colour to OpenCV
    low, high = (tuple(level + step for level in value) for step in (-tolerance, tolerance))
    similar: Mask = cv2.inRange(picture, low, high)
    return similar
