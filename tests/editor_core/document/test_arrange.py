"""Duplicate, merge, group, and where results land: what is seen stays the same, and undo gives everything back."""

import numpy as np
import pytest

from editor_core.base.errors import LayerError
from editor_core.document.arrange import Drop, duplicate, group, merge_down, merge_group, move, ungroup
from editor_core.document.blending import BLEND_MODES
from editor_core.document.commands import (
    AcceptTurn,
    AddLayer,
    JumpToTurn,
    PaintStroke,
    RemoveLayer,
    RemoveTurn,
    SetLayerProperty,
)
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import AdjustmentLayer, GroupLayer, LayerStack, MaskLayer, RasterLayer
from editor_core.document.result_placement import ResultPlacement, accept
from editor_core.document.tiles import Tiles
from support.documents import contents, full_document, make_turn, random_tiles


@pytest.fixture
def document():
    return Document.new_from_turn(make_turn(1))


PATCH = Rect(-9, 12, 70, 40)


def paint_layer(seed, rect=PATCH, **values):
    return RasterLayer(name=f"paint {seed}", tiles=random_tiles(seed, 4, rect), **values)


def seen(document):
    return flatten(document.layers, document.rect)


def changed_and_back(document, command):
    """Executes, undoes and redoes; returns what is seen before and after."""
    before, pixels = contents(document), seen(document)
    document.execute(command)
    after = contents(document)
    document.undo()
    assert contents(document) == before
    document.redo()
    assert contents(document) == after
    return pixels, seen(document)


def test_a_copy_lies_above_and_has_ids_of_its_own(document):
    inner = paint_layer(2)
    made = GroupLayer(name="g", children=(inner, paint_layer(3)), locked=True)
    document.execute(AddLayer(made))
    command, copy_id = duplicate(document, made.id, "g copy")
    changed_and_back(document, command)
    copy = document.layers[copy_id]
    assert document.layers.layers[-1] is copy and copy.name == "g copy" and not copy.locked
    assert not {layer.id for layer in LayerStack((made,)).walk()} & {
        layer.id for layer in LayerStack((copy,)).walk()
    }
    assert copy.children[0].tiles is inner.tiles


@pytest.mark.parametrize("mode", sorted(BLEND_MODES))
def test_merging_down_changes_nothing_that_is_seen(document, mode):
    document.execute(AddLayer(paint_layer(2, x=5, opacity=0.7, blend_mode=mode)))
    upper = document.layers.layers[-1]
    before, after = changed_and_back(document, merge_down(document, upper.id))
    assert len(document.layers) == 1 and document.picture_layer is not None
    assert np.array_equal(before, after)


def test_merging_down_keeps_the_lower_layers_mode(document):
    document.execute(AddLayer(paint_layer(2, blend_mode="multiply")))
    document.execute(AddLayer(paint_layer(3, Rect(0, 0, 30, 30))))
    document.execute(merge_down(document, document.layers.layers[-1].id))
    assert (
        document.layers.layers[-1].blend_mode == "multiply" and document.layers.layers[-1].name == "paint 2"
    )


@pytest.mark.parametrize("values", [{"locked": True}, {"visible": False}])
def test_what_is_locked_or_hidden_is_not_merged(document, values):
    document.execute(AddLayer(paint_layer(2, **values)))
    with pytest.raises(LayerError, match="paint 2"):
        merge_down(document, document.layers.layers[-1].id)


def test_only_paint_is_merged(document):
    document.execute(AddLayer(MaskLayer(name="mask")))
    for layer in document.layers:
        with pytest.raises(LayerError, match="paint layer below"):
            merge_down(document, layer.id)


def test_a_merged_group_looks_as_it_did(document):
    made = GroupLayer(
        name="g", opacity=0.6, blend_mode="screen", children=(paint_layer(2), paint_layer(3, x=4))
    )
    document.execute(AddLayer(made))
    before, after = changed_and_back(document, merge_group(document, made.id))
    assert isinstance(document.layers[made.id], RasterLayer)
    assert np.abs(before.astype(int) - after).max() <= 1  # the group's pixels were not rounded before


def test_grouping_keeps_order_and_place(document):
    layers = [paint_layer(n) for n in (2, 3, 4)]
    for layer in layers:
        document.execute(AddLayer(layer))
    command, made = group(document, {layers[0].id, layers[2].id}, "G")
    changed_and_back(document, command)
    assert [layer.name for layer in document.layers] == ["Picture", "paint 3", "G"]
    assert [layer.name for layer in document.layers[made].children] == ["paint 2", "paint 4"]
    document.execute(ungroup(document, made))
    assert [layer.name for layer in document.layers] == ["Picture", "paint 3", "paint 2", "paint 4"]


def test_a_group_and_what_it_holds_are_grouped_once():
    document = full_document()
    outer = next(layer for layer in document.layers if isinstance(layer, GroupLayer))
    ids = {layer.id for layer in LayerStack((outer,)).walk()}
    command, made = group(document, ids, "G")
    changed_and_back(document, command)
    assert document.layers[made].children[0].id == outer.id
    assert document.layers.place_of(outer.id)[0] == made


