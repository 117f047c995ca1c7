"""How alike two pictures look, without a network: what torchmetrics has not.

GMSD: Xue et al., "Gradient Magnitude Similarity Deviation", IEEE TIP 2014. HaarPSI: Reisenhofer et al., "A Haar
Wavelet-Based Perceptual Similarity Index", Signal Processing: Image Communication 2018.
"""

import math

import numpy as np
from numpy.typing import NDArray

from editor_core.pixels.opencv import cv2

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]
_GMSD_C = 170.0  # of grey levels 0..255, section III
_HAAR_C, _HAAR_ALPHA = 30.0, 4.2  # table 1: chosen on four sets


def gmsd(one: Picture, other: Picture) -> float:
    """The deviation of the similarity of gradients, 0 for equal pictures; uint8 (H, W, 3).

    Equations 3 to 6: both are halved by means of 2x2, then compared by Prewitt's gradients.
    """
    a, b = (
        _prewitt(_halved(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float64))) for each in (one, other)
    )
    return float(((2 * a * b + _GMSD_C) / (a**2 + b**2 + _GMSD_C)).std())


def haarpsi(one: Picture, other: Picture) -> float:
    """How similar the wavelets are, 1 for equal pictures; uint8 (H, W, 3). Equations 8 to 15, with colour.

    The two finest scales are compared, weighed by the third; chroma by means of 2x2, all at half the size.
    """
    (y1, i1, q1), (y2, i2, q2) = (_yiq(each) for each in (one, other))
    similar, weights = [], []
    for axis in (0, 1):
        first, second = ([_haar(each, scale, axis) for scale in (1, 2, 3)] for each in (y1, y2))
        fine = [_alike(np.abs(first[k]), np.abs(second[k])) for k in (0, 1)]
        similar.append((fine[0] + fine[1]) / 2)
        weights.append(np.maximum(np.abs(first[2]), np.abs(second[2])))
    means = [[np.abs(_mean(each)) for each in part] for part in ((i1, i2), (q1, q2))]
    similar.append((_alike(*means[0]) + _alike(*means[1])) / 2)
    weights.append((weights[0] + weights[1]) / 2)
    told = sum(float((_sigmoid(s) * w).sum()) for s, w in zip(similar, weights, strict=True))
    weight = sum(float(each.sum()) for each in weights)
    share = min(max(told / weight, 1e-9), 1 - 1e-9) if weight else 1 - 1e-9
    return (math.log(share / (1 - share)) / _HAAR_ALPHA) ** 2 if weight else 1.0


def _halved(grey: Floats) -> Floats:
    return np.asarray(cv2.blur(grey, (2, 2))[1::2, 1::2])


def _prewitt(grey: Floats) -> Floats:
    kernel = np.array([[1, 0, -1]] * 3, np.float64) / 3
    across, down = (
        cv2.filter2D(grey, -1, each, borderType=cv2.BORDER_CONSTANT) for each in (kernel, kernel.T)
    )
    return np.asarray(np.hypot(across, down))


def _yiq(picture: Picture) -> tuple[Floats, ...]:
    """At half the size, float64 (H/2, W/2) each, in levels of 255."""
    mix = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
    mixed = picture.astype(np.float64) @ mix.T
    return tuple(_halved(np.ascontiguousarray(mixed[..., i])) for i in range(3))


def _haar(channel: Floats, scale: int, axis: int) -> Floats:
    """The response to Haar's wavelet of 2^scale pixels along an axis."""
    side = 2**scale
    kernel = np.full((side, side), 1.0 / side)
    kernel[side // 2 :] *= -1
    return np.asarray(
        cv2.filter2D(channel, -1, kernel if axis == 0 else kernel.T, borderType=cv2.BORDER_CONSTANT)
    )


def _mean(channel: Floats) -> Floats:
    return np.asarray(cv2.blur(channel, (2, 2), borderType=cv2.BORDER_CONSTANT))


def _alike(a: Floats, b: Floats) -> Floats:
    return np.asarray((2 * a * b + _HAAR_C**2) / (a**2 + b**2 + _HAAR_C**2))


def _sigmoid(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-_HAAR_ALPHA * value)))
