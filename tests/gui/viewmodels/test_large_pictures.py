"""Work on pictures that are too large to be worked on at once: off the main thread, in order, and to be stopped."""

import threading

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from editor_core.document.commands import AddLayer, Select
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.selection import everything
from gui.canvas.tool import Pointer
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
    original = large.toolbox.fill._filled
    monkeypatch.setattr(
        large.toolbox.fill,
        "_filled",
        lambda *a, **k: threads.append(threading.current_thread()) or original(*a, **k),
    )
    large.toolbox.fill.press(Pointer(5, 5))
    assert large.document.working and not large.document.document.can_undo
    assert "Esc" in large.status.notice.text() and large.actions_table["discard"].isEnabled()
    qtbot.waitUntil(lambda: done(large))
    assert threads and threads[0] is not threading.main_thread()
    assert len(large.document.document.undo_stack) == 1
    assert (large.document.document.picture() == large.toolbox.colours.foreground).all()
    assert not large.status.notice.text()


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
    assert large.document.document.selection is None and not large.document.document.can_undo


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


def test_the_recovery_copy_waits_for_the_work(large, qtbot):
    gate = threading.Event()
    large.document.execute(AddLayer(RasterLayer(name="new")))
    large.document.execute_made(lambda state: gate.wait(5) and Select(everything(state.rect)))
    large.recovery._soon.timeout.emit()
    assert not large.recovery._writing and large.recovery._soon.isActive()
    gate.set()
    qtbot.waitUntil(lambda: done(large))
    large.recovery._soon.timeout.emit()
    qtbot.waitUntil(lambda: large.recovery._slot is not None and not large.recovery._writing)
