"""What is seen of an edit's edge."""

import numpy as np
import pytest

from editor_core.evaluation.ring import Ring, Trace, ciede2000, lab_of, ring_of

SHARMA = [  # pairs of the paper's Table 1: the hues' mean, their sign, greys, blue's turn
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "expected"), SHARMA)
def test_colour_differences_are_those_that_the_paper_prints(one, other, expected):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
    assert ciede2000(np.array(other), np.array(one)) == pytest.approx(expected, abs=1e-4)


def test_white_and_black_are_a_hundred_apart():
    black, white = lab_of(np.zeros((1, 1, 3), np.uint8)), lab_of(np.full((1, 1, 3), 255, np.uint8))
    assert ciede2000(black, white) == pytest.approx(100, abs=0.01)


def box():
    mask = np.zeros((40, 40), np.uint8)
    mask[10:30, 10:30] = 255
    return mask


def test_the_ring_lies_on_both_sides_of_the_edge_and_not_at_the_rim():
    ring = ring_of(box())
    assert ring[20, 6:14].all() and not ring[20, 5] and not ring[20, 14:26].any()
    half = np.zeros((40, 40), np.uint8)
    half[:, :20] = 255
    assert ring_of(half)[:, 16:24].all() and not ring_of(half)[:, :15].any()
    assert not ring_of(np.full((9, 9), 255, np.uint8)).any() and not ring_of(np.zeros((9, 9), np.uint8)).any()


def test_a_tone_box_is_seen_and_a_picture_that_stays_is_not():
    noise = np.random.default_rng(0).integers(100, 104, (40, 40, 1), np.uint8).repeat(3, axis=2)
    stepped = noise.copy()
    stepped[10:30, 10:30] += 60
    before = Ring.of(noise, box())
    still = Trace.between([before], [Ring.of(noise, box())])
    assert still == Trace(1, 1, 1, 1)
    seen = Trace.between([before], [Ring.of(stepped, box())])
    assert seen.p90 > 10 and seen.gradient_p90 > 10 and seen.median < 1.5
    with pytest.raises(ValueError):
        nothing = Ring.of(noise, np.zeros((40, 40), np.uint8))
        Trace.between([nothing], [nothing])


def test_in_a_flat_picture_what_nobody_sees_is_no_trace():
    flat = np.full((40, 40, 3), 200, np.uint8)
    touched = flat.copy()
    touched[10:30, 10:30] += 1
    assert Trace.between([Ring.of(flat, box())], [Ring.of(touched, box())]) == Trace(1, 1, 1, 1)
