"""The document: one undo stack, events, the Picture layer."""

import numpy as np
import pytest

from editor_core.base.errors import LayerError
from editor_core.base.limits import MAX_DEPTH
from editor_core.document.arrange import group
from editor_core.document.commands import (
    AcceptTurn,
    AddLayer,
    CompositeCommand,
    JumpToTurn,
    MoveLayer,
    PaintStroke,
    RemoveLayer,
    RemoveTurn,
    RenameTurn,
    SetLayerProperty,
    ShiftLayer,
    StarTurn,
)
from editor_core.document.document import Document
from editor_core.document.events import (
    CurrentTurnChanged,
    DirtyChanged,
    HistoryChanged,
    LayersChanged,
    PixelsChanged,
    SizeChanged,
    UndoChanged,
)
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, Layer, MaskLayer, PixelLayer, RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn


def turn(seed: int, parent: Turn | None = None, size: tuple[int, int] = (150, 200)) -> Turn:
    image = np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)
    return Turn(
        image=image, seed=seed, prompt=f"picture {seed}", parent=None if parent is None else parent.id
    )


def paint(document: Document, layer_id: str, rect: Rect, value: tuple[int, ...]) -> None:
    layer = document.layers.pixel_layer(layer_id)
    document.execute(PaintStroke(layer_id, layer.tiles, layer.tiles.filled(rect, value)))


@pytest.fixture
def first() -> Turn:
    return turn(1)


@pytest.fixture
def document(first: Turn) -> Document:
    return Document.new_from_turn(first)


def test_a_new_document_shows_its_turn_exactly(document: Document, first: Turn):
    assert np.array_equal(document.picture(), first.image)
    assert document.history.current is first
    assert [layer.name for layer in document.layers] == ["Picture"]
    assert document.dirty and document.undo_stack.next_undo is None


def test_an_accepted_turn_is_shown_and_undone(document: Document, first: Turn):
    second = turn(2, first)
    document.execute(AcceptTurn(second))
    assert np.array_equal(document.picture(), second.image) and document.history.current is second
    document.undo()
    assert np.array_equal(document.picture(), first.image) and len(document.history) == 1
    document.redo()
    assert np.array_equal(document.picture(), second.image) and document.history.current is second


def test_paint_on_the_picture_comes_back_after_a_jump_is_undone(document: Document, first: Turn):
    picture = document.picture_layer_id
    paint(document, picture, Rect(5, 5, 30, 30), (9, 8, 7, 255))
    painted = document.picture()
    second = turn(2, first)
    document.execute(AcceptTurn(second))
    document.execute(JumpToTurn(first.id))
    assert np.array_equal(document.picture(), first.image)
    document.undo()
    document.undo()
    assert np.array_equal(document.picture(), painted)
    document.undo()
    assert np.array_equal(document.picture(), first.image)


def test_showing_a_turn_holds_no_second_picture(document: Document, first: Turn):
    paint(document, document.picture_layer_id, Rect(5, 5, 3, 3), (9, 8, 7, 255))
    command = AcceptTurn(turn(2, first))
    document.execute(command)
    assert command.nbytes == 128 * 128 * 4


def test_a_turn_of_another_size_changes_the_canvas(document: Document, first: Turn):
    document.execute(AcceptTurn(turn(2, None, (64, 96))))
    assert (document.width, document.height) == (96, 64) and document.picture().shape == (64, 96, 3)
    document.undo()
    assert np.array_equal(document.picture(), first.image)


def test_a_removed_picture_layer_is_made_again_with_the_same_id(document: Document, first: Turn):
    picture = document.picture_layer_id
    document.execute(RemoveLayer(picture))
    assert document.picture_layer is None
    document.execute(AcceptTurn(turn(2, first)))
    paint(document, picture, Rect(0, 0, 9, 9), (1, 2, 3, 255))
    last = document.picture()
    for _ in range(3):
        document.undo()
    assert np.array_equal(document.picture(), first.image)
    for _ in range(3):
        document.redo()
    assert np.array_equal(document.picture(), last)


def test_deleting_the_current_turn_shows_its_parent(document: Document, first: Turn):
    second = turn(2, first)
    document.execute(AcceptTurn(second))
    document.execute(RemoveTurn(second.id))
    assert document.history.current is first and np.array_equal(document.picture(), first.image)
    document.undo()
    assert document.history.current is second and np.array_equal(document.picture(), second.image)


