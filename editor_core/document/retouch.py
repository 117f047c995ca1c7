"""What clone and heal stamps lay over a picture, and how the smudge brush drags paint along."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.strokes import SPACING, Brush, brush_stamp
from editor_core.document.tiles import Pixels

Read = Callable[[Rect], Pixels]
"""What is seen of the picture in a rectangle: RGBA (height, width, 4)."""
Floats = NDArray[np.float32]

_BLOCK = 64  # pixels a side of what a smudge reads at a time
_COARSEST = 4  # pixels: where the membrane is so small it is its mean


def healed(target: Pixels, source: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    """The source's texture in the target's tones: RGBA (h, w, 4) both, ``hole`` bool (h, w) where the source comes.

    To the source is added what the target differs from it around the hole, carried smoothly into it, which is what
    Poisson blending amounts to (Farbman et al., "Coordinates for instant image cloning", SIGGRAPH 2009); the smooth
    surface is found by pull and push (Gortler et al., "The lumigraph", SIGGRAPH 1996).
    """
    known = (~hole & (target[..., 3] > 0) & (source[..., 3] > 0)).astype(np.float32)
    if not known.any():
        return source
    difference = target[..., :3].astype(np.float32) - source[..., :3]
    result = source.copy()
    result[..., :3] = np.rint(np.clip(source[..., :3] + membrane(difference, known), 0, 255))
    return result


def membrane(values: Floats, known: Floats) -> Floats:
    """Values (h, w, c) where known (h, w) is 1, and a smooth surface between them elsewhere."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    weight = np.minimum(known, 1)[..., None]
    height, width = known.shape
    if min(height, width) <= _COARSEST or known.all():
        mean = (values * weight).sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
        filled: Floats = np.where(weight > 0, values, mean).astype(np.float32)
        return filled
    size = (-(-width // 2), -(-height // 2))
    total = cv2.pyrDown(values * weight, dstsize=size).reshape(size[1], size[0], -1)
    share = cv2.pyrDown(known, dstsize=size)
    coarse = membrane(total / np.maximum(share, 1e-6)[..., None], np.minimum(share * 4, 1) * (share > 1e-4))
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR).reshape(values.shape)
    blended: Floats = (weight * values + (1 - weight) * smooth).astype(np.float32)
    return blended


class Smudge:
    """A stroke of the smudge brush: every dab lays down what the one before took up.

    ``rate``: the share of the old paint that stays on the brush, 0..1. What is seen is read as it is come to.
    """

    def __init__(self, brush: Brush, canvas: Rect, read: Read, rate: float = 0.8) -> None:
        self._brush, self._canvas, self._read, self._rate = brush, canvas, read, np.float32(rate)
        self._seen = np.zeros((canvas.height, canvas.width, 4), np.uint8)  # untouched pages cost nothing
        self._fetched: set[tuple[int, int]] = set()
        self._paint: Floats | None = None  # on the brush: premultiplied, (side, side, 4)
        self._last: tuple[float, float] | None = None

    def extend(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Draw on towards a point; returns what changed."""
        size = max(1.0, self._brush.size)
        last = self._last or (x, y)
        length = math.dist(last, (x, y))
        count = int(length // max(1.0, size * SPACING))
        changed = EMPTY
        for step in range(1, count + 1):
            share = step * max(1.0, size * SPACING) / length
            here = last[0] + (x - last[0]) * share, last[1] + (y - last[1]) * share
            changed = changed.united(self._dab(*here, pressure))
        if count or self._last is None:
            self._last = (x, y)
            if not count:
                changed = self._dab(x, y, pressure)
        return changed

    def pixels(self, rect: Rect) -> Pixels:
        """What is seen now in a rectangle: RGBA (height, width, 4)."""
        self._fetch(rect)
        return self._seen[rect.slices_in(self._canvas)]

    def _dab(self, x: float, y: float, pressure: float) -> Rect:
        stamp = brush_stamp(self._brush.size, self._brush.hardness)
        reach = stamp.shape[0] // 2
        place = Rect(round(x) - reach, round(y) - reach, stamp.shape[1], stamp.shape[0])
        visible = place.intersected(self._canvas)
        if visible.is_empty:
            return EMPTY
        self._fetch(visible)
        here = self._seen[visible.slices_in(self._canvas)]
        under: Floats = np.zeros((*stamp.shape, 4), np.float32)
        inside = visible.slices_in(place)
        under[inside] = _premultiplied(here)
        if self._paint is None:
            self._paint = under
            return EMPTY
        strength = stamp[inside].astype(np.float32)[..., None] * np.float32(
            self._brush.opacity * pressure / 255
        )
        mixed = under[inside] + strength * (self._paint[inside] - under[inside])
        here[:] = _straight(mixed)
        self._paint = np.asarray(self._rate * self._paint + (1 - self._rate) * under, np.float32)
        return visible

    def _fetch(self, rect: Rect) -> None:
        """Read the blocks of the picture under a rectangle that were not read yet."""
        for row in range(rect.y // _BLOCK, -(-rect.bottom // _BLOCK)):
            for column in range(rect.x // _BLOCK, -(-rect.right // _BLOCK)):
                if (column, row) not in self._fetched:
                    self._fetched.add((column, row))
                    block = Rect(column * _BLOCK, row * _BLOCK, _BLOCK, _BLOCK).intersected(self._canvas)
                    self._seen[block.slices_in(self._canvas)] = self._read(block)


def _premultiplied(pixels: Pixels) -> Floats:
    floats = pixels.astype(np.float32)
    floats[..., :3] *= floats[..., 3:] / 255
    return floats


def _straight(pixels: Floats) -> Pixels:
    alpha = pixels[..., 3:]
    colour = np.divide(pixels[..., :3] * 255, alpha, out=np.zeros_like(pixels[..., :3]), where=alpha > 0)
    straight: Pixels = np.rint(np.concatenate([colour, alpha], -1).clip(0, 255)).astype(np.uint8)
    return straight
