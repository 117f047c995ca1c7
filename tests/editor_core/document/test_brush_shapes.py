"""What a brush can be besides round: flat, on rough paper, scattered, mirrored, the picture of a tip."""

import numpy as np
import pytest

from editor_core.document.geometry import Rect
from editor_core.document.strokes import Brush, Stroke, Tip, brush_stamp, hollows

CANVAS = Rect(0, 0, 80, 80)
SQUARE = np.full((16, 16), 255, np.uint8)


def covered(brush, *points, **more):
    stroke = Stroke(brush, 80, 80, **more)
    for x, y in points:
        stroke.extend(x, y)
    stroke.finish()
    return stroke.coverage(CANVAS)[..., 0]


def test_a_flat_dab_is_so_high_and_turned():
    flat = brush_stamp(40, 1.0, roundness=0.25) > 127
    assert flat.any(0).sum() == pytest.approx(41, abs=1) and flat.any(1).sum() == pytest.approx(11, abs=2)
    assert np.array_equal(brush_stamp(40, 1.0, roundness=0.25, angle=90) > 127, flat.T)
    tilted = brush_stamp(40, 1.0, roundness=0.25, angle=45) > 127
    middle = tilted.shape[0] // 2
    assert tilted[middle - 12, middle + 12] and not tilted[middle + 12, middle + 12]  # up to the right


def test_paper_holds_some_paint_back_everywhere_alike():
    brush = Brush(size=60, hardness=1.0, grain=1.0)
    one, other = covered(brush, (40, 40)), covered(brush, (42, 41))
    both = (covered(Brush(size=60, hardness=1.0), (40, 40)) == 255) & (
        covered(Brush(size=60, hardness=1.0), (42, 41)) == 255
    )
    assert np.array_equal(one[both], other[both])  # the paper stays where it is
    assert 0.2 < (one[both] < 128).mean() < 0.8
    depth = hollows(Rect(0, 0, 256, 256))
    assert depth.min() == 0 and depth.max() == 1
    assert np.array_equal(hollows(Rect(256, 512, 9, 9)), depth[:9, :9])


def test_scattered_dabs_leave_the_way_and_fall_alike_again():
    brush = Brush(size=6, hardness=1.0, scatter=3.0, spacing=0.5)
    first, again = covered(brush, (10, 40), (70, 40)), covered(brush, (10, 40), (70, 40))
    assert np.array_equal(first, again)
    assert first[:30].any() and first[50:].any()


def test_wide_spacing_leaves_gaps():
    row = covered(Brush(size=6, hardness=1.0, spacing=2.0), (10, 40), (70, 40))[40]
    assert row.max() == 255 and (row[10:70] == 0).any()


def test_a_stroke_is_mirrored():
    mirrors = [(True, False), (False, True)]
    mask = covered(Brush(size=10, hardness=1.0), (12, 20), (30, 24), mirrors=mirrors)
    half = covered(Brush(size=10, hardness=1.0), (12, 20), (30, 24))
    assert np.array_equal(mask > 127, (half > 127) | (half[:, ::-1] > 127) | (half[::-1] > 127))


def test_a_tip_is_stamped_in_its_size_and_turn():
    mask = covered(Brush(size=20, hardness=1.0), (40, 40), tip=SQUARE)
    assert (mask > 127).sum() == pytest.approx(400, rel=0.12) and mask[32, 32] > 127
    wedge = np.zeros((20, 20), np.uint8)
    wedge[:, :6] = 255
    stamp = Tip(wedge).stamp(20, (0, 0), 0) > 127
    turned = Tip(wedge).stamp(20, (0, 0), 180) > 127
    middle = stamp.shape[0] // 2
    assert stamp[:, :middle].sum() > 100 and not stamp[:, middle + 2 :].any()
    assert np.abs(turned[:, ::-1].astype(int) - stamp).mean() < 0.05
