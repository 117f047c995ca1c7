"""Shapes, gradients, healing and smudging as pixels."""

import numpy as np
import pytest

from editor_core.document import shapes
from editor_core.document.geometry import Rect
from editor_core.document.gradients import gradient
from editor_core.document.paint import lay_over
from editor_core.document.retouch import Smudge, healed, membrane
from editor_core.document.strokes import Brush

CANVAS = Rect(0, 0, 64, 64)
RED, BLUE = (255, 0, 0, 255), (0, 0, 255, 255)


def pixels(shape):
    mask = np.zeros((64, 64), np.uint8)
    mask[shape.rect.slices_in(CANVAS)] = shape.mask
    return mask


def test_a_line_has_its_width_and_round_ends():
    mask = pixels(shapes.line((16, 32), (48, 32), 8, CANVAS))
    assert (mask[28:36, 16:48] == 255).all() and not mask[27, 20:40].any()
    assert mask[32, 13] == 255 and not mask[28, 12] and not mask[32, 11]


def test_rectangles_are_filled_or_outlined():
    full = pixels(shapes.rectangle((50, 40), (10, 20), 0, CANVAS))
    assert (full > 0).sum() == 40 * 20 and full[20, 10] == full[39, 49] == 255
    edge = pixels(shapes.rectangle((10, 20), (50, 40), 4, CANVAS))
    assert (edge > 0).sum() == 44 * 24 - 36 * 16 and not edge[30, 30] and edge[19, 9] == 255
    assert (
        pixels(shapes.rectangle((10, 20), (13, 23), 8, CANVAS)) > 0
    ).sum() == 11 * 11  # no room for a hole


def test_an_ellipse_and_its_outline():
    full = pixels(shapes.ellipse((12, 22), (52, 42), 0, CANVAS))
    assert full.sum() / 255 == pytest.approx(np.pi * 20 * 10, rel=0.02)
    edge = pixels(shapes.ellipse((12, 22), (52, 42), 2, CANVAS))
    assert edge.sum() / 255 == pytest.approx(np.pi * (21 * 11 - 19 * 9), rel=0.03) and not edge[32, 32]


def test_what_lies_beside_the_canvas_is_cut():
    assert shapes.ellipse((-90, -90), (-70, -70), 3, CANVAS).rect.is_empty
    assert pixels(shapes.line((-20, 10), (90, 10), 4, CANVAS))[10].all()


def test_a_gradient_goes_from_colour_to_colour():
    run = gradient(Rect(0, 0, 64, 4), (16, 0), (48, 0), (RED, BLUE))
    assert run[0, 0].tolist() == list(RED) and run[3, 63].tolist() == list(BLUE)
    assert run[0, 31, 0] == pytest.approx(131, abs=2) and (run[0, :, 3] == 255).all()
    round_one = gradient(Rect(0, 0, 64, 64), (32, 32), (32, 48), (RED, BLUE), radial=True)
    assert round_one[32, 32, 0] > 240 and round_one[32, 55].tolist() == round_one[8, 32].tolist() == list(
        BLUE
    )


def test_a_gradient_into_nothing_keeps_its_colour():
    run = gradient(Rect(0, 0, 64, 1), (0, 0), (64, 0), (RED, (0, 0, 255, 0)))
    assert (run[0, :60, 0] == 255).all() and run[0, 32, 3] == pytest.approx(127, abs=3)


def test_pixels_are_laid_over_others():
    before = np.full((1, 2, 4), (0, 0, 0, 255), np.uint8)
    before[0, 1] = 0
    pixel = np.full((1, 2, 4), (200, 100, 50, 255), np.uint8)
    half = np.full((1, 2, 1), 128, np.uint8)
    over = lay_over(before, half, pixel, keep_alpha=False)
    assert over[0, 0].tolist() == pytest.approx([100, 50, 25, 255], abs=1)
    assert over[0, 1].tolist() == [200, 100, 50, 128]
    assert lay_over(before, half, pixel, keep_alpha=True)[0, 1].tolist() == [0, 0, 0, 0]


def test_healing_takes_texture_from_there_and_tones_from_here():
    rng = np.random.default_rng(0)
    texture = rng.normal(0, 10, (40, 40, 3))
    slope = np.linspace(60, 160, 40)[None, :, None] + np.zeros((40, 40, 3))
    target = np.concatenate([slope, np.full((40, 40, 1), 255)], -1).clip(0, 255).astype(np.uint8)
    source = np.concatenate([200 + texture, np.full((40, 40, 1), 255)], -1).clip(0, 255).astype(np.uint8)
    hole = np.zeros((40, 40), bool)
    hole[12:28, 12:28] = True
    target[hole, :3] = (255, 0, 255)  # the blemish
    found = healed(target, source, hole)[..., :3].astype(float)[hole].reshape(16, 16, 3)
    expected = (slope + texture)[hole].reshape(16, 16, 3)
    assert np.abs(found - expected).mean() < 9  # the border's own noise is carried in
    assert np.corrcoef((found - slope[12:28, 12:28]).ravel(), texture[12:28, 12:28].ravel())[0, 1] > 0.8


def test_a_membrane_keeps_what_is_known_and_joins_it():
    values = np.zeros((33, 33, 1), np.float32)
    values[:, -1] = 100
    known = np.zeros((33, 33), np.float32)
    known[:, 0] = known[:, -1] = 1
    surface = membrane(values, known)[..., 0]
    assert np.allclose(surface[:, -1], 100) and np.allclose(surface[:, 0], 0)
    assert (np.diff(surface[16]) > -2).all() and surface[16, 16] == pytest.approx(50, abs=15)


def test_a_smudge_drags_paint_along_and_reads_what_it_comes_to():
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[..., 3] = 255
    picture[:, :20, 0] = 255
    read = []

    def seen(rect):
        read.append(rect)
        return picture[rect.slices_in(CANVAS)]

    smudge = Smudge(Brush(size=12, hardness=0.5), CANVAS, seen)
    smudge.extend(12, 32)
    changed = smudge.extend(40, 32)
    after = smudge.pixels(CANVAS)
    assert after[32, 25, 0] > 60 and after[32, 25, 0] > after[32, 34, 0]
    assert np.array_equal(after[:20], picture[:20]) and changed.y >= 24
    assert len(read) == 1  # one block of 64, once
