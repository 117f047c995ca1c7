"""A change of a picture, made the same for all pixels that look alike and lie near each other.

Who wants a thing in another colour wants one colour to become one other, and every edge and shade to stay. What a model
paints is uneven, and its edges wander; the picture itself knows better which pixels belong together. So it guides a
bilateral filter of the change (Petschnigg et al., SIGGRAPH 2004; Eisemann and Durand, SIGGRAPH 2004), and what differs
from most of its like, as a patch in the old colour does, counts for little (Cauchy weights, Holland and Welsch 1977).
"""

import numpy as np
from numpy.typing import NDArray

_ALIKE = 25.0
"""Levels of 255: sigma of how unlike colours count together."""
_NEAR = 0.12
"""Of the picture's longer side: sigma of how far apart pixels do."""
_UNLIKE = 20.0
"""Levels of 255: a change so far from that of its like counts half."""
_ROUNDS = 5
"""So often it is asked which do."""
_SAMPLES = 1500
"""Pixels that are asked, scattered over the region: more give the same."""
_AT_ONCE = 4096
"""Pixels that are answered at once, which bounds the memory."""

Floats = NDArray[np.float32]


def evened(change: Floats, picture: NDArray[np.uint8], region: NDArray[np.bool_]) -> Floats:
    """The change, float32 (H, W, 3), of a picture, uint8 (H, W, 3), evened in a region, bool (H, W); none beyond it."""
    even = np.zeros_like(change)
    pixels = _as_features(picture, region)
    count = min(_SAMPLES, len(pixels))
    if not count:
        return even
    chosen = np.random.default_rng(0).choice(len(pixels), count, replace=False)
    like, samples = pixels[chosen], change[region][chosen]
    kernel, trust = _kernel(like, like), np.ones(count, np.float32)
    for _ in range(_ROUNDS):
        away = np.linalg.norm(samples - _mean(kernel * trust, samples), axis=1)
        trust = 1 / (1 + (away / _UNLIKE) ** 2)
    parts = (pixels[first : first + _AT_ONCE] for first in range(0, len(pixels), _AT_ONCE))
    even[region] = np.concatenate([_mean(_kernel(part, like) * trust, samples) for part in parts])
    return even


def _as_features(picture: NDArray[np.uint8], region: NDArray[np.bool_]) -> Floats:
    """Colour and place of the region's pixels, (N, 5), each in its sigma."""
    places = np.argwhere(region) / (_NEAR * max(region.shape))
    return np.concatenate([picture[region] / _ALIKE, places], axis=1).astype(np.float32)


def _kernel(pixels: Floats, like: Floats) -> Floats:
    """How much each of the pixels (N, 5) has to do with each of others (M, 5), (N, M)."""
    squared = (pixels**2).sum(1)[:, None] + (like**2).sum(1) - 2 * pixels @ like.T
    found: Floats = np.exp(-0.5 * squared.clip(0))
    return found


def _mean(weights: Floats, samples: Floats) -> Floats:
    """Of samples (M, 3) by weights (N, M), (N, 3); without any weight none."""
    total = weights.sum(1, keepdims=True)
    found: Floats = weights @ samples / np.maximum(total, np.finfo(np.float32).tiny)
    return found
