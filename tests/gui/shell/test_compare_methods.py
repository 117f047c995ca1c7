"""The same edit by several methods in a window: jobs in the queue, results beside each other, one becomes a turn."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon

from editor_core.base.errors import ModelError
from editor_core.document.commands import AddLayer
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Edit, OpenPicture, RunBaseline
from gui.controllers.comparing import State
from gui.docks.turn_delegate import note_of
from support.fake_session import colour_of

WORDS = "a cat on snow"


@pytest.fixture
def dialog(picture):
    """The window of the comparison, asked for from the menu with changed words."""
    picture.prompt.use_words(WORDS)
    picture.actions_table["compare_methods"].trigger()
    return picture.comparing.dialog


@pytest.fixture
def comparing(picture):
    return picture.comparing.comparing


def tick(dialog, *names):
    for row in range(dialog.list.count()):
        item = dialog.list.item(row)
        on = item.data(Qt.ItemDataRole.UserRole) in names
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def look_at(dialog, name):
    rows = [dialog.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(dialog.list.count())]
    dialog.list.setCurrentRow(rows.index(name))


def states(comparing):
    return {name: row.state for name, row in comparing.rows.items() if row.state is not State.IDLE}


def test_methods_run_in_the_queue_and_are_shown_beside_the_picture(
    qtbot, dialog, comparing, session, picture
):
    assert dialog.words.text() == WORDS and dialog.masked.isHidden()
    assert dialog.chosen == ["fisedit", "instdiffedit", "embctrl", "p2p"]  # Redraw has nothing to go by
    session.gate.clear()
    dialog.run_button.click()
    qtbot.waitUntil(lambda: comparing.rows["fisedit"].state is State.RUNNING)
    assert list(states(comparing).values()).count(State.WAITING) == 3 and dialog.cancel_button.isEnabled()
    session.gate.set()
    qtbot.waitUntil(lambda: not comparing.running)
    assert set(states(comparing).values()) == {State.DONE}
    icon = dialog.list.item(0).icon()
    plain, chosen = (icon.pixmap(56, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected))
    assert plain == chosen, "its colours are judged"
    texts = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert "Prompt-to-Prompt\n0.5 s, 100 % changed" in texts and "Redraw\nMaSaFusion" in texts
    asked = [request for request in session.requests if isinstance(request, Edit | RunBaseline)]
    assert [request.prompt for request in asked] == [WORDS] * 4
    assert asked[1].parameters == {"phrase": "a cat", "variants": 1}
    look_at(dialog, "p2p")
    assert dialog.right_name.text() == "Prompt-to-Prompt" and dialog.adopt_button.isEnabled()
    dialog.differing.click()
    assert dialog.left_name.text() == "Prompt-to-Prompt" and dialog.right_name.text() == "What changed"
    assert len(picture.document.document.history) == 1  # nothing is a turn by itself


def test_one_of_ours_becomes_a_turn_as_it_is(qtbot, dialog, comparing, picture):
    tick(dialog, "fisedit")
    dialog.run()
    qtbot.waitUntil(lambda: not comparing.running)
    look_at(dialog, "fisedit")
    with qtbot.waitSignal(comparing.adopted):
        dialog.adopt_button.click()
    turn = picture.document.turn
    assert turn.method == "fisedit" and turn.prompt == WORDS and note_of(turn, None).startswith("Reword")
    assert turn.parent is not None and not dialog.isVisible()
    picture.actions_table["undo"].trigger()
    assert picture.document.turn.prompt == "a fox on snow"


def test_a_baselines_picture_is_analysed_and_becomes_a_turn(qtbot, dialog, comparing, session, picture):
    tick(dialog, "p2p")
    dialog.run()
    qtbot.waitUntil(lambda: not comparing.running)
    look_at(dialog, "p2p")
    dialog.adopt_button.click()
    qtbot.waitUntil(lambda: picture.document.turn.parent is not None)
    turn = picture.document.turn
    assert (turn.image == colour_of(WORDS)).all() and note_of(turn, 1.0).startswith("Prompt-to-Prompt")
    assert "trajectory" in turn.latents and (turn.mask == 255).all()
    assert any(isinstance(request, OpenPicture) for request in session.requests)
    assert (picture.document.document.picture() == turn.image).all()


def test_cancelling_keeps_what_is_done_and_the_queue_goes_on(qtbot, dialog, comparing, session, picture):
    tick(dialog, "fisedit", "p2p", "instdiffedit")
    dialog.run()
    qtbot.waitUntil(lambda: not comparing.running)
    session.gate.clear()
    tick(dialog, "p2p", "instdiffedit")
    dialog.run()
    qtbot.waitUntil(lambda: comparing.rows["instdiffedit"].state is State.RUNNING)
    picture.prompt.use_words("a dog on snow")
    picture.prompt.run()  # the artist's own edit waits behind
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: not comparing.running)
    assert states(comparing) == {"instdiffedit": State.CANCELLED, "p2p": State.CANCELLED}
    session.gate.set()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert picture.editing.candidate.result.prompt == "a dog on snow"


def test_what_fails_is_told_in_its_row_only(qtbot, dialog, comparing, session, picture):
    tick(dialog, "p2p", "fisedit")
    session.error = ModelError("This model cannot do that.")
    dialog.run()
    qtbot.waitUntil(lambda: not comparing.running)
    assert states(comparing) == {"fisedit": State.FAILED, "p2p": State.DONE}
    look_at(dialog, "fisedit")
    assert dialog.note.text() == "This model cannot do that." and not dialog.adopt_button.isEnabled()
    assert picture.messages.isHidden()


def test_what_needs_weights_says_so_and_takes_a_folder(
    qtbot, dialog, comparing, session, picture, monkeypatch
):
    look_at(dialog, "inpainting")
    assert not dialog.weights_button.isHidden()
    monkeypatch.setattr("gui.shell.compare_methods.QFileDialog.getExistingDirectory", lambda *_: "/models/x")
    dialog.weights_button.click()
    assert dialog.list.currentItem().text() == "SD inpainting\n/models/x"
    tick(dialog, "inpainting")
    dialog.run()
    qtbot.waitUntil(lambda: not comparing.running)
    (asked,) = (request for request in session.requests if isinstance(request, RunBaseline))
    assert asked.models == {"inpainting": "/models/x"}


def test_the_picture_is_there_before_anything_is_compared(dialog):
    assert dialog.left_name.text() == "Before" and dialog.right_name.text() == ""
    assert not dialog.pair._before.isNull() and dialog.pair._after.isNull()


def test_the_same_words_are_no_edit_and_a_closed_document_forgets(qtbot, dialog, comparing, picture):
    dialog.words.setText("a fox on snow")
    assert not dialog.run_button.isEnabled()
    dialog.words.setText(WORDS)
    tick(dialog)
    assert not dialog.run_button.isEnabled()
    tick(dialog, "p2p")
    dialog.run()
    qtbot.waitUntil(lambda: not comparing.running)
    picture.documents.close(picture.documents.current)
    assert comparing.before is None and not states(comparing)


def test_what_was_painted_since_is_read_first(qtbot, dialog, comparing, session, picture):
    layer = np.zeros((64, 64, 4), np.uint8)
    layer[8:24, 8:24] = 255
    picture.document.execute(AddLayer(RasterLayer(name="paint", tiles=Tiles.from_array(layer))))
    tick(dialog, "p2p")
    dialog.run()
    qtbot.waitUntil(lambda: comparing.rows["p2p"].state is State.DONE)
    assert (comparing.before[8:24, 8:24] == 255).all()
