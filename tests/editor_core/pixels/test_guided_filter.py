"""A rough opacity is moved to the picture's edges, and stays where it shows none."""

import numpy as np

from editor_core.pixels.guided_filter import fitted_to


def square(colour, beside):
    """A square of 40 pixels in the middle of 100."""
    picture = np.full((100, 100, 3), beside, np.uint8)
    picture[30:70, 30:70] = colour
    return picture


def rough(out):
    """The square's opacity, ``out`` pixels too wide."""
    opacity = np.zeros((100, 100), np.uint8)
    opacity[30 - out : 70 + out, 30 - out : 70 + out] = 255
    return opacity


def test_what_was_marked_beside_a_thing_is_left_out():
    found = fitted_to(square((40, 90, 230), (230, 200, 120)), rough(3), 8)
    assert found[32:68, 32:68].min() > 240
    assert found[:29].max() < 128 and found[:, 71:].max() < 128


def test_a_pixel_of_both_colours_takes_its_share():
    picture = square((40, 90, 230), (240, 190, 130))
    picture[30] = (picture[29].astype(int) + picture[31]) // 2
    found = fitted_to(picture, rough(0), 8)
    assert 90 < found[30, 50] < 165


def test_where_a_picture_shows_no_edge_the_opacity_stays():
    found = fitted_to(square(90, 90), rough(0), 4)
    assert found[40:60, 40:60].min() == 255
    assert not found[:20].any() and not found[80:].any()
