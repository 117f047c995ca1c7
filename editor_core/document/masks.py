"""Masks as arrays: shapes, brush, grow, shrink, feather, combine. Pure functions on uint8 (H, W), 0..255.

Pixel (column, row) covers the square from (column, row) to (column + 1, row + 1); edges are anti-aliased.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor_core.document.geometry import EMPTY, Rect

Mask = NDArray[np.uint8]
Point = tuple[float, float]  # x, y

SCANLINES = 8  # per row of pixels, for the edges of polygons
DAB_SPACING = 0.1  # of the brush's diameter


def rectangle(width: int, height: int, rect: Rect) -> Mask:
    """A filled rectangle."""
    mask = np.zeros((height, width), np.uint8)
    canvas = Rect(0, 0, width, height)
    mask[rect.intersected(canvas).slices_in(canvas)] = 255
    return mask


def ellipse(width: int, height: int, rect: Rect) -> Mask:
    """The filled ellipse that touches the sides of ``rect``."""
    radius_x, radius_y = rect.width / 2, rect.height / 2
    angles = np.linspace(0, 2 * math.pi, max(32, rect.width + rect.height), endpoint=False)
    xs = rect.x + radius_x + radius_x * np.cos(angles)
    ys = rect.y + radius_y + radius_y * np.sin(angles)
    return polygon(width, height, list(zip(xs.tolist(), ys.tolist())))


def polygon(width: int, height: int, points: Sequence[Point]) -> Mask:
    """A closed polygon or lasso, filled wherever it winds around a pixel."""
    corners = np.array(points, np.float64).reshape(-1, 2)
    covered = np.zeros((height, width), np.float32)
    if len(corners) >= 3:
        first = max(0, math.floor(corners[:, 1].min()))
        last = min(height, math.ceil(corners[:, 1].max()))
        for row in range(first, last):
            for line in range(SCANLINES):
                for left, right in _spans(corners, row + (line + 0.5) / SCANLINES):
                    _cover(covered[row], left, right)
    return _rounded(covered * (255 / SCANLINES))


def brush_stamp(diameter: float, hardness: float, offset: Point = (0.0, 0.0)) -> Mask:
    """One dab of a round brush, square with an odd side, its centre ``offset`` from the middle of the square.

    Full inside ``hardness`` (0..1) of the radius, from there falling off smoothly, half a pixel wide at the least.
    """
    radius = max(diameter, 1.0) / 2
    reach = math.ceil(radius + 1)
    ys, xs = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    distance = np.hypot(xs - offset[0], ys - offset[1])
    soft = max(radius * (1 - hardness), 1.0)
    fall = np.clip((radius + 0.5 - distance) / soft, 0, 1)
    return _rounded(255 * fall * fall * (3 - 2 * fall))


def with_stroke(
    mask: Mask, start: Point, end: Point, diameter: float, hardness: float, erase: bool = False
) -> tuple[Mask, Rect]:
    """``mask`` with a straight stroke of the brush, which covers a pixel as its strongest dab does; what changed."""
    result, changed = mask.copy(), EMPTY
    canvas = Rect(0, 0, mask.shape[1], mask.shape[0])
    for x, y in dab_centres(start, end, diameter):
        column, row = math.floor(x), math.floor(y)
        stamp = brush_stamp(diameter, hardness, (x - column - 0.5, y - row - 0.5))
        reach = stamp.shape[0] // 2
        place = Rect(column - reach, row - reach, stamp.shape[1], stamp.shape[0])
        visible = place.intersected(canvas)
        here, dab = result[visible.slices_in(canvas)], stamp[visible.slices_in(place)]
        here[...] = np.minimum(here, 255 - dab) if erase else np.maximum(here, dab)
        changed = changed.united(visible)
    return result, changed


def dab_centres(start: Point, end: Point, diameter: float) -> list[Point]:
    """Points along the way, both ends included, close enough for the dabs to look like one stroke."""
    spacing = max(diameter * DAB_SPACING, 0.5)
    steps = max(1, math.ceil(math.dist(start, end) / spacing))
    shares = [step / steps for step in range(steps + 1)] if start != end else [0.0]
    return [
        (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share) for share in shares
    ]


def grow(mask: Mask, radius: int) -> Mask:
    """The greatest value within ``radius`` pixels of each pixel."""
    height, width = mask.shape
    padded = np.pad(mask, radius)
    grown = mask.copy()
    row_max = padded[:, radius : radius + width].copy()  # of all columns up to ``reach`` away
    reach = 0
    for distance in range(radius, -1, -1):  # from the disc's poles, where it is narrow, to its middle
        half_width = math.isqrt(radius * radius - distance * distance)
        while reach < half_width:
            reach += 1
            np.maximum(row_max, padded[:, radius - reach : radius - reach + width], out=row_max)
            np.maximum(row_max, padded[:, radius + reach : radius + reach + width], out=row_max)
        for top in {radius - distance, radius + distance}:
            np.maximum(grown, row_max[top : top + height], out=grown)
    return grown


def shrink(mask: Mask, radius: int) -> Mask:
    """The least value within ``radius`` pixels of each pixel; the canvas's own edge takes nothing away."""
    return invert(grow(invert(mask), radius))


