"""Lines, rectangles and ellipses as coverage, filled or as an outline; edges are anti-aliased."""

import math
from collections.abc import Callable

from editor_core.document import masks
from editor_core.document.geometry import Rect
from editor_core.document.masks import Point
from editor_core.document.selection import Shape, polygon

_CHORD = 1.5  # pixels: round ends and ellipses are drawn as straight pieces of this length

Box = tuple[float, float, float, float]  # left, top, right, bottom
Draw = Callable[[Point, Point, float, Rect], Shape]
"""(from, to, width of the line, canvas): a width of 0 fills."""


def line(start: Point, end: Point, width: float, canvas: Rect) -> Shape:
    """A straight line with round ends."""
    radius = max(width, 1.0) / 2
    across = math.atan2(end[1] - start[1], end[0] - start[0]) + math.pi / 2
    steps = max(4, math.ceil(math.pi * radius / _CHORD))
    points = []
    for middle, begin in ((start, across), (end, across + math.pi)):
        angles = (begin + math.pi * step / steps for step in range(steps + 1))
        points += [
            (middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn)) for turn in angles
        ]
    return polygon(points, canvas)


def rectangle(start: Point, end: Point, width: float, canvas: Rect) -> Shape:
    """A rectangle between two corners."""
    return _outlined(_corners, start, end, width, canvas)


def ellipse(start: Point, end: Point, width: float, canvas: Rect) -> Shape:
    """The ellipse in such a rectangle."""
    return _outlined(_round, start, end, width, canvas)


def _outlined(
    points: Callable[[Box], list[Point]], start: Point, end: Point, width: float, canvas: Rect
) -> Shape:
    """What lies within half the width of the line around the box."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    half = width / 2
    whole = polygon(points((left - half, top - half, right + half, bottom + half)), canvas)
    inner = (left + half, top + half, right - half, bottom - half)
    if not width or inner[0] >= inner[2] or inner[1] >= inner[3] or whole.rect.is_empty:
        return whole
    moved = [(x - whole.rect.x, y - whole.rect.y) for x, y in points(inner)]
    hole = masks.polygon(whole.rect.width, whole.rect.height, moved)
    return Shape(masks.subtract(whole.mask, hole), whole.rect)


def _corners(box: Box) -> list[Point]:
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _round(box: Box) -> list[Point]:
    left, top, right, bottom = box
    radius_x, radius_y = (right - left) / 2, (bottom - top) / 2
    count = max(32, math.ceil(2 * math.pi * max(radius_x, radius_y) / _CHORD))
    turns = (2 * math.pi * step / count for step in range(count))
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    return [(middle_x + radius_x * math.cos(turn), middle_y + radius_y * math.sin(turn)) for turn in turns]
