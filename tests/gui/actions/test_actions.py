"""The table of actions, the list of shortcuts, the theme, names for those who cannot see."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QSlider

from editor_core.base import paths, settings
from gui.actions.table import TABLE
from gui.dialogs.error import show_fault
from gui.look.icons import icon
from gui.look.palette import DARK, LIGHT
from gui.texts.marks import plain_text


def test_no_two_actions_share_a_shortcut():
    keys = Counter(QKeySequence(key).toString() for spec in TABLE for key in spec.shortcuts)
    assert all(keys) and not [key for key, count in keys.items() if count > 1]


# Keys and what they are with Shift.
LAYOUTS = {
    "English": "`~ 1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) -_ =+ [{ ]} \\| ;: '\" ,< .> /?",
    "German": "^° 1! 2\" 3§ 4$ 5% 6& 7/ 8( 9) 0= ß? ´` +* #' ,; .: -_ <>",
    "French": "&1 é2 \"3 '4 (5 -6 è7 _8 ç9 à0 )° =+ ^¨ $£ ù% *µ ,? ;. :/ !§ <>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_key_press_means_two_things(layout):
    """Qt tries a shifted key under each of its spellings, such as Shift+] and }; with two it does nothing."""
    known = [QKeySequence(key) for spec in TABLE for key in spec.shortcuts]
    for plain, shifted in map(tuple, LAYOUTS[layout].split()):
        for held in ("", "Ctrl+", "Alt+", "Ctrl+Alt+"):
            for spellings in ((plain,), (f"Shift+{plain}", shifted, f"Shift+{shifted}")):
                pressed = {QKeySequence(held + spelling).toString() for spelling in spellings}
                assert len([key for key in known if key.toString() in pressed]) <= 1, (held, spellings)


def test_the_chosen_entry_of_an_open_drop_down_can_be_read(qtbot, theme):
    for choice, palette in (("dark", DARK), ("light", LIGHT)):
        theme.choose(choice)
        box = QComboBox()
        qtbot.addWidget(box)
        box.addItems(["MMMMMMMM", "MMMMMMMM"])
        box.resize(200, 30)
        box.show()
        box.showPopup()
        view = box.view()
        view.setCurrentIndex(box.model().index(1, 0))
        row = view.grab(view.visualRect(view.currentIndex())).toImage()
        seen = Counter(row.pixelColor(x, y).name() for x in range(row.width()) for y in range(row.height()))
        ground = QColor(seen.most_common(1)[0][0])
        best = max(contrast(QColor(colour), ground) for colour in seen)
        assert best > 4.5, (choice, ground.name(), palette.on_accent)
        box.hidePopup()
    theme.choose("dark")


@pytest.mark.parametrize(
    ("text", "plain"),
    [("&Undo", "Undo"), ("T&ools", "Tools"), ("撤销(&U)", "撤销"), ("Fill (all)", "Fill (all)")],
)
def test_the_mark_of_an_access_key_is_not_read_aloud(text, plain):
    assert plain_text(text) == plain


def test_ids_are_unique_and_every_action_does_something(window):
    assert len({spec.id for spec in TABLE}) == len(TABLE)
    for action in window.actions_table:
        connected = action.receivers("2triggered(bool)") + action.receivers("2toggled(bool)")
        grouped = action.actionGroup() is not None
        assert connected > 0 or grouped, action.objectName()


@pytest.mark.parametrize(
    ("action", "keys"),
    [
        ("undo", "Ctrl+Z"),
        ("redo", "Ctrl+Shift+Z"),
        ("redo", "Ctrl+Y"),
        ("mask_tool", "M"),
        ("brush_tool", "B"),
        ("eraser_tool", "E"),
        ("pan_tool", "H"),
        ("toggle_overlay", "Q"),
        ("fit", "Ctrl+0"),
        ("actual_size", "Ctrl+1"),
        ("larger", "]"),
        ("softer", "Shift+["),
        ("run", "Ctrl+Return"),
        ("discard", "Esc"),
        ("apply", "Return"),
        ("focus_prompt", "/"),
        ("clear_mask", "Ctrl+Shift+D"),
        ("select_all", "Ctrl+A"),
        ("select_none", "Ctrl+D"),
        ("select_none", "Ctrl+Shift+A"),
        ("invert_selection", "Ctrl+Shift+I"),
        ("move_tool", "V"),
        ("picker_tool", "I"),
        ("lasso_tool", "L"),
        ("rectangle_tool", "R"),
        ("rectangle_tool", "Shift+M"),
        ("swap_colours", "X"),
        ("default_colours", "D"),
        ("mirror_view", "Shift+H"),
        ("rotate_right", "Ctrl+]"),
    ],
)
def test_the_shortcuts_artists_know(window, action, keys):
    assert QKeySequence(keys) in window.actions_table[action].shortcuts()


def test_letters_typed_into_the_prompt_are_not_shortcuts(picture, qtbot):
    picture.prompt.edit.setFocus()
    picture.prompt.use_words("")
    qtbot.keyClicks(picture.prompt.edit, "mbeq/[")
    assert picture.prompt.edit.words == "mbeq/["
    assert picture.actions_table["pan_tool"].isChecked()


def test_keys_reach_the_window(picture, qtbot):
    picture.canvas.setFocus()
    qtbot.keyClick(picture, Qt.Key.Key_M)
    assert picture.actions_table["mask_tool"].isChecked()
    qtbot.keyClick(picture, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(picture.prompt.edit.hasFocus)


def test_only_the_picture_and_back(picture):
    shown = [dock.toggleViewAction().isChecked() for dock in picture.panels.docks]
    assert any(shown)
    picture.actions_table["canvas_only"].trigger()
    assert not any(dock.toggleViewAction().isChecked() for dock in picture.panels.docks)
    picture.actions_table["canvas_only"].trigger()
    assert [dock.toggleViewAction().isChecked() for dock in picture.panels.docks] == shown


def test_choosing_a_theme_is_remembered(window, theme):
    window.actions_table["theme_light"].trigger()
    assert theme.colours is LIGHT
    assert settings.load().theme == "light"
    window.actions_table["theme_dark"].trigger()
    assert theme.colours is DARK


def luminance(colour):
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_words_are_readable(colours):
    """WCAG 2 asks for 4.5 : 1."""
    grounds = (colours.window, colours.panel, colours.field)
    for ink in (colours.text, colours.muted, colours.error, colours.removed):
        assert all(contrast(ink, ground) >= 4.5 for ground in grounds), ink
    assert contrast(colours.text, colours.selected) >= 4.5
    assert contrast(colours.muted, colours.selected) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert all(contrast(colours.accent, ground) >= 4.5 for ground in grounds)


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_the_surround_is_neutral(colours):
    for name in ("window", "panel", "canvas", "field"):
        colour = QColor(getattr(colours, name))
        assert colour.red() == colour.green() == colour.blue()


def test_every_icon_can_be_drawn(theme):
    names = {path.stem for path in (paths.resources() / "icons").glob("*.svg")}
    assert {spec.icon for spec in TABLE if spec.icon} <= names
    for name in names:
        image = icon(theme, name).pixmap(20, 20).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(20) for y in range(20)), name


def test_every_control_has_a_name(picture):
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QSlider, QAbstractSpinBox, QComboBox)
    for kind in kinds:
        for widget in picture.findChildren(kind):
            inner = widget.objectName().startswith("qt_") or isinstance(
                widget.parent(), QAbstractSpinBox | QComboBox
            )
            named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
            assert inner or named or not widget.isVisibleTo(picture), widget


def test_a_fault_is_shown_with_its_report(window, qtbot, qapp):
    box = show_fault("Traceback: here", window)
    assert box.detailedText() == "Traceback: here"
    copy = next(button for button in box.buttons() if button.text() == "Copy report")
    copy.click()
    assert qapp.clipboard().text() == "Traceback: here"
    box.close()


def test_the_message_bar_copies_sentence_and_details(window, qapp):
    window.messages.show_problem("It broke.", "line 1")
    window.messages._copy.click()
    assert qapp.clipboard().text() == "It broke.\n\nline 1"
    assert not window.messages._details.isVisible()
    window.messages._toggle.click()
    assert window.messages._details.isVisible()
