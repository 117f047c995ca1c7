"""What is seen of an edit's edge: how much colours step there, beside how much they did before.

A step is the difference between a pixel and its right or lower neighbour, the larger of the two. The ring is what lies
within four pixels of the mask's edge, on either side. CIEDE2000 says how large a step looks (Sharma, Wu and Dalal,
2005, Color Research & Application 30, 21-30); the gradient is that of lightness. An edit without a trace has the steps
that were there before, in the median and among the largest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor_core.pixels.opencv import cv2

WIDTH = 4
"""Pixels, on either side of the edge."""
_UNSEEN = 0.5
"""Of a difference: nobody sees it, and where a flat sky has less before and after, their ratio says nothing."""
_25_TO_7 = 25.0**7
Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ring:
    """Steps at each pixel of the ring, float64 (n,), in CIEDE2000 and in levels of L* to the next pixel."""

    steps: Floats
    gradient: Floats

    @staticmethod
    def of(picture: Picture, mask: Picture) -> "Ring":
        """In the ring of a mask, uint8 (H, W), of a picture uint8 (H, W, 3); empty where the mask has no edge."""
        lab = lab_of(picture)
        place = ring_of(mask)
        lightness = np.hypot(*np.gradient(lab[..., 0]))
        return Ring(steps(lab)[place], lightness[place])


@dataclass(frozen=True)
class Trace:
    """The ring after edits over the ring before: 1 leaves no trace."""

    median: float
    p90: float
    gradient_median: float
    gradient_p90: float

    @staticmethod
    def between(before: list[Ring], after: list[Ring]) -> "Trace":
        """Of several edits together. Raises ValueError where no ring has a pixel."""
        found = []
        for name in ("steps", "gradient"):
            was, now = (np.concatenate([getattr(ring, name) for ring in rings]) for rings in (before, after))
            if not len(was):
                raise ValueError("no mask has an edge")
            found += [_at(now, share) / _at(was, share) for share in (50, 90)]
        return Trace(*found)


def _at(values: Floats, share: int) -> float:
    return max(float(np.percentile(values, share)), _UNSEEN)


def ring_of(mask: Picture, width: int = WIDTH) -> NDArray[np.bool_]:
    """bool (H, W): what lies within ``width`` pixels of the edge of a mask, uint8 (H, W); the picture's rim is none."""
    inside = np.pad((mask > 0).astype(np.uint8), 1, mode="edge")
    if inside.all() or not inside.any():
        return np.zeros(mask.shape, bool)
    deep, far = (cv2.distanceTransform(part, cv2.DIST_L2, 5) for part in (inside, 1 - inside))
    near: NDArray[np.bool_] = (np.maximum(deep, far) <= width)[1:-1, 1:-1]
    return near


def lab_of(picture: Picture) -> Floats:
    """CIE L*a*b* (D65), float64 (H, W, 3), of sRGB uint8 (H, W, 3)."""
    scaled = np.ascontiguousarray(picture[..., :3]).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB), np.float64)


def steps(lab: Floats) -> Floats:
    """CIEDE2000 from each pixel to its right or lower neighbour, the larger one, float64 (H, W)."""
    across = np.zeros(lab.shape[:2])
    down = np.zeros(lab.shape[:2])
    across[:, :-1] = ciede2000(lab[:, :-1], lab[:, 1:])
    down[:-1] = ciede2000(lab[:-1], lab[1:])
    return np.maximum(across, down)


def ciede2000(one: Floats, other: Floats) -> Floats:
    """The colour difference of L*a*b* colours (…, 3), float64 (…), with all weights 1."""
    lightness, a, b = (np.stack([one[..., i], other[..., i]]) for i in range(3))
    mean_chroma = np.hypot(a, b).mean(0)
    g = 0.5 * (1 - np.sqrt(mean_chroma**7 / (mean_chroma**7 + _25_TO_7)))
    a = a * (1 + g)
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360
    mean_hue, difference = _hues(chroma, hue)
    l_mean, c_mean = lightness.mean(0), chroma.mean(0)
    t = (
        1
        - 0.17 * _cos(mean_hue - 30)
        + 0.24 * _cos(2 * mean_hue)
        + 0.32 * _cos(3 * mean_hue + 6)
        - 0.20 * _cos(4 * mean_hue - 63)
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    turn = np.radians(60 * np.exp(-(((mean_hue - 275) / 25) ** 2)))
    r_t = -2 * np.sqrt(c_mean**7 / (c_mean**7 + _25_TO_7)) * np.sin(turn)
    d_l, d_c = (lightness[1] - lightness[0]) / s_l, (chroma[1] - chroma[0]) / s_c
    d_h = 2 * np.sqrt(chroma[0] * chroma[1]) * np.sin(np.radians(difference / 2)) / s_h
    return np.asarray(np.sqrt(np.maximum(d_l**2 + d_c**2 + d_h**2 + r_t * d_c * d_h, 0)))


def _hues(chroma: Floats, hue: Floats) -> tuple[Floats, Floats]:
    """The mean hue and the difference in degrees; a grey has no hue."""
    grey = chroma.prod(0) == 0
    difference = (hue[1] - hue[0] + 180) % 360 - 180
    mean = hue[0] + difference / 2
    return np.where(grey, hue.sum(0), mean % 360), np.where(grey, 0, difference)


def _cos(degrees: Floats) -> Floats:
    return np.asarray(np.cos(np.radians(degrees)))
