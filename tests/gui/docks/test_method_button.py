"""The button that says how the picture will be edited."""

import numpy as np
import pytest

from editor_core.document.commands import AddLayer, JumpToTurn
from editor_core.document.layers import MaskLayer, SketchLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Edit


def mark(window, kind=MaskLayer, channels=()):
    pixels = np.full((64, 64, *channels), 255, np.uint8)
    window.document.execute(AddLayer(kind(name="m", tiles=Tiles.from_array(pixels))))


@pytest.mark.parametrize(
    ("words", "text"),
    [("a cat on snow", "Reword"), ("a red fox on snow", "Recolour")],
)
def test_words_propose(picture, words, text):
    picture.prompt.use_words(words)
    assert picture.prompt.run_button.text() == text
    assert "Suggested because" in picture.prompt.run_button.toolTip()


def test_a_mask_and_a_sketch_propose(picture):
    assert not picture.prompt.run_button.isEnabled()
    mark(picture)
    assert picture.prompt.run_button.text() == "Repaint" and picture.prompt.run_button.isEnabled()
    mark(picture, SketchLayer, (4,))
    assert picture.prompt.run_button.text() == "Redraw"
    picture.document.undo()
    picture.document.undo()
    assert picture.prompt.run_button.text() == "Reword" and not picture.prompt.run_button.isEnabled()


def test_the_artist_chooses_and_lets_the_window_propose_again(picture, session, qtbot):
    button = picture.prompt.methods
    button.menu.aboutToShow.emit()
    methods = {action.text(): action for action in button.menu.actions() if action.isCheckable()}
    assert set(methods) == {"Automatic (Reword)", "Reword", "Repaint", "Redraw", "Recolour"}
    assert "(InstDiffEdit)" in methods["Repaint"].toolTip()  # the paper is for those who ask
    methods["Repaint"].trigger()
    picture.prompt.use_words("a cat on snow")
    assert (
        picture.prompt.run_button.text() == "Repaint"
        and "Chosen by you" in picture.prompt.run_button.toolTip()
    )
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert session.requests[-1].method == "instdiffedit"
    assert picture.result_bar._text.text().startswith("fox → cat · Repaint")
    methods["Automatic (Reword)"].trigger()
    assert picture.prompt.run_button.text() == "Reword"


def test_variants_of_a_repainted_place(picture, session, qtbot):
    picture.prompt.form.variants.setValue(3)
    picture.prompt.methods.choose("instdiffedit")
    picture.prompt.use_words("a small cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.position[1] == 3)
    assert session.requests[-1].parameters == {"preset": "auto", "variants": 3, "phrase": "a small cat"}
    for position in (2, 3, 1):
        picture.actions_table["next_result"].trigger()
        assert picture.editing.position == (position, 3)


def test_variants_that_are_there_stay_offered_when_the_rest_is_cancelled(picture, session, qtbot):
    session.gate.clear()
    picture.prompt.form.variants.setValue(3)
    picture.prompt.methods.choose("instdiffedit")
    picture.prompt.use_words("a small cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.position[1] == 2)
    assert picture.editing.busy and picture.status.bar.isVisible()
    assert not picture.stage.preview.shown  # it is that of the next variant
    with qtbot.waitSignal(picture.facade.cancelled):
        picture.status.cancel.click()
    assert picture.editing.candidate is not None and picture.editing.position[1] == 2
    picture.actions_table["apply"].trigger()
    assert picture.document.turn.prompt == "a small cat on snow"
    assert (
        picture.editing.candidate is None and picture.editing.waiting == 1
    )  # what was applied is to be seen
    picture.result_bar._waiting[0].click()
    assert not picture.editing.waiting and not picture.result_bar.isVisible()
    picture.document.undo()
    assert picture.editing.candidate is not None


def test_the_preview_stays_with_the_turn_that_is_being_changed(picture, session, qtbot):
    first = picture.document.turn
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["apply"].trigger()
    session.gate.clear()
    picture.prompt.use_words("an owl on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.stage.frame.live)
    assert picture.stage.preview.shown
    picture.document.execute(JumpToTurn(first.id))
    assert not picture.stage.preview.shown and not picture.stage.frame.live


@pytest.mark.parametrize("at_once", [False, True])
def test_the_method_decides_how_many_variants_there_are_unless_they_are_applied_at_once(
    picture, session, qtbot, at_once
):
    picture.editing.apply_at_once = at_once
    picture.prompt.methods.choose("instdiffedit")
    picture.prompt.use_words("a small cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: any(isinstance(request, Edit) for request in session.requests))
    (asked,) = [request for request in session.requests if isinstance(request, Edit)]
    assert asked.parameters["variants"] == int(at_once)


def test_variants_of_a_new_picture(picture, qtbot):
    picture.prompt.form.variants.setValue(2)
    picture.prompt.generate()
    qtbot.waitUntil(
        lambda: len(picture.document.document.history) == 1 and len(picture.editing.pictures) == 2
    )


def test_a_sketch_goes_with_the_request(picture, session, qtbot):
    mark(picture, SketchLayer, (4,))
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: bool(picture.editing.pictures))
    assert session.requests[-1].sketch.shape == (64, 64, 3)
