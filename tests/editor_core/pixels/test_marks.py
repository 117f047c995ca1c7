"""Any clear mark marks, whatever its colour, depth and polarity; noise does not."""

import io

import numpy as np
import pytest
from PIL import Image

from editor_core.pixels.marks import LOSSY_NOISE, drawn_on_paper, fitted, is_light_drawing, marks_in

SIZE = (40, 60)
BLOB = np.zeros(SIZE, bool)
BLOB[10:25, 20:45] = True


def on(background, mark, blob=BLOB):
    pixels = np.full((*SIZE, len(background)), background, np.uint8)
    pixels[blob] = mark
    return pixels


@pytest.mark.parametrize(
    ("background", "mark"),
    [
        ((0, 0, 0), (255, 255, 255)),
        ((0, 0, 0), (255, 0, 0)),
        ((0, 0, 0), (90, 90, 90)),
        ((1, 1, 1), (255, 255, 255)),
        ((255, 255, 255), (0, 0, 0)),
        ((255, 255, 255), (255, 0, 0)),
        ((200, 210, 90), (20, 200, 250)),
        ((0, 0, 0, 0), (255, 0, 0, 255)),
        ((0, 0, 0, 0), (0, 0, 0, 255)),
        ((255, 255, 255, 0), (255, 255, 255, 255)),
        ((0, 0, 0, 0), (250, 240, 40, 120)),
        ((0, 0, 0), (1, 1, 1)),
    ],
)
def test_a_clear_mark_marks_wholly(background, mark):
    mask = marks_in(on(background, mark)).mask
    assert (mask[BLOB] >= 200).all() and not mask[~BLOB].any()


def test_dark_marks_on_light_are_named_so():
    assert marks_in(on((255, 255, 255), (0, 0, 0))).dark
    assert not marks_in(on((0, 0, 0), (255, 255, 255))).dark


def test_in_a_grey_file_white_marks_wherever_it_is():
    marks = marks_in(on((255, 255, 255), (0, 0, 0)), grey=True)
    assert np.array_equal(marks.mask, np.where(BLOB, 0, 255)) and not marks.dark
    ones = marks_in(on((1, 1, 1), (0, 0, 0)), grey=True)
    assert np.array_equal(ones.mask, np.where(BLOB, 0, 255))


def test_a_mask_over_an_edge_follows_the_custom_that_white_marks():
    half = np.zeros(SIZE, bool)
    half[:, :30] = True
    assert np.array_equal(marks_in(on((0, 0, 0), (255, 255, 255), half)).mask, np.where(half, 255, 0))


def test_a_hole_in_a_picture_is_what_is_marked():
    picture = np.random.default_rng(0).integers(0, 256, (*SIZE, 4), np.uint8)
    picture[..., 3] = np.where(BLOB, 0, 255)
    assert np.array_equal(marks_in(picture).mask, np.where(BLOB, 255, 0))


def test_black_and_white_on_transparency_is_a_mask_as_well():
    pixels = on((0, 0, 0, 255), (255, 255, 255, 255))
    pixels[30:, :, 3] = 0
    assert np.array_equal(marks_in(pixels).mask, np.where(BLOB, 255, 0))


def test_soft_edges_stay_soft():
    ramp = np.tile(np.linspace(0, 255, SIZE[1]).astype(np.uint8), (SIZE[0], 1))
    assert np.array_equal(marks_in(np.dstack([ramp] * 3), grey=True).mask, np.where(ramp > 2, ramp, 0))
    faint = marks_in(np.dstack([ramp // 4] * 3), grey=True).mask
    assert faint.max() == 255 and 90 < faint[0, 30] < 160


@pytest.mark.parametrize("value", [0, 1, 2])
def test_nothing_marks_in_a_plain_picture(value):
    assert not marks_in(np.full((*SIZE, 3), value, np.uint8)).mask.any()
    assert not marks_in(np.zeros((*SIZE, 4), np.uint8)).mask.any()


def test_all_white_marks_everything():
    assert (marks_in(np.full((*SIZE, 3), 255, np.uint8)).mask == 255).all()


def test_specks_of_one_level_are_no_mark():
    specks = (np.random.default_rng(0).random(SIZE) < 0.2).astype(np.uint8)
    assert not marks_in(np.dstack([specks] * 3), grey=True).mask.any()


@pytest.mark.parametrize("quality", [40, 90])
def test_the_noise_of_jpeg_does_not_mark(quality):
    file = io.BytesIO()
    Image.fromarray(on((0, 0, 0), (250, 30, 20))).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        mask = marks_in(np.asarray(image), noise=LOSSY_NOISE).mask
    near = np.zeros(SIZE, bool)
    near[1:34, 11:54] = True  # within a block or two of the mark
    assert not mask[~near].any() and (mask[BLOB] > 180).mean() > 0.95
    plain = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 5, (*SIZE, 3), np.uint8)).save(
        plain, "JPEG", quality=quality
    )
    with Image.open(plain) as image:
        assert not marks_in(np.asarray(image), noise=LOSSY_NOISE).mask.any()


def test_another_size_is_scaled():
    mask = fitted(np.where(BLOB, 255, 0).astype(np.uint8), 30, 20)
    assert mask.shape == (20, 30) and mask[8, 15] == 255 and mask[0, 0] == 0
    assert fitted(np.zeros((4, 4, 3), np.uint8), 8, 6).shape == (6, 8, 3)


def test_strokes_are_seen_on_their_paper():
    white, black = on((0, 0, 0, 0), (255, 255, 255, 255)), on((0, 0, 0, 0), (0, 0, 0, 255))
    assert is_light_drawing(white) and not is_light_drawing(black)
    for drawing in (white, black):
        seen = drawn_on_paper(drawing).astype(int)
        assert abs(seen[BLOB].mean() - seen[~BLOB].mean()) > 200
