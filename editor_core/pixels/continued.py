"""A picture continued beyond its edges: mirrored, and the more blurred the farther out; something to paint over."""

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_SOFT = (1 / 64, 1 / 16)  # standard deviations of the two blurs, of the old picture's shorter side
_FAR = 1 / 3  # of that side: where only the stronger blur is left


def continued(picture: Pixels, left: int, top: int, width: int, height: int) -> Pixels:
    """A picture (h, w, C) at (left, top) of a larger one (height, width, C); its own pixels stay as they are."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    old_height, old_width = picture.shape[:2]
    right, bottom = width - left - old_width, height - top - old_height
    wide = np.pad(picture, ((top, bottom), (left, right), (0, 0)), "symmetric")
    side = min(old_height, old_width)
    near, far = (_blurred(wide, max(0.5, share * side)) for share in _SOFT)
    outside = np.ones((height, width), np.uint8)
    outside[top : top + old_height, left : left + old_width] = 0
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, 3)[..., None] / max(1.0, _FAR * side)
    share = distance.clip(0, 1)
    mixed: Pixels = np.rint(near * (1 - share) + far * share).astype(np.uint8)
    mixed[top : top + old_height, left : left + old_width] = picture
    return mixed


def _blurred(picture: Pixels, sigma: float) -> Pixels:
    """Blurred; a wide blur at a fraction of the size."""
    from editor_core.pixels.opencv import cv2

    factor = max(1, int(sigma / 2))
    height, width = picture.shape[:2]
    small_size = (max(1, width // factor), max(1, height // factor))
    small = cv2.resize(picture, small_size, interpolation=cv2.INTER_AREA) if factor > 1 else picture
    soft = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_REPLICATE)
    whole: Pixels = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR) if factor > 1 else soft
    return whole.reshape(picture.shape)
