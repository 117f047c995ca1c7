"""Baked layers look as the layers did, in any program: normal ones only, nothing cut, nothing adjusted."""

import numpy as np
import pytest

from editor_core.document.baking import Planes, baked, is_normal
from editor_core.document.compositing import flatten
from editor_core.document.geometry import Rect
from editor_core.document.layers import (
    AdjustmentLayer,
    GroupLayer,
    LayerStack,
    MaskLayer,
    PictureLayer,
    RasterLayer,
)
from editor_core.document.tiles import Tiles
from support.mode_cases import cases, document_of

CANVAS = Rect(0, 0, 200, 150)  # more than one tile


def painted(name: str, seed: int, *, opaque: bool = False, **look) -> RasterLayer:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (15, 20, 4)).astype(np.uint8)
    pixels = coarse.repeat(10, axis=0).repeat(10, axis=1)
    pixels[..., 3] = 255 if opaque else np.where(pixels[..., 3] < 80, 0, pixels[..., 3])
    return RasterLayer(name=name, tiles=Tiles.from_array(pixels), **look)


def premultiplied(layers) -> np.ndarray:
    pixels = flatten(layers, CANVAS).astype(float)
    return np.dstack([pixels[..., :3] * pixels[..., 3:] / 255, pixels[..., 3:]])


def worst(one, other) -> float:
    return float(np.abs(premultiplied(one) - premultiplied(other)).max())


def normal(layers) -> bool:
    """Whether nothing but normal layers in isolated groups is seen."""
    seen = [
        layer
        for layer in LayerStack(tuple(layers)).walk()
        if isinstance(layer, PictureLayer) and layer.visible
    ]
    return all(is_normal(layer) and getattr(layer, "isolated", True) for layer in seen)


def test_every_mode_in_every_group_looks_the_same_as_normal_layers():
    document = document_of(cases())
    made = baked(document.layers, document.rect)
    seen, was = (
        np.dstack([each[..., :3] * (each[..., 3:] / 255), each[..., 3:]])
        for each in (
            flatten(layers, document.rect).astype(float) for layers in (made.layers, document.layers)
        )
    )
    assert np.abs(seen - was).max() <= 2 and normal(made.layers)
    assert len(made.merged) == 8  # four ways to cut, in the group itself and passed through
    groups = [group for group in made.layers if isinstance(group, GroupLayer)]
    assert [len(group.children) for group in groups] == [2] * 51 + [1, 2, 1] * 4


def test_a_long_stack_does_not_drift():
    modes = ("multiply", "screen", "soft-light", "color-dodge", "luminosity", "difference") * 4
    stack = [painted("ground", 0, opaque=True)]
    stack += [painted(mode, seed, blend_mode=mode, opacity=0.6) for seed, mode in enumerate(modes, 1)]
    made = baked(stack, CANVAS)
    assert worst(made.layers, stack) <= 2 and normal(made.layers) and made.fitted == modes


def test_normal_layers_and_what_is_hidden_or_no_picture_stay_themselves():
    mask = MaskLayer(name="mask", tiles=Tiles(1).filled(Rect(0, 0, 9, 9), (255,)))
    hidden = painted("hidden", 3, blend_mode="hue", visible=False)
    inside = GroupLayer(name="group", children=(painted("a", 4), mask), opacity=0.5)
    stack = (painted("ground", 0), hidden, inside)
    made = baked(stack, CANVAS)
    ground, same, group = made.layers
    assert ground.tiles is stack[0].tiles and same is hidden and not made.fitted
    assert (
        group.opacity == 0.5
        and group.children[0].tiles is inside.children[0].tiles
        and group.children[1] is mask
    )


def test_a_passed_through_groups_opacity_becomes_that_of_its_layers():
    inner = painted("inner", 1, blend_mode="overlay", opacity=0.5)
    group = GroupLayer(name="group", children=(painted("plain", 2), inner), isolated=False, opacity=0.5)
    stack = (painted("ground", 0, opaque=True), group)
    made = baked(stack, CANVAS)
    assert worst(made.layers, stack) <= 2 and normal(made.layers)
    assert (
        made.layers[1].opacity == 1
        and made.layers[1].children[0].opacity == 0.5
        and made.fitted == ("inner",)
    )


@pytest.mark.parametrize("opaque", [True, False])
def test_adjustments_become_paint_where_they_can(opaque):
    levels = AdjustmentLayer(name="levels", numbers={"gamma": 0.5}, opacity=0.8)
    stack = (painted("ground", 0, opaque=opaque), levels, painted("above", 2))
    made = baked(stack, CANVAS)
    assert worst(made.layers, stack) <= 2 and normal(made.layers)
    assert [layer.name for layer in made.layers] == (
        ["ground", "levels", "above"] if opaque else ["ground", "above"]
    )
    assert made.merged == (() if opaque else ("ground",))


def test_what_cuts_through_a_group_takes_all_below_it_along():
    cutting = painted("cut", 1, blend_mode="destination-out")
    group = GroupLayer(name="group", children=(painted("in it", 2), cutting), isolated=False)
    stack = (painted("one", 3), painted("two", 4), group, painted("above", 5, blend_mode="multiply"))
    made = baked(stack, CANVAS)
    assert worst(made.layers, stack) <= 2 and normal(made.layers)
    assert [layer.name for layer in made.layers] == ["one", "above"] and made.merged == ("one",)


def test_what_turns_out_in_the_last_tile_is_right_in_the_first():
    """A layer that cuts only far to the right and below is merged everywhere, and one that glows there is fitted."""
    far = Rect(140, 130, 40, 15)
    hole = RasterLayer(name="hole", tiles=Tiles(4).filled(far, (0, 0, 0, 128)), blend_mode="destination-out")
    glow = RasterLayer(name="glow", tiles=Tiles(4).filled(far, (9, 200, 90, 255)), blend_mode="hue")
    stack = (painted("ground", 0), painted("above", 1, blend_mode="multiply"), hole, painted("top", 2), glow)
    made = baked(stack, CANVAS)
    assert worst(made.layers, stack) <= 2 and normal(made.layers)
    assert made.merged == ("ground",) and made.fitted == ("glow",)


def test_another_programs_way_to_composite_can_be_baked():
    """Colours brighter than white in between are cut off where they are seen only."""

    def brighter(layer, source, below: Planes) -> Planes:
        return Planes(below.colour + (0.8 if layer.name == "up" else -0.8), below.alpha)

    ground = RasterLayer(name="ground", tiles=Tiles(4).filled(CANVAS, (100, 120, 140, 255)))
    stack = (ground, painted("up", 1), painted("down", 2))

    def compose(layer, source, below):
        if layer.name == "ground":
            colour = (
                np.ones((3, 1, 1), np.float32) * np.array([100, 120, 140], np.float32).reshape(3, 1, 1) / 255
            )
            return Planes(colour + below.colour * 0, np.ones_like(below.alpha))
        return brighter(layer, source, below)

    made = baked(stack, CANVAS, compose)
    assert worst(made.layers, (ground,)) <= 2 and worst(made.layers[:2], (ground,)) > 90
