"""What is marked in a picture that somebody means as a mask: any clear mark, whatever its colour and polarity.

A mask is meant to be seen, so it is read as it is seen: what stands out from its background is marked, and marked
wholly where it stands out most.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

LOSSY_NOISE = 20  # levels: what JPEG leaves around edges
_NOISE = 2  # levels: "black" that is not quite black
_FAINT = 3  # levels: the difference between the classes of a mask of zeros and ones
_LIKE = 40  # levels that paint of one colour differs by
_MOSTLY = 0.9  # of the pixels that are asked about
_COHERENT = 0.5  # of faint marks: what of them is more than specks
_BORDER = 0.02  # of the short side: what of a picture is its border
_FULL = 95  # percentile of a mark's own strength that is whole
_LIGHT = 160  # levels: strokes that are hard to see on white
_CLEAR = 200  # levels: a mark of this strength is whole as it is


class Marks(NamedTuple):
    """What was found."""

    mask: Pixels
    """(H, W), 0..255."""
    dark: bool = False
    """Whether dark marks on light were taken: by another custom, white marks."""


def marks_in(pixels: Pixels, *, grey: bool = False, noise: int = _NOISE) -> Marks:
    """The marks of a picture (H, W, 3), or (H, W, 4) with transparency; up to ``noise`` levels mean nothing.

    On transparency paint of one colour, or in black and white, is the mark, and in a picture of many colours the hole.
    Without, the mark is what differs from the colour of the border; where the border has several, it is what is light.
    A ``grey`` file is what programs write masks as: there white marks, wherever it is.
    """
    if pixels.shape[2] == 4 and int(np.ptp(pixels[..., 3])) > LOSSY_NOISE:
        return Marks(_in_transparency(pixels))
    background = np.zeros(3) if grey else _background(pixels[..., :3])
    return _on_background(pixels[..., :3], background, noise)


def fitted(pixels: Pixels, width: int, height: int) -> Pixels:
    """A mask or sketch, (H, W) or (H, W, 3), in another size."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    smaller = width < pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    resized: Pixels = cv2.resize(pixels, (width, height), interpolation=how)
    return resized


def drawn_on_paper(pixels: Pixels) -> Pixels:
    """A drawing (H, W, 3 or 4) on paper that its strokes can be seen on, (H, W, 3): light ones on black."""
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    paper = 0 if is_light_drawing(pixels) else 255
    mixed: Pixels = ((pixels[..., :3] * alpha + paper * (255 - alpha) + 127) // 255).astype(np.uint8)
    return mixed


def is_light_drawing(pixels: Pixels) -> bool:
    """Whether a drawing (H, W, 3 or 4) is of light strokes on nothing, which white paper would swallow."""
    if pixels.shape[2] == 3:
        return False
    paint = pixels[pixels[..., 3] > LOSSY_NOISE][:, :3]
    return len(paint) > 0 and float(np.median(paint, axis=0).mean()) > _LIGHT


def _in_transparency(pixels: Pixels) -> Pixels:
    alpha = pixels[..., 3]
    paint = pixels[alpha > LOSSY_NOISE][:, :3]
    if not len(paint):
        return np.zeros_like(alpha)
    light, dark = (paint > 255 - _LIKE).all(axis=1), (paint < _LIKE).all(axis=1)
    if (_distance(paint, np.median(paint, axis=0)) <= _LIKE).mean() >= _MOSTLY:
        return _whole(alpha)
    if (light | dark).mean() >= _MOSTLY:
        return _whole(_product(pixels[..., :3].max(axis=2), alpha))
    return _whole(255 - alpha)  # a picture with a hole cut into it


def _background(colours: Pixels) -> NDArray[np.floating]:
    """The colour of the border; black, on which light marks, where it has several."""
    border = _border(colours)
    background: NDArray[np.floating] = np.median(border, axis=0)
    uniform = (_distance(border, background) <= LOSSY_NOISE).mean() >= _MOSTLY
    return background if uniform else np.zeros(3)


def _on_background(colours: Pixels, background: NDArray[np.floating], noise: int) -> Marks:
    mask = _whole(_strength(colours, background, noise))
    if not mask.any() and float(background.mean()) > 127:
        return Marks(np.full_like(mask, 255))  # white all over
    marked = colours[mask > 127]
    dark = len(marked) > 0 and float(background.mean()) > max(127.0, float(marked.mean()))
    return Marks(mask, dark)


def _strength(colours: Pixels, background: NDArray[np.floating], noise: int) -> Pixels:
    """How much each pixel differs from the background; noise is none."""
    strength = _distance(colours, background)
    if int(strength.max(initial=0)) > max(noise, _FAINT):
        strength[strength <= noise] = 0
        return strength
    faint = (strength >= 1).astype(np.uint8)
    is_area = 0 < int(faint.sum()) < faint.size and noise == _NOISE and _is_coherent(faint)
    return faint * np.uint8(255 if is_area else 0)


def _is_coherent(marks: Pixels) -> bool:
    """Whether marks are areas, not specks."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    opened = cv2.morphologyEx(marks, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return int(opened.sum()) > _COHERENT * int(marks.sum())


def _whole(strength: Pixels) -> Pixels:
    """A faint mark as a whole one; soft edges stay as soft."""
    marked = strength[strength > 0]
    full = float(np.percentile(marked, _FULL)) if len(marked) else float(_CLEAR)
    if full >= _CLEAR:
        return strength
    scaled: Pixels = np.clip(np.rint(strength * (255 / full)), 0, 255).astype(np.uint8)
    return scaled


def _distance(colours: Pixels, background: NDArray[np.floating]) -> Pixels:
    """The greatest difference of a channel, uint8 (...)."""
    difference = np.abs(colours.astype(np.int16) - np.rint(background).astype(np.int16))
    distance: Pixels = difference.max(axis=-1).astype(np.uint8)
    return distance


def _border(colours: Pixels) -> Pixels:
    """The pixels along the edges, (n, 3)."""
    width = max(1, round(_BORDER * min(colours.shape[:2])))
    sides = (colours[:width], colours[-width:], colours[:, :width], colours[:, -width:])
    return np.concatenate([side.reshape(-1, 3) for side in sides])


def _product(one: Pixels, other: Pixels) -> Pixels:
    product: Pixels = ((one.astype(np.uint16) * other + 127) // 255).astype(np.uint8)
    return product
