"""The mask of a grounded model on synthetic maps: things, places, and which of two things is meant."""

import numpy as np
import pytest

from editor_core.engines.regions.mask_recipes import MaskRecipe
from editor_core.engines.regions.object_mask import Before, ObjectAverage, correlation
from support.attention import LEFT, RIGHT, blob, overlap

RECIPE = MaskRecipe(threshold=0.25, grounded=True)
LEFT_THING, RIGHT_THING = blob((16, 16), LEFT), blob((16, 16), RIGHT)
GROUND = 1 - LEFT_THING - RIGHT_THING


def found(start, words, others=(), size=(32, 32), before=None):
    maps = np.stack([start, *words, *others]).astype(np.float32)
    positions = range(1, len(maps))
    mine, rest = [(i,) for i in positions[: len(words)]], [(i,) for i in positions[len(words) :]]
    return ObjectAverage(mine, rest, size, RECIPE, before).add(maps)


def test_a_thing_is_found_whole_although_its_word_sees_a_part():
    part = blob((16, 16), LEFT, radius=0.08)
    mask = found(1 - LEFT_THING, [np.full((16, 16), 0.2), part]).mask
    assert overlap(mask, blob((32, 32), LEFT) > 0.3) > 0.8


@pytest.mark.parametrize("wanted", [LEFT, RIGHT])
def test_of_two_things_the_one_that_other_words_leave_is_meant(wanted):
    mine, other = (LEFT_THING, RIGHT_THING) if wanted is LEFT else (RIGHT_THING, LEFT_THING)
    mask = found(GROUND, [mine + other], [other]).mask
    assert overlap(mask, blob((32, 32), wanted) > 0.3) > 0.8


def test_a_crumb_is_never_what_the_phrase_means():
    crumb = np.zeros((16, 16))
    crumb[13, 2] = 1
    mask = found(GROUND - crumb, [RIGHT_THING], [LEFT_THING]).mask
    assert overlap(mask, blob((32, 32), RIGHT) > 0.3) > 0.8


@pytest.mark.parametrize("wanted", [LEFT, RIGHT])
def test_where_the_words_that_go_look_outweighs_what_the_others_say(wanted):
    gone, other = (LEFT_THING, RIGHT_THING) if wanted is LEFT else (RIGHT_THING, LEFT_THING)
    maps = np.stack([GROUND, np.full((16, 16), 0.1), gone]).astype(np.float32)
    mask = found(GROUND, [other], [gone], before=Before(maps, [(1,), (2,)], [])).mask
    assert overlap(mask, blob((32, 32), wanted) > 0.3) > 0.8


def test_words_that_go_without_a_thing_have_no_say():
    maps = np.stack([GROUND, GROUND]).astype(np.float32)  # "in the snow"
    mask = found(GROUND, [RIGHT_THING], [LEFT_THING], before=Before(maps, [(1,)], [])).mask
    assert overlap(mask, blob((32, 32), RIGHT) > 0.3) > 0.8


def test_things_that_touch_are_parted_by_the_words_that_stay():
    left, right = np.zeros((2, 16, 16))
    left[4:12, 2:8], right[4:12, 8:14] = 1, 1
    maps = np.stack([1 - left - right, left, right]).astype(np.float32)
    mask = found(maps[0], [left + right], [right], before=Before(maps, [(1,)], [(2,)])).mask
    assert mask[16, 8] and not mask[16, 20:].any()


def test_a_place_is_all_but_the_things():
    mask = found(GROUND, [np.full((16, 16), 0.1) + 0.05 * LEFT_THING, GROUND]).mask
    things = (blob((32, 32), LEFT) + blob((32, 32), RIGHT)) > 0.5
    assert overlap(mask, ~things) > 0.85


@pytest.mark.parametrize("value", [0.0, 0.3, np.nan])
def test_maps_that_say_nothing_give_no_nan(value):
    heat = found(np.full((8, 8), value), [np.full((8, 8), value)]).heat
    assert np.isfinite(heat).all()


def test_correlation_of_a_flat_map_is_none():
    assert correlation(np.ones((4, 4)), np.arange(16.0).reshape(4, 4)) == 0
