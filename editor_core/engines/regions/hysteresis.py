"""Weaker differences that hang together with a found region: its tips and rims.

OTSU's threshold stands half way between what changes and what does not, and the tips of a thing lie in between. So the
region follows, a few positions far, differences that alone would be too weak: Canny's double threshold (IEEE PAMI 1986,
"thresholding with hysteresis") on FISEdit's summed differences.
"""

import numpy as np

from editor_core.engines.regions.attention_mask import stretch
from editor_core.pixels.opencv import cv2

WEAK = 0.35
"""Of OTSU's threshold: from there on a difference is followed."""
REACH = 3
"""Latent positions."""


def follow_differences(region: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """The region, bool (h, w), and what is joined to it in the summed differences (h, w). Bool (h, w)."""
    grey = np.rint(255 * stretch(difference)).astype(np.uint8)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    weak = grey > WEAK * threshold
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for _ in range(REACH):
        neighbours = cv2.dilate(region.astype(np.uint8), cross).astype(bool)
        region = region | (neighbours & weak)
    return region
