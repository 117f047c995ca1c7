"""Several documents as tabs: each keeps its own work, and nothing of one comes into another or is lost."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.document.commands import AddLayer, PaintStroke, StarTurn
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn
from editor_core.project.autosave import Autosave, recoverable_files
from editor_core.project.project_file import load_project, save_project
from gui.dialogs import ask
from gui.viewmodels import document_vm
from gui.viewmodels.open_document import News
from support.pointing import LEFT, NONE, at, drag


def boat(words="a boat", side=64, value=50):
    return Document.new_from_turn(Turn(prompt=words, image=np.full((side, side, 3), value, np.uint8)))


@pytest.fixture
def two(picture):
    """Tab 0: "a fox on snow"; tab 1, which is shown: "a boat"."""
    picture.files.adopt(boat())
    return picture


@pytest.fixture
def answers(answers):
    """An artist who lets unsaved work go, unless it is said otherwise."""
    answers["unsaved"] = ask.Unsaved.DISCARD
    return answers


def names(window):
    return [window.tabbing.row.tabText(row) for row in range(window.tabbing.row.count())]


def words(window):
    return window.document.turn.prompt


def go(window, direction=1):
    window.actions_table["next_tab" if direction > 0 else "previous_tab"].trigger()


def test_one_document_has_no_row_of_tabs(picture, run):
    row = picture.tabbing.row
    assert row.isHidden() and len(picture.documents) == 1
    picture.files.adopt(boat())
    assert row.isVisible() and names(picture) == ["*a fox on snow", "*a boat"] and row.currentIndex() == 1
    picture.documents.close(picture.documents.current)
    assert row.isHidden() and words(picture) == "a fox on snow"


def test_keys_go_round(two, qtbot):
    assert words(two) == "a boat"
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    for key, held in (
        (Qt.Key.Key_Tab, control),
        (Qt.Key.Key_Backtab, control | shift),
        (Qt.Key.Key_PageDown, control),
        (Qt.Key.Key_PageUp, control),
    ):
        before = words(two)
        two.canvas.setFocus()
        qtbot.keyClick(two.canvas, key, held)
        assert words(two) != before
        two.prompt.edit.setFocus()
        qtbot.keyClick(two.prompt.edit, key, held)
        assert words(two) == before


def test_a_click_shows_a_tab_and_the_middle_button_closes_one(two, qtbot, answers):
    row = two.tabbing.row
    qtbot.mouseClick(row, LEFT, NONE, row.tabRect(0).center())
    assert words(two) == "a fox on snow" and two.canvas.hasFocus()
    qtbot.mouseClick(row, Qt.MouseButton.MiddleButton, NONE, row.tabRect(1).center())
    qtbot.waitUntil(lambda: len(two.documents) == 1)
    assert (answers["asked"], answers["told"][1]) == (["unsaved"], "a boat") and words(two) == "a fox on snow"


def test_tabs_are_dragged_to_another_place(two):
    two.tabbing.row.moveTab(1, 0)
    assert names(two) == ["*a boat", "*a fox on snow"] and words(two) == "a boat"
    assert [opened.name for opened in two.documents] == ["a boat", "a fox on snow"]
    two.files.adopt(boat("an owl"))
    assert names(two) == ["*a boat", "*an owl", "*a fox on snow"]


def test_each_tab_has_its_own_words_seed_view_layer_and_steps(two, qtbot):
    canvas, prompt = two.canvas, two.prompt
    prompt.use_words("a red boat")
    prompt.seed.keep_seed(7)
    prompt.form.steps.setValue(9)
    canvas.rotate(1)
    canvas.zoom_in()
    view, pixels = canvas.viewport, canvas._view
    for name in ("ink", "paint"):
        two.document.execute(AddLayer(RasterLayer(name=name)))
    two.layers.choose(two.document.document.layers.layers[1].id)
    go(two)
    assert prompt.edit.words == "a fox on snow" and prompt.seed.seed is None and not canvas.viewport.angle
    assert two.layers.model.rowCount() == 1 and not two.actions_table["undo"].isEnabled()
    canvas.zoom_out()
    prompt.form.steps.setValue(5)
    go(two)
    assert (prompt.edit.words, prompt.seed.seed, prompt.form.steps.value()) == ("a red boat", 7, 9)
    assert canvas.viewport == view and canvas._view is pixels, "nothing is read again"
    assert two.layers.layer.name == "ink" and two.layers.model.rowCount() == 3
    two.document.undo()
    assert len(two.document.document.layers.layers) == 2
    go(two)
    assert prompt.form.steps.value() == 5 and words(two) == "a fox on snow"


def test_words_typed_before_there_is_a_document_stay_in_their_tab(window, run, tmp_path):
    window.prompt.use_words("a hare in the")
    save_project(boat(), tmp_path / "boat.palimpsest")
    run(window.files.open(tmp_path / "boat.palimpsest"))
    assert len(window.documents) == 2 and window.prompt.edit.words == "a boat"
    go(window)
    assert window.prompt.edit.words == "a hare in the" and window.document.document is None
    assert window.workspace.pages.currentWidget() is window.welcome


def test_an_untouched_tab_is_used_and_new_ones_are_not_heaped_up(window, run, tmp_path):
    save_project(boat(), tmp_path / "boat.palimpsest")
    run(window.files.open(tmp_path / "boat.palimpsest"))
    assert len(window.documents) == 1
    for _ in range(2):
        window.actions_table["new"].trigger()
        assert window.document.document is None and len(window.documents) == 2
        go(window)


def test_a_file_that_is_open_is_shown_and_never_saved_by_two(window, run, answers, tmp_path):
    path = tmp_path / "boat.palimpsest"
    save_project(boat(), path)
    run(window.files.open(path))
    window.files.adopt(boat("an owl"))
    (tmp_path / "link.palimpsest").symlink_to(path)
    run(window.files.open(tmp_path / "link.palimpsest"))
    assert words(window) == "a boat" and len(window.documents) == 2
    go(window)
    answers["save"] = path
    assert not run(window.files.save()) and "another tab" in window.messages.sentence
    assert next(iter(load_project(path).history)).prompt == "a boat"


# -- jobs -------------------------------------------------------------------------------------------------------------


def test_a_result_goes_into_its_own_document(picture, session, qtbot):
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: not picture.stage.preview._image.isNull())
    fox = picture.documents.current
    picture.files.adopt(boat())
    assert picture.editing.running is None and not picture.editing.busy
    assert picture.stage.preview._image.isNull() and not picture.stage.outline._lines
    assert fox.progress is not None and not picture.tabbing.row.tabIcon(0).isNull()
    assert picture.jobs.running.document == "a fox on snow" in picture.status.progress.text()
    go(picture)
    assert not picture.stage.preview._image.isNull() and picture.stage.outline._lines, (
        "it goes on being watched"
    )
    go(picture)
    session.gate.set()
    qtbot.waitUntil(lambda: fox.news is News.DONE)
    assert picture.editing.candidate is None and not picture.result_bar.isVisible() and fox.progress is None
    assert len(picture.document.document.history) == 1
    go(picture)
    assert fox.news is News.NONE and picture.editing.candidate.result.prompt == "a cat on snow"
    assert picture.result_bar.isVisible() and picture.stage.frame.shown
    picture.actions_table["apply"].trigger()
    assert words(picture) == "a cat on snow"


def test_a_result_is_applied_where_it_belongs_while_another_tab_is_shown(picture, session, qtbot):
    picture.editing.apply_at_once = True
    session.gate.clear()
    picture.document.execute(
        AddLayer(RasterLayer(name="ink", tiles=Tiles.from_array(np.full((9, 9, 4), 200, np.uint8))))
    )
    fox = picture.documents.current
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()  # reads what was painted, then edits
    qtbot.waitUntil(lambda: picture.editing.running is not None)
    picture.files.adopt(boat())
    pixels = picture.stage._views[fox][0].pixels
    session.gate.set()
    qtbot.waitUntil(lambda: len(fox.document.history) == 3)
    assert len(picture.document.document.history) == 1 and words(picture) == "a boat"
    go(picture)
    assert words(picture) == "a cat on snow" == picture.prompt.edit.words
    assert pixels is not None and picture.canvas._view is not pixels, (
        "what was read of it is not right any more"
    )


def test_a_first_picture_comes_into_the_tab_it_was_asked_for_in(window, session, qtbot):
    session.gate.clear()
    window.prompt.use_words("a fox on snow")
    window.prompt.run()
    fox = window.documents.current
    window.files.adopt(boat())
    assert len(window.documents) == 2
    session.gate.set()
    qtbot.waitUntil(lambda: fox.document is not None)
    assert words(window) == "a boat" and fox.news is News.DONE
    assert fox.document.undo_stack.budget is window.documents.undo_budget
    go(window)
    assert words(window) == "a fox on snow" and window.isWindowModified()


def test_a_closed_tab_takes_its_jobs_with_it_and_no_others(two, session, qtbot):
    session.gate.clear()
    for sentence in ("a red boat", "a blue boat"):
        two.prompt.use_words(sentence)
        two.prompt.run()
    go(two)
    two.prompt.use_words("a cat on snow")
    two.prompt.run()
    fox, shown = two.documents.current, []
    two.documents.close(next(opened for opened in two.documents if opened is not fox))
    session.gate.set()
    two.facade.finished.connect(shown.append)
    qtbot.waitUntil(lambda: two.editing.candidate is not None)
    assert [event.result.prompt for event in shown] == ["a cat on snow"] and fox.news is News.NONE


def test_running_instead_and_escape_leave_other_documents_jobs_alone(two, session, qtbot):
    session.gate.clear()
    two.prompt.use_words("a red boat")
    two.prompt.run()
    qtbot.waitUntil(lambda: two.editing.running is not None)
    go(two)
    two.prompt.use_words("a cat on snow")
    two.prompt.run()
    two.actions_table["run_instead"].trigger()
    with qtbot.waitSignal(two.facade.cancelled):
        two.actions_table["discard"].trigger()  # the one that waits
    assert not two.editing.busy and two.jobs.running is not None
    go(two)
    session.gate.set()
    qtbot.waitUntil(lambda: two.editing.candidate is not None)


def test_what_fails_elsewhere_is_told_with_its_name(picture, session, qtbot):
    session.gate.clear()
    session.error = ModelError("The model has no eyes.")
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    fox = picture.documents.current
    picture.files.adopt(boat())
    session.gate.set()
    qtbot.waitUntil(picture.messages.isVisible)
    assert picture.messages.sentence == "a fox on snow: The model has no eyes." and fox.news is News.FAILED


def test_the_queue_leads_to_the_document(two, session, qtbot):
    session.gate.clear()
    two.prompt.use_words("a red boat")
    two.prompt.run()
    qtbot.waitUntil(lambda: two.jobs.running is not None)
    go(two)
    job = two.jobs.running
    assert job.document == "a boat"
    two.queue.document_asked.emit(job.id)
    assert words(two) == "a boat"
    session.gate.set()
    qtbot.waitUntil(lambda: two.editing.candidate is not None)


# -- in the middle of something ----------------------------------------------------------------------------------------


def test_a_stroke_ends_where_it_has_come_to(two, qtbot):
    document = two.document.document
    two.actions_table["brush_tool"].trigger()
    drag(qtbot, two, (10, 20), (30, 20), release=False)
    go(two)
    assert not two.canvas.drawing and len(document.layers.layers) == 2 and document.dirty
    qtbot.mouseRelease(two.canvas, LEFT, NONE, at(two, 40, 40))
    assert len(two.document.document.layers.layers) == 1


def test_what_floats_is_put_down_and_what_is_computed_is_waited_for(two, qtbot, monkeypatch):
    document = two.document.document
    before = document.picture()
    two.actions_table["transform_tool"].trigger()
    floating = two.toolbox.floating
    floating.place(replace(floating.placement, x=floating.placement.x + 9))
    monkeypatch.setattr(document_vm, "AT_ONCE", 0)
    go(two)
    assert two.document.document is document and two.document.working, "it is still computed"
    qtbot.waitUntil(lambda: words(two) == "a fox on snow")
    assert not np.array_equal(document.picture(), before)
    assert not two.document.working and two.toolbox.floating.lifted is None


# -- closing and saving ------------------------------------------------------------------------------------------------


def test_closing_a_tab_asks_for_that_document_only(two, run, answers, tmp_path):
    boat_tab = two.documents.current
    answers["unsaved"] = ask.Unsaved.CANCEL
    run(two.closing.close(boat_tab))
    assert len(two.documents) == 2 and (answers["asked"], answers["told"][1]) == (["unsaved"], "a boat")
    answers["unsaved"], answers["save"] = ask.Unsaved.SAVE, tmp_path / "boat.palimpsest"
    run(two.closing.close(boat_tab))
    assert len(two.documents) == 1 and load_project(tmp_path / "boat.palimpsest")
    answers["unsaved"] = ask.Unsaved.DISCARD
    run(two.closing.close(two.documents.current))
    assert len(two.documents) == 1 and two.document.document is None, "an empty tab is left"
    assert not two.actions_table["close_tab"].isEnabled()
    assert two.prompt.edit.hasFocus(), "a sentence begins the next picture"


def test_quitting_asks_once_for_every_unsaved_document(two, run, qtbot, answers, tmp_path):
    two.files.adopt(boat("an owl"))
    two.document.document.mark_saved()
    two.close()
    qtbot.waitUntil(lambda: answers["asked"] == ["which"])
    assert answers["told"][4] == ["a fox on snow", "a boat"] and two.isVisible()
    answers["which"], answers["save"] = (True, [1]), tmp_path / "boat.palimpsest"
    with qtbot.waitSignal(two.closed):
        two.close()
    assert load_project(tmp_path / "boat.palimpsest").history.current.prompt == "a boat"
    assert answers["asked"] == ["which", "which", "save"]


def test_quitting_stays_where_a_name_is_not_given(two, qtbot, answers):
    answers["which"] = (True, [0, 1])
    two.close()
    qtbot.waitUntil(lambda: answers["asked"] == ["which", "save"])
    assert two.isVisible() and len(two.documents) == 2 and words(two) == "a fox on snow"


def test_a_background_document_is_saved_as_itself(two, run, tmp_path, answers):
    fox = next(iter(two.documents))
    answers["save"] = tmp_path / "fox.palimpsest"
    assert run(two.files.save(fox)) and not fox.dirty and two.document.document.dirty
    assert load_project(tmp_path / "fox.palimpsest").history.current.prompt == "a fox on snow"
    assert names(two) == ["fox.palimpsest", "*a boat"] and "a boat" in two.windowTitle()


def test_another_programs_change_of_a_hidden_file_is_told_when_it_is_shown(
    two, run, answers, tmp_path, qtbot
):
    path = tmp_path / "owl.palimpsest"
    save_project(boat("an owl"), path)
    run(two.files.open(path))
    go(two, -1)
    other = load_project(path)
    other.execute(StarTurn(other.history.current_id, True))
    save_project(other, path)
    run(two.watching.look())
    assert answers["asked"] == []
    answers["yes"] = True
    go(two)
    run(two.watching.look())
    qtbot.waitUntil(lambda: two.document.turn.starred)
    assert answers["asked"] == ["yes"] and len(two.documents) == 3


# -- recovery ---------------------------------------------------------------------------------------------------------


def recovered():
    found = []
    for file in recoverable_files(paths.recovery_folder()):
        found.append(file.document())
    return found


def test_every_open_document_is_kept_for_recovery(two, qtbot, tmp_path):
    for name in ("in the boat", "in the fox"):
        two.document.execute(AddLayer(RasterLayer(name=name)))
        go(two)
    qtbot.waitUntil(lambda: two.recovery.at_rest)
    for keeper in two.recovery._keepers.values():
        keeper._slot._lock.release()  # as if the program were gone
    last = {document.history.current.prompt: document.layers.layers[-1].name for document in recovered()}
    assert last == {"a boat": "in the boat", "a fox on snow": "in the fox"}
    for keeper in two.recovery._keepers.values():
        keeper._slot._lock.acquire()


def test_a_closed_tab_leaves_nothing_to_recover(two, qtbot):
    qtbot.waitUntil(lambda: two.recovery.at_rest)
    slots = {keeper._slot.slot for keeper in two.recovery._keepers.values()}
    two.documents.close(two.documents.current)
    left = {path.name.split(".")[0] for path in paths.recovery_folder().glob("*.json")}
    assert len(slots) == 2 and len(left) == 1 and left < slots


@pytest.mark.parametrize("recovers", [True, False, None])
def test_what_several_crashes_left_is_offered_in_one_list(window, run, answers, recovers, qtbot):
    for sentence in ("a boat", "an owl", "a hare"):
        slot = Autosave(paths.recovery_folder())
        slot.save(boat(sentence), None)
        slot._lock.release()
    answers["which"] = (recovers, [0, 2])
    run(window.recovery.offer())
    assert len(answers["told"][4]) == 3
    qtbot.waitUntil(lambda: window.recovery.at_rest)
    there = {opened.name for opened in window.documents}
    assert len(there) == 2 and there < {"a boat", "an owl", "a hare"} if recovers else there == {"Untitled"}
    assert len(recovered()) == (3 if recovers is None else 1)


# -- memory -----------------------------------------------------------------------------------------------------------


def stroke(document, value):
    layer = document.picture_layer
    document.execute(
        PaintStroke(layer.id, layer.tiles, Tiles.from_array(np.full((64, 64, 4), value, np.uint8)))
    )


def test_undo_steps_of_all_tabs_share_one_budget(two):
    shown, hidden = two.document.document, next(iter(two.documents)).document
    for value in range(3):
        stroke(hidden, value)
    two.documents.undo_budget.nbytes = hidden.undo_stack.held * 4 // 3
    for value in range(3):
        stroke(shown, value)
    assert (len(shown.undo_stack), len(hidden.undo_stack)) == (3, 1), "what is worked on keeps its steps"
    assert hidden.undo_stack.forgotten == 2 and hidden.dirty


def test_what_is_told_of_a_large_change_outlasts_it(window, qtbot, monkeypatch):
    monkeypatch.setattr(document_vm, "AT_ONCE", 0)
    window.files.adopt(Document.new_from_picture(np.zeros((64, 64, 3), np.uint8)))
    document, layer = window.document.document, window.document.document.picture_layer
    window.documents.undo_budget.nbytes = 1
    stroke(document, 1)

    def make(state):
        return PaintStroke(layer.id, document.picture_layer.tiles, layer.tiles)

    window.document.execute_made(make)
    assert "large picture" in window.status.notice.text()
    qtbot.waitUntil(lambda: not window.document.working)
    assert document.undo_stack.forgotten == 1 and "oldest steps" in window.status.notice.text()


def test_the_row_is_made_for_screen_readers_and_takes_no_width(two):
    row = two.tabbing.row
    assert isinstance(row, QTabBar) and row.accessibleTabName(1) == "a boat, unsaved changes"
    width = two.minimumSizeHint().width()
    for number in range(8):
        two.files.adopt(boat(f"a boat with a very long name, number {number}"))
    assert two.minimumSizeHint().width() == width and row.tabRect(0).width() >= 96
