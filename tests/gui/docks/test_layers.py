"""The layers' panel in both directions: order by dragging, groups, blend modes, locks, where results land."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRect, Qt

from editor_core.document.blending import LAYER_MODES
from editor_core.document.commands import AcceptTurn, AddLayer, JumpToTurn, PaintStroke, SetLayerProperty
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, MaskLayer, RasterLayer, RegionLayer, SketchLayer
from editor_core.document.tiles import Tiles
from gui.docks.layer_delegate import _picture, note_of
from gui.overlays.regions import COLOURS, _Tinted
from gui.texts import layer_names
from support.documents import make_turn
from support.pointing import drag


def names(window):
    model = window.layers.model
    return [model.index(row).data() for row in range(model.rowCount())]


def colour(name, rgba):
    return RasterLayer(name=name, tiles=Tiles.from_array(np.full((64, 64, 4), rgba, np.uint8)))


@pytest.fixture
def layered(picture):
    """Listed: b, a, Picture."""
    for layer in (colour("a", (200, 40, 40, 255)), colour("b", (60, 120, 250, 255))):
        picture.document.execute(AddLayer(layer))
    return picture


def choose(window, *chosen):
    model, selection = window.layers.model, window.layers.list.selectionModel()
    flags = QItemSelectionModel.SelectionFlag
    selection.clear()
    for name in chosen:
        row = names(window).index(name)
        selection.setCurrentIndex(model.index(row), flags.Select)


def drop(window, name, row=-1, onto=None):
    """Drop the layer called ``name`` in the gap above ``row``, or on a row."""
    model = window.layers.model
    data = model.mimeData([model.index(names(window).index(name))])
    parent = QModelIndex() if onto is None else model.index(names(window).index(onto))
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, parent)


@pytest.mark.parametrize(
    ("dragged", "row", "listed"),
    [
        ("Picture", 0, ["Picture", "b", "a"]),
        ("b", 3, ["a", "Picture", "b"]),
        ("b", 2, ["a", "b", "Picture"]),
        ("b", 1, ["b", "a", "Picture"]),
        ("b", 0, ["b", "a", "Picture"]),
    ],
)
def test_dragging_orders_layers(layered, dragged, row, listed):
    steps = len(layered.document.document.undo_stack)
    drop(layered, dragged, row)
    assert names(layered) == listed
    moved = listed != ["b", "a", "Picture"]
    assert len(layered.document.document.undo_stack) == steps + moved
    if moved:
        layered.document.undo()
        assert names(layered) == ["b", "a", "Picture"]


def test_dragging_into_and_out_of_a_group(layered):
    layered.document.execute(AddLayer(GroupLayer(name="G")))
    drop(layered, "a", onto="G")
    drop(layered, "b", onto="G")
    assert names(layered) == ["G", "b", "a", "Picture"]
    group = layered.document.document.layers.layers[-1]
    assert [layer.name for layer in group.children] == ["a", "b"]
    drop(layered, "b", onto="a")
    assert names(layered) == ["G", "a", "b", "Picture"]
    drop(layered, "b", row=0)
    assert names(layered) == ["b", "G", "a", "Picture"]
    assert [layer.name for layer in layered.document.document.layers] == ["Picture", "G", "b"]


def test_a_group_is_not_dropped_into_itself(layered):
    choose(layered, "a")
    layered.actions_table["group_layers"].trigger()
    drop(layered, "Group", onto="a")
    assert layered.messages.sentence == "A group cannot be moved into itself."


def test_chosen_layers_are_grouped_folded_and_ungrouped(layered, qtbot):
    choose(layered, "a", "b")
    layered.actions_table["group_layers"].trigger()
    assert names(layered) == ["Group", "b", "a", "Picture"] and layered.layers.layer.name == "Group"
    view = layered.layers.list
    row = view.visualRect(layered.layers.model.index(0))
    qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.left() + 44, row.center().y())
    )
    assert names(layered) == ["Group", "Picture"]
    layered.actions_table["ungroup_layers"].trigger()
    assert names(layered) == ["b", "a", "Picture"]


def test_every_blend_mode_can_be_chosen_and_is_seen(layered, qtbot):
    choose(layered, "b")
    box, seen = layered.layers.mode, set()
    assert {box.itemData(row) for row in range(box.count())} - {None} == set(LAYER_MODES)
    for mode in LAYER_MODES:
        box.activated.emit(box.findData(mode))
        assert layered.layers.layer.blend_mode == mode
        seen.add(layered.canvas.source.read(0, 0, 1, 1)[0, 0].tobytes())
    assert len(seen) >= 13  # a few modes agree on these two colours
    layered.document.undo()
    assert box.currentData() == layered.layers.layer.blend_mode


def test_locks_both_ways(layered):
    choose(layered, "b")
    actions = layered.actions_table
    actions["lock_layer"].trigger()
    actions["lock_transparency"].trigger()
    assert layered.layers.layer.locked and layered.layers.layer.lock_transparency
    choose(layered, "a")
    assert not actions["lock_layer"].isChecked() and not actions["lock_transparency"].isChecked()
    layered.document.execute(SetLayerProperty(layered.layers.layer.id, locked=True))
    assert actions["lock_layer"].isChecked()
    actions["merge_down"].trigger()
    assert layered.messages.sentence == "The layer “a” is locked. Unlock it first."


def test_merge_and_duplicate(layered):
    choose(layered, "b")
    layered.actions_table["duplicate_layer"].trigger()
    assert names(layered) == ["b copy", "b", "a", "Picture"] and layered.layers.layer.name == "b copy"
    for expected in (["b", "a", "Picture"], ["a", "Picture"], ["Picture"]):
        layered.actions_table["merge_down"].trigger()
        assert names(layered) == expected and layered.layers.layer.name == expected[0]
    assert layered.document.document.picture()[5, 5].tolist() == [60, 120, 250]


@pytest.mark.parametrize(("action", "kind"), [("new_mask", MaskLayer), ("new_sketch", SketchLayer)])
def test_layers_of_other_kinds(picture, action, kind):
    picture.actions_table[action].trigger()
    layer = picture.layers.layer
    assert isinstance(layer, kind) and layer.mark
    assert not picture.layers.mode.isEnabled()
    assert not picture.actions_table["merge_down"].isEnabled()


def test_what_is_unusual_is_said():
    assert note_of(RasterLayer(name="a")) == ""
    assert note_of(RasterLayer(name="a", blend_mode="soft-light", opacity=0.6)) == "Soft light · 60 %"


def test_f2_renames_in_place(layered, qtbot):
    choose(layered, "b")
    layered.layers.list.setFocus()
    layered.actions_table["rename"].trigger()
    editor = layered.layers.list.findChild(type(layered.prompt.form.avoid))
    editor.setText("glow")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(layered)[0] == "glow")


def reword(window, qtbot, words="a cat on snow"):
    window.prompt.use_words(words)
    window.prompt.run()
    qtbot.waitUntil(lambda: window.editing.candidate is not None)
    window.actions_table["apply"].trigger()


def test_what_is_painted_after_a_result_is_seen(picture, qtbot):
    """The layer painted on before lies under the result now."""
    picture.actions_table["brush_tool"].trigger()
    picture.toolbox.colours.set(foreground=(250, 20, 30))
    picture.toolbox.tool.settings.set(size=6, hardness=1.0)
    drag(qtbot, picture, (40, 50), (50, 50))
    reword(picture, qtbot)
    drag(qtbot, picture, (20, 24), (28, 24))  # inside the region of the edit
    document = picture.document.document
    assert document.picture()[24, 24].tolist() == [250, 20, 30]
    assert names(picture)[:2] == ["Paint", "fox → cat"]
    drag(qtbot, picture, (20, 28), (28, 28))
    assert len(document.layers) == 4  # on the same layer again


def test_a_result_lands_on_top_with_its_region_only(layered, qtbot):
    reword(layered, qtbot)
    top = layered.document.document.layers.layers[-1]
    assert top.name == "fox → cat" and top.turn == layered.document.turn.id
    assert top.tiles.bounds() == (16, 16, 16, 16)
    layered.document.undo()
    assert names(layered) == ["b", "a", "Picture"]


def test_a_result_lands_where_the_artist_wants(layered, qtbot):
    actions = layered.actions_table
    assert actions["place_replace"].isChecked()
    choose(layered, "a")
    actions["place_above"].trigger()
    reword(layered, qtbot)
    assert names(layered) == ["b", "fox → cat", "a", "Picture"]
    actions["place_replace"].trigger()
    assert layered.state.placement == "replace"
    reword(layered, qtbot, "a cat on sand")
    assert names(layered)[0] == "snow → sand"  # there is paint over the picture


def test_a_result_in_the_picture_itself(picture, qtbot):
    reword(picture, qtbot)
    assert names(picture) == ["Picture"]


def test_a_result_on_trial_is_not_hidden_by_earlier_ones(picture, qtbot):
    reword(picture, qtbot)
    picture.prompt.use_words("an owl on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    image = picture.editing.candidate.result.image
    assert np.array_equal(picture.canvas.source.read(0, 0, 64, 64)[..., :3], image)


def test_the_layer_of_the_shown_turn_is_chosen(picture, qtbot):
    picture.actions_table["place_top"].trigger()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["apply"].trigger()
    turn = picture.document.turn
    assert picture.layers.layer.turn == turn.id
    picture.actions_table["undo"].trigger()
    assert picture.layers.layer.id == picture.document.document.picture_layer_id
    picture.actions_table["redo"].trigger()
    assert picture.layers.layer.turn == turn.id


def test_a_layer_of_the_artists_own_stays_chosen(layered, qtbot):
    choose(layered, "a")
    layered.prompt.use_words("a cat on snow")
    layered.prompt.run()
    qtbot.waitUntil(lambda: layered.editing.candidate is not None)
    layered.actions_table["apply"].trigger()
    assert layered.layers.layer.name == "a"


@pytest.mark.parametrize("tool", ["brush_tool", "fill_tool", "gradient_tool", "shape_rectangle_tool"])
def test_the_layer_that_was_painted_on_is_chosen(picture, qtbot, tool):
    picture.actions_table[tool].trigger()
    drag(qtbot, picture, (20, 20), (40, 20))
    assert picture.layers.layer.name == "Paint"


def test_a_region_is_painted_seen_and_used_as_a_mask(picture, qtbot):
    picture.actions_table["new_region"].trigger()
    region = picture.layers.layer
    assert isinstance(region, RegionLayer) and region.name == "Region"
    picture.actions_table["mask_tool"].trigger()
    picture.toolbox.tool.settings.set(size=20, hardness=1.0)
    drag(qtbot, picture, (20, 20), (40, 20))
    document = picture.document.document
    assert document.edit_mask() is None  # a region alone restricts nothing
    tinted = _Tinted(document).read(0, 0, 64, 64)
    assert tinted[20, 30].tolist() == [*COLOURS[0], 255] and tinted[60, 60, 3] == 0
    picture.actions_table["mask_from_region"].trigger()
    assert document.edit_mask()[20, 30] == 255 and document.edit_mask()[60, 60] == 0
    picture.actions_table["undo"].trigger()
    assert document.edit_mask() is None


def test_a_mask_can_be_made_of_regions_only(layered):
    assert not layered.actions_table["mask_from_region"].isEnabled()
    layered.actions_table["new_region"].trigger()
    assert layered.actions_table["mask_from_region"].isEnabled()


@pytest.fixture
def german_picture(monkeypatch):
    """The Picture layer's name is translated."""
    language = SimpleNamespace(translate=lambda _, text: {"Picture": "Bild"}.get(text, text))
    monkeypatch.setattr(layer_names, "QCoreApplication", language)


