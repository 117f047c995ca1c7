"""Layers and selections moved, scaled, rotated and sheared: numbers, matrices, pixels, undo."""

import numpy as np
import pytest

from editor_core.base.errors import LayerError
from editor_core.document.commands import AddLayer, Select
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, MaskLayer, RasterLayer
from editor_core.document.lifting import around, lift, onto_new_layer, put_down, taken_out
from editor_core.document.placement import Placement
from editor_core.document.selection import Selection
from editor_core.document.tiles import Tiles
from editor_core.pixels.resampling import Filter
from editor_core.project.project_file import load_project, save_project
from support.documents import contents, random_tiles

BOX = Rect(10, 20, 40, 30)
HANDLES = [(0, 0), (1, 0), (0.5, 0), (0, 0.5), (1, 1), (0.5, 1), (1, 0.5), (0, 1)]
ODD = Placement(31.0, 40.0, 1.5, -0.75, 30.0, 0.4)


def opaque(seed, rect):
    pixels = np.random.default_rng(seed).integers(0, 256, (rect.height, rect.width, 4), np.uint8)
    pixels[..., 3] = 255
    return Tiles(4).with_pixels(rect.x, rect.y, pixels)


@pytest.fixture
def document():
    document = Document(100, 80)
    document.execute(AddLayer(RasterLayer(name="below", tiles=opaque(1, Rect(0, 0, 100, 80)))))
    document.execute(AddLayer(RasterLayer(name="a", tiles=opaque(2, Rect(0, 0, 40, 30)), x=10, y=20)))
    return document


def named(document, name):
    return next(layer for layer in document.layers.walk() if layer.name == name)


def put(document, name, placement, how=Filter.AUTOMATIC):
    lifted = lift(document.snapshot(), named(document, name).id)
    command = put_down(lifted, placement, how, "Transform", document.rect)
    document.execute(command)
    return lifted


@pytest.mark.parametrize("share", HANDLES)
@pytest.mark.parametrize("start", [Placement.of(BOX), ODD])
def test_a_handle_follows_the_pointer_and_the_opposite_one_stays(start, share):
    pointer = (start.place_of(BOX, share)[0] + 7, start.place_of(BOX, share)[1] - 5)
    opposite = (1 - share[0], 1 - share[1])
    made = start.scaled_to(BOX, share, pointer, in_proportion=False)
    assert made.place_of(BOX, opposite) == pytest.approx(start.place_of(BOX, opposite))
    if 0.5 not in share:
        assert made.place_of(BOX, share) == pytest.approx(pointer)
    kept = start.scaled_to(BOX, share, pointer, in_proportion=True)
    assert kept.scale_x / kept.scale_y == pytest.approx(start.scale_x / start.scale_y)
    assert kept.place_of(BOX, opposite) == pytest.approx(start.place_of(BOX, opposite))


@pytest.mark.parametrize("share", [(0.5, 0), (0.5, 1), (0, 0.5), (1, 0.5)])
@pytest.mark.parametrize("start", [Placement.of(BOX), ODD])
def test_shearing_pushes_a_side_along_itself(start, share):
    held, opposite = start.place_of(BOX, share), (1 - share[0], 1 - share[1])
    made = start.sheared_to(BOX, share, (held[0] + 6, held[1] + 4))
    assert made.place_of(BOX, opposite) == pytest.approx(start.place_of(BOX, opposite))
    moved = np.subtract(made.place_of(BOX, share), held)
    ends = ((0, share[1]), (1, share[1])) if share[0] == 0.5 else ((share[0], 0), (share[0], 1))
    side = np.subtract(start.place_of(BOX, ends[1]), start.place_of(BOX, ends[0]))
    assert np.hypot(*moved) > 1 and abs(moved[0] * side[1] - moved[1] * side[0]) < 1e-6
    assert (made.scale_x < 0) == (start.scale_x < 0)


def test_numbers_and_matrix_agree():
    matrix = ODD.matrix(BOX)
    for share in HANDLES:
        point = np.array([BOX.x + share[0] * BOX.width, BOX.y + share[1] * BOX.height, 1.0])
        assert matrix @ point == pytest.approx(ODD.place_of(BOX, share))
    assert ODD.mirrored(across=True).linear == pytest.approx(np.diag([-1, 1]) @ ODD.linear)
    assert ODD.mirrored(across=False).linear == pytest.approx(np.diag([1, -1]) @ ODD.linear)
    assert ODD.rotated(200).angle == pytest.approx(-130)


def test_whole_pixels_and_right_angles_lose_nothing(document):
    before, tiles = contents(document), named(document, "a").tiles
    put(document, "a", Placement.of(BOX).shifted(5, -7))
    assert named(document, "a").tiles is tiles and named(document, "a").bounds == Rect(15, 13, 40, 30)
    document.undo()
    assert contents(document) == before
    put(document, "a", Placement.of(BOX).rotated(90))
    assert named(document, "a").bounds == Rect(15, 15, 30, 40)
    pixels = named(document, "a").tiles.read(Rect(0, 0, 30, 40))
    assert np.array_equal(pixels, np.rot90(tiles.read(Rect(0, 0, 40, 30)), -1))


