"""The edges of things that stay before a place that is painted anew.

A pixel at such an edge shows a share of the old place, which would be a halo before another one. So the edge is laid
over softly, a pixel to either side, and takes the colours of the thing just inside it, as when cut-out pictures are
defringed.
"""

import numpy as np

from editor_core.pixels.opencv import cv2

_SOFTNESS = 0.8
"""Pixels: sigma of the edge."""
_REACH = 6.0
"""Pixels from which colours are taken; what is thinner than that has none but its own."""
_SQUARE = np.ones((3, 3), np.uint8)


def edge_around(mask: np.ndarray) -> np.ndarray:
    """The opacity, uint8 (H, W), of a place painted where a mask, uint8 (H, W), is set: soft about its edge, 0 on the
    things from two pixels inside."""
    place = (mask > 0).astype(np.float32)
    opacity = np.rint(255 * cv2.GaussianBlur(place, (0, 0), _SOFTNESS)).astype(np.uint8)
    return np.where(_inner(mask == 0), 0, opacity).astype(np.uint8)


def defringed(image: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """An image, uint8 (H, W, 3), whose things have their inner colours in the soft edge of `edge_around`."""
    edge = (opacity > 0) & (opacity < 255)
    inner = opacity == 0
    if not edge.any() or not inner.any():
        return image
    distance, nearest = cv2.distanceTransformWithLabels(
        (~inner).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colours = np.zeros((int(nearest.max()) + 1, 3), np.uint8)
    colours[nearest[inner]] = image[inner]
    found = image.copy()
    taken = edge & (distance <= _REACH)
    found[taken] = colours[nearest[taken]]
    return found


def _inner(things: np.ndarray) -> np.ndarray:
    inner: np.ndarray = cv2.erode(things.astype(np.uint8), _SQUARE, iterations=2).astype(bool)
    return inner
