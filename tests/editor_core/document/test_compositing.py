"""Flattening: exact where it must be, right everywhere else, and the same whatever rectangle is asked for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.document.blending import BLEND_FUNCTIONS, BLEND_MODES
from editor_core.document.compositing import flatten, flatten_over, flatten_sketch, union_of_masks
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, Layer, MaskLayer, RasterLayer, SketchLayer
from editor_core.document.tiles import Tiles
from support.documents import full_document, random_tiles

CANVAS = Rect(0, 0, 150, 140)


def raster(seed: int, **values: object) -> RasterLayer:
    return RasterLayer(name=f"layer {seed}", tiles=random_tiles(seed, 4, CANVAS), **values)


def opaque(seed: int, **values: object) -> RasterLayer:
    image = np.random.default_rng(seed).integers(0, 256, (CANVAS.height, CANVAS.width, 3), np.uint8)
    return RasterLayer(name=f"opaque {seed}", tiles=Tiles.from_rgb(image), **values)


def over(backdrop: np.ndarray, source: np.ndarray, mode: str, opacity: float) -> np.ndarray:
    """Two straight RGBA pixels in float64, by the general formula of section 5 of the W3C text."""
    colour_b, alpha_b, colour_s, alpha_s = backdrop[:3], backdrop[3], source[:3], source[3] * opacity
    blended = BLEND_FUNCTIONS[mode](colour_b.astype(np.float32), colour_s.astype(np.float32)).astype(float)
    mixed = (1 - alpha_b) * colour_s + alpha_b * blended
    alpha = alpha_s + alpha_b * (1 - alpha_s)
    if alpha == 0:
        return np.zeros(4)
    return np.append((alpha_s * mixed + (1 - alpha_s) * alpha_b * colour_b) / alpha, alpha)


def test_a_single_opaque_layer_comes_out_unchanged():
    layer = opaque(1)
    assert np.array_equal(flatten([layer], CANVAS), layer.tiles.read(CANVAS))
    assert np.array_equal(flatten_over([layer], CANVAS), layer.tiles.read(CANVAS)[..., :3])


def test_a_single_half_transparent_layer_keeps_colour_and_alpha():
    layer = raster(1)
    pixels, result = layer.tiles.read(CANVAS), flatten([layer], CANVAS)
    assert np.array_equal(result[..., 3], pixels[..., 3])
    assert np.array_equal(result[pixels[..., 3] > 0], pixels[pixels[..., 3] > 0])


def test_an_opaque_layer_over_others_hides_them_exactly():
    assert np.array_equal(flatten([raster(1), opaque(2)], CANVAS), flatten([opaque(2)], CANVAS))


def test_what_is_hidden_or_without_opacity_adds_nothing():
    base = opaque(1)
    others: list[Layer] = [raster(2, visible=False), raster(3, opacity=0.0), RasterLayer(name="empty")]
    others += [GroupLayer(name="hidden", visible=False, children=(raster(4),)), GroupLayer(name="empty")]
    others += [SketchLayer(name="sketch", tiles=random_tiles(5, 4, CANVAS))]
    others += [MaskLayer(name="mask", tiles=random_tiles(6, 1, CANVAS))]
    assert np.array_equal(flatten([base, *others], CANVAS), flatten([base], CANVAS))


def test_nothing_is_transparent_or_the_background():
    assert not flatten([], CANVAS).any()
    assert (flatten_over([], CANVAS) == 255).all()
    assert (flatten_over([], CANVAS, (1, 2, 3)) == (1, 2, 3)).all()


@pytest.mark.parametrize("mode", BLEND_MODES)
@pytest.mark.parametrize("opacity", [1.0, 0.37])
def test_blending_equals_the_general_formula(mode: str, opacity: float):
    below, above = raster(1), raster(2, blend_mode=mode, opacity=opacity)
    spot = Rect(20, 30, 12, 12)
    result = flatten([below, above], spot).astype(int)
    lower, upper = (layer.tiles.read(spot).reshape(-1, 4) / 255 for layer in (below, above))
    wanted = np.array([over(b, s, mode, opacity) for b, s in zip(lower, upper)]).reshape(12, 12, 4) * 255
    assert np.abs(result - wanted).max() <= 0.5 + 0.01


def test_blending_on_nothing_is_the_layer_itself():
    for mode in BLEND_MODES:
        layer = raster(1, blend_mode=mode)
        assert np.array_equal(
            flatten([layer], CANVAS), flatten([replace(layer, blend_mode="normal")], CANVAS)
        )


def test_an_isolated_group_is_flattened_first():
    inner = (raster(2), raster(3, blend_mode="multiply"))
    group = GroupLayer(name="group", children=inner, opacity=0.6, blend_mode="screen")
    flat = RasterLayer(
        name="flat", tiles=Tiles.from_array(flatten(inner, CANVAS)), opacity=0.6, blend_mode="screen"
    )
    grouped = flatten([opaque(1), group], CANVAS).astype(int)
    assert (
        np.abs(grouped - flatten([opaque(1), flat], CANVAS)).max() <= 1
    )  # the flat layer was rounded once more


def test_a_group_of_one_opaque_layer_is_that_layer():
    assert np.array_equal(
        flatten([GroupLayer(name="g", children=(opaque(1),))], CANVAS), flatten([opaque(1)], CANVAS)
    )


def test_a_group_that_lets_through_hands_its_opacity_on():
    inner = (raster(2, opacity=0.5), raster(3, blend_mode="multiply"))
    group = GroupLayer(name="group", children=inner, opacity=0.5, blend_mode="screen", isolated=False)
    loose = [replace(layer, opacity=layer.opacity * 0.5) for layer in inner]
    assert np.array_equal(flatten([opaque(1), group], CANVAS), flatten([opaque(1), *loose], CANVAS))


def test_offsets_move_pixels():
    layer = opaque(1, x=30, y=-11)
    result = flatten([layer], CANVAS)
    assert np.array_equal(result[: 140 - 11, 30:], layer.tiles.read(CANVAS)[11:, : 150 - 30])
    assert not result[:, :30].any() and not result[140 - 11 :].any()


@settings(deadline=None, max_examples=30)
@given(st.integers(-20, 190), st.integers(-20, 140), st.integers(1, 150), st.integers(1, 150))
def test_any_rectangle_equals_the_same_part_of_the_whole(x: int, y: int, width: int, height: int):
    rect, outer = Rect(x, y, width, height), Rect(-40, -40, 400, 400)
    whole = flatten(DOCUMENT.layers, outer)
    assert np.array_equal(flatten(DOCUMENT.layers, rect), whole[rect.slices_in(outer)])


DOCUMENT = full_document()


def test_the_union_of_masks_takes_the_greatest_value():
    left = MaskLayer(name="a", tiles=random_tiles(1, 1, CANVAS))
    right = MaskLayer(name="b", tiles=random_tiles(2, 1, CANVAS), opacity=0.2)
    union = union_of_masks([left, GroupLayer(name="g", children=(right,))], CANVAS)
    assert np.array_equal(union, np.maximum(left.tiles.read(CANVAS), right.tiles.read(CANVAS))[..., 0])
    assert union_of_masks([raster(1)], CANVAS) is None


FACTORS = {  # Porter and Duff's of source and backdrop, from both alphas
    "source-atop": lambda s, b: (b, 1 - s),
    "destination-in": lambda s, b: (0 * s, s),
    "destination-out": lambda s, b: (0 * s, 1 - s),
    "destination-atop": lambda s, b: (1 - b, s),
}


@pytest.mark.parametrize("mode", FACTORS)
@pytest.mark.parametrize("opacity", [1.0, 0.4])
def test_an_operator_equals_its_factors(mode: str, opacity: float):
    below, above = raster(1), raster(2, blend_mode=mode, opacity=opacity)
    flat = [
        flatten([layer], CANVAS).astype(float) / 255 for layer in (below, replace(above, blend_mode="normal"))
    ]
    (b, alpha_b), (s, alpha_s) = [(each[..., :3], each[..., 3:]) for each in flat]
    for_source, for_backdrop = FACTORS[mode](alpha_s, alpha_b)
    alpha = alpha_s * for_source + alpha_b * for_backdrop
    colour = s * alpha_s * for_source + b * alpha_b * for_backdrop
    result = flatten([below, above], CANVAS).astype(float) / 255
    assert np.abs(result[..., 3:] - alpha).max() < 0.011
    assert np.abs(result[..., :3] * result[..., 3:] - colour).max() < 0.011


def test_what_cuts_also_cuts_where_it_has_no_pixels():
    speck = Tiles(4).with_pixels(0, 0, np.full((1, 1, 4), 255, np.uint8))
    for mode, left in (
        ("destination-in", 0),
        ("destination-atop", 0),
        ("source-atop", 255),
        ("destination-out", 255),
    ):
        cutter = RasterLayer(name="cutter", tiles=speck, blend_mode=mode)
        ground = RasterLayer(name="ground", tiles=Tiles(4).filled(CANVAS, (9, 9, 9, 255)))
        assert flatten([ground, cutter], CANVAS)[-1, -1, 3] == left
        group = GroupLayer(name="group", children=(), blend_mode=mode)
        assert flatten([ground, group], CANVAS)[-1, -1, 3] == left


def test_the_sketch_is_the_visible_sketch_layers_alone():
    lower, upper = (SketchLayer(name=str(seed), tiles=random_tiles(seed, 4, CANVAS)) for seed in (1, 2))
    hidden = replace(upper, name="hidden", visible=False)
    strokes = [RasterLayer(name="", tiles=layer.tiles, opacity=layer.opacity) for layer in (lower, upper)]
    drawn = flatten_sketch(
        [raster(3), lower, GroupLayer(name="g", children=(upper, opaque(4))), hidden], CANVAS
    )
    assert np.array_equal(drawn, flatten(strokes, CANVAS)) and drawn.any()
