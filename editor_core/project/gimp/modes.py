"""GIMP's blend functions (2.10 and 3): what becomes of two colours where both are there.

Each takes backdrop and layer, float32 (3, n), straight, in the mode's blend space, and returns the same. Values may
leave 0..1 in between, as in GIMP. Formulas: GIMP's documentation, "Layer modes" (https://docs.gimp.org/2.10/en/
gimp-concepts-layer-modes.html), and what GIMP makes of pictures of ramps.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.floating[Any]]
Blend = Callable[[Colours, Colours], Colours]

_LEAST = np.float32(1e-6)
_MOST = np.float32(1e6)
_LUMA = np.array([0.22248840, 0.71690369, 0.06060791], np.float32)[:, None]


def _divided(above: Colours, below: Colours) -> Colours:
    """A quotient within bounds; 0 where there is nothing to divide."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.nan_to_num(above / below, nan=0.0, posinf=1e6, neginf=-1e6).clip(-_MOST, _MOST)
    found: Colours = np.where(np.abs(above) > _LEAST, quotient, np.float32(0))
    return found


def _luma(colours: Colours) -> Colours:
    found: Colours = (colours * _LUMA).sum(axis=0, keepdims=True)
    return found


def _highest(colours: Colours) -> Colours:
    found: Colours = colours.max(axis=0, keepdims=True)
    return found


def _spread(colours: Colours) -> Colours:
    found: Colours = _highest(colours) - colours.min(axis=0, keepdims=True)
    return found


def normal(below: Colours, layer: Colours) -> Colours:
    return layer


def multiply(below: Colours, layer: Colours) -> Colours:
    return below * layer


def screen(below: Colours, layer: Colours) -> Colours:
    return 1 - (1 - below) * (1 - layer)


def overlay(below: Colours, layer: Colours) -> Colours:
    return np.where(below < 0.5, 2 * below * layer, 1 - 2 * (1 - layer) * (1 - below))


def difference(below: Colours, layer: Colours) -> Colours:
    distance: Colours = np.abs(below - layer)
    return distance


def addition(below: Colours, layer: Colours) -> Colours:
    return below + layer


def subtract(below: Colours, layer: Colours) -> Colours:
    return below - layer


def darken_only(below: Colours, layer: Colours) -> Colours:
    return np.minimum(below, layer)


def lighten_only(below: Colours, layer: Colours) -> Colours:
    return np.maximum(below, layer)


def divide(below: Colours, layer: Colours) -> Colours:
    return _divided(below, layer)


def dodge(below: Colours, layer: Colours) -> Colours:
    return _divided(below, 1 - layer)


def burn(below: Colours, layer: Colours) -> Colours:
    return 1 - _divided(1 - below, layer)


def hard_light(below: Colours, layer: Colours) -> Colours:
    lighter = np.minimum(1 - (1 - below) * (1 - (layer - np.float32(0.5)) * 2), 1)
    return np.where(layer > 0.5, lighter, np.minimum(below * (layer * 2), 1))


def soft_light(below: Colours, layer: Colours) -> Colours:
    return (1 - below) * multiply(below, layer) + below * screen(below, layer)


def grain_extract(below: Colours, layer: Colours) -> Colours:
    return below - layer + np.float32(0.5)


def grain_merge(below: Colours, layer: Colours) -> Colours:
    return below + layer - np.float32(0.5)


def vivid_light(below: Colours, layer: Colours) -> Colours:
    darker, lighter = burn(below, 2 * layer), dodge(below, 2 * layer - 1)
    return np.where(layer <= 0.5, np.maximum(darker, 0), np.minimum(lighter, 1))


def pin_light(below: Colours, layer: Colours) -> Colours:
    doubled = 2 * layer
    return np.where(layer > 0.5, np.maximum(below, doubled - 1), np.minimum(below, doubled))


def linear_light(below: Colours, layer: Colours) -> Colours:
    return below + 2 * layer - 1


def hard_mix(below: Colours, layer: Colours) -> Colours:
    return np.where(below + layer < 1, np.float32(0), np.float32(1))


def exclusion(below: Colours, layer: Colours) -> Colours:
    half = np.float32(0.5)
    return half - 2 * (below - half) * (layer - half)


def linear_burn(below: Colours, layer: Colours) -> Colours:
    return below + layer - 1


