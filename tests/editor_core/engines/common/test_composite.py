"""A result laid over the picture: exact where it covers wholly or not at all."""

import numpy as np

from editor_core.engines.common.composite import composite


def test_the_picture_stays_to_the_byte_outside_and_the_result_inside():
    random = np.random.default_rng(0)
    below, above = random.integers(0, 256, (2, 9, 8, 3), np.uint8)
    opacity = np.zeros((9, 8), np.uint8)
    opacity[:3], opacity[3:6] = 255, 102
    laid = composite(below, above, opacity)
    assert np.array_equal(laid[:3], above[:3]) and np.array_equal(laid[6:], below[6:])
    between = 0.6 * below[3:6] + 0.4 * above[3:6]
    assert np.abs(laid[3:6] - between).max() <= 0.5 + 1e-4