def test_a_step_counts_what_it_alone_keeps(document: Document, first: Turn):
    """Undo has a budget of bytes: nothing before a step was made, then the paint it covered and the turns it took."""
    paint(document, document.picture_layer_id, Rect(0, 0, 9, 9), (1, 2, 3, 255))
    second = turn(2, first)
    steps = AcceptTurn(second), JumpToTurn(first.id), RemoveTurn(second.id)
    assert [step.nbytes for step in steps] == [0, 0, 0]
    for step in steps:
        document.execute(step)
    accepted, jumped, removed = (step.nbytes for step in steps)
    assert accepted > 0 and jumped == 0 and removed == second.nbytes > 0


def test_deleting_the_last_turn_leaves_its_pixels(document: Document, first: Turn):
    document.execute(RemoveTurn(first.id))
    assert document.history.current is None and np.array_equal(document.picture(), first.image)
    document.execute(AcceptTurn(turn(2)))
    document.undo()
    assert document.history.current is None and np.array_equal(document.picture(), first.image)
    document.undo()
    assert document.history.current is first and np.array_equal(document.picture(), first.image)


def test_a_turn_is_renamed_and_starred_with_undo(document: Document, first: Turn):
    document.execute(RenameTurn(first.id, "dawn"))
    document.execute(StarTurn(first.id, True))
    noted = document.history[first.id]
    assert (noted.name, noted.starred) == ("dawn", True) and noted.image is first.image
    document.undo()
    document.undo()
    assert (document.history[first.id].name, document.history[first.id].starred) == ("", False)


def test_layers_are_added_moved_and_removed(document: Document):
    below, group = RasterLayer(name="below"), GroupLayer(name="group")
    document.execute(AddLayer(below, 0))
    document.execute(AddLayer(group))
    document.execute(MoveLayer(below.id, 0, group.id))
    assert document.layers.place_of(below.id) == (group.id, 0)
    document.execute(RemoveLayer(group.id))
    assert below.id not in document.layers
    for _ in range(4):
        document.undo()
    assert [layer.name for layer in document.layers] == ["Picture"]
    for _ in range(3):
        document.redo()
    assert document.layers.place_of(below.id) == (group.id, 0)


def test_a_group_cannot_be_moved_into_itself(document: Document):
    inner = GroupLayer(name="inner")
    outer = GroupLayer(name="outer", children=(inner,))
    document.execute(AddLayer(outer))
    before = document.layers
    with pytest.raises(LayerError):
        document.execute(MoveLayer(outer.id, 0, inner.id))
    assert document.layers is before and len(document.undo_stack) == 1


def test_locked_layers_are_left_alone(document: Document):
    layer = RasterLayer(name="Sky", locked=True)
    document.execute(AddLayer(layer))
    with pytest.raises(LayerError, match="“Sky” is locked"):
        paint(document, layer.id, Rect(0, 0, 4, 4), (1, 1, 1, 255))
    with pytest.raises(LayerError):
        document.execute(RemoveLayer(layer.id))
    with pytest.raises(LayerError):
        document.execute(SetLayerProperty(layer.id, x=4))
    document.execute(SetLayerProperty(layer.id, locked=False))
    document.execute(AddLayer(GroupLayer(name="Heaven", locked=True)))
    document.execute(MoveLayer(layer.id, 0, document.layers.layers[-1].id))
    with pytest.raises(LayerError, match="“Heaven” is locked"):
        paint(document, layer.id, Rect(0, 0, 4, 4), (1, 1, 1, 255))
    document.undo()
    paint(document, layer.id, Rect(0, 0, 4, 4), (1, 1, 1, 255))


def test_a_dragged_property_is_one_step_until_the_drag_ends(document: Document):
    picture = document.picture_layer_id
    for opacity in (0.9, 0.5, 0.2):
        document.execute(SetLayerProperty(picture, opacity=opacity))
    document.end_merging()
    document.execute(SetLayerProperty(picture, opacity=0.7))
    assert len(document.undo_stack) == 2
    document.undo()
    assert document.layers[picture].opacity == 0.2
    document.undo()
    assert document.layers[picture].opacity == 1.0


def test_a_shifted_group_takes_what_it_holds_along(document: Document):
    inner = RasterLayer(name="inner", x=3)
    group = GroupLayer(
        name="group", children=(inner, GroupLayer(name="deep", children=(RasterLayer(name="x"),)))
    )
    document.execute(AddLayer(group))
    for step in (2, 5):
        document.execute(ShiftLayer(group.id, step, -step))
    moved = [layer for layer in document.layers[group.id].children if isinstance(layer, RasterLayer)]
    assert [(layer.x, layer.y) for layer in moved] == [(10, -7)] and len(document.undo_stack) == 2
    document.undo()
    assert (document.layers[inner.id].x, document.layers[inner.id].y) == (3, 0)


