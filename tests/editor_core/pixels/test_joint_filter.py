"""Evening a change: alike pixels near each other change alike, and nothing else does."""

import numpy as np

from editor_core.pixels.joint_filter import evened

EVERYWHERE = np.ones((64, 96), bool)


def two_colours():
    """Red on the left, green on the right, with shades from top to bottom."""
    picture = np.zeros((64, 96, 3), np.uint8)
    picture[:, :48, 0] = picture[:, 48:, 1] = 180 + np.arange(64)[:, None] // 2
    return picture


def test_a_patch_that_was_left_goes_with_its_like_and_another_colour_stays():
    change = np.zeros((64, 96, 3), np.float32)
    change[:, :48, 2] = 120
    change[20:30, 20:30] = 0
    even = evened(change, two_colours(), EVERYWHERE)
    assert even[20:30, 20:30, 2].min() > 115
    assert np.abs(even[:, 52:]).max() < 5


def test_every_shade_and_edge_stays():
    picture = two_colours()
    change = np.random.default_rng(1).normal((0, 0, 90), 20, (64, 96, 3)).astype(np.float32)
    seen = picture + evened(change, picture, EVERYWHERE)
    moved = np.diff(seen, axis=0) - np.diff(picture.astype(np.float32), axis=0)
    assert np.abs(moved).max() < 3


def test_a_pixel_of_two_colours_takes_its_share():
    shares = np.repeat(np.clip((np.arange(96) - 46) / 4, 0, 1), 64).reshape(96, 64).T[..., None]
    picture = (230 - shares * (0, 90, 80)).astype(np.uint8)
    change = np.where(shares > 0.9, np.float32([-180, 0, 160]), 0)
    even = evened(change.astype(np.float32), picture, EVERYWHERE)
    assert np.abs(even[:, 48] - (-90, 0, 80)).max() < 20


def test_things_far_apart_have_nothing_to_do_with_each_other():
    picture = np.full((40, 400, 3), 90, np.uint8)
    change, both = np.zeros((40, 400, 3), np.float32), np.ones((40, 400), bool)
    change[:, :60] = 80
    both[:, 60:340] = False
    even = evened(change, picture, both)
    assert even[:, :40].min() > 79 and even[:, 360:].max() < 1


def test_beyond_the_region_there_is_no_change_and_in_none_nowhere():
    change, left = np.full((64, 96, 3), 50, np.float32), EVERYWHERE.copy()
    left[:, 30:] = False
    even = evened(change, two_colours(), left)
    assert (even[:, :30] > 49).all() and not even[:, 30:].any()
    assert not evened(change, two_colours(), ~EVERYWHERE).any()
