"""A mask that the artist gave: how its edge is met so that it is not seen.

Nothing outside it changes. Inside, new and old are blended over some pixels, and the tone of the new is matched to the
old where both show the same thing: a model paints a sky a little lighter than it was, and the mask is seen as a box.

What is painted from fresh noise begins later along the edge, as in a soft mask (`strength.py`): its shape is decided
within, so that it fits, where it would grow beyond the mask and be cut off; the edge is then painted by a network that
sees both sides. Not so where the edge shows another thing than what lies outside: that is to go.
"""

import warnings
from collections.abc import Callable

import numpy as np

from editor_core.base.message import Message
from editor_core.engines.common.composite import composite, depth_in, inner_edge
from editor_core.engines.common.parameters import setting
from editor_core.messages.parameters import GIVEN_MASK
from editor_core.pixels.opencv import cv2

_FADE = 8.0  # pixels, as far as the mask has room
_RIM = 8.0  # pixels inside the edge, over which tones are compared
_TONE = 10.0  # pixels: what is finer than that is no tone
_ANOTHER_THING = 40.0  # levels of 255 from which on two colours are not the same thing in another tone
_RIM_STRENGTHS = (0.3, 0.6)  # of the outermost latent position, and of the next one
_DOUBT = 0.1  # what weighs against few pixels that are alike

soft_mask_setting = setting(
    True,
    Message("Soft mask"),
    Message("Grey parts of the mask change less; off: they are painted anew and blended with what was there"),
    only_if=(GIVEN_MASK, True),
)
exact_mask_setting = setting(
    False,
    Message("Exact mask"),
    Message("Paint right up to the mask’s edge; off: blend there, and match the tone of the surroundings"),
    only_if=(GIVEN_MASK, True),
)
grow_mask_setting = setting(
    False,
    Message("May grow beyond the mask"),
    Message(
        "Let what is painted push the mask’s edge where it does not fit in, its shadow, too; off: nothing beyond the "
        "mask changes"
    ),
    only_if=(GIVEN_MASK, True),
)
"""Fields of the methods that take masks; the last is for two of them (`engines/growing.py`)."""


def opacity_in(
    mask: np.ndarray, image: np.ndarray, soft: bool, exact: bool, scale: float = 1.0
) -> np.ndarray:
    """The opacity uint8 (H, W) of what is painted in a mask, uint8 (H, W), over an image uint8 (H, W, 3).

    It fades towards the mask's edge, and hardly where another thing than outside is seen there, which would be left as
    a rim. soft: grey parts are painted less (`strength.py`) and laid over in full; else they let through what was
    there. exact: it hardly fades at all. scale: pixels of the mask to one that the model sees.
    """
    if soft:
        mask = (mask > 0).astype(np.uint8) * 255
    narrow = inner_edge(mask)
    return narrow if exact else wider_edge(narrow, inner_edge(mask, scale * _FADE), image, scale)