def feather(mask: Mask, radius: float) -> Mask:
    """A soft edge: a Gaussian whose standard deviation is half of ``radius``; the mask goes on beyond the canvas.

    From a deviation of 2 on, three box filters stand in for it, as in the SVG specification (feGaussianBlur).
    """
    sigma, values = radius / 2, mask.astype(np.float64)
    if sigma < 2:
        return _rounded(_gaussian(_gaussian(values, sigma).T, sigma).T)
    for width in _box_widths(sigma):
        values = _box(_box(values, width).T, width).T
    return _rounded(values)


def invert(mask: Mask) -> Mask:
    """What was out is in."""
    return 255 - mask


def add(mask: Mask, other: Mask) -> Mask:
    """What is in either."""
    return np.maximum(mask, other)


def subtract(mask: Mask, other: Mask) -> Mask:
    """What is in ``mask`` and not in ``other``."""
    return np.minimum(mask, 255 - other)


def intersect(mask: Mask, other: Mask) -> Mask:
    """What is in both."""
    return np.minimum(mask, other)


def bounds(mask: Mask) -> Rect:
    """The smallest rectangle that holds every pixel above zero."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return EMPTY
    left, top = int(columns[0]), int(rows[0])
    return Rect(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def _spans(corners: NDArray[np.float64], y: float) -> list[tuple[float, float]]:
    """Where the horizontal line at ``y`` runs inside the polygon: left and right ends."""
    here, there = corners, np.roll(corners, -1, axis=0)
    downwards, upwards = (here[:, 1] <= y) & (there[:, 1] > y), (there[:, 1] <= y) & (here[:, 1] > y)
    crossing = downwards | upwards
    a, b = here[crossing], there[crossing]
    xs = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    order = np.argsort(xs)
    winding = np.cumsum(np.where(downwards[crossing], 1, -1)[order])
    xs = xs[order]
    return [(float(xs[i]), float(xs[i + 1])) for i in np.flatnonzero(winding[:-1])]


def _cover(row: NDArray[np.float32], left: float, right: float) -> None:
    """Add to each pixel of ``row`` how much of its width lies between ``left`` and ``right``."""
    left, right = max(left, 0.0), min(right, float(len(row)))
    if left < right:
        first, last = math.floor(left), math.ceil(right)
        row[first:last] += 1
        row[first] -= left - first
        row[last - 1] -= last - right


def _gaussian(values: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Each row smoothed by a Gaussian."""
    reach = math.ceil(3 * sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-9)) ** 2)
    padded = np.pad(values, ((0, 0), (reach, reach)), mode="edge")
    smooth = np.zeros_like(values)
    for at, weight in enumerate(weights / weights.sum()):
        smooth += weight * padded[:, at : at + values.shape[1]]
    return smooth


def _box_widths(sigma: float) -> list[int]:
    """Odd widths of three box filters whose variances, (w * w - 1) / 12 each, add up to sigma squared."""
    ideal = math.floor(math.sqrt(4 * sigma * sigma + 1))
    narrow = ideal if ideal % 2 else ideal - 1
    missing = 12 * sigma * sigma - 3 * (narrow * narrow - 1)
    wider = round(missing / ((narrow + 2) ** 2 - narrow**2))
    return [narrow + 2] * wider + [narrow] * (3 - wider)


def _box(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The mean over ``width`` (odd) neighbours along each row."""
    half = width // 2
    padded = np.pad(values, ((0, 0), (half + 1, half)), mode="edge")
    sums = np.cumsum(padded, axis=1)
    return (sums[:, width:] - sums[:, :-width]) / width


def _rounded(values: NDArray[np.floating]) -> Mask:
    rounded: Mask = np.rint(np.clip(values, 0, 255)).astype(np.uint8)
    return rounded
