"""Regions: their words are typed in the layer dock, and an edit paints them there and nowhere else."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor_core.document.commands import AddLayer
from editor_core.document.layers import RegionLayer
from editor_core.document.tiles import Tiles
from gui.docks.layer_delegate import note_of as note_of_layer
from gui.docks.turn_delegate import note_of

DOOR = np.zeros((64, 64), np.uint8)
DOOR[10:30, 40:60] = 255


@pytest.fixture
def region(picture):
    """The window with a region that is chosen."""
    layer = RegionLayer(name="Door", tiles=Tiles.from_array(DOOR))
    picture.document.execute(AddLayer(layer))
    picture.layers.choose(layer.id)
    return layer.id


def words_of(window, region):
    return window.document.document.layers[region].prompt


def test_the_words_are_typed_and_undone_with_everything_else(picture, region, qtbot):
    field = picture.layers.words.field
    steps = len(picture.document.document.undo_stack)
    field.setFocus()
    qtbot.keyClicks(field, "a red door")
    assert (
        words_of(picture, region) == "a red door" and len(picture.document.document.undo_stack) == steps + 1
    )
    assert picture.actions_table["undo"].text() == "&Undo · Change region prompt"
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert words_of(picture, region) == field.text() == ""
    picture.document.redo()
    assert field.text() == "a red door"
    assert note_of_layer(picture.document.document.layers[region]) == "“a red door”"


def test_only_a_region_has_words(picture, region):
    assert picture.layers.words.isVisibleTo(picture.layers)
    picture.layers.choose(picture.document.document.picture_layer_id)
    assert not picture.layers.words.isVisibleTo(picture.layers)


def test_an_edit_paints_the_words_in_the_region(picture, session, region, qtbot):
    picture.layers.words.field.setFocus()
    qtbot.keyClicks(picture.layers.words.field, "a red door")
    prompt = picture.prompt
    assert prompt.run_button.text() == "Repaint" and prompt.run_button.isEnabled()
    assert "a red door" in prompt.line.text() and "“Door”" in prompt.line.text()
    prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    request = session.requests[-1]
    assert request.method == "instdiffedit" and request.parameters["phrase"] == "a red door"
    assert request.prompt == "a fox on snow, a red door" and np.array_equal(request.mask, DOOR)
    picture.actions_table["apply"].trigger()
    turn = picture.document.turn
    assert turn.prompt == "a fox on snow, a red door" and turn.log["region_name"] == "Door"
    assert "“Door”" in note_of(turn, None)
    prompt.run()  # once more
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    again = session.requests[-1]
    assert again.prompt == turn.prompt and again.parameters["phrase"] == "a red door"


def test_typed_words_go_before_those_of_the_region(picture, session, region, qtbot):
    qtbot.keyClicks(picture.layers.words.field, "a red door")
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    request = session.requests[-1]
    assert request.prompt == "a cat on snow" and request.parameters["phrase"] == "a cat"
    assert np.array_equal(request.mask, DOOR)


def test_a_region_that_is_not_chosen_does_nothing(picture, region, qtbot):
    qtbot.keyClicks(picture.layers.words.field, "a red door")
    picture.layers.choose(picture.document.document.picture_layer_id)
    assert not picture.prompt.run_button.isEnabled() and "Nothing would change" in picture.prompt.line.text()


def test_an_empty_region_is_no_place(picture, qtbot):
    layer = RegionLayer(name="Nowhere", prompt="a red door")
    picture.document.execute(AddLayer(layer))
    picture.layers.choose(layer.id)
    assert not picture.prompt.run_button.isEnabled()
