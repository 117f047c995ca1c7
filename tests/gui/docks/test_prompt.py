"""The prompt bar: words, differences, what the button says and asks for."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor_core.base.loras import LoraChoice
from editor_core.document.commands import JumpToTurn
from editor_core.document.document import Document
from editor_core.messages.requests import Generate
from gui.texts.words import change_markup, change_summary
from support.fake_session import MODEL


def test_the_button_names_what_will_happen(window, qtbot):
    prompt = window.prompt
    assert prompt.run_button.text() == "Generate" and not prompt.run_button.isEnabled()
    prompt.use_words("a fox on snow")
    assert prompt.run_button.isEnabled() and not prompt.new_button.isVisible()
    prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert prompt.run_button.text() == "Reword" and not prompt.run_button.isEnabled()
    assert prompt.new_button.isVisible()
    assert "Nothing would change" in prompt.line.text()
    prompt.use_words("a cat on snow")
    assert prompt.run_button.isEnabled()
    assert "fox" in prompt.line.text() and "cat" in prompt.line.text() and "exactly" in prompt.line.text()


def test_new_words_are_underlined(picture, theme):
    picture.prompt.use_words("a red cat on snow")
    layout = picture.prompt.edit.document().firstBlock().layout()
    marked = [(f.start, f.length) for f in layout.formats() if f.format.fontUnderline()]
    assert marked == [(2, 7)]
    picture.prompt.use_words("a fox on snow")
    assert not picture.prompt.edit.document().firstBlock().layout().formats()


def test_emoji_before_the_cursor_keep_their_places(picture, qtbot):
    """Qt counts an emoji as two places, Python as one."""
    edit = picture.prompt.edit
    edit.set_words("🦊🦊 a fox on snow 🌨")
    for words in ("🦊🦊 a cat on snow 🌨", "🦊 a cat", "🦊🦊 a cat on snow 🌨", "a 🦊", ""):
        edit.set_words(words)
        assert edit.toPlainText() == words
    edit.setFocus()
    qtbot.keyClicks(edit, "a fox")
    edit.insertPlainText("🦊")
    qtbot.keyClicks(edit, " jumps")
    texts = [edit.toPlainText()]
    for action in ("undo", "undo", "redo", "redo"):
        picture.actions_table[action].trigger()
        texts.append(edit.toPlainText())
    assert texts[0] == texts[-1] == "a fox🦊 jumps" and len(set(texts)) > 1


def test_new_words_after_emoji_are_underlined(picture):
    edit = picture.prompt.edit
    edit.compare_with("🦊🦊 a fox")
    edit.set_words("🦊🦊 a cat")
    layout = edit.document().firstBlock().layout()
    assert [(f.start, f.length) for f in layout.formats() if f.format.fontUnderline()] == [(7, 3)]


@pytest.mark.parametrize(
    ("old", "new", "summary"),
    [
        ("a fox on snow", "a cat on snow", "fox → cat"),
        ("a fox on snow", "a red fox on snow", "+ red"),
        ("a red fox", "a fox", "− red"),
        ("a fox", "a fox", ""),
        ("a fox", "a fox, a red door", "+ a red door"),
        ("a fox", "a fox.", "+ ."),
        ("a fox at night", "a cat at noon", "fox → cat, night → noon"),
    ],
)
def test_summaries(old, new, summary):
    assert change_summary(old, new) == summary


def test_markup_is_escaped():
    assert "&lt;b&gt;" in change_markup("a", "a <b>", "#f00", "#0f0") or "<b>" not in change_markup(
        "a", "a <b>", "#f00", "#0f0"
    )


def test_shift_enter_runs_and_enter_makes_no_line(window, qtbot):
    window.prompt.edit.setFocus()
    qtbot.keyClicks(window.prompt.edit, "a fox")
    qtbot.keyClick(window.prompt.edit, Qt.Key.Key_Return)
    assert window.prompt.edit.toPlainText() == "a fox"
    with qtbot.waitSignal(window.prompt.generate_asked) as asked:
        qtbot.keyClick(window.prompt.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert asked.args[0].prompt == "a fox"


def test_ctrl_shift_enter_generates_over_a_picture_without_words_too(window, session, qtbot):
    window.documents.place(Document.new_from_picture(np.full((64, 64, 3), 90, np.uint8)))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.prompt.focus()
    qtbot.keyClicks(window.prompt.edit, "a fox")
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(window.facade.finished):
        qtbot.keyClick(window.prompt.edit, Qt.Key.Key_Return, modifiers)
    assert isinstance(session.requests[-1], Generate)


def test_another_model_brings_its_sampler_and_the_same_keeps_the_choice(window):
    form = window.prompt.form
    other = replace(MODEL, fingerprint="another", default_sampler="euler")
    form.set_model(other)
    assert form.chosen_sampler == "euler"
    form.choose_sampler("ddim")
    form.set_model(other)
    assert form.chosen_sampler == "ddim"


def test_the_details_go_with_the_request(window, session, qtbot):
    form = window.prompt.form
    form.avoid.setText(" blur ")
    form.steps.setValue(9)
    form.guidance.setValue(3.5)
    assert [form.sampler.itemText(row) for row in range(form.sampler.count())] == ["DDIM", "Euler"]
    form.sampler.setCurrentIndex(1)
    form.width_field.setValue(96)
    window.prompt.seed._field.setText("7")
    window.prompt.seed._lock.setChecked(True)
    window.prompt.use_words("a fox")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    request = session.requests[-1]
    assert (request.width, request.height) == (96, MODEL.default_height)
    sampling = request.sampling
    assert (sampling.seed, sampling.steps, sampling.guidance, sampling.negative) == (7, 9, 3.5, "blur")
    assert sampling.sampler == window.document.turn.sampler == "euler"
    assert window.document.turn.width == 96


def test_the_strength_goes_with_an_edit_and_is_undone_like_everything_else(picture, session, qtbot):
    slider = picture.prompt.strength
    assert slider.isVisibleTo(picture.prompt) and slider.value == 100
    slider._field.setValue(40)
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert session.requests[-1].strength == 0.4
    picture.actions_table["undo"].trigger()
    picture.actions_table["undo"].trigger()
    assert slider.value == 100
    picture.actions_table["redo"].trigger()
    assert slider.value == 40


def test_without_the_lock_every_picture_has_its_own_seed(picture, session):
    assert session.requests[-1].sampling.seed is None
    assert picture.prompt.seed._field.text() == str(picture.document.turn.seed)


def test_rolling_the_dice_keeps_the_number(window):
    window.prompt.seed._roll()
    assert window.prompt.seed.seed == int(window.prompt.seed._field.text())


def test_shapes_keep_the_area_and_the_grid(window):
    form = window.prompt.form
    form.shape.setCurrentIndex(1)
    width, height = form.picture_size
    assert width > height and width % MODEL.grid == 0 and height % MODEL.grid == 0
    assert abs(width * height / (MODEL.default_width * MODEL.default_height) - 1) < 0.15
    form.width_field.setValue(200)
    assert form.shape.currentText() == "Custom"


def test_words_typed_on_a_turn_are_found_again_there(picture, qtbot):
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["apply"].trigger()
    first, second = picture.document.document.history
    picture.prompt.use_words("a cat on grass")
    picture.document.execute(JumpToTurn(first.id))
    assert picture.prompt.edit.words == "a fox on snow"
    picture.document.execute(JumpToTurn(second.id))
    assert picture.prompt.edit.words == "a cat on grass"


def test_the_field_grows_with_the_words(window):
    low = window.prompt.edit.height()
    window.prompt.use_words("a very long sentence about a fox on snow " * 8)
    assert low < window.prompt.edit.height() < 5 * low


@pytest.mark.parametrize(
    "words, select, key, expected",
    [
        ("a 🦊 red cat", (5, 8), Qt.Key.Key_Up, "a 🦊 (red:1.1) cat"),
        ("a red cat", (3, 3), Qt.Key.Key_Down, "a (red:0.9) cat"),
        ("a (red:1.1) cat", (4, 4), Qt.Key.Key_Down, "a red cat"),
        ("a red cat ", (1, 6), Qt.Key.Key_Up, "a (red:1.1) cat "),
        ("", (0, 0), Qt.Key.Key_Up, ""),
    ],
)
def test_keys_weigh_words_which_stay_chosen(picture, qtbot, words, select, key, expected):
    edit = picture.prompt.edit
    edit.set_words(words)
    cursor = edit.textCursor()
    cursor.setPosition(select[0])
    cursor.setPosition(select[1], cursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    qtbot.keyClick(edit, key, Qt.KeyboardModifier.ControlModifier)
    assert edit.toPlainText() == expected
    if expected:
        assert edit.textCursor().selectedText() == "red"
        qtbot.keyClick(edit, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
        assert edit.toPlainText() == expected


def test_signs_that_weigh_are_muted_and_a_weight_is_a_change(picture, theme):
    prompt = picture.prompt
    prompt.use_words(r"a (fox:1.3) on \(snow\)")
    muted = theme.colour("muted")
    formats = prompt.edit.document().firstBlock().layout().formats()
    signs = sum(f.length for f in formats if f.format.foreground().color() == muted)
    assert signs == len("(:1.3)") + 2
    assert "(fox:1.3)" in prompt.line.text() and prompt.run_button.isEnabled()
    assert change_summary("a fox", "a (fox:1.3)") == "fox → (fox:1.3)"


def test_a_model_that_brings_it_paints_in_few_steps_at_a_click(window, qtbot):
    form, preferences = window.prompt.form, window.preferences
    window.prompt.details_button.setChecked(True)
    window.prompt.set_model(MODEL)
    assert not form.few_steps.isVisibleTo(window)
    window.prompt.set_model(replace(MODEL, few_steps="few-steps"))
    assert form.few_steps.isVisibleTo(window) and not form.few_steps.isChecked()
    form.few_steps.click()
    (used,) = preferences.settings.loras
    assert used.name == "few-steps" and used.weight == 1
    distilled = replace(
        MODEL, few_steps="few-steps", loras=(used,), fingerprint="f", default_steps=8, default_guidance=1.0
    )
    window.prompt.set_model(distilled)
    assert (form.few_steps.isChecked(), form.steps.value(), form.guidance.value()) == (True, 8, 1.0)
    form.few_steps.click()
    assert preferences.settings.loras == ()


def test_few_steps_that_are_not_there_are_said(window, qtbot):
    window.prompt.set_model(replace(MODEL, few_steps="nowhere"))
    with qtbot.waitSignal(window.loras.problem) as said:
        window.prompt.form.few_steps.click()
    assert "nowhere" in said.args[0] and window.preferences.settings.loras == ()
    assert not window.prompt.form.few_steps.isChecked()


def test_the_numbers_of_a_turn_give_way_where_the_model_now_paints_in_few_steps(picture):
    form, prompt = picture.prompt.form, picture.prompt
    many = replace(MODEL, few_steps="few-steps", default_steps=20, default_guidance=4.0)
    used = (LoraChoice("/loras/few-steps.safetensors"),)
    few = replace(many, loras=used, fingerprint="f", default_steps=8, default_guidance=1.0)
    prompt.set_model(many)
    own = form.steps.value(), form.guidance.value()
    assert own == (picture.document.turn.steps, picture.document.turn.guidance)
    prompt.set_model(few)
    assert (form.steps.value(), form.guidance.value()) == (8, 1.0)
    prompt.set_model(many)
    assert (form.steps.value(), form.guidance.value()) == own