def wider_edge(narrow: np.ndarray, wide: np.ndarray, image: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Of two opacities uint8 (H, W) of one region the one that fades wider, where an image uint8 (H, W, 3) shows inside
    what it shows outside: another thing, which is to go, would be left as a rim."""
    inside = narrow > 0
    if inside.all():
        return narrow
    alike = _like_outside(image, inside, scale * _FADE).astype(np.float32)
    share = cv2.erode(cv2.GaussianBlur(alike, (0, 0), scale), np.ones((3, 3), np.uint8))
    found: np.ndarray = np.rint(narrow + (wide.astype(np.float32) - narrow) * share).astype(np.uint8)
    return np.where(inside, np.maximum(found, 1), 0).astype(np.uint8)


def laid_over(below: np.ndarray, above: np.ndarray, opacity: np.ndarray, exact: bool) -> np.ndarray:
    """`composite` of what was painted in a mask, its tone matched unless it is to be exact."""
    return composite(below, above if exact else match_tone(below, above, opacity), opacity)


def later_rim(mask: np.ndarray, image: np.ndarray, cell: int, sketch: np.ndarray | None = None) -> np.ndarray:
    """A mask uint8 (H, W) with less strength along its edge, as far as it has room and shows its surroundings there.

    image: uint8 (H, W, 3). cell: pixels to a latent position. sketch: uint8 (H, W), where there is no less strength.
    """
    inside = mask > 0
    if inside.all() or not inside.any():
        return mask
    depth = depth_in(inside)
    wide, near = (
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1)) for r in (4 * cell, cell)
    )
    width = np.minimum(2 * cell, cv2.dilate(depth, wide) / 2)
    share = np.select([~inside, depth <= width / 2, depth <= width], [0, *_RIM_STRENGTHS], 1)
    if sketch is not None:
        share[inside & (cv2.dilate((sketch > 0).astype(np.uint8), near) > 0)] = 1
    alike = _like_outside(image, inside, cell)
    strength = 1 - (1 - _by_cell(share, cell, np.max)) * _by_cell(
        np.where(inside, alike, np.nan), cell, np.nanmean
    )
    found: np.ndarray = np.where(inside, np.ceil(mask * strength).clip(1, 255), 0).astype(np.uint8)
    return found


def _like_outside(image: np.ndarray, inside: np.ndarray, near: float) -> np.ndarray:
    """bool (H, W): where a picture shows inside a mask what it shows outside, about ``near`` pixels away."""
    outside = (~inside).astype(np.float32)
    weights = cv2.GaussianBlur(outside, (0, 0), near)
    colours = image.astype(np.float32)
    expected = (
        cv2.GaussianBlur(colours * outside[..., None], (0, 0), near) / np.maximum(weights, 1e-6)[..., None]
    )
    apart = cv2.GaussianBlur(np.abs(colours - expected).max(2), (0, 0), 1)
    alike: np.ndarray = (apart < _ANOTHER_THING) & (weights > 1e-4)
    return alike


def _by_cell(values: np.ndarray, cell: int, of: Callable[..., np.ndarray]) -> np.ndarray:
    """Each pixel's value (H, W) from all of its cell."""
    height, width = values.shape
    padded = np.pad(values, ((0, -height % cell), (0, -width % cell)), mode="edge")
    cells = padded.reshape(padded.shape[0] // cell, cell, -1, cell)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a cell without a number
        found = np.nan_to_num(of(cells, axis=(1, 3)))
    return np.kron(found, np.ones((cell, cell)))[:height, :width]


def match_tone(below: np.ndarray, above: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """``above`` with the low frequencies of ``below`` at the edge of where it is laid over, all uint8.

    Just inside the edge, where both show much the same, what separates them is a difference of tone. Smoothed and
    carried inwards, ever less, it is added; where something new crosses the edge, there is nothing to match.
    below, above: (H, W, 3); opacity: (H, W).
    """
    inside = opacity > 0
    if inside.all() or not inside.any():
        return above
    rows, columns = (np.flatnonzero(inside.any(axis)) for axis in (1, 0))
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    matched = above.copy()
    matched[part] = _matched(below[part], above[part], inside[part], depth_in(inside)[part])
    return matched


def _matched(below: np.ndarray, above: np.ndarray, inside: np.ndarray, depth: np.ndarray) -> np.ndarray:
    apart = below.astype(np.float32) - above
    smooth = cv2.GaussianBlur(apart, (0, 0), _RIM / 3)
    rim = (inside & (depth <= _RIM)).astype(np.float32)
    alike = rim * np.clip(1 - np.abs(smooth).max(2) / _ANOTHER_THING, 0, 1)
    weights = cv2.GaussianBlur(alike, (0, 0), _TONE) + _DOUBT * cv2.GaussianBlur(rim, (0, 0), _TONE)
    tone = cv2.GaussianBlur(apart * alike[..., None], (0, 0), _TONE) / np.maximum(weights, 1e-6)[..., None]
    tone *= (np.exp(-((depth / (2 * _TONE)) ** 2)) * inside)[..., None]
    return np.asarray(np.rint((above + tone).clip(0, 255)), np.uint8)
