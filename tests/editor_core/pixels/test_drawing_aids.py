import numpy as np
import pytest

from editor_core.base.errors import RegionError, SketchError
from editor_core.pixels.drawing_aids import coloured, edges, propose_region, strokes_of
from editor_core.pixels.opencv import cv2

SIDE = 128


def picture(left=30):
    """A dark square on a light ground."""
    found = np.full((SIDE, SIDE, 3), 220, np.uint8)
    found[60:100, left : left + 40] = (60, 80, 120)
    return found


def test_strokes_are_white_on_black_whatever_the_paper():
    sketch = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.circle(sketch, (64, 64), 20, 0, 2)
    white_on_black = strokes_of(255 - sketch, SIDE, SIDE)
    assert np.array_equal(strokes_of(sketch, SIDE, SIDE), white_on_black)
    assert set(np.unique(white_on_black)) == {0, 255}


def test_a_pose_keeps_its_colours_and_lines_have_none():
    pose = np.zeros((SIDE, SIDE, 3), np.uint8)
    pose[20:60, 30:34], pose[60:64, 30:90], pose[90:94, 30:90] = (255, 85, 0), (0, 0, 255), (255, 255, 255)
    assert np.array_equal(coloured(pose, strokes_of(pose, SIDE, SIDE)), pose)
    lines = strokes_of(255 - pose[..., 2], SIDE, SIDE)
    assert np.array_equal(coloured(255 - pose[..., 2:].repeat(3, 2), lines), lines[..., None].repeat(3, 2))
    assert np.array_equal(coloured(None, lines), lines[..., None].repeat(3, 2))


@pytest.mark.parametrize("strength", [30, 90, 255])
def test_faint_strokes_count_in_full(strength):
    sketch = np.full((SIDE, SIDE), 255, np.uint8)
    sketch[40:44, 20:90] = 255 - strength
    assert strokes_of(sketch, SIDE, SIDE)[41, 50] == 255


@pytest.mark.parametrize("kind", ["transparent", "16-bit", "colour"])
def test_any_kind_of_picture_is_read(kind):
    sketch = np.full((SIDE, SIDE), 255, np.uint8)
    sketch[40:44, 20:90] = 0
    if kind == "transparent":
        given = np.dstack([np.zeros((SIDE, SIDE, 3), np.uint8), 255 - sketch])
    elif kind == "16-bit":
        given = sketch.astype(np.uint16) * 257
    else:
        given = np.dstack([np.full_like(sketch, 255), sketch, sketch])
    strokes = strokes_of(given, SIDE, SIDE)
    assert strokes[42, 50] == 255 and strokes[80, 50] == 0


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_sketch_without_strokes_is_refused(tone):
    with pytest.raises(SketchError, match="empty"):
        strokes_of(np.full((SIDE, SIDE), tone, np.uint8), SIDE, SIDE)


def test_edges_lie_on_the_outline_and_follow_width_and_smoothing():
    thin, thick = edges(picture(), 1), edges(picture(), 5)
    assert thin[60 - 2 : 60 + 2, 50].any() and not thin[80, 50] and not thin[20, 20]
    assert (thick > 0).sum() > 2 * (thin > 0).sum()
    noisy = picture() + np.random.default_rng(0).integers(0, 30, (SIDE, SIDE, 3), dtype=np.uint8)
    assert (edges(noisy, 1, 4.0) > 0).sum() < (edges(noisy, 1, 0.5) > 0).sum()


def test_a_picture_without_edges_has_none():
    assert not edges(np.full((SIDE, SIDE, 3), 90, np.uint8)).any()


def test_new_strokes_ask_for_what_they_enclose():
    strokes = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(strokes, (90, 40), 18, 255, 2)
    region = propose_region(picture(), strokes)
    assert region[40, 90] == 255 and region[80, 40] == 0 and set(np.unique(region)) == {0, 255}


def test_redrawn_edges_ask_for_nothing():
    with pytest.raises(RegionError, match="matches the picture"):
        propose_region(picture(), edges(picture(), 2))


def test_a_moved_outline_asks_for_both_places():
    region = propose_region(picture(30), edges(picture(62), 2))
    assert region[80, 85] == 255
    rubbed_out = edges(picture(30), 2)
    rubbed_out[:, :64] = 0
    cv2.rectangle(rubbed_out, (80, 20), (110, 45), 255, 2)
    region = propose_region(picture(30), rubbed_out)
    assert region[32, 95] == 255


def test_open_outlines_are_closed():
    strokes = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(strokes, (90, 40), (18, 18), 0, 20, 340, 255, 2)
    assert propose_region(picture(), strokes)[40, 90] == 255
