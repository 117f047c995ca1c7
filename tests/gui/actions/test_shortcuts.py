"""Keys of actions: changed, searched for, in conflict, remembered."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from gui.actions.shortcuts import Shortcuts
from gui.actions.table import TABLE
from gui.dialogs.shortcuts import ShortcutsDialog
from gui.state.window_state import WindowState


@pytest.fixture
def dialog(window, qtbot):
    dialog = ShortcutsDialog(window.shortcuts, window)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def press(qtbot, dialog, key, modifiers=Qt.KeyboardModifier.NoModifier):
    dialog.field.setFocus()
    qtbot.keyClick(dialog.field, key, modifiers)


def row(dialog, action):
    return next(item for item in dialog._rows() if item.data(0, Qt.ItemDataRole.UserRole) == action)


def test_every_action_is_listed(dialog):
    listed = {item.data(0, Qt.ItemDataRole.UserRole) for item in dialog._rows()}
    assert listed - {None} == {spec.id for spec in TABLE}
    assert row(dialog, "redo").text(1) == "Ctrl+Shift+Z or Ctrl+Y"


def test_searching_by_words_and_by_key(dialog):
    dialog.search.setText("lasso")
    shown = [item.text(0) for item in dialog._rows() if not item.isHidden()]
    assert shown == ["Lasso", "Polygonal lasso"]
    dialog.search.setText("ctrl+shift+z")
    assert [item.text(0) for item in dialog._rows() if not item.isHidden()] == ["Redo"]
    dialog.search.clear()
    assert not any(item.isHidden() for item in dialog._rows())


def test_a_new_key_works_at_once_and_is_remembered(dialog, window, qtbot, picture):
    dialog.choose("lasso_tool")
    press(qtbot, dialog, Qt.Key.Key_O)
    assert "not in use" in dialog.note.text()
    dialog.use.click()
    assert window.shortcuts.keys("lasso_tool") == ("O",) and row(dialog, "lasso_tool").text(1) == "O"
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.canvas.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_O)
    assert window.actions_table["lasso_tool"].isChecked()
    assert "(O)" in window.actions_table["lasso_tool"].toolTip()
    again = Shortcuts(window.actions_table, WindowState())
    assert again.keys("lasso_tool") == ("O",) and again.keys("brush_tool") == ("B",)


def test_a_taken_key_is_named_and_changes_hands(dialog, window, qtbot):
    dialog.choose("lasso_tool")
    press(qtbot, dialog, Qt.Key.Key_B)
    assert "“Brush”" in dialog.note.text() and "will be removed" in dialog.note.text()
    dialog.also.click()
    assert window.shortcuts.keys("lasso_tool") == ("L", "B")
    assert window.shortcuts.keys("brush_tool") == () and row(dialog, "brush_tool").text(1) == ""
    dialog.choose("brush_tool")
    dialog.reset.click()
    assert window.shortcuts.keys("brush_tool") == ("B",) and window.shortcuts.keys("lasso_tool") == ("L",)


def test_keys_of_the_canvas_are_refused(dialog, qtbot):
    dialog.choose("lasso_tool")
    dialog.field.setKeySequence(QKeySequence("Space"))
    assert not dialog.use.isEnabled() and "canvas" in dialog.note.text()


def test_taking_all_keys_away_and_resetting_all(dialog, window):
    dialog.choose("undo")
    dialog.none.click()
    assert window.actions_table["undo"].shortcuts() == []
    dialog.reset_all.click()
    assert window.shortcuts.keys("undo") == ("Ctrl+Z",) and not window.shortcuts.is_changed("undo")
    assert WindowState().shortcuts == {}


def test_no_key_ever_has_two_holders(window):
    shortcuts = window.shortcuts
    shortcuts.assign("undo", ("Ctrl+S", "B"))
    shortcuts.assign("save", ("B",))
    shortcuts.reset("save")
    held = [key for spec in TABLE for key in shortcuts.keys(spec.id)]
    assert len(held) == len(set(held))


def test_a_damaged_state_gives_the_defaults(window):
    state = WindowState()
    state._keep(shortcuts={"undo": "no list", "redo": [1], "save": ["F5"]})
    assert WindowState().shortcuts == {"save": ("F5",)}
    assert Shortcuts(window.actions_table, WindowState()).keys("undo") == ("Ctrl+Z",)


def test_keys_of_an_action_that_had_another_name_are_kept(window):
    state = WindowState()
    state.shortcuts = {"turn_left": ("Ctrl+Alt+L",)}
    assert Shortcuts(window.actions_table, state).keys("rotate_left") == ("Ctrl+Alt+L",)
