"""Filling: tolerance, and what is joined to what."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from editor_core.document.fill import fill_mask
from editor_core.pixels.opencv import cv2


@given(
    arrays(
        np.uint8,
        st.tuples(st.integers(1, 14), st.integers(1, 14), st.sampled_from([1, 3, 4])),
        elements=st.integers(0, 3),
    ),
    st.integers(0, 2),
    st.data(),
)
def test_what_is_joined_is_one_component_of_what_is_similar(picture, tolerance, data):
    y, x = (data.draw(st.integers(0, side - 1)) for side in picture.shape[:2])
    similar = (np.abs(picture.astype(int) - picture[y, x]) <= tolerance).all(axis=2)
    picture.flags.writeable = False
    assert np.array_equal(fill_mask(picture, x, y, tolerance, contiguous=False), similar * 255)
    _, labels = cv2.connectedComponents(similar.astype(np.uint8), connectivity=4)
    assert np.array_equal(fill_mask(picture, x, y, tolerance), (labels == labels[y, x]) * 255)


def test_the_tolerance_is_of_the_greatest_difference():
    picture = np.zeros((4, 5, 3), np.uint8)
    picture[:, 2:] = (10, 0, 30)
    picture[3, 4] = (10, 0, 29)
    assert (fill_mask(picture, 0, 0, 29) > 0)[:, :2].all() and not fill_mask(picture, 0, 0, 28)[:, 2:].any()
    assert fill_mask(picture, 0, 0, 30).all()


def test_a_fill_stops_at_a_line_unless_it_goes_everywhere():
    picture = np.zeros((9, 9, 3), np.uint8)
    picture[4] = 255
    assert not fill_mask(picture, 2, 2, 10)[5:].any()
    assert fill_mask(picture, 2, 2, 10, contiguous=False)[5:].all()
