"""The sixteen blend modes, and the sum against formulas written pixel by pixel, in Fractions and floats."""

import itertools
import math

import numpy as np
import pytest

from editor_core.document.blending import BLEND_FUNCTIONS, BLEND_MODES

Colour = tuple[float, float, float]


def soft(b: float, s: float) -> float:
    if s <= 0.5:
        return b - (1 - 2 * s) * b * (1 - b)
    d = ((16 * b - 12) * b + 4) * b if b <= 0.25 else math.sqrt(b)
    return b + (2 * s - 1) * (d - b)


def hard(b: float, s: float) -> float:
    return b * 2 * s if s <= 0.5 else b + (2 * s - 1) - b * (2 * s - 1)


def dodge(b: float, s: float) -> float:
    if b == 0:
        return 0
    return 1 if s == 1 else min(1, b / (1 - s))


def burn(b: float, s: float) -> float:
    if b == 1:
        return 1
    return 0 if s == 0 else 1 - min(1, (1 - b) / s)


SEPARABLE = {
    "normal": lambda b, s: s,
    "multiply": lambda b, s: b * s,
    "screen": lambda b, s: 1 - (1 - b) * (1 - s),
    "overlay": lambda b, s: hard(s, b),
    "darken": min,
    "lighten": max,
    "color-dodge": dodge,
    "color-burn": burn,
    "hard-light": hard,
    "soft-light": soft,
    "difference": lambda b, s: abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
    "plus": lambda b, s: min(1, b + s),
}


def lum(c: Colour) -> float:
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def clip(c: Colour) -> Colour:
    light, low, high = lum(c), min(c), max(c)
    if low < 0:
        c = tuple(light + (x - light) * light / (light - low) for x in c)
    if high > 1:
        c = tuple(light + (x - light) * (1 - light) / (high - light) for x in c)
    return c


def set_lum(c: Colour, light: float) -> Colour:
    change = light - lum(c)
    return clip(tuple(x + change for x in c))


def sat(c: Colour) -> float:
    return max(c) - min(c)


def set_sat(c: Colour, s: float) -> Colour:
    order = sorted(range(3), key=lambda i: c[i])
    low, middle, high = order
    result = [0.0, 0.0, 0.0]
    if c[high] > c[low]:
        result[middle] = (c[middle] - c[low]) * s / (c[high] - c[low])
        result[high] = s
    return tuple(result)


NON_SEPARABLE = {
    "hue": lambda b, s: set_lum(set_sat(s, sat(b)), lum(b)),
    "saturation": lambda b, s: set_lum(set_sat(b, sat(s)), lum(b)),
    "color": lambda b, s: set_lum(s, lum(b)),
    "luminosity": lambda b, s: set_lum(b, lum(s)),
}


def expected(mode: str, backdrop: Colour, source: Colour) -> Colour:
    if mode in SEPARABLE:
        return tuple(SEPARABLE[mode](b, s) for b, s in zip(backdrop, source))
    return NON_SEPARABLE[mode](backdrop, source)


def colour_pairs() -> list[tuple[Colour, Colour]]:
    levels = (0.0, 51 / 255, 127 / 255, 128 / 255, 1.0)
    corners = [tuple(c) for c in itertools.product((0.0, 64 / 255, 1.0), repeat=3)]
    greys = [((b,) * 3, (s,) * 3) for b in levels for s in levels]
    random = np.random.default_rng(0).integers(0, 256, (300, 2, 3)) / 255
    return (
        greys + list(itertools.product(corners, corners)) + [(tuple(b), tuple(s)) for b, s in random.tolist()]
    )


def test_all_sixteen_are_there():
    assert set(BLEND_MODES) == SEPARABLE.keys() | NON_SEPARABLE.keys() and len(BLEND_MODES) == 17


@pytest.mark.parametrize("mode", BLEND_MODES)
def test_a_blend_mode_equals_the_formula_of_the_specification(mode: str):
    pairs = colour_pairs()
    backdrop, source = (np.array(colours, np.float32).T for colours in zip(*pairs))
    result = BLEND_FUNCTIONS[mode](backdrop, source)
    assert result.dtype == np.float32
    wanted = np.array([expected(mode, b, s) for b, s in pairs])
    np.testing.assert_allclose(result.T, wanted, atol=2e-5)