@pytest.mark.parametrize("values", [{"opacity": 1.5}, {"blend_mode": "magic"}, {"id": "x"}, {"size": 3}])
def test_impossible_properties_are_refused(document: Document, values: dict[str, object]):
    with pytest.raises(ValueError, match=r"opacity|blend mode|no property"):
        document.execute(SetLayerProperty(document.picture_layer_id, **values))
    assert document.undo_stack.next_undo is None


def test_a_composite_is_one_step_and_takes_itself_back_when_a_part_fails(document: Document):
    layer = RasterLayer(name="new")
    document.execute(CompositeCommand("Two", [AddLayer(layer), SetLayerProperty(layer.id, name="named")]))
    assert document.layers[layer.id].name == "named"
    document.undo()
    assert layer.id not in document.layers
    locked = RasterLayer(name="locked", locked=True)
    with pytest.raises(LayerError):
        document.execute(CompositeCommand("Two", [AddLayer(locked), RemoveLayer(locked.id)]))
    with pytest.raises(KeyError):
        document.execute(CompositeCommand("Two", [AddLayer(locked), JumpToTurn("no such turn")]))
    assert locked.id not in document.layers and document.undo_stack.next_undo is None


def test_the_edit_mask_is_the_union_of_visible_masks(document: Document):
    assert document.edit_mask() is None
    left = MaskLayer(name="left", tiles=Tiles(1).filled(Rect(0, 0, 10, 10), (100,)))
    right = MaskLayer(name="right", tiles=Tiles(1).filled(Rect(0, 0, 10, 10), (255,)), x=5, visible=False)
    document.execute(AddLayer(left))
    document.execute(AddLayer(GroupLayer(name="masks", children=(right,))))
    mask = document.edit_mask()
    assert mask is not None and mask.shape == (150, 200) and mask.max() == 100
    document.execute(SetLayerProperty(right.id, visible=True))
    mask = document.edit_mask()
    assert mask is not None and (mask[5, 0], mask[5, 7], mask[5, 14], mask[5, 15]) == (100, 255, 255, 0)
    assert np.array_equal(mask, document.snapshot().edit_mask())


def test_dirty_follows_the_saved_state(document: Document):
    document.mark_saved()
    picture = document.picture_layer_id
    document.execute(SetLayerProperty(picture, opacity=0.5))
    assert document.dirty
    document.undo()
    assert not document.dirty
    document.execute(SetLayerProperty(picture, opacity=0.4))
    document.undo()
    document.redo()
    document.mark_saved()
    document.execute(SetLayerProperty(picture, opacity=0.3))
    document.undo()
    assert not document.dirty and document.layers[picture].opacity == 0.4
    document.undo()
    document.execute(SetLayerProperty(picture, name="other way"))
    assert document.dirty
    document.undo()
    assert document.dirty, "the saved state can no longer be reached"


def test_a_snapshot_does_not_change_with_the_document(document: Document, first: Turn):
    snapshot = document.snapshot()
    paint(document, document.picture_layer_id, Rect(0, 0, 50, 50), (0, 0, 0, 255))
    document.execute(AcceptTurn(turn(2, first)))
    document.settings["tool"] = "brush"
    assert np.array_equal(snapshot.picture(), first.image)
    assert snapshot.turns == (first,) and snapshot.current_id == first.id and not snapshot.settings


def test_a_document_from_a_snapshot_goes_on_where_it_was(document: Document, first: Turn):
    document.execute(AcceptTurn(turn(2, first)))
    paint(document, document.picture_layer_id, Rect(0, 0, 50, 50), (0, 0, 0, 255))
    copy = Document.from_snapshot(document.snapshot())
    assert not copy.dirty and copy.undo_stack.next_undo is None
    assert np.array_equal(copy.picture(), document.picture())
    command = JumpToTurn(first.id)
    copy.execute(command)
    assert command.nbytes == 128 * 128 * 4, "only the painted tile is kept"
    copy.undo()
    assert np.array_equal(copy.picture(), document.picture())


