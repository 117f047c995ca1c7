"""Masks: shapes, brush, grow, shrink, feather, combinations."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from editor_core.document import masks
from editor_core.document.geometry import EMPTY, Rect
from editor_core.pixels.opencv import cv2

small_masks = arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20)))


def test_a_rectangle_is_cut_at_the_canvas():
    mask = masks.rectangle(10, 8, Rect(-3, 2, 6, 100))
    assert mask.shape == (8, 10) and masks.bounds(mask) == Rect(0, 2, 3, 6)
    assert set(np.unique(mask)) == {0, 255}


def test_a_polygon_on_whole_pixels_is_exact():
    mask = masks.polygon(10, 10, [(2, 3), (7, 3), (7, 9), (2, 9)])
    assert np.array_equal(mask, masks.rectangle(10, 10, Rect(2, 3, 5, 6)))


def test_the_area_of_a_polygon_is_right():
    mask = masks.polygon(100, 100, [(10.25, 10.5), (80.5, 30.75), (30.3, 90.1)])
    area = abs((80.5 - 10.25) * (90.1 - 10.5) - (30.3 - 10.25) * (30.75 - 10.5)) / 2
    assert mask.astype(float).sum() / 255 == pytest.approx(area, rel=0.002)


def test_a_lasso_that_crosses_itself_has_no_holes():
    star = [
        (50 + 40 * math.sin(turn * 4 * math.pi / 5), 50 - 40 * math.cos(turn * 4 * math.pi / 5))
        for turn in range(5)
    ]
    assert masks.polygon(100, 100, star)[50, 50] == 255


def test_a_lasso_that_runs_over_its_own_beginning_has_no_hole_there():
    angles = np.linspace(0, 2.2 * math.pi, 90)  # a tenth of a turn too far, a little farther out
    reach = np.linspace(36, 42, 90)
    lasso = [(50 + r * math.cos(a), 50 + r * math.sin(a)) for a, r in zip(angles.tolist(), reach.tolist())]
    ys, xs = np.mgrid[:100, :100] + 0.5
    assert (masks.polygon(100, 100, lasso)[np.hypot(xs - 50, ys - 50) < 33] == 255).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_polygon_is_what_opencv_draws_many_times_as_large(seed: int):
    corners = np.random.default_rng(seed).uniform(-5, 45, (9, 2)).astype(np.float32)
    hull = cv2.convexHull(corners)[:, 0]  # convex: by even and odd is by winding
    large = np.zeros((40 * 16, 40 * 16), np.uint8)
    cv2.fillPoly(large, [np.rint((hull * 16 - 0.5) * 256).astype(np.int32)], 255, cv2.LINE_8, 8)
    expected = cv2.resize(large, (40, 40), interpolation=cv2.INTER_AREA)
    found = masks.polygon(40, 40, [(float(x), float(y)) for x, y in hull])
    assert np.abs(found.astype(int) - expected).max() <= 64  # two of eight scanlines: OpenCV has a rim


def test_polygons_reach_over_the_canvas_and_need_three_corners():
    assert (masks.polygon(5, 4, [(-10, -10), (20, -10), (20, 20), (-10, 20)]) == 255).all()
    assert not masks.polygon(5, 4, [(-10, -10), (20, 20)]).any()
    assert not masks.polygon(5, 4, []).any()
    assert not masks.polygon(5, 4, [(50, 0), (60, 0), (60, 3)]).any()


def test_an_ellipse_touches_its_rectangle():
    rect = Rect(10, 20, 61, 40)
    mask = masks.ellipse(100, 100, rect)
    assert masks.bounds(mask) == rect
    assert mask.astype(float).sum() / 255 == pytest.approx(math.pi * 61 * 40 / 4, rel=0.005)


@settings(deadline=None)
@given(small_masks, st.integers(0, 6))
def test_growing_is_the_maximum_over_a_disc(mask: np.ndarray, radius: int):
    ys, xs = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    disc = (xs * xs + ys * ys <= radius * radius).astype(np.uint8)
    assert np.array_equal(
        masks.grow(mask, radius), cv2.dilate(mask, disc, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    )


@settings(deadline=None)
@given(small_masks, st.integers(0, 6))
def test_shrinking_is_growing_what_is_out(mask: np.ndarray, radius: int):
    shrunk = masks.shrink(mask, radius)
    assert (shrunk <= mask).all()
    assert np.array_equal(255 - shrunk, masks.grow(255 - mask, radius))
    assert (masks.shrink(masks.grow(mask, radius), radius) >= mask).all()


def test_a_full_mask_stays_full():
    full = np.full((20, 30), 255, np.uint8)
    for changed in (masks.grow(full, 5), masks.shrink(full, 5), masks.feather(full, 8)):
        assert np.array_equal(changed, full)


@pytest.mark.parametrize("radius", [0.3, 2.0, 7.5, 20.0, 61.0, 200.0])
@pytest.mark.parametrize("size", [(120, 100), (37, 23)])
def test_feathering_is_a_gaussian(radius: float, size: tuple[int, int]):
    mask = masks.polygon(*size, [(8, 5), (size[0] - 3, 12.5), (size[0] + 20, size[1] - 4)])
    gaussian = cv2.GaussianBlur(mask.astype(np.float64), (0, 0), radius / 2, borderType=cv2.BORDER_REPLICATE)
    feathered = masks.feather(mask, radius)
    assert feathered.shape == mask.shape and feathered.flags.c_contiguous
    assert np.abs(feathered - gaussian).max() <= 3


def test_a_feather_of_nothing_changes_nothing():
    mask = masks.rectangle(30, 30, Rect(4, 5, 6, 7))
    assert np.array_equal(masks.feather(mask, 0), mask)


@settings(deadline=None)
@given(small_masks)
def test_combinations(mask: np.ndarray):
    empty, full = np.zeros_like(mask), np.full_like(mask, 255)
    assert np.array_equal(masks.invert(masks.invert(mask)), mask)
    assert np.array_equal(masks.add(mask, empty), mask) and (masks.add(mask, full) == 255).all()
    assert np.array_equal(masks.subtract(mask, empty), mask) and not masks.subtract(mask, full).any()
    assert not masks.subtract(mask, mask).any()
    assert np.array_equal(masks.intersect(mask, full), mask) and not masks.intersect(mask, empty).any()


@settings(deadline=None)
@given(small_masks)
def test_bounds_hold_everything_and_nothing_more(mask: np.ndarray):
    rect = masks.bounds(mask)
    if rect is EMPTY:
        assert not mask.any()
        return
    inside = mask[rect.slices_in(Rect(0, 0, mask.shape[1], mask.shape[0]))]
    assert inside.sum() == mask.sum() and inside.shape == (rect.height, rect.width)
    assert all(edge.any() for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]))


@pytest.mark.parametrize("eighths", range(9))
def test_an_edge_at_an_eighth_of_a_pixel_covers_so_much_of_it(eighths):
    mask = masks.polygon(4, 3, [(0, 0), (4, 0), (4, 1 + eighths / 8), (0, 1 + eighths / 8)])
    assert (mask[0] == 255).all() and (mask[1] == round(255 * eighths / 8)).all() and not mask[2].any()
