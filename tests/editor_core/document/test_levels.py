"""Halved tiles: what they show, that they are shared, and that they go when their tile goes."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_core.document import levels
from editor_core.document.compositing import flatten, union_of_masks
from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack, MaskLayer, RasterLayer
from editor_core.document.levels import halve, halve_rgba, reduced
from editor_core.document.tiles import Tiles


def noise(*shape):
    return np.random.default_rng(3).integers(0, 256, shape, np.uint8)


def test_a_level_is_the_mean_of_the_finer_one():
    pixels = noise(512, 384, 1)
    tiles = Tiles.from_array(pixels)
    assert np.array_equal(tiles.read(Rect(0, 0, 192, 256), 1), halve(pixels))
    assert np.array_equal(tiles.read(Rect(0, 0, 96, 128), 2), halve(halve(pixels)))
    assert np.array_equal(tiles.read(Rect(10, 20, 30, 40), 2), halve(halve(pixels))[20:60, 10:40])


@pytest.mark.parametrize("shape", [(64, 64, 1), (7, 10, 3), (5, 1, 4)])
def test_halving_is_the_rounded_mean_of_four(shape):
    pixels = noise(*shape)
    wide = np.pad(pixels, ((0, shape[0] % 2), (0, shape[1] % 2), (0, 0)), mode="edge").astype(int)
    total = wide[0::2, 0::2] + wide[1::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 1::2]
    assert np.array_equal(halve(pixels), (total + 2) // 4)


def test_clear_pixels_lend_no_colour():
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0] = (200, 100, 50, 255)
    pixels[1, 1] = (0, 255, 0, 0)
    assert halve_rgba(pixels)[0, 0].tolist() == [200, 100, 50, 64]


@given(st.integers(0, 255), st.integers(1, 255))
def test_one_colour_stays_that_colour(value, alpha):
    pixels = np.full((4, 4, 4), value, np.uint8)
    pixels[..., 3] = alpha
    seen = halve_rgba(pixels).astype(int)
    assert (seen[..., 3] == alpha).all()
    assert (np.abs(seen[..., :3] - value) * alpha <= 255).all()  # within one step as it is seen


@pytest.mark.parametrize("opaque", [True, False])
def test_the_fast_ways_are_within_one_of_the_mean(opaque):
    pixels = noise(64, 32, 4)
    pixels[..., 3] = 255 if opaque else np.maximum(pixels[..., 3], 4)
    blocks = pixels.reshape(32, 2, 16, 2, 4).astype(float)
    weights = blocks[..., 3:]
    colour = (blocks[..., :3] * weights).sum((1, 3)) / weights.sum((1, 3))
    found = halve_rgba(pixels)
    assert np.abs(found[..., :3] - colour).max() <= 1.01
    assert np.abs(found[..., 3] - weights.mean((1, 3))[..., 0]).max() <= 1


def test_halved_tiles_are_made_once_and_go_with_their_tile():
    tile = noise(128, 128, 4)
    assert reduced(tile, 3) is reduced(tile, 3)
    key = id(tile)
    assert key in levels._smaller
    del tile
    gc.collect()
    assert key not in levels._smaller


def test_layers_seen_from_afar():
    picture = Tiles.from_rgb(np.full((512, 512, 3), 90, np.uint8))
    mask = Tiles(1).filled(Rect(0, 0, 256, 512), (255,))
    stack = LayerStack(
        (RasterLayer(name="Picture", tiles=picture), MaskLayer(name="Mask", tiles=mask, x=128))
    )
    small = flatten(stack, Rect(0, 0, 128, 128), 2)
    assert (small == [90, 90, 90, 255]).all()
    found = union_of_masks(stack, Rect(0, 0, 128, 128), 2)
    assert (found[:, 32:96] == 255).all() and not found[:, :32].any() and not found[:, 96:].any()