def test_nothing_chosen_is_not_grouped(document):
    with pytest.raises(LayerError, match="Select"):
        group(document, set(), "G")


# -- placement ----------------------------------------------------------------------------------------------------


def change_of(turn, seed, square=slice(20, 60)):
    """A turn that differs from ``turn`` inside a square only."""
    mask = np.zeros(turn.image.shape[:2], np.uint8)
    mask[square, square] = 255
    image = turn.image.copy()
    image[mask > 0] = np.random.default_rng(seed).integers(0, 256, (int((mask > 0).sum()), 3), np.uint8)
    return make_turn(seed, turn, image=image, mask=mask)


def shows(document, turn):
    return np.array_equal(document.picture(), turn.image)


@pytest.mark.parametrize("placement", list(ResultPlacement))
def test_wherever_a_result_lands_the_picture_is_the_turns(document, placement):
    first = document.history.current
    turn = change_of(first, 5)
    changed_and_back(document, accept(document, turn, placement, document.picture_layer_id, "fox → cat"))
    assert shows(document, turn) and document.history.current is turn
    assert len(document.layers) == (1 if placement is ResultPlacement.REPLACE else 2)
    document.undo()
    assert shows(document, first)


@pytest.mark.parametrize("placement", [ResultPlacement.REPLACE, ResultPlacement.TOP])
@pytest.mark.parametrize(
    "held_back", [Tiles(1), Tiles(1).filled(PATCH, 255)], ids=["everywhere", "in places"]
)
def test_what_a_result_was_made_of_is_not_adjusted_again(document, placement, held_back):
    document.execute(
        AddLayer(AdjustmentLayer(name="", adjustment="levels", numbers={"gamma": 3}, tiles=held_back))
    )
    turn = change_of(document.history.current, 5)
    changed_and_back(document, accept(document, turn, placement, name="fox", seen=document.layers))
    assert np.array_equal(document.picture()[turn.mask > 0], turn.image[turn.mask > 0])


@pytest.mark.parametrize("around", ["beside", "over its group", "in a group that lets it through"])
def test_above_the_chosen_layer_it_is_not_adjusted_again(document, around):
    chosen, newer = paint_layer(2), AdjustmentLayer(name="newer", adjustment="levels", numbers={"gamma": 2})
    levels = AdjustmentLayer(name="levels", adjustment="levels", numbers={"gamma": 3})
    below = GroupLayer(name="group", children=(chosen,)) if around == "over its group" else chosen
    open_group = GroupLayer(name="open", isolated=False, children=(levels,))
    for layer in (below, open_group if around.startswith("in") else levels, paint_layer(3)):
        document.execute(AddLayer(layer))
    then = document.layers
    document.execute(AddLayer(newer, 3))
    turn = change_of(document.history.current, 5)
    document.execute(accept(document, turn, ResultPlacement.ABOVE, chosen.id, "new", then))
    assert [layer.name for layer in document.layers][3:] == ["new", "newer", "paint 3"]
    document.undo()
    for layer in (levels, newer):
        document.execute(SetLayerProperty(layer.id, visible=False))
    document.execute(accept(document, turn, ResultPlacement.ABOVE, chosen.id, "new", document.layers))
    names = [layer.name for layer in document.layers.walk()]
    assert names[names.index(chosen.name) + 1] == "new", "what is hidden adjusts nothing"


def test_a_layer_above_the_chosen_one(document):
    below, above = paint_layer(2), paint_layer(3)
    for layer in (below, above):
        document.execute(AddLayer(layer))
    document.execute(
        accept(document, change_of(document.history.current, 5), ResultPlacement.ABOVE, below.id, "new")
    )
    assert [layer.name for layer in document.layers] == ["Picture", "paint 2", "new", "paint 3"]


def test_turns_of_other_branches_hide_their_layers(document):
    first = document.history.current
    cat, owl = change_of(first, 5), change_of(first, 6, slice(50, 90))
    document.execute(accept(document, cat, ResultPlacement.TOP))
    cat_at_night = change_of(cat, 7, slice(0, 30))
    document.execute(accept(document, cat_at_night, ResultPlacement.TOP))
    document.execute(JumpToTurn(first.id))
    assert shows(document, first)
    document.execute(accept(document, owl, ResultPlacement.TOP))
    assert shows(document, owl)
    document.execute(JumpToTurn(cat_at_night.id))
    assert shows(document, cat_at_night)
    assert [layer.visible for layer in document.layers] == [True, True, True]
    assert [layer.visible for layer in document.layers.whole] == [True, True, True, False]
    document.execute(JumpToTurn(cat.id))
    assert shows(document, cat)
    for turn in (cat_at_night, owl, first, cat_at_night):
        document.undo()
        assert shows(document, turn)


