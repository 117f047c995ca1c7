"""Which pixels a fill reaches: those like the one that was clicked, and joined to it."""

import numpy as np
from numpy.typing import NDArray

from editor_core.document.tiles import Pixels

Mask = NDArray[np.uint8]


def fill_mask(picture: Pixels, x: int, y: int, tolerance: int, contiguous: bool = True) -> Mask:
    """255 where ``picture`` (H, W, C) differs by at most ``tolerance`` in every channel from pixel (x, y).

    ``contiguous``: only what can be reached from there, sideways and up and down. uint8 (H, W).
    """
    alike = np.ones(picture.shape[:2], bool)
    for channel in range(picture.shape[2]):
        plane, value = picture[..., channel], int(picture[y, x, channel])
        alike &= (plane >= max(0, value - tolerance)) & (plane <= min(255, value + tolerance))
    reached = connected(alike, x, y) if contiguous else alike
    return reached.astype(np.uint8) * np.uint8(255)


def connected(inside: NDArray[np.bool_], x: int, y: int) -> NDArray[np.bool_]:
    """The part of ``inside`` (H, W) that is joined to (x, y) by its sides.

    Works on runs of pixels in a row: each touches those of the next rows whose columns overlap its own.
    """
    rows, starts, ends = _runs(inside)
    width = inside.shape[1] + 1  # room between rows, so that runs sort by row and column alike
    first, past = rows * width + starts, rows * width + ends
    reached = np.zeros(len(rows), bool)
    fresh = np.flatnonzero((rows == y) & (starts <= x) & (x < ends))
    while len(fresh):
        reached[fresh] = True
        touched = [
            _span(
                np.searchsorted(past, first[fresh] + step, "right"),
                np.searchsorted(first, past[fresh] + step, "left"),
            )
            for step in (-width, width)
        ]
        fresh = np.unique(np.concatenate(touched))
        fresh = fresh[~reached[fresh]]
    return _drawn(inside.shape, rows[reached], starts[reached], ends[reached])


def _runs(inside: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Row, first column and one past the last of every run of True."""
    steps = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(steps == 1)
    return rows, starts, np.nonzero(steps == -1)[1]


def _span(first: NDArray[np.intp], past: NDArray[np.intp]) -> NDArray[np.intp]:
    """All whole numbers from each ``first`` up to its ``past``."""
    counts = np.maximum(past - first, 0)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    numbers: NDArray[np.intp] = np.repeat(first, counts) + offsets
    return numbers


def _drawn(
    shape: tuple[int, ...], rows: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.bool_]:
    steps = np.zeros((shape[0], shape[1] + 1), np.int8)
    steps[rows, starts] = 1
    steps[rows, ends] = -1
    covered: NDArray[np.bool_] = np.cumsum(steps, axis=1, dtype=np.int8)[:, :-1] > 0
    return covered
