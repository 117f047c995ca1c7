"""Turns, layers and queue: from the document to the panel, and back."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox

from editor_core.document.commands import (
    AcceptTurn,
    AddLayer,
    JumpToTurn,
    RemoveTurn,
    RenameTurn,
    SetLayerProperty,
    StarTurn,
)
from editor_core.document.document import Document
from editor_core.document.history import HistoryTree
from editor_core.document.layers import GroupLayer, MaskLayer, RasterLayer
from editor_core.document.turns import Turn
from gui.docks.turns import Reuse, TurnsPanel
from gui.texts.times import clock_text
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.history_vm import HistoryVM, rows_of
from gui.viewmodels.jobs_vm import JobState
from gui.viewmodels.open_document import OpenDocument


def turn(words, parent=None, colour=90):
    return Turn(prompt=words, parent=parent, image=np.full((16, 16, 3), colour, np.uint8))


def tree(*edges):
    """A history from (id, parent) pairs."""
    history = HistoryTree()
    for name, parent in edges:
        history.add(Turn(id=name, parent=parent, prompt=name, image=np.zeros((2, 2, 3), np.uint8)))
    return history


@pytest.fixture
def document():
    vm = DocumentVM()
    vm.show(OpenDocument(Document.new_from_turn(turn("a fox"))))
    return vm


@pytest.fixture
def turns(document, theme, qtbot):
    panel = TurnsPanel(theme, document)
    qtbot.addWidget(panel)
    panel.resize(280, 400)
    panel.show()
    document.replaced.emit()
    return panel


def test_a_line_of_turns_stays_in_one_column():
    rows = rows_of(tree(("a", None), ("b", "a"), ("c", "b")))
    assert [(row.turn.id, row.lane, row.parent_lane) for row in rows] == [
        ("a", 0, None),
        ("b", 0, 0),
        ("c", 0, 0),
    ]
    assert [row.has_children for row in rows] == [True, True, False]


def test_the_newest_branch_goes_on_below_the_others():
    rows = rows_of(tree(("a", None), ("b", "a"), ("b2", "b"), ("c", "a"), ("d", "a")))
    assert [(row.turn.id, row.lane, row.passing) for row in rows] == [
        ("a", 0, ()),
        ("b", 1, (0,)),
        ("b2", 1, (0,)),
        ("c", 1, (0,)),
        ("d", 0, ()),
    ]


def test_every_turn_is_listed_once_after_its_parent():
    random = np.random.default_rng(3)
    names = [f"t{i}" for i in range(300)]
    edges = [(name, None if i == 0 else names[random.integers(i)]) for i, name in enumerate(names)]
    rows = rows_of(tree(*edges))
    seen = set()
    for row in rows:
        assert row.turn.parent is None or row.turn.parent in seen
        seen.add(row.turn.id)
    assert len(rows) == len(seen) == 300


def test_a_very_deep_history_is_listed():
    names = [f"t{i}" for i in range(3000)]
    assert len(rows_of(tree(*zip(names, [None, *names])))) == 3000


def test_a_new_turn_appears_and_is_marked(document, turns):
    first = document.turn
    document.execute(AcceptTurn(turn("a cat", first.id)))
    assert turns.model.rowCount() == 2
    assert turns.list.currentIndex().row() == 1
    assert turns.model.index(1).data() == "fox → cat"


def test_a_click_shows_a_turn_and_can_be_undone(document, turns, qtbot):
    first = document.turn
    document.execute(AcceptTurn(turn("a cat", first.id)))
    area = turns.list.visualRect(turns.model.index(0))
    qtbot.mouseClick(turns.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert document.turn is first
    document.undo()
    assert document.turn.prompt == "a cat"


def test_names_and_stars_are_shown(document, turns):
    document.execute(RenameTurn(document.turn.id, "the good one"))
    document.execute(StarTurn(document.turn.id, True))
    row = turns.model.index(0).data(HistoryVM.RowRole)
    assert row.summary == "the good one" and row.turn.starred


def test_the_menu_acts_on_its_turn(document, turns, qtbot):
    menu = turns.menu_for(document.turn)
    actions = {action.text(): action for action in menu.actions()}
    actions["Star"].trigger()
    assert document.turn.starred
    reuse = {action.text(): action for action in actions["Reuse"].menu().actions()}
    with qtbot.waitSignal(turns.reuse_wanted) as wanted:
        reuse["Words"].trigger()
    assert wanted.args[0].id == document.turn.id and wanted.args[1] is Reuse.WORDS
    assert not reuse["Mask"].isEnabled()


def test_renaming_asks(document, turns):
    turns.rename(document.turn)
    dialog = turns.findChild(QInputDialog)
    dialog.setTextValue("  mine ")
    dialog.accept()
    assert document.turn.name == "mine"


@pytest.mark.parametrize("agrees", [True, False])
def test_deleting_asks_first_and_can_be_undone(document, turns, agrees):
    first = document.turn
    document.execute(AcceptTurn(turn("a cat", first.id)))
    turns.delete(document.turn)
    box = turns.findChild(QMessageBox)
    button = next(b for b in box.buttons() if (b.text() == "Delete") is agrees)
    button.click()
    assert len(document.document.history) == (1 if agrees else 2)
    if agrees:
        document.undo()
        assert len(document.document.history) == 2 and document.turn.prompt == "a cat"


def test_alt_up_and_down_walk_the_list(picture, qtbot):
    picture.document.execute(AcceptTurn(turn("a cat", picture.document.turn.id)))
    picture.actions_table["turn_up"].trigger()
    assert picture.document.turn.prompt == "a fox on snow"
    picture.actions_table["turn_up"].trigger()
    assert picture.document.turn.prompt == "a fox on snow"
    picture.actions_table["turn_down"].trigger()
    assert picture.document.turn.prompt == "a cat"


# -- layers -----------------------------------------------------------------------------------------------------------


def test_layers_are_listed_topmost_first(picture):
    picture.document.execute(AddLayer(RasterLayer(name="Paint")))
    picture.document.execute(AddLayer(GroupLayer(name="Group", children=(MaskLayer(name="Mask"),))))
    model = picture.layers.model
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        "Group",
        "Mask",
        "Paint",
        "Picture",
    ]


def test_adding_choosing_moving_and_removing_layers(picture):
    panel, document = picture.layers, picture.document.document
    panel.add_button.click()
    assert [layer.name for layer in document.layers] == ["Picture", "Layer 2"]
    assert panel.layer.name == "Layer 2" and picture.toolbox.brush.chosen_layer == panel.layer.id
    picture.actions_table["layer_down"].trigger()
    assert [layer.name for layer in document.layers] == ["Layer 2", "Picture"]
    assert panel.layer.name == "Layer 2"
    panel.remove_button.click()
    assert [layer.name for layer in document.layers] == ["Picture"]
    for _ in range(3):
        document.undo()
    assert [layer.name for layer in document.layers] == ["Picture"]


def test_opacity_both_ways(picture):
    panel, document = picture.layers, picture.document.document
    layer = document.layers.layers[0]
    picture.document.execute(SetLayerProperty(layer.id, opacity=0.3))
    document.end_merging()
    assert panel.opacity.value == 30
    panel.opacity._slider.setSliderDown(True)
    panel.opacity._slider.setSliderPosition(500)
    panel.opacity._slider.setSliderPosition(800)
    panel.opacity._slider.setSliderDown(False)
    assert document.layers[layer.id].opacity == pytest.approx(0.8)
    document.undo()
    assert document.layers[layer.id].opacity == pytest.approx(0.3)


def test_a_click_on_the_eye_hides_the_layer(picture, qtbot):
    view = picture.layers.list
    row = view.visualRect(picture.layers.model.index(0))
    place = QPoint(row.left() + 16, row.center().y())
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not picture.document.document.layers.layers[0].visible
    assert (picture.canvas.source.read(0, 0, 8, 8)[..., 3] == 0).all()


def test_renaming_a_layer_in_the_list(picture):
    model = picture.layers.model
    assert model.setData(model.index(0), "Base")
    assert picture.document.document.layers.layers[0].name == "Base"
    assert not model.setData(model.index(0), "  ")


# -- queue ------------------------------------------------------------------------------------------------------------


def jobs_of(window):
    model = window.jobs
    return [model.index(row).data(model.ItemRole) for row in range(model.rowCount())]


def test_the_queue_follows_its_jobs(picture, session, qtbot):
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.jobs.running is not None and picture.jobs.running.done == 3)
    *_, running, waiting = jobs_of(picture)
    assert running.state is JobState.RUNNING and waiting.state is JobState.WAITING
    assert picture.jobs.waiting == 1
    picture.queue.cancel_asked.emit(waiting.id)
    session.gate.set()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert [job.state for job in jobs_of(picture)[-2:]] == [JobState.FINISHED, JobState.CANCELLED]
    picture.queue.clear_button.click()
    assert not jobs_of(picture)


def test_a_click_on_the_cross_cancels(picture, session, qtbot):
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.jobs.running is not None)
    view = picture.queue.list
    row = view.visualRect(picture.jobs.index(picture.jobs.rowCount() - 1))
    with qtbot.waitSignal(picture.facade.cancelled):
        qtbot.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.right() - 16, row.center().y())
        )


def test_time_left_comes_from_the_pace(facade, qtbot):
    from editor_core.messages.events import Progress, Queued, Started
    from gui.viewmodels.jobs_vm import JobsVM

    now = [100.0]
    jobs = JobsVM(facade, clock=lambda: now[0])
    facade.queued.emit(Queued(9, "x"))
    facade.started.emit(Started(9))
    facade.progress.emit(Progress(9, "painting", 0, 10))
    assert jobs.running.seconds_left is None
    now[0] = 104.0
    facade.progress.emit(Progress(9, "painting", 2, 10))
    assert jobs.running.seconds_left == pytest.approx(16)
    facade.progress.emit(Progress(9, "decoding", 0, 0))
    assert jobs.running.seconds_left is None


def test_showing_an_older_turn_twice_is_one_step(document, turns):
    first = document.turn
    document.execute(AcceptTurn(turn("a cat", first.id)))
    document.execute(JumpToTurn(first.id))
    steps = len(document.document.undo_stack)
    turns.list.clicked.emit(turns.model.index(0))
    assert len(document.document.undo_stack) == steps


def test_a_turn_tells_when_it_was_made():
    today = clock_text(turn("a fox").created)
    long_ago = clock_text("2001-02-03T12:05:06+00:00")
    assert ":" in today and len(today) < len(long_ago) and "01" in long_ago


def test_a_turn_that_went_while_its_name_was_asked(document, turns, qtbot):
    turn = document.turn
    turns.rename(turn)
    document.document.execute(RemoveTurn(turn.id))
    dialog = turns.findChild(QInputDialog)
    dialog.setTextValue("gone")
    dialog.accept()
    assert turn.id not in document.document.history
