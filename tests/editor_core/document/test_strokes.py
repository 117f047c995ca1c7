"""Strokes: dabs, spacing, pressure, flow, smoothing."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.document.geometry import Rect
from editor_core.document.masks import bounds
from editor_core.document.strokes import Brush, Stroke, brush_stamp

HARD = Brush(size=10, hardness=1.0)


def drawn(brush, *points, size=(120, 60)):
    """What a stroke through points (x, y) or (x, y, pressure) covers, (H, W)."""
    stroke = Stroke(brush, *size)
    changed = stroke.extend(*points[0])
    for point in points[1:]:
        changed = changed.united(stroke.extend(*point))
    changed = changed.united(stroke.finish())
    covered = stroke.coverage(Rect(0, 0, *size))[..., 0]
    assert bounds(covered).intersected(changed) == bounds(covered)
    return covered


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_a_stamp_is_round_full_in_the_middle_and_never_rises_outwards(hardness):
    stamp = brush_stamp(21, hardness)
    middle = stamp.shape[0] // 2
    assert stamp[middle, middle] == 255 and stamp[0].max() == 0
    assert (np.diff(stamp[middle, middle:].astype(int)) <= 0).all()
    assert np.array_equal(stamp, stamp.T) and np.array_equal(stamp, stamp[::-1])


def test_a_hard_stamp_has_the_area_of_its_circle_and_a_soft_one_less():
    areas = [brush_stamp(40, hardness).astype(float).sum() / 255 for hardness in (1.0, 0.5, 0.0)]
    assert areas[0] == pytest.approx(math.pi * 20**2, rel=0.01) and areas[0] > areas[1] > areas[2]


def test_a_stroke_covers_its_way():
    covered = drawn(HARD, (10, 25), (70, 25))
    assert (covered[24:26, 10:70] == 255).all() and not covered[:18].any() and not covered[32:].any()
    assert not covered[:, 77:].any() and covered[25, 74] == 255


def test_a_stroke_off_the_canvas_covers_nothing():
    assert not drawn(HARD, (-50, -50), (-40, -50)).any()


def test_strokes_have_no_gaps():
    covered = drawn(Brush(size=3, hardness=1.0), (5.3, 8.7), (51.2, 44.9))
    way = [(5.3 + (51.2 - 5.3) * share, 8.7 + (44.9 - 8.7) * share) for share in np.linspace(0, 1, 200)]
    assert min(covered[int(y), int(x)] for x, y in way) > 200


def test_a_stroke_never_covers_more_for_crossing_itself():
    covered = drawn(replace(HARD, size=20, opacity=0.5), (30, 30), (80, 30), (30, 30))
    assert covered.max() == 128 and (covered[30, 30:80] == 128).all()


def test_little_flow_builds_up_to_the_opacity_and_no_further():
    brush = replace(HARD, size=20, opacity=0.5, flow=0.05)
    once = drawn(brush, (30, 30), (80, 30))
    often = drawn(brush, *[(30 + 50 * (turn % 2), 30) for turn in range(20)])
    assert 10 < once[30, 55] < 90 < often[30, 55] <= 128


@pytest.mark.parametrize("pressure", [0.25, 0.5, 1.0])
def test_pressure_sets_the_width(pressure):
    covered = drawn(Brush(size=40, hardness=1.0), (60, 30, pressure))
    assert (covered > 127).sum() == pytest.approx(math.pi * (20 * pressure) ** 2, rel=0.08)


def test_pressure_sets_the_opacity_where_that_is_wanted():
    brush = Brush(size=20, hardness=1.0, pressure_size=False, pressure_opacity=True)
    covered = drawn(brush, (60, 30, 0.5))
    assert covered.max() == 128 and (covered > 64).sum() == pytest.approx(math.pi * 10**2, rel=0.08)
    assert drawn(replace(brush, pressure_opacity=False), (60, 30, 0.5)).max() == 255


def test_many_small_moves_make_the_same_stroke_as_one_large():
    brush = Brush(size=16)
    one = drawn(brush, (20, 20), (100, 40))
    many = drawn(brush, *[(20 + 80 * share, 20 + 20 * share) for share in np.linspace(0, 1, 97)])
    assert np.abs(one.astype(int) - many).max() <= 40 and np.abs(one.astype(int) - many).mean() < 1


def test_smoothing_calms_a_trembling_hand_and_still_arrives():
    trembling = [(10 + x, 30 + 6 * (x % 2 * 2 - 1)) for x in range(100)]
    plain, calm = (drawn(Brush(size=4, smoothing=value), *trembling) for value in (0.0, 0.8))
    heights = [np.flatnonzero(covered[:, 40:90].any(axis=1)) for covered in (plain, calm)]
    assert np.ptp(heights[1]) < np.ptp(heights[0])
    end = trembling[-1]
    assert calm[int(end[1]), int(end[0])] > 100


def test_fast_moves_become_curves():
    corner = drawn(Brush(size=4, hardness=1.0), (10, 10), (60, 10), (60, 50))
    assert corner[10, 58] == 0 and corner[48, 60] == 255 and corner[10, 20] == 255


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        Brush,
        size=st.floats(1, 90),
        hardness=st.floats(0, 1),
        opacity=st.floats(0.01, 1),
        flow=st.floats(0.01, 1),
        smoothing=st.floats(0, 1),
    ),
    st.lists(st.tuples(st.floats(-50, 170), st.floats(-50, 110), st.floats(0, 1)), min_size=1, max_size=6),
)
def test_any_stroke_stays_within_its_opacity_and_says_what_changed(brush, points):
    assert drawn(brush, *points).max() <= math.ceil(brush.opacity * 255)


def test_a_way_far_outside_costs_nothing_and_changes_nothing(monkeypatch):
    stamps = []
    original = Stroke._stamp
    monkeypatch.setattr(Stroke, "_stamp", lambda self, *dab: stamps.append(dab) or original(self, *dab))
    for far in (-500, 564):
        for across in (True, False):
            stroke = Stroke(Brush(size=4, hardness=1), 64, 64)
            for along in (-90_000, -50_000, -20_000):
                stroke.extend(*((along, far) if across else (far, along)))
            assert len(stamps) == 1  # the first, where the pen came down
            stamps.clear()
    stroke.extend(80_000, 32)
    stroke.extend(90_000, 32)
    stroke.finish()
    assert len(stamps) < 2000


def test_a_long_way_across_the_canvas_is_drawn_without_gaps():
    stroke = Stroke(Brush(size=6, hardness=1), 64, 64)
    for x in (-20_000, 0, 20_000):
        stroke.extend(x, 32)
    stroke.finish()
    assert (stroke.coverage(Rect(0, 30, 64, 4)) == 255).all()
