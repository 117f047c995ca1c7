"""Brush strokes as coverage: round dabs along the pointer's path, pure numpy."""

import math
from dataclasses import dataclass

import numpy as np

from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.tiles import Tiles

SPACING = 0.12  # of the diameter, from one dab to the next
LEAST_STEP = 0.75  # pixels


@dataclass(frozen=True)
class Brush:
    size: float = 48.0  # diameter in picture pixels
    hardness: float = 0.8  # 0..1: where the soft edge begins
    opacity: float = 1.0  # 0..1


class Stroke:
    """One stroke while it is drawn: how much of each pixel is covered, never more for crossing itself."""

    def __init__(self, brush: Brush) -> None:
        self._brush = brush
        self._coverage = Tiles(1)
        self._last: tuple[float, float, float] | None = None  # x, y, pressure of the last dab

    def extend(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Draw on to a point; returns what changed, in picture pixels."""
        changed = EMPTY
        for point in self._points_to(x, y, pressure):
            changed = changed.united(self._stamp(*point))
        return changed

    def coverage(self, rect: Rect) -> np.ndarray:
        """uint8 (height, width, 1): 255 where the stroke covers fully."""
        return self._coverage.read(rect)

    def _points_to(self, x: float, y: float, pressure: float) -> list[tuple[float, float, float]]:
        """Evenly spaced dabs from the last one towards a point; the rest of the way waits for the next point."""
        if self._last is None:
            self._last = (x, y, pressure)
            return [self._last]
        x0, y0, _ = self._last
        distance = math.hypot(x - x0, y - y0)
        step = max(LEAST_STEP, self._brush.size * SPACING)
        count = int(distance / step)
        points = [_between(self._last, (x, y, pressure), i * step / distance) for i in range(1, count + 1)]
        if points:
            self._last = points[-1]
        return points

    def _stamp(self, x: float, y: float, pressure: float) -> Rect:
        radius = max(0.5, self._brush.size / 2 * pressure)
        left, top = math.floor(x - radius - 1), math.floor(y - radius - 1)
        side = math.ceil(2 * radius) + 3
        rect = Rect(left, top, side, side)
        fresh = dab(x - left, y - top, radius, self._brush.hardness, side)
        covered = np.maximum(self._coverage.read(rect)[..., 0], np.round(fresh * (self._brush.opacity * 255)))
        self._coverage = self._coverage.with_pixels(left, top, covered.astype(np.uint8))
        return rect


def dab(x: float, y: float, radius: float, hardness: float, side: int) -> np.ndarray:
    """A round spot, float32 (side, side) in 0..1, centred at (x, y); full up to ``hardness`` of the radius, then
    falling smoothly, with at least one pixel of soft edge against stairs."""
    ys, xs = np.ogrid[:side, :side]
    distance = np.hypot(xs + np.float32(0.5 - x), ys + np.float32(0.5 - y))
    soft = max(1.0, radius * (1 - hardness))
    ramp = ((radius + 0.5 - distance) / soft).clip(0, 1)
    smooth: np.ndarray = ramp * ramp * (3 - 2 * ramp)
    return smooth.astype(np.float32)


def _between(
    a: tuple[float, float, float], b: tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share
