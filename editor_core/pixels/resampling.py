"""Pixels in another size or place. Colours are weighed by their alpha, so that nothing bleeds out of what is clear.

Pixels are uint8 (H, W), (H, W, 1), (H, W, 3) or straight RGBA (H, W, 4). A matrix (2, 3) takes a point of the source to
one of the result; the first pixel covers 0 to 1 either way.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Wide = NDArray[np.uint16]
Array = NDArray[Any]

_STRIP = 512  # rows that are unpacked at a time


class Filter(StrEnum):
    """How pixels between pixels are found."""

    AUTOMATIC = "automatic"
    """Each source pixel by its share where there are fewer, bicubic where there are more."""
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"
    NEAREST = "nearest"


def resized(pixels: Pixels, width: int, height: int, how: Filter = Filter.AUTOMATIC) -> Pixels:
    """The whole picture in another size."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    if how is Filter.AUTOMATIC:
        smaller = width < pixels.shape[1] or height < pixels.shape[0]
        flag = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    else:
        flag = _flag(how)
    return _weighed(pixels, how, partial(cv2.resize, dsize=(width, height), interpolation=flag))


def warped(pixels: Pixels, matrix: Matrix, width: int, height: int, how: Filter = Filter.AUTOMATIC) -> Pixels:
    """A picture of ``width`` x ``height`` with the source where the matrix takes it; clear elsewhere.

    Where it becomes smaller than half, it is first made smaller by whole numbers, so that no pixel is passed over.
    """
    from editor_core.pixels.opencv import cv2

    across, down = (1, 1) if how is Filter.NEAREST else (_reduction(matrix[:, 0]), _reduction(matrix[:, 1]))
    flag = _flag(Filter.BICUBIC if how is Filter.AUTOMATIC else how)

    def warp(source: Array) -> Array:
        if across > 1 or down > 1:
            source = _reduced(source, across, down)
        scaled = matrix @ np.diag([across, down, 1.0])
        # OpenCV's pixel 0 lies at 0, ours covers 0 to 1.
        scaled[:, 2] += scaled[:, :2] @ (0.5, 0.5) - 0.5
        made: Array = cv2.warpAffine(source, scaled, (width, height), flags=flag)  # clear beyond it
        return made

    return _weighed(pixels, how, warp, clear_beyond=True)


def _reduction(axis: NDArray[np.float64]) -> int:
    """By what whole number a side may be shortened before it is warped along ``axis``."""
    return max(1, int(1 / max(float(np.hypot(*axis)), 1e-6)))


def _reduced(source: Array, across: int, down: int) -> Array:
    from editor_core.pixels.opencv import cv2

    height, width = source.shape[:2]
    across, down = min(across, width), min(down, height)
    wide = cv2.copyMakeBorder(source, 0, -height % down, 0, -width % across, cv2.BORDER_CONSTANT)
    size = (wide.shape[1] // across, wide.shape[0] // down)
    reduced: Array = cv2.resize(wide, size, interpolation=cv2.INTER_AREA)
    return reduced


def _flag(how: Filter) -> int:
    from editor_core.pixels.opencv import cv2

    flags: dict[Filter, int] = {
        Filter.BILINEAR: cv2.INTER_LINEAR,
        Filter.BICUBIC: cv2.INTER_CUBIC,
        Filter.LANCZOS: cv2.INTER_LANCZOS4,
        Filter.NEAREST: cv2.INTER_NEAREST,
    }
    return flags[how]


def _weighed(
    pixels: Pixels, how: Filter, change: Callable[[Array], Array], *, clear_beyond: bool = False
) -> Pixels:
    """``change`` done to the pixels, colours times alpha where there is any that is not whole."""
    source = np.ascontiguousarray(pixels)
    has_alpha = source.ndim == 3 and source.shape[2] == 4
    if not has_alpha or how is Filter.NEAREST or (not clear_beyond and (source[..., 3] == 255).all()):
        plain: Pixels = change(source)
        return plain.reshape(*plain.shape[:2], *source.shape[2:])
    return _straight(change(_premultiplied(source)))


def _premultiplied(pixels: Pixels) -> Wide:
    """Colours times alpha, and alpha times 255: exact in 16 bits."""
    wide = pixels.astype(np.uint16)
    wide[..., :3] *= wide[..., 3:]
    wide[..., 3] *= 255
    return wide


def _straight(wide: Wide) -> Pixels:
    """Back to 8 bits; all zero where nothing is seen."""
    straight = np.empty(wide.shape, np.uint8)
    for top in range(0, len(wide), _STRIP):
        part = wide[top : top + _STRIP].astype(np.float32)
        alpha = part[..., 3:]
        colour = part[..., :3] * np.divide(255, alpha, out=np.zeros_like(alpha), where=alpha > 0)
        straight[top : top + _STRIP, :, :3] = np.rint(colour.clip(0, 255))
        straight[top : top + _STRIP, :, 3] = np.rint(alpha[..., 0] / 255).clip(0, 255)
    straight[straight[..., 3] == 0] = 0
    return straight