def test_events_come_after_the_change_and_only_once(document: Document, first: Turn):
    document.mark_saved()
    seen: list[object] = []
    unsubscribe = document.subscribe(seen.append)
    second = turn(2, first, (64, 64))
    document.subscribe(lambda event: seen.append(len(document.history)))
    document.execute(AcceptTurn(second))
    assert [event for event in seen if not isinstance(event, int)] == [
        HistoryChanged(),
        SizeChanged(64, 64),
        LayersChanged(Rect(0, 0, 64, 64)),
        CurrentTurnChanged(second.id),
        UndoChanged("New turn", None),
        DirtyChanged(True),
    ]
    assert {event for event in seen if isinstance(event, int)} == {2}
    unsubscribe()
    unsubscribe()
    seen.clear()
    document.undo()
    assert all(isinstance(event, int) for event in seen)


def test_a_stroke_tells_which_pixels_changed(document: Document):
    layer = RasterLayer(name="ink", x=10, y=20)
    document.execute(AddLayer(layer))
    seen: list[object] = []
    document.subscribe(seen.append)
    paint(document, layer.id, Rect(0, 0, 4, 4), (1, 1, 1, 255))
    assert PixelsChanged(layer.id, Rect(10, 20, 128, 128)) in seen


def test_undo_forgets_beyond_the_budget_from_the_second_step_on(document: Document):
    tile = 128 * 128 * 4
    document.undo_stack.budget.nbytes = 3 * tile
    layer = RasterLayer(name="ink")
    document.execute(AddLayer(layer))
    for step in range(20):
        paint(document, layer.id, Rect(step, 0, 1, 1), (1, 1, 1, 255))
        assert document.undo_stack.nbytes <= 3 * tile
    assert len(document.undo_stack) == 3
    while document.undo_stack.next_undo is not None:
        document.undo()
    inked = document.layers[layer.id]
    assert isinstance(inked, PixelLayer) and inked.bounds == Rect(0, 0, 17, 1)
    document.undo_stack.budget.nbytes = 0
    paint(document, layer.id, Rect(0, 0, 1, 1), (9, 9, 9, 255))
    assert len(document.undo_stack) == 1, "the last step can always be taken back"


def test_no_step_makes_what_could_not_be_opened_again(document: Document):
    inner: Layer = RasterLayer(name="ink")
    for _ in range(MAX_DEPTH - 1):
        inner = GroupLayer(name="group", children=(inner,))
    document.execute(AddLayer(inner))
    innermost = next(
        layer for layer in document.layers.walk() if isinstance(layer, RasterLayer) and layer.name == "ink"
    )
    with pytest.raises(LayerError, match="nested more than"):
        document.execute(group(document, [innermost.id], "one more")[0])
    with pytest.raises(LayerError, match="that far"):
        document.execute(ShiftLayer(innermost.id, 2**24 + 1, 0))
    with pytest.raises(LayerError, match="that far"):
        document.execute(SetLayerProperty(innermost.id, y=-(2**25)))
    with pytest.raises(LayerError, match="too long"):
        document.execute(SetLayerProperty(innermost.id, name="n" * 5000))


def test_only_so_many_layers(document: Document, monkeypatch):
    monkeypatch.setattr("editor_core.document.layers.MAX_LAYERS", len(list(document.layers.walk())))
    with pytest.raises(LayerError, match="at most"):
        document.execute(AddLayer(RasterLayer(name="ink")))


def test_undo_without_steps_does_nothing(document: Document):
    before = document.picture()
    document.undo()
    document.redo()
    assert np.array_equal(document.picture(), before)


def test_any_step_takes_a_stroke_back_that_is_still_drawn(document: Document):
    document.execute(AddLayer(RasterLayer(name="ink")))
    taken_back: list[str] = []

    def names_after(step):
        document.set_live(lambda: taken_back.append("stroke"))
        step()
        assert taken_back == ["stroke"]
        taken_back.clear()
        return [layer.name for layer in document.layers]

    assert names_after(document.undo) == ["Picture", "ink"], "of a stroke, that alone is undone"
    document.undo()
    assert names_after(document.redo) == ["Picture", "ink"]
    assert names_after(lambda: document.execute(AddLayer(RasterLayer(name="more")))) == [
        "Picture",
        "ink",
        "more",
    ]
    document.set_live(lambda: taken_back.append("stroke"))
    document.set_live(None)
    document.undo()
    assert not taken_back


def test_a_step_that_is_called_like_the_one_before_is_told_too():
    document = Document(20, 20)
    heard: list[object] = []
    document.subscribe(heard.append)
    for name in "ab":
        document.execute(AddLayer(RasterLayer(name=name)))
    document.undo()
    document.redo()
    assert len([event for event in heard if isinstance(event, UndoChanged)]) == 4
