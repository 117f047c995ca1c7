"""A coarse mask fitted to a picture of a disc."""

import numpy as np
import pytest

from editor_core.engines.regions.outline import around_outlined, outlined
from editor_core.pixels.opencv import cv2


def scene(side, at, radius):
    """A red disc on green, a coarse heat of it, and where it truly is."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:side, :side]
    true = (rows - at[0]) ** 2 + (columns - at[1]) ** 2 <= radius**2
    image = np.where(true[..., None], (200, 40, 40), (40, 160, 60)) + rng.integers(-9, 10, (side, side, 3))
    heat = cv2.GaussianBlur(cv2.blur(true.astype(np.float32), (25, 25)), (0, 0), 6)
    return image.astype(np.uint8), heat / heat.max(), true


def overlap(mask, true):
    return ((mask > 0) & true).sum() / ((mask > 0) | true).sum()


@pytest.mark.parametrize(
    ("side", "at", "radius"), [(128, (60, 70), 24), (128, (10, 120), 24), (700, (300, 350), 200)]
)
def test_it_fits_the_edges(side, at, radius):
    image, heat, true = scene(side, at, radius)
    mask = (heat > 0.2).astype(np.uint8) * 255
    fitted = outlined(image, heat, mask, 8)
    assert fitted.shape == mask.shape and set(np.unique(fitted)) <= {0, 255}
    assert overlap(fitted, true) > max(0.93, overlap(mask, true))
    assert np.array_equal(fitted, outlined(image, heat, mask, 8))


def test_the_hull_leaves_room_in_a_notch():
    image, heat, _ = scene(128, (64, 64), 30)
    image[56:72, 64:100] = (40, 160, 60)
    fitted = outlined(image, heat, (heat > 0.2).astype(np.uint8) * 255, 8)
    assert fitted[64, 80] == 255


@pytest.mark.parametrize("fill", [0, 255])
def test_nothing_and_everything_stay(fill):
    image, heat, _ = scene(64, (32, 32), 10)
    mask = np.full((64, 64), fill, np.uint8)
    assert np.array_equal(outlined(image, heat, mask, 8), mask)


def test_a_few_pixels_are_left_alone():
    image, heat, _ = scene(64, (32, 32), 10)
    mask = np.zeros((64, 64), np.uint8)
    mask[5:7, 5:7] = 255
    assert np.array_equal(outlined(image, heat, mask, 8), mask)


@pytest.mark.parametrize(("side", "at", "radius"), [(128, (60, 70), 24), (700, (300, 350), 200)])
def test_what_is_around_a_thing_ends_at_its_edge_and_takes_its_rim_along(side, at, radius):
    image, heat, true = scene(side, at, radius)
    place = 1 - (heat / 0.8).clip(0, 1)
    coarse = (place > 0.5).astype(np.uint8) * 255
    found = around_outlined(image, place, coarse, 8)
    assert overlap(255 - found, true) > max(0.93, overlap(255 - coarse, true))
    beside = cv2.dilate(true.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if side == 128:  # a larger one is fitted at a smaller size
        assert (found[beside & ~true] > 0).mean() > 0.9  # no halo of what was there


@pytest.mark.parametrize("fill", [0, 255])
def test_around_nothing_is_everything_and_around_everything_is_nothing(fill):
    image, heat, _ = scene(64, (32, 32), 10)
    mask = np.full((64, 64), fill, np.uint8)
    assert np.array_equal(around_outlined(image, heat, mask, 8), mask)
