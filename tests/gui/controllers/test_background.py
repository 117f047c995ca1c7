"""Work in the background: places in the queue, results that do not take the canvas, what the status bar says."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from editor_core.document.commands import JumpToTurn
from editor_core.messages.events import Progress
from gui.texts.numbers import byte_text


def ask(window, words, action="run"):
    window.prompt.use_words(words)
    window.actions_table[action].trigger()


def titles(window):
    return [window.jobs.index(row).data() for row in range(window.jobs.rowCount())]


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("run", ["a cat", "an owl", "a bee"]),
        ("run_next", ["a cat", "a bee", "an owl"]),
        ("run_instead", ["a cat", "a bee"]),
    ],
)
def test_places_in_the_queue(picture, session, qtbot, action, order):
    session.gate.clear()
    for words in ("a cat", "an owl"):
        ask(picture, words)
    qtbot.waitUntil(lambda: picture.jobs.running is not None)
    ask(picture, "a bee", action)
    session.gate.set()
    qtbot.waitUntil(lambda: not picture.editing.busy)
    assert [request.prompt for request in session.requests[2:]] == order
    if action == "run_instead":
        assert picture.editing.candidate.result.prompt == "a bee"


def test_another_new_picture_is_looked_at_like_an_edit(picture, qtbot):
    picture.prompt.use_words("a bee")
    picture.actions_table["generate"].trigger()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert picture.editing.candidate.result.method == "generate" and picture.editing.waiting == 0


def press(canvas, place, kind=QEvent.Type.MouseButtonPress):
    left = Qt.MouseButton.LeftButton
    buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
    spot = QPointF(place)
    event = QMouseEvent(kind, spot, canvas.mapToGlobal(spot), left, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def test_a_result_does_not_take_the_canvas_from_a_stroke(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    middle = picture.canvas.rect().center()
    press(picture.canvas, middle)
    assert picture.canvas.drawing
    ask(picture, "a cat on snow")
    qtbot.waitUntil(lambda: picture.editing.waiting == 1)
    assert picture.canvas.drawing and picture.editing.candidate is None and not picture.stage.frame.shown
    press(picture.canvas, middle, QEvent.Type.MouseButtonRelease)
    assert picture.result_bar.isVisible() and "ready" in picture.result_bar._text.text()
    picture.actions_table["apply"].trigger()
    assert picture.editing.candidate is not None and picture.stage.frame.shown
    picture.actions_table["apply"].trigger()
    assert picture.document.turn.prompt == "a cat on snow" and not picture.result_bar.isVisible()


def test_results_wait_until_they_are_asked_for(picture, qtbot):
    picture.actions_table["show_results"].trigger()
    assert not picture.state.show_results
    for words in ("a cat on snow", "an owl on snow"):
        ask(picture, words)
    qtbot.waitUntil(lambda: picture.editing.waiting == 2)
    assert "2 results" in picture.result_bar._text.text()
    picture.result_bar._look.click()
    assert picture.editing.position == (1, 2) and picture.editing.candidate is not None


def test_a_result_of_a_turn_that_is_not_shown_waits(picture, session, qtbot):
    first = picture.document.turn
    ask(picture, "a cat on snow")
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["apply"].trigger()
    session.gate.clear()
    ask(picture, "a cat on sand")
    picture.document.execute(JumpToTurn(first.id))
    session.gate.set()
    qtbot.waitUntil(lambda: picture.editing.waiting == 1)
    assert picture.editing.candidate is None


def test_the_status_bar_tells_how_full_the_cache_is(picture):
    assert picture.status.cache.text() == "· memory 300 MB of 1.0 GB · disk 1.0 GB of 4.0 GB"


def test_loading_looks_unlike_painting(picture, session, qtbot):
    session.gate.clear()
    ask(picture, "a cat on snow")
    qtbot.waitUntil(lambda: picture.jobs.running is not None and picture.jobs.running.done == 3)
    job = picture.jobs.running.id
    assert not picture.status.bar.property("loading")
    picture.facade.progress.emit(Progress(job, "loading", 1, 4))
    assert picture.status.bar.property("loading") and "loading the model" in picture.status.progress.text()


def test_bytes_in_words():
    assert [byte_text(n) for n in (0, 5 << 20, 1 << 30, 3 << 29)] == ["0 MB", "5 MB", "1.0 GB", "1.5 GB"]
