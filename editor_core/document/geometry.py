"""Whole-pixel rectangles."""

from typing import NamedTuple

from editor_core.base.errors import SizeError
from editor_core.base.limits import MAX_PIXELS, MAX_SIDE


class Rect(NamedTuple):
    """A rectangle of pixels; ``x`` and ``y`` may be negative, an empty one has no width or no height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def is_empty(self) -> bool:
        return self.width <= 0 or self.height <= 0

    def intersected(self, other: "Rect") -> "Rect":
        """The common part, or ``EMPTY``."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        common = Rect(x, y, min(self.right, other.right) - x, min(self.bottom, other.bottom) - y)
        return EMPTY if common.is_empty else common

    def united(self, other: "Rect") -> "Rect":
        """The smallest rectangle that holds both."""
        if self.is_empty or other.is_empty:
            return other if self.is_empty else self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def shifted(self, dx: int, dy: int) -> "Rect":
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def slices_in(self, outer: "Rect") -> tuple[slice, slice]:
        """Row and column slices that cut this rectangle out of an array covering ``outer``."""
        x, y = self.x - outer.x, self.y - outer.y
        return slice(y, y + self.height), slice(x, x + self.width)


EMPTY = Rect(0, 0, 0, 0)


def check_canvas(width: int, height: int) -> None:
    """Raises SizeError for a canvas, or a layer's pixels, that could not be saved."""
    if min(width, height) < 1 or max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise SizeError(
            "A canvas of {width} × {height} pixels is too large. Each side may have up to {side} pixels, all "
            "together {most} million.",
            width=width,
            height=height,
            side=MAX_SIDE,
            most=MAX_PIXELS // 2**20,
        )
