"""The selection: which pixels tools may touch, each 0..255. Immutable; every change makes a new one.

No selection (None) means that nothing is held back, so an empty one is never kept.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from editor_core.document import masks
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.masks import Mask, Point
from editor_core.document.tiles import Pixels, Tiles


class Combine(StrEnum):
    """What a new shape does to the selection that is there."""

    REPLACE = "replace"
    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


@dataclass(frozen=True)
class Shape:
    """A mask (h, w) and where on the canvas it lies."""

    mask: Mask
    rect: Rect


@dataclass(frozen=True, eq=False)
class Selection:
    """Chosen pixels: one channel, sharing its tiles with the selections it was made from."""

    tiles: Tiles

    @cached_property
    def bounds(self) -> Rect:
        """The smallest rectangle that holds all that is chosen."""
        return self.tiles.bounds()

    def read(self, rect: Rect, level: int = 0) -> Pixels:
        """uint8 (height, width) of that rectangle of the level's pixels."""
        return self.tiles.read(rect, level)[..., 0]


def everything(canvas: Rect) -> Selection:
    """The whole canvas."""
    return Selection(Tiles(1).filled(canvas, (255,)))


def combined(selection: Selection | None, shape: Shape, how: Combine, canvas: Rect) -> Selection | None:
    """The selection after a shape was added to it, taken from it, or cut with it."""
    place = shape.rect.intersected(canvas)
    mask = shape.mask[place.slices_in(shape.rect)]
    if how is Combine.REPLACE or (how is Combine.ADD and selection is None):
        return _kept(Tiles(1).with_pixels(place.x, place.y, mask))
    if selection is None:
        return None
    before = selection.read(place)
    if how is Combine.ADD:
        return _kept(selection.tiles.with_pixels(place.x, place.y, masks.add(before, mask)))
    if how is Combine.SUBTRACT:
        return _kept(selection.tiles.with_pixels(place.x, place.y, masks.subtract(before, mask)))
    return _kept(Tiles(1).with_pixels(place.x, place.y, masks.intersect(before, mask)))


def inverted(selection: Selection | None, canvas: Rect) -> Selection | None:
    """All that was not chosen; nothing chosen becomes everything."""
    if selection is None:
        return everything(canvas)
    return _kept(Tiles(1).with_pixels(canvas.x, canvas.y, masks.invert(selection.read(canvas))))


def grown(selection: Selection, radius: int, canvas: Rect) -> Selection | None:
    """Wider by ``radius`` pixels all round, or narrower where it is negative."""
    rect = _around(selection, abs(radius)).intersected(canvas)
    change = masks.grow if radius >= 0 else masks.shrink
    return _kept(Tiles(1).with_pixels(rect.x, rect.y, change(selection.read(rect), abs(radius))))


def feathered(selection: Selection, radius: float, canvas: Rect) -> Selection | None:
    """With a soft edge that reaches about ``radius`` pixels to either side."""
    rect = _around(selection, math.ceil(2 * radius)).intersected(canvas)
    return _kept(Tiles(1).with_pixels(rect.x, rect.y, masks.feather(selection.read(rect), radius)))


def from_mask(mask: Mask) -> Selection | None:
    """What a mask of the whole canvas holds."""
    return _kept(Tiles(1).with_pixels(0, 0, mask))


def rectangle(rect: Rect) -> Shape:
    return Shape(np.full((rect.height, rect.width), 255, np.uint8), rect)


def ellipse(rect: Rect) -> Shape:
    return Shape(masks.ellipse(rect.width, rect.height, Rect(0, 0, rect.width, rect.height)), rect)


def polygon(points: Sequence[Point], canvas: Rect) -> Shape:
    """A closed polygon, as far as it lies on the canvas."""
    if len(points) < 3:
        return Shape(np.zeros((0, 0), np.uint8), EMPTY)
    xs, ys = zip(*points)
    left, top = math.floor(min(xs)), math.floor(min(ys))
    rect = Rect(left, top, math.ceil(max(xs)) - left, math.ceil(max(ys)) - top).intersected(canvas)
    moved = [(x - rect.x, y - rect.y) for x, y in points]
    return Shape(masks.polygon(rect.width, rect.height, moved), rect)


def softened(shape: Shape, radius: float) -> Shape:
    """A shape with a soft edge, which makes it larger."""
    margin = math.ceil(2 * radius)
    if shape.rect.is_empty or not margin:
        return shape
    x, y, width, height = shape.rect
    rect = Rect(x - margin, y - margin, width + 2 * margin, height + 2 * margin)
    return Shape(masks.feather(np.pad(shape.mask, margin), radius), rect)


def _around(selection: Selection, margin: int) -> Rect:
    bounds = selection.bounds
    return Rect(bounds.x - margin, bounds.y - margin, bounds.width + 2 * margin, bounds.height + 2 * margin)


def _kept(tiles: Tiles) -> Selection | None:
    return Selection(tiles) if len(tiles) else None
