"""A rough opacity, moved to where the picture's own edges are.

What a coarse method finds is right to within some pixels, and the picture knows better where a thing ends. Within a
small square, opacity is taken for a plane over colour: where a thing and what lies beside it differ, the plane tells
one from the other, and a pixel of both colours gets its share; where they do not, the rough opacity stays, smoothed.
That is the guided filter (He, Sun and Tang, IEEE TPAMI 35, 2013, equations 14 to 16).
"""

import numpy as np
from numpy.typing import NDArray

from editor_core.pixels.opencv import cv2

_RIDGE = 3e-4
"""Added to the variance of colours in 0..1: less than that is no edge."""
_CERTAIN = 0.15
"""What is so near to none or to all is that: planes are never quite level."""

Floats = NDArray[np.float32]


def fitted_to(picture: NDArray[np.uint8], opacity: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    """The opacity, uint8 (H, W), by the edges of a picture, uint8 (H, W, 3), in squares of 2 ``radius`` + 1 pixels."""

    def mean(values: NDArray[np.floating]) -> Floats:
        return np.asarray(cv2.blur(values, (2 * radius + 1,) * 2), np.float32)

    colours, rough = picture.astype(np.float32) / 255, opacity.astype(np.float32) / 255
    middle, level = mean(colours), mean(rough)
    together = mean(colours * rough[..., None]) - middle * level[..., None]
    products = (colours[..., :, None] * colours[..., None, :]).reshape(*opacity.shape, 9)
    spread = np.concatenate([mean(products[..., i : i + 3]) for i in (0, 3, 6)], -1)
    spread = spread.reshape(*opacity.shape, 3, 3) - middle[..., :, None] * middle[..., None, :]
    slopes = np.linalg.solve(spread + _RIDGE * np.eye(3, dtype=np.float32), together[..., None])[..., 0]
    offset = level - (slopes * middle).sum(-1)
    found = (mean(slopes) * colours).sum(-1) + mean(offset)
    sure = ((found - _CERTAIN) / (1 - 2 * _CERTAIN)).clip(0, 1)
    return np.asarray(np.rint(255 * sure), np.uint8)
