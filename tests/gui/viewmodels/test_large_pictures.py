"""Work on pictures that are too large to be worked on at once: off the main thread, in order, and to be stopped."""

import threading

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from editor_core.document.commands import AddLayer, Select
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.selection import everything
from gui.canvas.tool import Pointer
from gui.tools import fill
from gui.viewmodels import document_vm


@pytest.fixture
def large(window, monkeypatch):
    """A window in which every picture counts as large."""
    monkeypatch.setattr(document_vm, "AT_ONCE", 0)
    window.files.adopt(Document.new_from_picture(np.full((60, 80, 3), 200, np.uint8)))
    return window


def done(window):
    return not window.document.working


def test_a_fill_comes_from_another_thread_and_is_one_step(large, qtbot, monkeypatch):
    threads = []
    original = fill.filled
    monkeypatch.setattr(
        fill,
        "filled",
        lambda *a, **k: threads.append(threading.current_thread()) or original(*a, **k),
    )
    large.toolbox.fill.press(Pointer(5, 5))
    assert large.document.working and large.document.document.undo_stack.next_undo is None
    assert "Esc" in large.status.notice.text() and large.actions_table["discard"].isEnabled()
    qtbot.waitUntil(lambda: done(large))
    assert threads and threads[0] is not threading.main_thread()
    assert len(large.document.document.undo_stack) == 1
    assert (large.document.document.picture() == large.toolbox.colours.foreground).all()
    assert not large.status.notice.text()


def test_a_fill_keeps_what_it_was_asked_for_with(large, qtbot):
    pixels = np.full((60, 80, 3), 200, np.uint8)
    pixels[:, 40:] = 160
    large.files.adopt(Document.new_from_picture(pixels))
    document, toolbox = large.document.document, large.toolbox
    mine, later = RasterLayer(name="mine"), RasterLayer(name="later")
    document.execute(AddLayer(mine))
    toolbox.choose_layer(mine.id)
    toolbox.colours.set(foreground=(10, 20, 30))
    toolbox.fill.settings.set(tolerance=8, contiguous=True)
    toolbox.fill.press(Pointer(5, 5))
    toolbox.fill.settings.set(tolerance=255, contiguous=False)  # for the next one
    toolbox.colours.set(foreground=(200, 0, 0))
    document.execute(AddLayer(later))
    toolbox.choose_layer(later.id)
    qtbot.waitUntil(lambda: done(large))
    pixels[:, :40] = (10, 20, 30)
    assert np.array_equal(document.picture(), pixels)
    assert len(document.layers[mine.id].tiles) and not len(document.layers[later.id].tiles)


def test_a_shape_keeps_the_feather_it_was_drawn_with(large, qtbot):
    large.actions_table["rectangle_tool"].trigger()
    tool = large.toolbox.tool
    tool.press(Pointer(10, 10))
    tool.release(Pointer(30, 30))
    large.toolbox.selecting.set(feather=8)
    qtbot.waitUntil(lambda: done(large))
    assert large.document.document.selection.bounds == Rect(10, 10, 20, 20)


def test_what_is_to_come_first_does_though_its_picture_is_still_computed(large, session, qtbot):
    session.gate.clear()
    for words, action in (("a wall", "run"), ("a grey wall", "run"), ("a new wall", "run_next")):
        large.prompt.use_words(words)
        large.actions_table[action].trigger()
        qtbot.waitUntil(lambda: done(large) and large.jobs.running is not None)
    session.gate.set()
    qtbot.waitUntil(lambda: not large.editing.busy and done(large))
    assert [request.prompt for request in session.requests[1:]] == ["a wall", "a new wall", "a grey wall"]


def test_what_is_asked_first_is_done_first(large, qtbot):
    large.document.execute_made(lambda state: Select(everything(state.rect)))
    large.actions_table["fill_selection"].setEnabled(True)
    large.actions_table["fill_selection"].trigger()
    qtbot.waitUntil(lambda: done(large))
    assert [command.text for command in large.document.document.undo_stack._done] == ["Select", "Fill"]


def test_what_changed_meanwhile_is_seen(large, qtbot):
    """The work is done again on the newer layers, and nothing of them is lost."""
    seen = []

    def make(state):
        seen.append(len(list(state.layers)))
        return Select(everything(state.rect))

    large.document.execute_made(make)
    large.document.execute(AddLayer(RasterLayer(name="new")))
    qtbot.waitUntil(lambda: done(large))
    assert seen[-1] == 2 and large.document.document.selection is not None


def test_escape_stops_it(large, qtbot):
    gate = threading.Event()
    large.document.execute_made(lambda state: gate.wait(5) and Select(everything(state.rect)))
    large.actions_table["discard"].trigger()
    gate.set()
    qtbot.waitUntil(lambda: done(large))
    assert large.document.document.selection is None and large.document.document.undo_stack.next_undo is None


def test_another_document_is_left_alone(large, qtbot):
    gate = threading.Event()
    old = large.document.document
    large.document.execute_made(lambda state: gate.wait(5) and Select(everything(state.rect)))
    large.files.adopt(Document.new_from_picture(np.zeros((8, 8, 3), np.uint8)))
    gate.set()
    qtbot.waitUntil(lambda: done(large))
    assert old.selection is None and large.document.document.selection is None


def test_copying_reads_the_picture_beside_the_window(large, qtbot):
    QGuiApplication.clipboard().clear()
    large.actions_table["copy"].trigger()
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull())
    assert QGuiApplication.clipboard().image().width() == 80


def test_reading_and_editing_a_large_picture(large, session, qtbot):
    layers = large.document.document.layers
    large.prompt.use_words("a grey wall")
    large.prompt.run()
    qtbot.waitUntil(lambda: large.document.turn is not None)
    assert large.document.document.layers is layers
    large.prompt.use_words("a red wall")
    large.prompt.run()
    qtbot.waitUntil(lambda: large.editing.candidate is not None)
    large.actions_table["apply"].trigger()
    assert large.document.turn.prompt == "a red wall"


def test_a_copy_in_place_of_the_journal_waits_for_the_work(large, qtbot):
    gate = threading.Event()
    qtbot.waitUntil(lambda: large.recovery.at_rest)
    large.document.execute(AddLayer(RasterLayer(name="new")))
    qtbot.waitUntil(lambda: large.recovery.at_rest)
    large.document.execute(AddLayer(RasterLayer(name="newer")))
    qtbot.waitUntil(
        lambda: large.recovery.keeper()._slot.journal_size[0] > 0 and not large.recovery.keeper()._adding
    )
    large.document.execute_made(lambda state: gate.wait(5) and Select(everything(state.rect)))
    large.recovery._timer.timeout.emit()
    assert not large.recovery.keeper()._writing
    gate.set()
    qtbot.waitUntil(lambda: done(large))
    large.recovery._timer.timeout.emit()
    assert large.recovery.keeper()._writing
    qtbot.waitUntil(lambda: large.recovery.at_rest)
