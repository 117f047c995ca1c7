"""Masks as arrays: shapes, grow, shrink, feather, combine. Pure functions on uint8 (H, W), 0..255.

Pixel (column, row) covers the square from (column, row) to (column + 1, row + 1); edges are anti-aliased.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor_core.document.geometry import EMPTY, Rect

Mask = NDArray[np.uint8]
Point = tuple[float, float]  # x, y

BLOCK = 256  # pixels a side
SCANLINES = 8  # per row of pixels, for the edges of polygons
MIN_SIGMA = 4.0  # pixels of the reduced mask: what a wide feather is computed at


def rectangle(width: int, height: int, rect: Rect) -> Mask:
    """A filled rectangle."""
    mask = np.zeros((height, width), np.uint8)
    canvas = Rect(0, 0, width, height)
    mask[rect.intersected(canvas).slices_in(canvas)] = 255
    return mask


def ellipse(width: int, height: int, rect: Rect) -> Mask:
    """The filled ellipse that touches the sides of ``rect``."""
    return polygon(width, height, ellipse_points(rect))


def ellipse_points(rect: Rect) -> list[Point]:
    """The ellipse as a polygon with corners about a pixel and a half apart."""
    radius_x, radius_y = rect.width / 2, rect.height / 2
    angles = np.linspace(0, 2 * math.pi, max(32, rect.width + rect.height), endpoint=False)
    xs = rect.x + radius_x + radius_x * np.cos(angles)
    ys = rect.y + radius_y + radius_y * np.sin(angles)
    return list(zip(xs.tolist(), ys.tolist()))


def polygon(width: int, height: int, points: Sequence[Point]) -> Mask:
    """A closed polygon or lasso, filled wherever it winds around a pixel, however often: a lasso that runs over its
    own beginning leaves no hole there.

    OpenCV fills by even and odd, and its edges lie up to a pixel too far out.
    """
    mask = np.zeros((height, width), np.uint8)
    if len(points) >= 3:
        lines, left, right = _spans(np.array(points, np.float64), height)
        for top in range(0, height, BLOCK):  # a band at a time stays in the processor's cache
            run = slice(*np.searchsorted(lines, (top, top + BLOCK)))
            if run.start < run.stop:
                band = mask[top : top + BLOCK]
                band[:] = _covered(lines[run] - top, left[run], right[run], band.shape)
    return mask


def _covered(
    lines: NDArray[np.int64], left: NDArray[np.float64], right: NDArray[np.float64], shape: tuple[int, ...]
) -> Mask:
    """How much of each pixel runs of scanlines cover."""
    height, width = shape
    steps = np.zeros((height, width + 2), np.float32)  # from each pixel to the next one of its row
    for ends, sign in ((left, 1), (right, -1)):
        ends = ends.clip(0, width)
        columns = ends.astype(np.int64)
        np.add.at(steps, (lines, columns), sign * (1 - (ends - columns)))
        np.add.at(steps, (lines, columns + 1), sign * (ends - columns))
    return _rounded(np.cumsum(steps, axis=1)[:, :width] * (255 / SCANLINES))


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

    A wide one is computed at a fraction of the size, where it takes as long as a narrow one and loses nothing that
    eight bits could show: it is within 3 of 255 of the Gaussian.
    """
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    sigma = radius / 2
    if sigma <= 0:
        return mask.copy()
    factor = int(sigma / MIN_SIGMA)
    if factor <= 1:
        return _blurred(mask, sigma)
    height, width = mask.shape
    margin = factor * math.ceil(3 * sigma / factor)  # made of whole pixels of the reduced mask
    bottom, right = margin + -height % factor, margin + -width % factor
    wide = cv2.copyMakeBorder(mask, margin, bottom, margin, right, cv2.BORDER_REPLICATE)
    size = wide.shape[::-1]
    small = cv2.resize(wide, (size[0] // factor, size[1] // factor), interpolation=cv2.INTER_AREA)
    soft = cv2.resize(_blurred(small, sigma / factor), size, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(soft[margin : margin + height, margin : margin + width])


def _blurred(mask: Mask, sigma: float) -> Mask:
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    blurred: Mask = cv2.GaussianBlur(mask, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return blurred


def invert(mask: Mask) -> Mask:
    """What was out is in."""
    return 255 - mask


def add(mask: Mask, other: Mask) -> Mask:
    """What is in either."""
    return np.maximum(mask, other)


def subtract(mask: Mask, other: Mask) -> Mask:
    """max(0, mask - other): a shape takes all of itself away, its soft edge as well."""
    return mask - np.minimum(mask, other)


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


def _spans(
    corners: NDArray[np.float64], height: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Where scanlines run inside the polygon: the row of pixels of each run, its left and right ends."""
    here, there = corners, np.roll(corners, -1, axis=0)
    low, high = np.minimum(here[:, 1], there[:, 1]), np.maximum(here[:, 1], there[:, 1])
    # A scanline crosses an edge if it lies in [low, high): line n is at height (n + 0.5) / SCANLINES.
    first, past = (
        np.ceil(y * SCANLINES - 0.5).clip(0, height * SCANLINES).astype(np.int64) for y in (low, high)
    )
    counts = past - first
    edge = np.repeat(np.arange(len(corners)), counts)
    line = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    a, b = here[edge], there[edge]
    xs = a[:, 0] + ((line + 0.5) / SCANLINES - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    order = np.lexsort((xs, line))
    winding = np.cumsum(np.where(b[:, 1] > a[:, 1], 1, -1)[order])  # zero again at the end of every line
    inside = np.flatnonzero(winding[:-1])
    xs, rows = xs[order], line[order] // SCANLINES
    return rows[inside], xs[inside], xs[inside + 1]


def _rounded(values: NDArray[np.floating]) -> Mask:
    rounded: Mask = np.rint(np.clip(values, 0, 255)).astype(np.uint8)
    return rounded


def share(mask: Mask) -> float:
    """How much of a picture a mask, uint8 (H, W), covers, 0..1; estimated in a huge one, for this is asked often."""
    stride = max(1, max(mask.shape) // 2048)
    seen = mask[::stride, ::stride]
    return float(np.count_nonzero(seen) / max(1, seen.size))
