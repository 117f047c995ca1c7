"""A whole turn in the window: ask, watch, judge, apply or discard; cancel leaves everything as it was."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from editor_core.base.errors import ModelError
from editor_core.base.settings import Settings
from editor_core.document.commands import AddLayer, JumpToTurn
from editor_core.document.layers import MaskLayer, RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Edit, Generate, OpenPicture
from gui.canvas.sources import DocumentSource
from gui.look.images import from_qimage
from gui.shell.main_window import MainWindow
from gui.worker.facade import EngineFacade
from support.pointing import drag


def state_of(window):
    """Everything that must be the same again after a cancel."""
    document = window.document.document
    return (
        document.snapshot(),
        document.undo_stack.next_undo is not None,
        document.dirty,
        window.canvas.viewport,
        window.prompt.edit.words,
        window.result_bar.isVisible(),
        window.stage.frame.shown,
        window.canvas.source,
    )


def same(a, b):
    (old, *before), (new, *after) = a, b
    assert before == after
    assert old.layers is new.layers and old.turns == new.turns and old.current_id == new.current_id
    assert np.array_equal(old.picture(), new.picture())


def reword(window, words="a cat on snow"):
    window.prompt.use_words(words)
    window.prompt.run()


def wait_for_result(qtbot, window):
    qtbot.waitUntil(lambda: window.editing.candidate is not None)


def test_the_first_picture_becomes_the_document(picture, session):
    turn = picture.document.turn
    assert turn.prompt == "a fox on snow" and turn.parent is None
    assert np.array_equal(picture.document.document.picture(), turn.image)
    assert picture.isWindowModified()
    assert isinstance(picture.canvas.source, DocumentSource)
    assert isinstance(session.requests[-1], Generate)


def test_a_result_waits_and_changes_nothing_until_it_is_applied(picture, qtbot):
    before = picture.document.document.snapshot()
    reword(picture)
    wait_for_result(qtbot, picture)
    assert picture.stage.frame.shown and picture.result_bar.isVisible()
    assert picture.document.document.snapshot().turns == before.turns
    assert np.array_equal(picture.document.document.picture(), before.picture())
    assert picture.canvas.source.read(0, 0, 64, 64)[20, 20, :3].tolist() != before.picture()[20, 20].tolist()


@pytest.mark.parametrize("zoomed", [False, True])
def test_the_frame_of_a_result_is_seen_at_every_zoom(picture, qtbot, zoomed):
    reword(picture)
    wait_for_result(qtbot, picture)
    if zoomed:
        picture.canvas._moved(picture.canvas.viewport.zoomed_by(9.0, (picture.canvas.width() / 2, 200.0)))
    shown = from_qimage(picture.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888))
    accent = picture.theme.colour("accent")
    assert (shown == [accent.red(), accent.green(), accent.blue()]).all(-1).sum() > 1000


def test_applying_adds_a_turn_that_can_be_undone(picture, qtbot):
    first = picture.document.turn
    reword(picture)
    wait_for_result(qtbot, picture)
    result = picture.editing.candidate.result
    picture.actions_table["apply"].trigger()
    turn = picture.document.turn
    assert turn.parent == first.id and turn.prompt == "a cat on snow"
    assert np.array_equal(picture.document.document.picture(), result.image)
    assert not picture.stage.frame.shown and not picture.result_bar.isVisible()
    picture.actions_table["undo"].trigger()
    assert picture.document.turn is first
    picture.actions_table["redo"].trigger()
    assert picture.document.turn.id == turn.id


def test_enter_in_the_prompt_applies_what_waits(picture, qtbot):
    reword(picture)
    wait_for_result(qtbot, picture)
    picture.prompt.edit.setFocus()
    qtbot.keyClick(picture.prompt.edit, Qt.Key.Key_Return)
    assert picture.document.turn.prompt == "a cat on snow"
    assert picture.prompt.edit.toPlainText() == "a cat on snow"


def test_words_typed_for_another_edit_stay_with_their_turn(picture, session, qtbot):
    """Of two edits that were asked for, the one that is applied shows its own words."""
    first = picture.document.turn
    for words in ("a cat on snow", "an owl on snow"):
        reword(picture, words)
    qtbot.waitUntil(lambda: picture.editing.position[1] == 2)
    assert picture.result_bar._text.text().startswith("fox → cat · ")
    picture.actions_table["apply"].trigger()
    assert picture.document.turn.prompt == "a cat on snow" == picture.prompt.edit.words
    picture.document.execute(JumpToTurn(first.id))
    assert picture.prompt.edit.words == "an owl on snow"


def test_undo_in_the_prompt_takes_back_step_by_step(picture, qtbot):
    edit, first = picture.prompt.edit, picture.document.turn
    edit.setFocus()
    qtbot.keyClicks(edit, " and a cat")
    qtbot.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert edit.words == "a fox on snow"
    reword(picture)
    wait_for_result(qtbot, picture)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert picture.document.turn.prompt == "a cat on snow" and picture.canvas.hasFocus()
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert picture.document.turn is first and edit.words == "a cat on snow"
    qtbot.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert picture.document.turn is first and edit.words == "a fox on snow"


def test_the_menu_names_the_step(picture, qtbot):
    assert not picture.actions_table["undo"].isEnabled()
    reword(picture)
    wait_for_result(qtbot, picture)
    picture.actions_table["apply"].trigger()
    assert picture.actions_table["undo"].text() == "&Undo · New turn"


def test_discarding_leaves_no_trace_but_the_step(picture, qtbot):
    picture.prompt.use_words("a cat on snow")
    old, _, *before = state_of(picture)
    picture.prompt.run()
    wait_for_result(qtbot, picture)
    picture.actions_table["discard"].trigger()
    new, _, *after = state_of(picture)
    same((old, *before), (new, *after))
    assert picture.actions_table["undo"].text() == "&Undo · Discard result"


def test_a_discarded_result_comes_back_with_undo(picture, qtbot):
    reword(picture)
    wait_for_result(qtbot, picture)
    result = picture.editing.candidate.result
    picture.actions_table["discard"].trigger()
    picture.actions_table["undo"].trigger()
    assert picture.editing.candidate.result is result and picture.result_bar.isVisible()
    picture.actions_table["redo"].trigger()
    assert picture.editing.candidate is None and not picture.result_bar.isVisible()
    picture.actions_table["undo"].trigger()
    picture.actions_table["apply"].trigger()
    assert np.array_equal(picture.document.turn.image, result.image)


@pytest.mark.parametrize("key", ["discard", "cancel", "cancel_all"])
def test_cancelling_leaves_document_and_view_as_they_were(picture, session, qtbot, key):
    session.gate.clear()
    picture.canvas.zoom_in()
    picture.prompt.use_words("a cat on snow")
    before = state_of(picture)
    picture.prompt.run()
    qtbot.waitUntil(lambda: not picture.stage.preview._image.isNull())
    assert picture.stage.outline._lines
    with qtbot.waitSignal(picture.facade.cancelled):
        picture.actions_table[key].trigger()
    assert picture.stage.preview._image.isNull() and not picture.stage.outline._lines
    same(before, state_of(picture))


def test_a_failure_says_so_and_leaves_the_document(picture, session, qtbot):
    picture.prompt.use_words("a cat on snow")
    before = state_of(picture)
    session.error = ModelError("The model has no eyes.")
    with qtbot.waitSignal(picture.facade.failed):
        picture.prompt.run()
    assert picture.messages.isVisible() and picture.messages.sentence == "The model has no eyes."
    picture.messages.hide()  # it takes its place from the picture
    qtbot.waitUntil(lambda: before[3] == picture.canvas.viewport)
    same(before, state_of(picture))


def test_cancelling_the_first_picture_gives_the_welcome_page_back(window, session, qtbot):
    session.gate.clear()
    window.welcome.sentence_chosen.emit("a fox on snow")
    qtbot.waitUntil(lambda: window.editing.running is not None)
    assert window.workspace.pages.currentWidget() is window.stage.ruled
    with qtbot.waitSignal(window.facade.cancelled):
        window.actions_table["discard"].trigger()
    assert window.workspace.pages.currentWidget() is window.welcome
    assert window.document.document is None


def test_editing_from_an_older_turn_branches(picture, qtbot):
    first = picture.document.turn
    for words in ("a cat on snow", "an owl on snow"):
        reword(picture, words)
        wait_for_result(qtbot, picture)
        picture.actions_table["apply"].trigger()
        picture.document.execute(JumpToTurn(first.id))
    assert len(picture.document.document.history.children(first.id)) == 2


def test_a_result_finished_later_still_branches_from_its_own_turn(picture, session, qtbot):
    first = picture.document.turn
    reword(picture, "a cat on snow")
    reword(picture, "an owl on snow")
    qtbot.waitUntil(lambda: picture.editing.position[1] == 2)
    picture.actions_table["apply"].trigger()
    picture.actions_table["apply"].trigger()
    assert {turn.parent for turn in picture.document.document.history} == {None, first.id}


def test_stepping_through_results(picture, qtbot):
    for words in ("a cat on snow", "an owl on snow"):
        reword(picture, words)
    qtbot.waitUntil(lambda: picture.editing.position[1] == 2)
    assert picture.editing.candidate.result.prompt == "a cat on snow"
    picture.actions_table["next_result"].trigger()
    assert picture.editing.candidate.result.prompt == "an owl on snow"
    picture.actions_table["next_result"].trigger()
    assert picture.editing.position == (1, 2)


def test_results_are_applied_at_once_when_chosen(picture, qtbot):
    picture.actions_table["apply_at_once"].trigger()
    assert picture.state.apply_at_once
    reword(picture)
    qtbot.waitUntil(lambda: len(picture.document.document.history) == 2)
    assert picture.editing.candidate is None


def test_the_painted_mask_goes_with_the_request(picture, session, qtbot):
    mask = np.zeros((64, 64), np.uint8)
    mask[8:24, 8:24] = 255
    picture.document.execute(AddLayer(MaskLayer(name="Mask", tiles=Tiles.from_array(mask))))
    reword(picture)
    wait_for_result(qtbot, picture)
    request = session.requests[-1]
    assert isinstance(request, Edit) and np.array_equal(request.mask, mask)
    assert np.array_equal(picture.editing.candidate.result.image[40:], picture.document.turn.image[40:])


def test_before_is_shown_while_the_key_is_held(picture, qtbot):
    reword(picture)
    wait_for_result(qtbot, picture)
    qtbot.keyPress(picture.canvas, Qt.Key.Key_Tab)
    assert isinstance(picture.canvas.source, DocumentSource) and not picture.stage.frame.shown
    qtbot.keyRelease(picture.canvas, Qt.Key.Key_Tab)
    assert not isinstance(picture.canvas.source, DocumentSource) and picture.stage.frame.shown
    picture.actions_table["apply"].trigger()
    first, turn = picture.document.document.history
    qtbot.keyPress(picture.canvas, Qt.Key.Key_Backslash)
    assert np.array_equal(picture.canvas.source.read(0, 0, 64, 64)[..., :3], first.image)
    qtbot.keyRelease(picture.canvas, Qt.Key.Key_Backslash)
    assert np.array_equal(picture.canvas.source.read(0, 0, 64, 64)[..., :3], turn.image)


def test_results_of_a_deleted_turn_go_with_it(picture, qtbot):
    reword(picture)
    wait_for_result(qtbot, picture)
    picture.actions_table["apply"].trigger()
    reword(picture, "an owl on snow")
    wait_for_result(qtbot, picture)
    picture.document.undo()  # the typing
    assert picture.editing.candidate is not None
    picture.document.undo()
    assert picture.editing.candidate is None and not picture.result_bar.isVisible()


def test_a_picture_without_turns_is_read_first(window, session, qtbot):
    from editor_core.document.document import Document
    from editor_core.document.layers import RasterLayer

    document = Document(32, 24)
    pixels = np.full((24, 32, 4), 200, np.uint8)
    pixels[..., 3] = 255
    document.execute(AddLayer(RasterLayer(name="Paint", tiles=Tiles.from_array(pixels))))
    window.files.adopt(document)
    assert window.prompt.run_button.text() == "Analyse"
    window.prompt.use_words("a grey wall")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert isinstance(session.requests[-1], OpenPicture)
    assert window.prompt.run_button.text() == "Reword"


def test_a_model_that_cannot_be_loaded(qtbot, theme):
    def broken():
        raise ModelError("The model folder is empty.")

    window = MainWindow(EngineFacade(broken), theme, Settings())
    qtbot.addWidget(window)
    window.begin()
    qtbot.waitUntil(window.messages.isVisible)
    assert window.messages.sentence == "The model folder is empty."
    assert "No model" in window.welcome.note.text()
    window.close()
    assert window.facade.wait(1000)


@pytest.mark.parametrize("sentence", ["Short.", "A long sentence about what went wrong. " * 9])
def test_the_words_of_a_message_fit_its_bar(window, qtbot, sentence):
    bar, text = window.messages, window.messages._text

    def fits():
        return bar.rect().contains(text.geometry()) and text.height() >= text.heightForWidth(text.width())

    window.messages.show_problem("Another one.", "with details")
    window.messages._toggle.click()
    window.messages.show_problem(sentence)
    qtbot.waitUntil(fits)


def test_the_status_bar_tells_model_and_progress(picture, session, qtbot):
    assert picture.status.model.text() == "fake · CPU"
    session.gate.clear()
    reword(picture)
    qtbot.waitUntil(lambda: picture.status.bar.value() == 3)
    assert "painting 3 of 4" in picture.status.progress.text() and picture.status.cancel.isVisible()
    session.gate.set()
    wait_for_result(qtbot, picture)
    assert not picture.status.bar.isVisible() and not picture.status.cancel.isVisible()


def test_the_cross_beside_the_progress_cancels(picture, session, qtbot):
    session.gate.clear()
    reword(picture)
    qtbot.waitUntil(picture.status.cancel.isVisible)
    with qtbot.waitSignal(picture.facade.cancelled):
        picture.status.cancel.click()


def paint_over(window, colour=(10, 200, 30, 255)):
    """A square of paint on a layer of its own."""
    pixels = np.full((12, 12, 4), colour, np.uint8)
    layer = RasterLayer(name="paint", tiles=Tiles(4).with_pixels(40, 40, pixels))
    window.document.execute(AddLayer(layer))


def tiles_of(window):
    """Which pixels lie in which layer."""
    return [(layer.id, layer.tiles) for layer in window.document.document.layers]


def test_what_was_painted_is_read_before_an_edit(picture, session, qtbot):
    first = picture.document.turn
    paint_over(picture)
    before, layers = picture.document.document.picture(), tiles_of(picture)
    reword(picture)
    wait_for_result(qtbot, picture)
    reading, edit = session.requests[-2:]
    assert isinstance(reading, OpenPicture) and np.array_equal(reading.image, before)
    assert reading.prompt == first.prompt
    assert picture.prompt.edit.words == "a cat on snow"  # typed for the picture, painting and all
    painted = picture.document.turn
    assert painted.parent == first.id and tiles_of(picture) == layers
    assert (painted.mask > 0).sum() == 144
    assert isinstance(edit, Edit) and len(edit.lineage) == 1 and np.array_equal(edit.base.image, before)
    picture.actions_table["apply"].trigger()
    assert np.array_equal(picture.document.document.picture(), picture.document.turn.image)
    assert np.array_equal(picture.document.document.picture()[45, 45], [10, 200, 30])
    picture.document.undo()
    picture.document.undo()
    assert picture.document.turn is first and np.array_equal(picture.document.document.picture(), before)


def test_cancelling_while_the_painting_is_read_leaves_no_turn(picture, session, qtbot):
    paint_over(picture)
    picture.prompt.use_words("a cat on snow")
    before = state_of(picture)
    session.gate.clear()
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.running is not None)
    with qtbot.waitSignal(picture.facade.cancelled):
        picture.actions_table["discard"].trigger()
    same(before, state_of(picture))
    assert not picture.editing.busy


def stroke(window, qtbot, *points):
    window.actions_table["brush_tool"].trigger()
    window.toolbox.colours.set(foreground=(250, 20, 30))
    window.toolbox.tool.settings.set(size=6, hardness=1.0, opacity=1.0, flow=1.0)
    drag(qtbot, window, *points)


def test_a_result_waits_while_one_paints_and_hides_no_paint(picture, session, qtbot):
    session.gate.clear()
    reword(picture)
    stroke(picture, qtbot, (18, 20), (30, 20))
    session.gate.set()
    qtbot.waitUntil(lambda: picture.editing.waiting == 1)
    stroke(picture, qtbot, (18, 26), (30, 26))  # it is not swallowed
    assert picture.editing.candidate is None and picture.result_bar.isVisible()
    picture.actions_table["apply"].trigger()  # look at it
    seen = picture.canvas.source.read(0, 0, 64, 64)
    assert picture.editing.candidate is not None
    assert seen[20, 24, :3].tolist() == seen[26, 24, :3].tolist() == [250, 20, 30]
    result = picture.editing.candidate.result.image
    assert seen[31, 17, :3].tolist() == result[31, 17].tolist()
    picture.actions_table["apply"].trigger()
    assert np.array_equal(picture.document.document.picture(), seen[..., :3]), (
        "what was shown is what was applied"
    )


def test_the_mask_is_outlined_after_its_edit_was_applied(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    drag(qtbot, picture, (20, 20), (40, 20))
    assert picture.stage.tint.shown
    picture.prompt.methods.choose("fisedit")
    reword(picture)
    wait_for_result(qtbot, picture)
    picture.actions_table["brush_tool"].trigger()
    picture.actions_table["apply"].trigger()
    assert not picture.stage.tint.shown and picture.stage.rested._lines
    picture.document.execute(AddLayer(RasterLayer(name="ink")))
    assert not picture.stage.tint.shown  # the mask is the same
    picture.actions_table["mask_tool"].trigger()
    assert picture.stage.tint.shown and not picture.stage.rested._lines


def test_a_first_picture_that_comes_while_one_types_leaves_the_keys_there(window, session, qtbot):
    session.gate.clear()
    window.prompt.use_words("a fox on snow")
    window.prompt.run()
    window.prompt.edit.setFocus()
    session.gate.set()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert window.prompt.edit.hasFocus()


def test_a_results_bar_offers_the_other_way_and_both_results_wait(picture, session, qtbot):
    reword(picture)
    wait_for_result(qtbot, picture)
    offered = picture.result_bar._other
    assert offered.isVisible() and offered.text() == "Try Repaint"
    offered.click()
    qtbot.waitUntil(lambda: picture.editing.position[1] == 2)
    asked = session.requests[-1]
    assert (asked.method, asked.prompt) == ("instdiffedit", "a cat on snow")
    assert asked.parameters["phrase"] == "a cat" and asked.parameters["variants"] == 1
    picture.editing.browse(1)
    assert picture.editing.other_way in ("fisedit", "instdiffedit")


def test_no_other_way_is_offered_for_words_that_only_go(picture, qtbot):
    reword(picture, "a fox")
    wait_for_result(qtbot, picture)
    assert picture.editing.other_way is None and picture.result_bar._other.isHidden()


def test_the_picture_is_upscaled_as_a_turn_and_back_by_undo(picture, session, qtbot):
    before = picture.document.turn
    picture.editing.upscale(2)
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert session.requests[-1].factor == 2
    assert picture.canvas.grab().size() == picture.canvas.size()  # the result is shown though it is larger
    picture.editing.apply()
    document = picture.document.document
    assert (document.width, document.height) == (2 * before.width, 2 * before.height)
    assert picture.document.turn.parent == before.id and picture.document.turn.method == "upscale"
    picture.actions_table["undo"].trigger()
    assert picture.document.turn is before and document.width == before.width