def test_the_picture_layer_is_named_in_the_language_of_the_window(picture, german_picture):
    model = picture.layers.model
    model._reset()
    index = model.index(0)
    assert index.data() == "Bild" and picture.document.document.picture_layer.name == "Picture"
    assert not model.setData(index, "Bild")
    assert model.setData(index, "Mine") and model.index(0).data() == "Mine"


def test_what_is_made_of_the_picture_layer_is_named_after_it_in_that_language(picture, german_picture):
    picture.layers.add_mask()
    assert names(picture) == ["Bild", "Mask of Bild", "Bild"]
    picture.layers.choose(picture.document.document.picture_layer_id)
    picture.layers.duplicate()
    assert "Bild copy" in names(picture)


def test_masks_are_pictured_white_on_black_with_an_edge(picture):
    """What a layer's mask hides is black, as in any other mask; white ones are seen on a light ground."""
    picture.layers.add_mask()
    mask = picture.layers.layer
    half = mask.tiles.filled(Rect(0, 0, 32, 64), (0, 0, 0, 0))
    picture.document.execute(PaintStroke(mask.id, mask.tiles, half))
    row = picture.layers.list.visualRect(picture.layers.list.currentIndex())
    image = picture.layers.list.viewport().grab(row).toImage()
    image = image.scaled(row.size())  # of a screen with more pixels
    place = _picture(QRect(0, 0, row.width(), row.height()), depth=1)
    dark, light, edge = (
        image.pixelColor(place.left() + x, place.center().y()).lightness() for x in (5, place.width() - 5, 0)
    )
    assert dark == 0 and light == 255 and 0 < edge < 200


