"""Edges of things before another place."""

import numpy as np

from editor_core.engines.common.composite import composite
from editor_core.engines.common.kept_edges import defringed, edge_around

RED, BLUE, GREEN = (200, 0, 0), (0, 0, 200), (0, 200, 0)


def scene():
    """A red square before blue, its outermost pixels half blue; its mask, 0 on it."""
    image, mask = np.full((40, 40, 3), BLUE, np.uint8), np.full((40, 40), 255, np.uint8)
    image[10:30, 10:30], mask[10:30, 10:30] = (100, 0, 100), 0
    image[11:29, 11:29] = RED
    return image, mask


def test_the_edge_is_soft_and_the_things_inside_are_left_whole():
    _, mask = scene()
    opacity = edge_around(mask)
    assert (opacity[12:28, 12:28] == 0).all() and (opacity[:7] == 255).all()
    assert 0 < opacity[10, 20] < 128 < opacity[9, 20] < 255


def test_no_old_place_shines_through_before_a_new_one():
    image, mask = scene()
    opacity = edge_around(mask)
    laid = composite(defringed(image, opacity), np.full_like(image, GREEN), opacity)
    assert laid[..., 2].max() == 0
    assert composite(image, np.full_like(image, GREEN), opacity)[..., 2].max() > 50
    assert (laid[12:28, 12:28] == RED).all() and (laid[0] == GREEN).all()


def test_all_things_and_no_thing_stay_as_they_are():
    image, mask = scene()
    for fill in (0, 255):
        opacity = edge_around(np.full_like(mask, fill))
        assert (opacity == fill).all() and np.array_equal(defringed(image, opacity), image)


def test_what_is_thinner_than_the_edge_keeps_its_own_colours():
    image, mask = scene()
    image[20, 30:38], mask[20, 30:38] = RED, 0  # a whisker, far from the square at its end
    opacity = edge_around(mask)
    assert (defringed(image, opacity)[20, 36] == RED).all()