def luma_darken_only(below: Colours, layer: Colours) -> Colours:
    return np.where(_luma(below) <= _luma(layer), below, layer)


def luma_lighten_only(below: Colours, layer: Colours) -> Colours:
    return np.where(_luma(below) >= _luma(layer), below, layer)


def luminance(below: Colours, layer: Colours) -> Colours:
    return below * _divided(_luma(layer), _luma(below))


def hsv_hue(below: Colours, layer: Colours) -> Colours:
    """The layer's hue with the backdrop's saturation and value."""
    spread = _spread(layer)
    ratio = _spread(below) / np.maximum(spread, _LEAST)
    moved = layer * ratio + (_highest(below) - _highest(layer) * ratio)
    return np.where(spread > _LEAST, moved, below)


def hsv_saturation(below: Colours, layer: Colours) -> Colours:
    """The layer's saturation with the backdrop's hue and value."""
    spread, highest = _spread(below), _highest(below)
    share = _spread(layer) / np.maximum(_highest(layer), _LEAST)
    ratio = share * highest / np.maximum(spread, _LEAST)
    return np.where(spread > _LEAST, below * ratio + (1 - ratio) * highest, highest)


def hsv_value(below: Colours, layer: Colours) -> Colours:
    """The layer's value with the backdrop's hue and saturation."""
    highest, value = _highest(below), _highest(layer)
    return np.where(np.abs(highest) > _LEAST, below * (value / np.maximum(highest, _LEAST)), value)


def hsl_color(below: Colours, layer: Colours) -> Colours:
    """The layer's hue and saturation with the backdrop's lightness, all as HSL has them."""
    middle = (_highest(below) + below.min(axis=0, keepdims=True)) / 2
    own = (_highest(layer) + layer.min(axis=0, keepdims=True)) / 2
    room, own_room = np.minimum(middle, 1 - middle), np.minimum(own, 1 - own)
    ratio = room / np.maximum(own_room, _LEAST)
    coloured = middle + (layer - own) * ratio
    found: Colours = np.where(own_room > _LEAST, coloured, middle)
    return found


def lch_hue(below: Colours, layer: Colours) -> Colours:
    """CIE Lab: the layer's hue, lightness and chroma of the backdrop."""
    chroma, own = np.hypot(*below[1:]), np.hypot(*layer[1:])
    turned = layer[1:] * (chroma / np.maximum(own, _LEAST))
    return np.concatenate([below[:1], np.where(own > _LEAST, turned, below[1:])])


def lch_chroma(below: Colours, layer: Colours) -> Colours:
    chroma, own = np.hypot(*below[1:]), np.hypot(*layer[1:])
    scaled = below[1:] * (own / np.maximum(chroma, _LEAST))
    return np.concatenate([below[:1], np.where(chroma > _LEAST, scaled, below[1:])])


def lch_color(below: Colours, layer: Colours) -> Colours:
    return np.concatenate([below[:1], layer[1:]])


def lch_lightness(below: Colours, layer: Colours) -> Colours:
    return np.concatenate([layer[:1], below[1:]])


# fmt: off
BLENDS: dict[int, Blend] = {
    23: overlay, 24: lch_hue, 25: lch_chroma, 26: lch_color, 27: lch_lightness, 28: normal,
    30: multiply, 31: screen, 32: difference, 33: addition, 34: subtract, 35: darken_only,
    36: lighten_only, 37: hsv_hue, 38: hsv_saturation, 39: hsl_color, 40: hsv_value, 41: divide,
    42: dodge, 43: burn, 44: hard_light, 45: soft_light, 46: grain_extract, 47: grain_merge,
    48: vivid_light, 49: pin_light, 50: linear_light, 51: hard_mix, 52: exclusion, 53: linear_burn,
    54: luma_darken_only, 55: luma_lighten_only, 56: luminance,
}
# fmt: on
"""By the number in files, those of GIMP 2.10."""
# fmt: off
LEGACY: dict[int, Blend] = {
    3: multiply, 4: screen, 5: soft_light, 6: difference, 7: addition, 8: subtract, 9: darken_only,
    10: lighten_only, 11: hsv_hue, 12: hsv_saturation, 13: hsl_color, 14: hsv_value, 15: divide,
    16: dodge, 17: burn, 18: hard_light, 19: soft_light, 20: grain_extract, 21: grain_merge,
}
# fmt: on
"""Those of older versions, which never leave 0..1."""