def test_a_layer_is_shown_on_every_turn_if_that_is_wanted(picture, qtbot):
    action, first = picture.actions_table["on_every_turn"], picture.document.turn
    choose(picture, "Picture")
    assert not action.isEnabled()  # it is the turns' own
    picture.document.execute(AddLayer(RasterLayer(name="frame")))
    choose(picture, "frame")
    assert action.isEnabled() and not action.isChecked()
    action.trigger()
    assert action.isChecked()
    picture.document.execute(AcceptTurn(make_turn(4, size=(64, 64))))
    assert names(picture) == ["frame", "Picture"]
    choose(picture, "frame")
    action.trigger()
    assert not action.isChecked()
    picture.document.execute(JumpToTurn(first.id))
    assert names(picture) == ["Picture"]


@pytest.mark.parametrize("back", ["redo", "undo"])
def test_a_layer_that_comes_back_is_chosen_as_it_was(layered, back):
    choose(layered, "a")
    if back == "redo":
        layered.layers.add()
        gone = layered.layers.layer.name
        layered.document.undo()
    else:
        gone = "a"
        layered.layers.remove()
    assert gone not in names(layered)
    choose(layered, "Picture")
    getattr(layered.document, back)()
    assert layered.layers.layer.name == gone
    choose(layered, "b")
    layered.layers.move_layer(-1)
    assert layered.layers.layer.name == "b", "only once"
