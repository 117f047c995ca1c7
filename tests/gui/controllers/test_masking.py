"""The instant mask in the window: typing, refining, replacing, using, modifying, files."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from editor_core.base.message import Message
from editor_core.messages.events import Failed
from editor_core.messages.requests import Edit, FindMask
from editor_core.pixels.marks import fitted
from editor_core.project.image_io import read_mask, write_png
from editor_core.workflow.proposal import REDRAW, REPAINT
from gui.dialogs import ask
from gui.overlays.heat import in_heat_colours
from support.pointing import at, drag


def searches(session):
    return [request for request in session.requests if isinstance(request, FindMask)]


@pytest.fixture
def found(picture, session, qtbot):
    """The window with the mask of "a cat" over its picture."""
    picture.prompt.use_words("a cat on snow")
    qtbot.waitUntil(lambda: picture.finder.found is not None and picture.finder.found.step == 2)
    return picture


def test_a_pause_in_typing_shows_where(found, session):
    request = searches(session)[-1]
    assert (request.phrase, request.sentence) == ("a cat", "a cat on snow")
    assert np.array_equal(request.image, found.document.turn.image)
    assert "“a cat” · 50 %" in found.mask_panel.line.text()
    assert all(item.title for item in found.jobs._items)  # the queue lists only what was asked for


def test_reword_is_asked_for_its_own_region(found, session, qtbot):
    turn = found.document.turn
    asked = searches(session)[-1].base
    assert (asked.cache_space, asked.prompt) == (turn.cache_space, turn.prompt)
    found.finder.reword_parameters = lambda: {"search": "warm-up"}  # then nobody knows it beforehand
    found.finder.search_again()
    qtbot.waitUntil(lambda: searches(session)[-1].base is None)


def test_words_taken_out_have_a_region_but_no_phrase(picture, session, qtbot):
    picture.prompt.use_words("a fox")
    qtbot.waitUntil(lambda: picture.finder.found is not None and picture.finder.found.step == 2)
    request = searches(session)[-1]
    assert (request.phrase, request.sentence) == ("", "a fox") and request.base is not None


def test_redraw_shows_no_search(found, session):
    found.finder.set_method(REDRAW)
    assert found.finder.found is None
    found.finder.set_method(REPAINT)
    assert found.finder._pause.isActive()


def test_a_newer_phrase_replaces_the_search_that_runs(picture, session, qtbot):
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    qtbot.waitUntil(lambda: picture.finder.found is not None)
    picture.prompt.use_words("an owl on snow")
    qtbot.waitUntil(lambda: picture.finder.found.phrase == "an owl")
    session.gate.set()
    qtbot.waitUntil(lambda: picture.finder.found.step == 2)
    assert picture.finder.found.phrase == "an owl" and len(searches(session)) == 2


def test_the_old_words_end_it(found, qtbot):
    found.prompt.use_words("a fox on snow")
    assert found.finder.found is None and found.stage.found._found is None


def test_discarding_leaves_no_trace(found):
    before = found.document.document.snapshot()
    found.mask_panel.discard.click()
    assert found.finder.found is None
    after = found.document.document.snapshot()
    assert after.layers is before.layers and after.turns == before.turns
    assert found.document.document.undo_stack.next_undo.text == "Typing"


def test_a_failed_search_says_nothing(picture, session, qtbot):
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    qtbot.waitUntil(lambda: picture.finder.found is not None)
    picture.facade.failed.emit(Failed(picture.finder._job, Message("There is nothing like that.")))
    assert not picture.messages.isVisible() and picture.finder.found is None


def test_using_it_makes_it_the_painted_mask_and_any_method_takes_it(found, session, qtbot):
    wanted = found.finder.found.mask
    found.mask_panel.apply.click()
    assert np.array_equal(found.document.document.edit_mask(), wanted)
    found.prompt.run()
    qtbot.waitUntil(lambda: found.editing.candidate is not None)
    request = next(request for request in reversed(session.requests) if isinstance(request, Edit))
    assert np.array_equal(request.mask, wanted)
    found.document.undo()
    assert found.document.document.edit_mask() is None


def test_taking_the_mask_brush_keeps_what_was_found(found):
    wanted = found.finder.found.mask
    found.actions_table["mask_tool"].trigger()
    assert np.array_equal(found.document.document.edit_mask(), wanted)


def test_taking_the_mask_brush_again_keeps_what_was_painted(found, qtbot):
    actions, document = found.actions_table, found.document.document
    found.finder.forget()
    actions["mask_tool"].trigger()
    drag(qtbot, found, (40, 40), (50, 40))
    painted = document.edit_mask()
    found.prompt.use_words("a dog on snow")
    qtbot.waitUntil(lambda: found.finder.found is not None and found.finder.found.step == 2)
    for tool in ("brush_tool", "mask_tool"):
        actions[tool].trigger()
    assert np.array_equal(document.edit_mask(), painted) and painted.any()


def test_where_the_artist_said_where_the_overlay_does_not_say_otherwise(found, qtbot):
    def colour():
        return found.canvas.grab().toImage().pixelColor(at(found, 8, 32))

    tinted, overlay = colour(), found.stage.found
    found.actions_table["rectangle_tool"].trigger()
    drag(qtbot, found, (40, 40), (50, 50))
    plain = colour()
    assert found.document.document.selection is not None and plain != tinted
    assert overlay.point_at("cat") and colour() not in (plain, tinted), "a word's heat can still be looked at"
    overlay.point_at("")
    found.actions_table["select_none"].trigger()
    assert colour() == tinted


def test_an_edit_takes_the_overlay_away(found, qtbot):
    found.prompt.run()
    assert found.finder.found is None
    qtbot.waitUntil(lambda: found.editing.candidate is not None)
    assert found.stage.found._found is None


@pytest.mark.parametrize(("how", "larger"), [("grow", True), ("shrink", False)])
def test_growing_and_shrinking(found, how, larger):
    found.mask_panel.apply.click()
    before = found.document.document.edit_mask()
    found.mask_panel.amount.setValue(4)
    found.mask_panel._modifiers[how].click()
    after = found.document.document.edit_mask()
    assert abs(int((after > 0).sum()) - int((before > 0).sum())) == 4 * before.shape[0]
    assert ((after > 0).sum() > (before > 0).sum()) == larger


def test_feathering_and_inverting_are_undone_one_by_one(found):
    found.mask_panel.apply.click()
    hard = found.document.document.edit_mask()
    found.mask_panel._modifiers["feather"].click()
    soft = found.document.document.edit_mask()
    assert len(np.unique(soft)) > 2
    found.mask_panel._invert.click()
    assert np.array_equal(found.document.document.edit_mask(), 255 - soft)
    found.document.undo()
    found.document.undo()
    assert np.array_equal(found.document.document.edit_mask(), hard)


def test_masks_go_to_files_and_come_from_them(found, run, monkeypatch, tmp_path):
    found.mask_panel.apply.click()
    mask = found.document.document.edit_mask()
    file = tmp_path / "mask.png"

    async def chosen(*_):
        return file

    monkeypatch.setattr(ask, "file_to_save", chosen)
    monkeypatch.setattr(ask, "file_to_open", chosen)
    run(found.masking._export())
    assert np.array_equal(read_mask(file), mask)
    write_png(file, 255 - mask)
    run(found.masking._import())
    assert np.array_equal(found.document.document.edit_mask(), 255 - mask)
    write_png(file, mask[:8])
    run(found.masking._import())
    assert "was scaled from 64 × 8 to 64 × 64" in found.messages.sentence
    assert np.array_equal(found.document.document.edit_mask(), fitted(mask[:8], 64, 64))


def test_pointing_at_a_word_shows_its_heat(found):
    shown = found.stage.found
    found.prompt.edit.word_hovered.emit("Cat")
    assert not shown._heat.isNull()
    found.prompt.edit.word_hovered.emit("snow")
    assert shown._heat.isNull()
    found.prompt.edit.word_hovered.emit("")
    assert shown._heat.isNull()


def test_the_word_under_the_pointer(picture, qtbot):
    edit = picture.prompt.edit
    edit.set_words("a fox on snow")
    cursor = edit.textCursor()
    cursor.setPosition(3)
    assert edit._word_at(edit.cursorRect(cursor).center()) == "fox"
    assert edit._word_at(edit.viewport().rect().bottomRight()) == ""


def test_colour_and_opacity_are_those_of_both_overlays(found):
    found.mask_panel.colour.emit(QColor(255, 0, 0))
    found.mask_panel.opacity.emit(0.2)
    assert found.stage.found.colour == QColor(255, 0, 0)
    assert found.stage.found.opacity == found.stage.tint.opacity == 0.2


def test_another_preset_is_remembered_and_searched_with(found, session, qtbot):
    found.mask_panel.preset.setCurrentIndex(1)
    found.mask_panel.preset.activated.emit(1)
    qtbot.waitUntil(lambda: len(searches(session)) == 2)
    assert searches(session)[-1].parameters == {"preset": "paper"}
    assert found.preferences.settings.mask_preset == "paper"


def test_heat_colours_run_from_clear_to_bright():
    colours = in_heat_colours(np.array([[0, 128, 255]], np.uint8))
    assert colours[0, 0, 3] == 0 and colours[0, 2].tolist() == [255, 235, 120, 225]
    assert 0 < colours[0, 1, 3] < 225
