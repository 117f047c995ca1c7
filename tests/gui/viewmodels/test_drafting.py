"""Typed words and set numbers on the one undo stack: real keys, in order with strokes, turns and other documents."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from editor_core.document.commands import AcceptTurn, AddLayer, JumpToTurn
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.snapshot import DocumentSnapshot
from gui.docks.turns import Reuse
from gui.widgets.window_undo import open_menu
from support.documents import make_turn

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def field(picture):
    """The sentence field with the keyboard, the cursor at the end of "a fox on snow"."""
    edit = picture.prompt.edit
    edit.setFocus()
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    picture.document.document.mark_saved()
    return edit


def pause(window):
    """What the pause timer does when it has run out."""
    window.prompt.drafting._pause.timeout.emit()


def undo(qtbot, widget):
    qtbot.keyClick(widget, Qt.Key.Key_Z, CONTROL)


def redo(qtbot, widget):
    qtbot.keyClick(widget, Qt.Key.Key_Z, CONTROL | SHIFT)


def steps(window):
    return len(window.document.document.undo_stack)


def test_a_burst_of_typing_is_one_step_of_the_document(picture, field, qtbot):
    qtbot.keyClicks(field, " and a cat")
    assert steps(picture) == 1 and picture.actions_table["undo"].text() == "&Undo · Typing"
    pause(picture)
    qtbot.keyClicks(field, " at night")
    assert steps(picture) == 2
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow and a cat"
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow" and not picture.actions_table["undo"].isEnabled()
    redo(qtbot, field)
    redo(qtbot, field)
    assert field.toPlainText() == "a fox on snow and a cat at night"


def test_taking_letters_away_and_going_elsewhere_begin_new_steps(picture, field, qtbot):
    qtbot.keyClicks(field, " white")
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert steps(picture) == 2
    qtbot.keyClick(field, Qt.Key.Key_Home)
    for _ in range(2):
        qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert steps(picture) == 3 and field.toPlainText() == "fox on snow wh"
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow wh" and field.textCursor().position() == 2
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow white"
    assert field.textCursor().position() == len("a fox on snow white")


def test_nothing_is_left_to_undo_in_the_field_itself(picture, field, qtbot):
    qtbot.keyClicks(field, "!")
    undo(qtbot, field)
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow" and not field.document().isUndoAvailable()


def test_words_and_strokes_are_undone_in_order(picture, field, qtbot):
    document = picture.document.document
    qtbot.keyClicks(field, " now")
    document.execute(AddLayer(RasterLayer(name="paint")))
    qtbot.keyClicks(field, " and then")
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow now" and len(list(document.layers)) == 2
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow now" and len(list(document.layers)) == 1
    picture.canvas.setFocus()
    undo(qtbot, picture.canvas)
    assert field.toPlainText() == "a fox on snow"


def test_typing_is_neither_a_turn_nor_a_change_to_be_saved(picture, field, qtbot):
    qtbot.keyClicks(field, " now")
    assert not picture.isWindowModified() and len(picture.document.document.history) == 1
    undo(qtbot, field)
    assert not picture.isWindowModified()


def test_the_rest_is_still_unsaved_after_typing(picture, field, qtbot):
    picture.document.execute(AddLayer(RasterLayer(name="paint")))
    qtbot.keyClicks(field, " now")
    assert picture.isWindowModified()
    picture.document.document.mark_saved()
    undo(qtbot, field)
    assert not picture.isWindowModified()
    undo(qtbot, field)
    assert picture.isWindowModified()


def test_undo_goes_through_an_applied_turn(picture, field, qtbot):
    first = picture.document.turn
    qtbot.keyClicks(field, " at night")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["apply"].trigger()
    pause(picture)
    qtbot.keyClicks(field, "!")
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow at night" == picture.document.turn.prompt
    undo(qtbot, field)
    assert picture.document.turn is first and field.toPlainText() == "a fox on snow at night"
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow"
    for _ in range(3):
        redo(qtbot, field)
    assert picture.document.turn.parent == first.id
    assert field.toPlainText().replace("!", "") == picture.document.turn.prompt


def test_what_was_made_is_no_draft_any_more(picture, field, qtbot):
    first = picture.document.turn
    qtbot.keyClicks(field, " at night")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["apply"].trigger()
    picture.document.execute(JumpToTurn(first.id))
    assert field.toPlainText() == "a fox on snow"


def test_each_turn_keeps_what_was_typed_on_it(picture, field, qtbot):
    document, first = picture.document.document, picture.document.turn
    document.execute(AcceptTurn(make_turn(3, first, (first.height, first.width), prompt="a bee")))
    field.moveCursor(field.textCursor().MoveOperation.End)
    qtbot.keyClicks(field, "s")
    picture.document.execute(JumpToTurn(first.id))
    assert field.toPlainText() == "a fox on snow"
    undo(qtbot, field)
    assert field.toPlainText() == "a bees"
    undo(qtbot, field)
    assert field.toPlainText() == "a bee"


def test_another_document_has_its_own_steps_and_drafts(picture, field, qtbot):
    old = picture.document.document
    qtbot.keyClicks(field, " at night")
    other = Document.new_from_turn(make_turn(5, prompt="a boat"))
    picture.files.adopt(other)
    assert field.toPlainText() == "a boat" and other.undo_stack.next_undo is None
    qtbot.keyClicks(field, "!")
    assert other.undo_stack.next_undo is not None
    picture.files.adopt(old)
    assert field.toPlainText() == "a fox on snow at night"
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow" and other.undo_stack.next_undo is not None


def test_drafts_come_back_with_the_project(picture, field, qtbot):
    qtbot.keyClicks(field, " at night")
    picture.prompt.form.variants.setValue(3)
    snapshot = picture.document.document.snapshot()
    picture.files.adopt(Document.new_from_turn(make_turn(5, prompt="a boat")))
    picture.prompt.form.variants.setValue(1)
    picture.files.adopt(Document.from_snapshot(snapshot))
    assert field.toPlainText() == "a fox on snow at night" and picture.prompt.form.variants.value() == 3
    assert not picture.isWindowModified()


@pytest.mark.parametrize("kept", [7, {"": 3}, {"": {"seed": "x", "who": 1}}, {"t": {"prompt": None}}])
def test_drafts_that_make_no_sense_are_left_out(kept):
    assert not Document.from_snapshot(
        DocumentSnapshot(width=8, height=8, settings={"drafts": kept})
    ).drafts.values


def test_numbers_are_steps_too_and_are_seen_when_they_come_back(picture, qtbot):
    form, prompt = picture.prompt.form, picture.prompt
    prompt.details_button.setChecked(True)
    form.guidance.setFocus()
    form.guidance.selectAll()
    qtbot.keyClicks(form.guidance, "7.5")
    assert form.guidance.value() == 7.5
    pause(picture)
    form.steps.setFocus()
    form.steps.selectAll()
    qtbot.keyClicks(form.steps, "12")
    prompt.details_button.setChecked(False)
    undo(qtbot, form.steps)  # half typed: it counts as typed
    assert form.steps.value() == 4 and prompt.details_button.isChecked() and form.isVisible()
    undo(qtbot, picture.canvas)
    assert form.guidance.value() == 5.0
    redo(qtbot, picture.canvas)
    redo(qtbot, picture.canvas)
    assert (form.guidance.value(), form.steps.value()) == (7.5, 12)


def test_the_seed_and_its_lock_are_steps(picture, qtbot):
    seed = picture.prompt.seed
    shown = seed._field.text()
    seed._field.setFocus()
    seed._field.selectAll()
    qtbot.keyClicks(seed._field, "77")
    assert seed.seed == 77 and steps(picture) == 1
    pause(picture)
    seed._lock.click()
    assert seed.seed is None and steps(picture) == 2
    undo(qtbot, seed._field)
    assert seed.seed == 77
    undo(qtbot, seed._field)
    assert seed.seed is None and seed._field.text() == shown


def choose_euler(prompt):
    """As a click on the open list does."""
    prompt.form.sampler.setCurrentIndex(1)
    prompt.form.sampler.activated.emit(1)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (lambda p: p.methods.choose("instdiffedit"), lambda p: p.methods.method),
        (lambda p: p.form.variants.setValue(4), lambda p: p.form.variants.value()),
        (lambda p: p.form.avoid.setText("blur"), lambda p: p.form.avoid.text()),
        (choose_euler, lambda p: p.form.chosen_sampler),
        (lambda p: p.seed._roll(), lambda p: p.seed.seed),
    ],
)
def test_every_choice_can_be_taken_back_and_made_again(picture, change, value):
    prompt, before = picture.prompt, value(picture.prompt)
    change(prompt)
    after = value(prompt)
    assert after != before and steps(picture) == 1
    picture.document.undo()
    assert value(prompt) == before
    picture.document.redo()
    assert value(prompt) == after and steps(picture) == 1


def test_reusing_a_turn_is_one_step(picture, qtbot):
    old = make_turn(9, prompt="an owl", steps=7, guidance=2.5, negative="rain", sampler="euler")
    picture.prompt.reuse(old, Reuse.ALL)
    assert picture.prompt.edit.words == "an owl" and picture.prompt.form.steps.value() == 7
    assert picture.prompt.seed.seed == 9 and steps(picture) == 1
    assert picture.prompt.form.chosen_sampler == "euler"
    picture.document.undo()
    assert picture.prompt.edit.words == "a fox on snow" and picture.prompt.form.steps.value() == 4
    assert picture.prompt.seed.seed is None


def test_pasted_words_are_a_step(picture, field, qapp, qtbot):
    qapp.clipboard().setText(" in the rain")
    qtbot.keyClick(field, Qt.Key.Key_V, CONTROL)
    assert field.toPlainText() == "a fox on snow in the rain"
    undo(qtbot, field)
    assert field.toPlainText() == "a fox on snow"


def test_before_there_is_a_document_the_field_undoes_itself(window, qtbot):
    edit = window.prompt.edit
    edit.setFocus()
    qtbot.keyClicks(edit, "a fox")
    undo(qtbot, edit)
    assert edit.toPlainText() == "" and window.document.document is None


def test_a_field_offers_no_undo_of_its_own(picture, qtbot):
    avoid = picture.prompt.form.avoid
    picture.prompt.details_button.setChecked(True)
    for field in (avoid, picture.prompt.edit):
        open_menu(field, QPoint(0, 0))
        menu = next(menu for menu in field.findChildren(QMenu) if menu.isVisible())
        names = {action.objectName() for action in menu.actions() if action.isVisible()}
        assert "edit-paste" in names and not names & {"edit-undo", "edit-redo"}
        menu.close()
