"""What a region follows and what it leaves."""

import numpy as np

from editor_core.engines.fisedit import mask_from_difference
from editor_core.engines.regions.thresholds import WEAK_REACH, follow_weaker


def thing_with_a_tip(length, strength):
    """Summed differences of a strong square with a weaker stripe above it, and the rows of the stripe's ends."""
    difference = np.zeros((24, 24), np.float32)
    difference[12:20, 8:16] = 1
    difference[12 - length : 12, 11] = strength
    return difference


def test_a_weak_tip_is_followed():
    difference = thing_with_a_tip(2, 0.4)
    region = mask_from_difference(difference)
    assert not region[10:12, 11].any()
    followed = follow_weaker(region, difference)
    assert np.array_equal(followed, difference > 0)  # with the corners that the opening took


def test_it_is_followed_only_so_far():
    difference = thing_with_a_tip(10, 0.4)
    followed = follow_weaker(mask_from_difference(difference), difference)
    assert followed[12 - WEAK_REACH : 12, 11].all() and not followed[: 12 - WEAK_REACH].any()


def test_what_hardly_differs_or_lies_apart_is_left():
    difference = thing_with_a_tip(2, 0.05)
    difference[2:4, 2:4] = 0.4
    followed = follow_weaker(mask_from_difference(difference), difference)
    assert np.array_equal(followed, difference == 1)


def test_no_difference_adds_nothing():
    region = np.zeros((6, 8), bool)
    region[2, 3] = True
    assert np.array_equal(follow_weaker(region, np.zeros((6, 8), np.float32)), region)


def otsu(grey):
    """The grey level, of 256, that separates two classes with the greatest variance between them (Otsu 1979)."""
    levels = np.arange(256)
    share = np.bincount(grey.ravel(), minlength=256) / grey.size
    below, mean = share.cumsum(), (share * levels).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mean[-1] * below - mean) ** 2 / (below * (1 - below))
    return int(np.nanargmax(between))


def test_differences_are_followed_from_035_of_otsus_threshold_on():
    """A ramp of strengths lies along a strong thing, each position of it beside the thing."""
    random = np.random.default_rng(0)
    difference = random.integers(0, 60, (60, 80)).astype(np.float32)
    difference[30:50, 10:70] = random.integers(160, 256, (20, 60))
    difference[0, 0], difference[49, 69] = 0, 255
    difference[29, 10:70] = np.arange(60) + 10
    difference[28] = 0  # nothing is reached around the ramp
    threshold = otsu(difference.astype(np.uint8))
    assert 60 <= threshold < 160 and (difference[29] == round(0.35 * threshold)).any()
    region = np.zeros(difference.shape, bool)
    region[30:50, 10:70] = True
    followed = follow_weaker(region, difference)
    assert np.array_equal(followed[29, 10:70], difference[29, 10:70] > 0.35 * threshold)
