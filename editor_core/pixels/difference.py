"""Where two pictures differ, as a picture to look at."""

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
_GAIN = 4
"""Small differences are made so much more visible."""
_DIMMED = 0.35
"""How much light is left of the picture where nothing changed."""
_SIGN = np.array([255, 64, 160], np.float32)


def difference(before: Picture, after: Picture) -> Picture:
    """The picture in dark grey, with what changed laid over it in one bright colour: the stronger, the more it changed.

    All uint8 (H, W, 3), of one size.
    """
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    changed = np.abs(before.astype(np.int16) - after).max(2).astype(np.float32)
    share = np.minimum(1.0, _GAIN * changed / 255)[..., None]
    grey = cv2.cvtColor(before, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None] * _DIMMED
    found: Picture = np.rint(grey * (1 - share) + _SIGN * share).astype(np.uint8)
    return found
