"""Synthetic attention maps."""

import numpy as np

LEFT, RIGHT = (0.5, 0.22), (0.5, 0.78)
"""Centres: shares of height and width."""


def blob(size, centre, radius=0.2):
    """A soft disc in 0..1, float64 (h, w); its edge, at 0.5, lies at ``radius`` of the sides."""
    height, width = size
    y, x = np.mgrid[:height, :width]
    distance = np.hypot((y + 0.5) / height - centre[0], (x + 0.5) / width - centre[1])
    return 1 / (1 + np.exp((distance - radius) * 40))


def overlap(a, b):
    """Intersection over union of two masks."""
    return (a & b).sum() / (a | b).sum()
