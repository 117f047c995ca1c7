"""What stays where words change the place alone."""

import numpy as np
import pytest

from editor_core.engines.regions.things_in_place import things_left


def at(*areas, size=(12, 16)):
    heat = np.zeros(size, np.float32)
    for rows, columns in areas:
        heat[rows, columns] = 1
    return heat


LEFT, RIGHT = (slice(4, 8), slice(1, 5)), (slice(4, 8), slice(10, 14))
PLACE = 1 - at(LEFT, RIGHT)


def test_things_stay_whose_words_do():
    found = things_left(PLACE, [PLACE], [at(LEFT), at(RIGHT), PLACE])
    assert np.array_equal(found.heat, at(LEFT, RIGHT)) and found.words == {0, 1}


def test_a_thing_goes_with_its_word_and_one_without_a_word_goes_too():
    found = things_left(PLACE, [PLACE, at(RIGHT)], [at(LEFT), PLACE])
    assert np.array_equal(found.heat, at(LEFT)) and found.words == {0}
    assert np.array_equal(things_left(PLACE, [PLACE], [at(LEFT)]).heat, at(LEFT))


def test_a_thing_whose_word_goes_goes_although_another_word_looks_at_it_too():
    both = at((slice(3, 9), slice(0, 6)))  # as "in" does
    assert things_left(PLACE, [PLACE, at(LEFT)], [both]) is None


@pytest.mark.parametrize("gone", [[], [at(RIGHT)], [at((slice(0, 3), slice(0, 16)))]])
def test_nothing_is_said_where_no_word_of_the_place_goes(gone):
    assert things_left(PLACE, gone, [at(LEFT), PLACE]) is None