def test_undo_redo_and_files_have_the_transformed_layer(document, tmp_path):
    before = contents(document)
    put(document, "a", ODD)
    after = contents(document)
    assert document.undo_stack.next_undo.text == "Transform" and after != before
    document.undo()
    assert contents(document) == before
    document.redo()
    assert contents(document) == after
    save_project(document, tmp_path / "a.palimpsest")
    assert contents(load_project(tmp_path / "a.palimpsest")) == after


def test_what_is_selected_moves_and_the_selection_with_it(document):
    document.execute(Select(Selection(Tiles(1).filled(Rect(0, 0, 20, 40), (255,)))))
    before, seen = contents(document), flatten(document.layers, document.rect)
    lifted = put(document, "a", Placement.of(Rect(10, 20, 10, 20)).shifted(50, 10))
    assert lifted.bounds == Rect(10, 20, 10, 20)
    after = flatten(document.layers, document.rect)
    under = flatten([named(document, "below")], document.rect)
    assert np.array_equal(after[20:40, 10:20], under[20:40, 10:20])
    assert np.array_equal(after[30:50, 60:70], seen[20:40, 10:20])
    assert document.selection.bounds == Rect(50, 10, 20, 40)
    document.undo()
    assert contents(document) == before and document.selection.bounds == Rect(0, 0, 20, 40)


def test_groups_and_masks_are_lifted_too(document):
    mask = MaskLayer(name="mask", tiles=random_tiles(5, 1, Rect(0, 0, 20, 20)))
    inner = RasterLayer(name="inner", tiles=opaque(3, Rect(0, 0, 10, 10)))
    document.execute(AddLayer(GroupLayer(name="group", children=(inner, mask))))
    put(document, "group", Placement.of(Rect(0, 0, 20, 20)).shifted(4, 4))
    assert named(document, "inner").bounds == Rect(4, 4, 10, 10) and named(document, "mask").x == 4
    document.execute(Select(Selection(Tiles(1).filled(Rect(0, 0, 8, 8), (255,)))))
    held = named(document, "mask").tiles.read(Rect(0, 0, 4, 4))
    put(document, "mask", Placement.of(Rect(4, 4, 4, 4)).shifted(60, 0))
    assert np.array_equal(document.edit_mask()[4:8, 64:68], held[..., 0])
    assert not document.edit_mask()[4:8, 4:8].any()


def test_a_soft_selection_leaves_what_it_does_not_take(document):
    document.execute(Select(Selection(Tiles(1).filled(Rect(0, 0, 100, 80), (102,)))))
    lifted = lift(document.snapshot(), named(document, "a").id)
    taken, left = (layer.tiles.read(Rect(0, 0, 40, 30))[..., 3] for layer in (lifted.layer, lifted.rest))
    assert (taken == 102).all() and (left == 153).all()


def test_the_layers_around_what_floats(document):
    lifted = lift(document.snapshot(), named(document, "below").id)
    below, above = around(lifted)
    assert below == () and [layer.name for layer in above] == ["a"]
    group = GroupLayer(
        name="g", children=(RasterLayer(name="x"), named(document, "a").copied(), RasterLayer(name="y"))
    )
    document.execute(AddLayer(group))
    below, above = around(lift(document.snapshot(), group.children[1].id))
    assert [child.name for child in below[-1].children] == ["x"]
    assert [child.name for child in above[0].children] == ["y"]


def test_a_selection_becomes_a_layer(document):
    document.execute(Select(Selection(Tiles(1).filled(Rect(0, 0, 20, 80), (255,)))))
    seen = flatten(document.layers, document.rect)
    lifted = lift(document.snapshot(), named(document, "a").id)
    command, made = onto_new_layer(lifted, "cut", "Cut", cut=True)
    document.execute(command)
    assert [layer.name for layer in document.layers] == ["below", "a", "cut"]
    assert document.layers[made].bounds == Rect(10, 20, 10, 30)
    assert named(document, "a").bounds == Rect(20, 20, 30, 30)
    assert np.array_equal(flatten(document.layers, document.rect), seen)
    document.undo()
    document.execute(taken_out(lifted, "Cut"))
    assert [layer.name for layer in document.layers] == ["below", "a"]


def test_what_is_locked_or_empty_cannot_be_lifted(document):
    document.execute(AddLayer(RasterLayer(name="empty")))
    document.execute(AddLayer(RasterLayer(name="locked", tiles=opaque(4, Rect(0, 0, 9, 9)), locked=True)))
    for name in ("empty", "locked"):
        with pytest.raises(LayerError):
            lift(document.snapshot(), named(document, name).id)
    lifted = lift(document.snapshot(), named(document, "a").id)
    assert put_down(lifted, Placement.of(lifted.bounds), Filter.AUTOMATIC, "Transform", document.rect) is None
