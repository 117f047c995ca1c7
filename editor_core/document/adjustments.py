"""What adjustment layers do to the colours below them, each as plain numbers that a file keeps.

Colours are straight float32 (3, ...) in 0..1, red first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Point = tuple[float, float]
Numbers = Mapping[str, Any]

STEPS = 1024  # entries of a table: four for each of 256 levels
STRAIGHT: tuple[Point, ...] = ((0.0, 0.0), (1.0, 1.0))
MAX_POINTS = 16  # of a curve
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # Rec. 709


@dataclass(frozen=True)
class Range:
    """A number with its limits; what is beyond them in a file is brought back."""

    lowest: float
    highest: float
    usual: float


LEVELS = {
    "black": Range(0, 254, 0),
    "white": Range(1, 255, 255),
    "gamma": Range(0.1, 10, 1),
    "darkest": Range(0, 255, 0),
    "lightest": Range(0, 255, 255),
}
HUE = {"hue": Range(-180, 180, 0), "saturation": Range(-100, 100, 0), "lightness": Range(-100, 100, 0)}
BALANCE = {
    f"{tone}_{colour}": Range(-100, 100, 0)
    for tone in ("shadows", "midtones", "highlights")
    for colour in ("red", "green", "blue")
}
RANGES: Mapping[str, Mapping[str, Range]] = {"levels": LEVELS, "curves": {}, "hue": HUE, "balance": BALANCE}
"""By the name in files: the numbers of each kind of adjustment."""
CHANNELS = ("all", "red", "green", "blue")


def adjusted(colours: Floats, kind: str, numbers: Numbers) -> Floats:
    """The colours after an adjustment; a kind that is not known changes nothing."""
    change = _CHANGES.get(kind)
    return colours if change is None else change(colours, numbers)


def number(kind: str, numbers: Numbers, name: str) -> float:
    """One number of an adjustment, within its limits; the usual one where it is missing or none."""
    limits = RANGES[kind][name]
    value = numbers.get(name, limits.usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return limits.usual
    return min(max(float(value), limits.lowest), limits.highest)


def curve(numbers: Numbers, channel: str) -> tuple[Point, ...]:
    """A channel's points, left to right; a straight line where there are none that make sense."""
    found = numbers.get(channel)
    if not isinstance(found, list | tuple) or not 2 <= len(found) <= MAX_POINTS:
        return STRAIGHT
    points = []
    for each in found:
        if not isinstance(each, list | tuple) or len(each) != 2:
            return STRAIGHT
        if any(isinstance(side, bool) or not isinstance(side, int | float) for side in each):
            return STRAIGHT
        points.append((min(max(float(each[0]), 0.0), 1.0), min(max(float(each[1]), 0.0), 1.0)))
    points.sort()
    kept = [points[0], *(b for a, b in pairwise(points) if b[0] - a[0] > 1e-4)]
    return tuple(kept) if len(kept) > 1 else STRAIGHT


@lru_cache(64)
def table(points: tuple[Point, ...]) -> Floats:
    """A smooth line through the points that never overshoots them, at ``STEPS`` places from 0 to 1.

    Monotone cubic interpolation: F. N. Fritsch and R. E. Carlson, SIAM J. Numer. Anal. 17 (1980), 238-246.
    """
    xs, ys = (np.array(side) for side in zip(*points))
    steps, slopes = np.diff(xs), np.diff(ys) / np.diff(xs)
    tangents = np.concatenate([[slopes[0]], (slopes[:-1] + slopes[1:]) / 2, [slopes[-1]]])
    for number, slope in enumerate(slopes):
        if slope == 0:
            tangents[number] = tangents[number + 1] = 0
            continue
        a, b = tangents[number] / slope, tangents[number + 1] / slope
        tangents[number], tangents[number + 1] = max(a, 0) * slope, max(b, 0) * slope
        if (length := np.hypot(a, b)) > 3:
            tangents[number], tangents[number + 1] = 3 * a / length * slope, 3 * b / length * slope
    at = np.linspace(0, 1, STEPS)
    part = np.clip(np.searchsorted(xs, at, "right") - 1, 0, len(steps) - 1)
    t = np.clip((at - xs[part]) / steps[part], 0, 1)
    rising, holding = t * t * (3 - 2 * t), t * (1 - t)
    line = ys[part] + rising * (ys[part + 1] - ys[part])
    line += steps[part] * holding * ((1 - t) * tangents[part] - t * tangents[part + 1])
    made: Floats = line.clip(0, 1).astype(np.float32)
    made.flags.writeable = False
    return made


