"""Searching, reusing and comparing turns."""

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt

from gui.docks.turns import Reuse
from gui.viewmodels.history_vm import HistoryVM


def reword(window, qtbot, words):
    window.prompt.use_words(words)
    window.prompt.run()
    qtbot.waitUntil(lambda: window.editing.candidate is not None)


@pytest.fixture
def two(picture, qtbot):
    """ "a fox on snow", then "a cat on snow"."""
    reword(picture, qtbot, "a cat on snow")
    picture.actions_table["apply"].trigger()
    return picture


def listed(window):
    model = window.turns.model
    return [model.index(row).data() for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("CAT", ["fox → cat"]),
        ("snow on", ["a fox on snow", "fox → cat"]),
        ("reword", ["fox → cat"]),
        ("owl", []),
    ],
)
def test_searching(two, sought, found):
    two.turns.search.setText(sought)
    assert listed(two) == found
    two.turns.search.clear()
    assert listed(two) == ["a fox on snow", "fox → cat"]


def test_only_starred_turns(two):
    two.actions_table["star"].trigger()
    two.turns.starred.click()
    assert listed(two) == ["fox → cat"]
    two.actions_table["star"].trigger()
    assert listed(two) == []


def test_what_is_found_is_no_tree(two):
    two.turns.search.setText("cat")
    row = two.turns.model.index(0).data(HistoryVM.RowRole)
    assert (row.lane, row.parent_lane, row.passing, row.has_children) == (0, None, (), False)


def test_everything_of_an_old_turn_can_be_used_again(two):
    first, cat = two.document.document.history
    two.turns._jump(first)
    two.prompt.form.steps.setValue(9)
    two.turns.reuse_wanted.emit(cat, Reuse.ALL)
    assert two.prompt.edit.words == "a cat on snow"
    assert two.prompt.seed.seed == cat.seed
    assert two.prompt.form.chosen_steps == cat.steps
    assert np.array_equal(two.document.document.edit_mask(), cat.mask)
    two.document.undo()
    assert two.document.document.edit_mask() is None


def test_a_mask_replaces_the_painted_one(two):
    _, cat = two.document.document.history
    two.actions_table["new_mask"].trigger()
    two.turns.reuse_wanted.emit(cat, Reuse.MASK)
    assert np.array_equal(two.document.document.edit_mask(), cat.mask)
    assert sum(layer.name == "Mask" for layer in two.document.document.layers) == 1


def test_continuing_shows_the_turn_and_waits_for_words(two, qtbot):
    first, _ = two.document.document.history
    actions = {action.text(): action for action in two.turns.menu_for(first).actions()}
    actions["Continue from here"].trigger()
    assert two.document.turn is first
    qtbot.waitUntil(two.prompt.edit.hasFocus)


def test_comparing_a_turn_with_the_one_before(two, qtbot):
    two.actions_table["compare"].trigger()
    view = two.compare
    assert two.workspace.pages.currentWidget() is view
    assert (view.before_name.text(), view.after_name.text()) == ("a fox on snow", "fox → cat")
    pair, first = view.pair, two.document.document.history[two.document.turn.parent]
    middle = QPoint(pair.width() // 2, pair.height() // 2)
    assert pair.grab().toImage().pixelColor(middle - QPoint(30, 0)).getRgb()[:3] == tuple(first.image[40, 31])
    qtbot.mousePress(pair, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(pair, QPoint(pair.width() // 4, middle.y()))
    qtbot.mouseRelease(pair, Qt.MouseButton.LeftButton, pos=QPoint(pair.width() // 4, middle.y()))
    assert pair.split == pytest.approx(0.25, abs=0.01)
    qtbot.keyClick(pair, Qt.Key.Key_Right)
    assert pair.split == pytest.approx(0.27, abs=0.01)
    two.actions_table["discard"].trigger()
    assert two.workspace.pages.currentWidget() is two.stage.ruled


def test_side_by_side_shows_both_whole(two):
    two.actions_table["compare"].trigger()
    two.compare.beside.click()
    image = two.compare.pair.grab().toImage()
    first, cat = two.document.document.history
    width, height = image.width(), image.height()
    mask = np.argwhere(cat.mask > 0).mean(axis=0) / 64 - 0.5
    side = min(width // 2 - 32, height - 32)
    y = int(height / 2 + mask[0] * side)
    for pane, turn in ((width // 4, first), (width * 3 // 4, cat)):
        colour = image.pixelColor(int(pane + mask[1] * side), y).getRgb()[:3]
        assert colour == tuple(turn.image[tuple(np.argwhere(cat.mask > 0)[40])])


def test_a_result_on_trial_is_compared_and_still_can_be_applied(two, qtbot):
    reword(two, qtbot, "an owl on snow")
    two.actions_table["compare"].trigger()
    assert two.workspace.comparing and two.compare.after_name.text() == "an owl on snow"
    two.actions_table["apply"].trigger()
    assert not two.workspace.comparing and two.document.turn.prompt == "an owl on snow"


def test_dropping_one_turn_on_another_compares_them(two):
    model = two.turns.model
    data = model.mimeData([model.index(1)])
    model.dropMimeData(data, Qt.DropAction.CopyAction, -1, 0, model.index(0))
    assert two.compare.before_name.text() == "a fox on snow" and two.workspace.comparing
    model.dropMimeData(data, Qt.DropAction.CopyAction, 0, 0, QModelIndex())
