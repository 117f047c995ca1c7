"""The sixteen blend functions of W3C Compositing and Blending Level 1, sections 10.1 and 10.2, and the sum.

Each takes backdrop and source colours, float32 (3, ...) in 0..1, not premultiplied, and returns B(Cb, Cs).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from editor_core.document.operators import OPERATORS

Colours = NDArray[np.float32]
Blend = Callable[[Colours, Colours], Colours]

_TINY = np.float32(1e-30)
_ZERO, _ONE = np.float32(0), np.float32(1)


def normal(backdrop: Colours, source: Colours) -> Colours:
    return source


def multiply(backdrop: Colours, source: Colours) -> Colours:
    return backdrop * source


def screen(backdrop: Colours, source: Colours) -> Colours:
    return backdrop + source - backdrop * source


def overlay(backdrop: Colours, source: Colours) -> Colours:
    return hard_light(source, backdrop)


def darken(backdrop: Colours, source: Colours) -> Colours:
    return np.minimum(backdrop, source)


def lighten(backdrop: Colours, source: Colours) -> Colours:
    return np.maximum(backdrop, source)


def color_dodge(backdrop: Colours, source: Colours) -> Colours:
    quotient = np.minimum(1, backdrop / np.maximum(1 - source, _TINY))
    return np.where(backdrop <= 0, _ZERO, np.where(source >= 1, _ONE, quotient))


def color_burn(backdrop: Colours, source: Colours) -> Colours:
    quotient = 1 - np.minimum(1, (1 - backdrop) / np.maximum(source, _TINY))
    return np.where(backdrop >= 1, _ONE, np.where(source <= 0, _ZERO, quotient))


def hard_light(backdrop: Colours, source: Colours) -> Colours:
    doubled = 2 * source
    return np.where(source <= 0.5, multiply(backdrop, doubled), screen(backdrop, doubled - 1))


def soft_light(backdrop: Colours, source: Colours) -> Colours:
    curve = np.where(
        backdrop <= 0.25, ((16 * backdrop - 12) * backdrop + 4) * backdrop, np.sqrt(np.maximum(backdrop, 0))
    )
    darker = backdrop - (1 - 2 * source) * backdrop * (1 - backdrop)
    lighter = backdrop + (2 * source - 1) * (curve - backdrop)
    return np.where(source <= 0.5, darker, lighter)


def difference(backdrop: Colours, source: Colours) -> Colours:
    distance: Colours = np.abs(backdrop - source)
    return distance


def exclusion(backdrop: Colours, source: Colours) -> Colours:
    return backdrop + source - 2 * backdrop * source


def plus(backdrop: Colours, source: Colours) -> Colours:
    """What other programs call Add, or linear dodge."""
    total: Colours = np.minimum(_ONE, backdrop + source)
    return total


def hue(backdrop: Colours, source: Colours) -> Colours:
    return _with_luminosity(_with_saturation(source, _saturation(backdrop)), _luminosity(backdrop))


def saturation(backdrop: Colours, source: Colours) -> Colours:
    return _with_luminosity(_with_saturation(backdrop, _saturation(source)), _luminosity(backdrop))


def color(backdrop: Colours, source: Colours) -> Colours:
    return _with_luminosity(source, _luminosity(backdrop))


def luminosity(backdrop: Colours, source: Colours) -> Colours:
    return _with_luminosity(backdrop, _luminosity(source))


def _luminosity(colours: Colours) -> Colours:
    red, green, blue = colours[0:1], colours[1:2], colours[2:3]
    luma: Colours = np.float32(0.3) * red + np.float32(0.59) * green + np.float32(0.11) * blue
    return luma


def _saturation(colours: Colours) -> Colours:
    spread: Colours = colours.max(axis=0, keepdims=True) - colours.min(axis=0, keepdims=True)
    return spread


def _with_saturation(colours: Colours, saturation: Colours) -> Colours:
    """SetSat(): the least component becomes 0, the greatest ``saturation``, the middle one in proportion."""
    spread = _saturation(colours)
    scaled: Colours = (colours - colours.min(axis=0, keepdims=True)) * saturation
    return np.divide(scaled, np.maximum(spread, _TINY), dtype=np.float32)


def _with_luminosity(colours: Colours, luminosity: Colours) -> Colours:
    """SetLum(), then ClipColor()."""
    shifted = colours + (luminosity - _luminosity(colours))
    low, high = shifted.min(axis=0, keepdims=True), shifted.max(axis=0, keepdims=True)
    offset = shifted - luminosity
    raised = luminosity + offset * luminosity / np.maximum(luminosity - low, _TINY)
    clipped = np.where(low < 0, raised, shifted)
    lowered = luminosity + (clipped - luminosity) * (1 - luminosity) / np.maximum(high - luminosity, _TINY)
    return np.where(high > 1, lowered, clipped)


BLEND_FUNCTIONS: dict[str, Blend] = {
    "normal": normal,
    "multiply": multiply,
    "screen": screen,
    "overlay": overlay,
    "darken": darken,
    "lighten": lighten,
    "color-dodge": color_dodge,
    "color-burn": color_burn,
    "hard-light": hard_light,
    "soft-light": soft_light,
    "difference": difference,
    "exclusion": exclusion,
    "hue": hue,
    "saturation": saturation,
    "color": color,
    "luminosity": luminosity,
    "plus": plus,
}
BLEND_MODES = tuple(BLEND_FUNCTIONS)
LAYER_MODES = (*BLEND_MODES, *OPERATORS)
"""All ways in which a layer can be put over what is below it."""