def _through(colours: Floats, line: Floats) -> Floats:
    places = np.rint(colours.clip(0, 1) * np.float32(STEPS - 1)).astype(np.int32)
    found: Floats = line[places]
    return found


def _levels(colours: Floats, numbers: Numbers) -> Floats:
    black, white, gamma, darkest, lightest = (number("levels", numbers, name) for name in LEVELS)
    spread = max(white - black, 1)
    shares = ((colours * np.float32(255) - np.float32(black)) / np.float32(spread)).clip(0, 1)
    bent = shares if gamma == 1 else shares ** np.float32(1 / gamma)
    made: Floats = (np.float32(darkest) + bent * np.float32(lightest - darkest)) / np.float32(255)
    return made


def _curves(colours: Floats, numbers: Numbers) -> Floats:
    everywhere = curve(numbers, CHANNELS[0])
    made = colours if everywhere == STRAIGHT else _through(colours, table(everywhere))
    for place, channel in enumerate(CHANNELS[1:]):
        if (own := curve(numbers, channel)) != STRAIGHT:
            made = made.copy() if made is colours else made
            made[place] = _through(made[place], table(own))
    return made


def _hue(colours: Floats, numbers: Numbers) -> Floats:
    """Hue turned, saturation scaled and lightness moved, in HSL."""
    hue, saturation, lightness = (number("hue", numbers, name) for name in HUE)
    high, low = colours.max(axis=0), colours.min(axis=0)
    middle, spread = (high + low) / 2, high - low
    red, green, blue = colours
    safe = np.where(spread == 0, 1, spread)
    sixth = np.where(
        high == red,
        ((green - blue) / safe) % 6,
        np.where(high == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    turned = (sixth + np.float32(hue / 60)) % 6
    chroma = spread * np.float32(1 + saturation / 100)
    chroma = np.minimum(chroma, 1 - np.abs(2 * middle - 1))  # what is more has no colour in RGB
    shares = np.stack([_ramp(turned + shift) for shift in (0, 4, 2)])
    made = middle + (shares - np.float32(0.5)) * chroma
    share = np.float32(abs(lightness) / 100)
    target = np.float32(lightness > 0)
    return _float32(made * (1 - share) + target * share)


def _ramp(sixth: NDArray[np.floating]) -> NDArray[np.floating]:
    """How much of red there is at a hue, in sixths of the circle: 1 around 0, 0 around 3."""
    ramp: NDArray[np.floating] = (np.abs(sixth % 6 - 3) - 1).clip(0, 1)
    return ramp


def _balance(colours: Floats, numbers: Numbers) -> Floats:
    """Shadows, midtones and highlights moved towards a colour; how light it is stays."""
    light = np.tensordot(_LUMA, colours, 1)
    tones = {
        "shadows": (1 - light / np.float32(0.66)).clip(0, 1),
        "midtones": (1 - np.abs(light - np.float32(0.5)) / np.float32(0.5)).clip(0, 1),
        "highlights": ((light - np.float32(0.34)) / np.float32(0.66)).clip(0, 1),
    }
    moved = colours.copy()
    for tone, weight in tones.items():
        for place, colour in enumerate(CHANNELS[1:]):
            amount = number("balance", numbers, f"{tone}_{colour}")
            if amount:
                moved[place] += weight * np.float32(amount / 200)
    return _float32((moved + (light - np.tensordot(_LUMA, moved, 1))).clip(0, 1))


def _float32(values: NDArray[np.floating]) -> Floats:
    made: Floats = values.astype(np.float32, copy=False)
    return made


_CHANGES: Mapping[str, Callable[[Floats, Numbers], Floats]] = {
    "levels": _levels,
    "curves": _curves,
    "hue": _hue,
    "balance": _balance,
}
KINDS: Sequence[str] = tuple(_CHANGES)
