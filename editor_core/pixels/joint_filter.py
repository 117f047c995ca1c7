"""A change of a picture, made the same for all pixels that look alike and lie near each other.

Who wants a thing in another colour wants one colour to become one other, and every edge and shade to stay. What a model
paints is uneven, and its edges wander; the picture itself knows better which pixels belong together. So it guides a
bilateral filter of the change (Petschnigg et al., SIGGRAPH 2004; Eisemann and Durand, SIGGRAPH 2004) that fits planes:
a pixel at an edge, of both colours, takes its share of the change (robust local regression, Cleveland, JASA 1979). What
differs from most of its like, as a patch left alone, counts for little (Cauchy weights, Holland and Welsch 1977).
"""

import numpy as np
from numpy.typing import NDArray

_ALIKE = 40.0
"""Levels of 255: sigma of how unlike colours count together."""
_NEAR = 0.25
"""Of the picture's longer side: sigma of how far apart pixels do."""
_UNLIKE = 20.0
"""Levels of 255: a change so far from that of its like counts half."""
_ROUNDS = 5
"""So often it is asked which do."""
_RIDGE = 0.05
"""Added to the variance of colours, in their sigma: a plane through pixels of one colour is level."""
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
        away = np.linalg.norm(samples - _fitted(like, kernel * trust, like, samples), axis=1)
        trust = 1 / (1 + (away / _UNLIKE) ** 2)
    parts = (pixels[first : first + _AT_ONCE] for first in range(0, len(pixels), _AT_ONCE))
    even[region] = np.concatenate(
        [_fitted(part, _kernel(part, like) * trust, like, samples) for part in parts]
    )
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


def _fitted(pixels: Floats, weights: Floats, like: Floats, samples: Floats) -> Floats:
    """What planes over colour through samples (M, 3) at (M, 5), by weights (N, M), are at pixels (N, 5): (N, 3)."""
    both = np.concatenate([like[:, :3], samples], axis=1)
    products = (both[:, :3, None] * both[:, None]).reshape(-1, 18)
    weights = weights / np.maximum(weights.sum(1, keepdims=True), np.finfo(np.float32).tiny)
    mean = weights @ both
    moments = (weights @ products).reshape(-1, 3, 6) - mean[:, :3, None] * mean[:, None]
    ridge = _RIDGE * np.eye(3, dtype=np.float32)
    slopes = np.linalg.solve(moments[..., :3] + ridge, moments[..., 3:])
    found: Floats = mean[:, 3:] + ((pixels[:, :3] - mean[:, :3])[:, None] @ slopes)[:, 0]
    return found
