"""Rectangles against sets of pixels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.document.geometry import EMPTY, Rect

rects = st.builds(Rect, st.integers(-4, 6), st.integers(-4, 6), st.integers(0, 5), st.integers(0, 5))


def pixels(rect):
    return {(x, y) for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}


@pytest.mark.parametrize("size", [(0, 3), (3, 0), (-1, 3), (3, -1), (0, 0)])
def test_no_width_or_no_height_is_empty(size):
    assert Rect(2, 2, *size).is_empty and not Rect(2, 2, 1, 1).is_empty


@settings(max_examples=200, deadline=None)
@given(rects, rects)
def test_the_common_part_holds_the_common_pixels(one, other):
    common = one.intersected(other)
    assert pixels(common) == pixels(one) & pixels(other)
    assert common == EMPTY or not common.is_empty


@settings(max_examples=200, deadline=None)
@given(rects, rects)
def test_the_union_is_the_smallest_that_holds_both(one, other):
    joined, held = one.united(other), pixels(one) | pixels(other)
    assert held <= pixels(joined)
    for side in range(2) if held else ():
        assert min(p[side] for p in pixels(joined)) == min(p[side] for p in held)
        assert max(p[side] for p in pixels(joined)) == max(p[side] for p in held)


def test_a_rectangle_cuts_itself_out_of_what_covers_another():
    array = np.arange(48).reshape(6, 8)  # covers x from -2 to 6, y from -1 to 5
    assert np.array_equal(array[Rect(1, 0, 2, 3).slices_in(Rect(-2, -1, 8, 6))], array[1:4, 3:5])
    assert Rect(1, 2, 3, 4).shifted(10, -20) == Rect(11, -18, 3, 4)