def test_a_turn_whose_layer_was_removed_is_shown_in_the_picture_layer(document):
    first = document.history.current
    cat = change_of(first, 5)
    document.execute(accept(document, cat, ResultPlacement.TOP))
    document.execute(RemoveLayer(document.layers.layers[-1].id))
    assert shows(document, first)
    document.execute(accept(document, change_of(cat, 7), ResultPlacement.REPLACE))
    document.undo()
    assert shows(document, first) and document.history.current is cat
    document.execute(JumpToTurn(first.id))
    document.execute(JumpToTurn(cat.id))
    assert shows(document, cat) and len(document.layers) == 1


def test_hidden_results_and_painting_come_back_with_undo(document):
    cat = change_of(document.history.current, 5)
    document.execute(accept(document, cat, ResultPlacement.TOP))
    layer = document.layers.layers[-1]
    document.execute(SetLayerProperty(layer.id, visible=False, locked=False))
    before = contents(document)
    document.execute(AcceptTurn(change_of(cat, 8)))
    document.execute(RemoveTurn(cat.id))
    document.undo()
    document.undo()
    assert contents(document) == before


def test_a_turn_that_follows_another_replaces_the_picture(document):
    first = document.history.current
    cat = change_of(first, 5)
    document.execute(accept(document, cat, ResultPlacement.TOP))
    document.execute(accept(document, change_of(first, 6), ResultPlacement.TOP))
    assert len(document.layers) == 1 and shows(document, document.history.current)


def test_a_new_picture_of_the_same_size_has_no_layer_of_its_own(document):
    document.execute(accept(document, make_turn(9), ResultPlacement.TOP))
    assert len(document.layers) == 1


def painted_on(document, layer_id, rect, value):
    layer = document.layers.pixel_layer(layer_id)
    document.execute(PaintStroke(layer_id, layer.tiles, layer.tiles.filled(rect, value)))


def test_paint_that_is_newer_than_the_question_stays_above_the_answer(document):
    first = document.history.current
    document.execute(AddLayer(paint_layer(2, Rect(0, 0, 30, 30))))
    asked_on = document.layers.layers[-1]
    seen_then = document.layers
    painted_on(document, asked_on.id, Rect(25, 25, 10, 10), (255, 0, 0, 255))
    document.execute(AddLayer(paint_layer(3, Rect(70, 70, 9, 9))))
    turn = change_of(first, 5)
    changed_and_back(document, accept(document, turn, ResultPlacement.TOP, name="fox", seen=seen_then))
    names = [layer.name for layer in document.layers]
    assert names[:3] == ["Picture", "paint 2", "fox"] and names[4:] == ["paint 3"] and len(names) == 5
    assert (document.picture()[25:35, 25:35] == (255, 0, 0)).all()


# -- dragging -----------------------------------------------------------------------------------------------------


def names_and_groups(document):
    layers = document.layers
    return [
        (layer.name, parent and layers[parent].name)
        for layer in layers.walk()
        for parent in [layers.place_of(layer.id)[0]]
    ]


@pytest.fixture
def stacked():
    """Bottom first: a, a group g with b and c in it, d."""
    document = Document(8, 8)
    a, b, c, d = (RasterLayer(name=name) for name in "abcd")
    for layer in (a, GroupLayer(name="g", children=(b, c)), d):
        document.execute(AddLayer(layer))
    return document, {layer.name: layer.id for layer in document.layers.walk()}


@pytest.mark.parametrize(
    ("dragged", "target", "drop", "expected"),
    [
        ("a", "d", Drop.ABOVE, "b-g c-g g d a"),
        ("a", "d", Drop.BELOW, "b-g c-g g a d"),
        ("d", "a", Drop.BELOW, "d a b-g c-g g"),
        ("d", "g", Drop.INSIDE, "a b-g c-g d-g g"),
        ("c", "b", Drop.BELOW, "a c-g b-g g d"),
        ("bc", "a", Drop.ABOVE, "a b c g d"),
        ("gc", "d", Drop.ABOVE, "a d b-g c-g g"),
    ],
)
def test_dragged_layers_keep_their_order_and_lie_where_they_were_dropped(
    stacked, dragged, target, drop, expected
):
    document, ids = stacked
    changed_and_back(document, move(document, {ids[name] for name in dragged}, ids[target], drop))
    found = [f"{name}-{group}" if group else name for name, group in names_and_groups(document)]
    assert " ".join(found) == expected


def test_a_drop_that_moves_nothing_is_no_step(stacked):
    document, ids = stacked
    assert move(document, {ids["a"]}, ids["a"], Drop.ABOVE) is None
    assert move(document, {ids["g"]}, ids["g"], Drop.INSIDE) is None
    assert move(document, {ids["a"]}, ids["g"], Drop.BELOW) is None


def test_a_group_does_not_go_into_itself(stacked):
    document, ids = stacked
    with pytest.raises(LayerError, match="into itself"):
        move(document, {ids["g"], ids["d"]}, ids["b"], Drop.ABOVE)
