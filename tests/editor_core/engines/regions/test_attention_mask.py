"""The published mask algorithm on synthetic maps whose right answer is known."""

import numpy as np
import pytest

from editor_core.engines.regions.attention_mask import (
    MaskAverage,
    reference_and_words,
    refined,
    resized,
    smoothed,
    stretch,
    word_signs,
)
from editor_core.engines.regions.mask_recipes import PRESETS, MaskRecipe
from support.attention import LEFT, RIGHT, blob, overlap


def maps_of(*maps):
    return np.stack(maps).astype(np.float32)


@pytest.mark.parametrize(
    ("maps_at", "size"), [((16, 16), (64, 64)), ((8, 12), (32, 48)), ((9, 17), (36, 68))]
)
def test_known_blob_gives_the_known_mask(maps_at, size):
    """The start token looks at the background, one word at the thing, the filler word everywhere."""
    thing = blob(maps_at, LEFT)
    maps = maps_of(1 - thing, np.full(maps_at, 0.3) + 0.1 * (1 - thing), thing)
    found = MaskAverage([(1,), (2,)], size, MaskRecipe()).add(maps)
    assert found.mask.shape == size
    assert overlap(found.mask, blob(size, LEFT) > 0.5) > 0.8


def test_the_start_map_is_inverted_before_it_is_compared():
    thing = blob((16, 16), LEFT)
    start, words = reference_and_words(maps_of(1 - thing, thing, 1 - thing), [(1,), (2,)], (16, 16))
    assert np.allclose(start, stretch(thing), atol=1e-5)
    assert word_signs(start, words, 0.9, 0.6).tolist() == [1, -1]


def test_words_between_the_thresholds_do_not_count():
    a, b = np.eye(1, 100)[0], np.eye(1, 100, 1)[0]
    words = maps_of(a, 0.8 * a + 0.6 * b, 0.5 * a + np.sqrt(0.75) * b).reshape(3, 10, 10)
    start = a.reshape(10, 10)
    assert word_signs(start, words, 0.9, 0.6).tolist() == [1, 0, -1]
    assert word_signs(start, words, 0.8 - 1e-6, 0.3).tolist() == [1, 1, 0]


def test_words_that_look_elsewhere_are_taken_away_and_nothing_falls_below_zero():
    both = blob((16, 16), LEFT) + blob((16, 16), RIGHT)
    heat = refined(maps_of(both, blob((16, 16), RIGHT)), np.array([1, -1]))
    assert heat.min() == 0 and heat[8, 12] == 0 and heat[8, 3] > 0.8


def test_a_lone_word_is_its_own_mask():
    thing = blob((16, 16), RIGHT)
    found = MaskAverage([(1,)], (16, 16), MaskRecipe()).add(maps_of(np.ones((16, 16)), thing))
    assert np.allclose(found.heat, smoothed(stretch(thing)), atol=1e-5)


def test_pieces_of_a_word_are_averaged():
    left, right = blob((16, 16), LEFT), blob((16, 16), RIGHT)
    _, words = reference_and_words(maps_of(np.ones((16, 16)), left, right), [(1, 2)], (16, 16))
    assert words.shape == (1, 16, 16)
    assert words[0, 8, 3] == pytest.approx(words[0, 8, 12], abs=0.05)


@pytest.mark.parametrize("value", [0.0, 0.3, np.nan])
def test_maps_that_say_nothing_give_an_empty_mask(value):
    found = MaskAverage([(1,), (2,)], (32, 32), MaskRecipe()).add(np.full((4, 8, 8), value, np.float32))
    assert not found.mask.any() and np.isfinite(found.heat).all()


def test_positions_are_those_of_the_first_step_and_maps_the_mean_of_all():
    left, right = blob((16, 16), LEFT), blob((16, 16), RIGHT)
    average = MaskAverage([(1,), (2,)], (16, 16), MaskRecipe())
    average.add(maps_of(1 - left, left, right))
    later = average.add(maps_of(1 - right, left, right))  # alone, this step would choose the other word
    assert later.mask[8, 3] and not later.mask[8, 12]


def test_the_position_vector_is_not_made_anew():
    """The second step's maps are so strong that, with them, the mean would choose the other word."""
    left, right = blob((16, 16), LEFT), blob((16, 16), RIGHT)
    average = MaskAverage([(1,), (2,)], (16, 16), MaskRecipe())
    average.add(maps_of(1 - left, left, right))
    later = average.add(20 * maps_of(1 - right, left, right))
    assert later.mask[8, 3] and not later.mask[8, 12]
    alone = MaskAverage([(1,), (2,)], (16, 16), MaskRecipe()).add(
        maps_of(21 - left - 20 * right, left, right)
    )
    assert alone.mask[8, 12] and not alone.mask[8, 3]


def test_a_word_is_where_it_looked_in_any_of_the_steps():
    """Maps are averaged over the steps so far: half the steps, half the heat."""
    above, below = blob((16, 16), (0.22, 0.22)), blob((16, 16), (0.78, 0.22))
    elsewhere = blob((16, 16), RIGHT)
    average = MaskAverage([(1,), (2,)], (16, 16), MaskRecipe())
    average.add(maps_of(1 - above, above, elsewhere))
    later = average.add(maps_of(1 - below, below, elsewhere))
    assert later.heat[3, 3] == pytest.approx(later.heat[12, 3], abs=0.02)
    assert later.mask[3, 3] and later.mask[12, 3] and not later.mask[8, 12]
    third = average.add(maps_of(1 - below, below, elsewhere))
    assert 0.4 < third.heat[3, 3] / third.heat[12, 3] < 0.6


def test_two_gaussians_are_laid_over_the_heat():
    dot = np.zeros((15, 15), np.float32)
    dot[7, 7] = 1
    soft = smoothed(dot)
    assert soft[7, 7] == 1 and soft[7, 11] > 0 and soft[7, 12] == 0


def test_maps_grow_as_pillow_grows_them():
    image = pytest.importorskip("PIL.Image")
    small = blob((16, 16), LEFT).astype(np.float32)
    grown = np.asarray(image.fromarray(small).resize((64, 64), image.Resampling.BICUBIC))
    assert np.allclose(resized(small[None], (64, 64))[0], grown, atol=1e-4)


def test_presets_are_the_published_numbers():
    paper, demo = PRESETS["paper"], PRESETS["demo"]
    assert (paper.strength, paper.threshold, paper.similarity_high, paper.similarity_low, paper.rounds) == (
        0.5,
        0.2,
        0.9,
        0.6,
        3,
    )
    assert (demo.threshold, demo.similarity_low) == (0.3, 0.3)
    assert paper.ratio == demo.ratio == 4
