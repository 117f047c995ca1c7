"""Words that a model knows, and those that it does not, while a prompt is typed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from editor_core.base.vocabulary import Vocabulary
from gui.dialogs.taught_words import TaughtWordsDialog
from gui.shell.main_window import MainWindow
from support.fake_session import MODEL

VOCABULARY = Vocabulary(
    {"things": ("fox", "elephant", "eel"), "places": ("in the snow",), "words": ("a", "foxes", "on")}
)
TAUGHT = replace(MODEL, vocabulary=VOCABULARY)


@pytest.fixture
def field(window: MainWindow):
    window.show()
    window.prompt.set_model(TAUGHT)
    window.prompt.edit.setFocus()
    return window.prompt.edit


def waved(field) -> list[str]:
    """The parts of the text with a wavy line."""
    block = field.document().firstBlock()
    wave = QTextCharFormat.UnderlineStyle.SpellCheckUnderline
    units = block.text().encode("utf-16-le")
    return [
        units[2 * part.start : 2 * (part.start + part.length)].decode("utf-16-le")
        for part in block.layout().formats()
        if part.format.underlineStyle() == wave
    ]


def test_unknown_words_are_marked_and_said_to_be_unknown(window, field):
    field.set_words("a dragon 🐉 on a foxx")
    assert waved(field) == ["dragon", "foxx"]
    assert "does not know: dragon, foxx" in window.prompt.line.text()
    window.prompt.set_model(MODEL)
    assert waved(field) == [] and "not know" not in window.prompt.line.text()


def test_what_a_marked_word_may_mean_is_told_where_the_pointer_rests(field):
    field.set_words("foxx")
    place = field.cursorRect().center() - QPoint(8, 0)
    field.event(QHelpEvent(QEvent.Type.ToolTip, place, field.mapToGlobal(place)))
    assert "Did you mean “fox”?" in QToolTip.text()
    QToolTip.hideText()


def test_a_begun_word_is_completed_by_the_keyboard_alone(field):
    QTest.keyClicks(field, "a el")
    popup = field.completion.popup
    assert field.completion.is_open and popup.model().rowCount() == 1
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.toPlainText() == "a elephant" and not field.completion.is_open


def test_the_list_closes_by_escape_and_is_not_there_for_whole_words(field):
    QTest.keyClicks(field, "el")
    QTest.keyClick(field.completion.popup, Qt.Key.Key_Escape)
    assert not field.completion.is_open and field.toPlainText() == "el"
    field.set_words("🦊🦊 ")
    QTest.keyClicks(field, "fox")
    assert not field.completion.is_open
    QTest.keyClicks(field, " dr")
    assert not field.completion.is_open


def test_a_click_on_a_word_puts_it_into_the_prompt(window, field):
    field.set_words("a on")
    cursor = field.textCursor()
    cursor.setPosition(1)
    field.setTextCursor(cursor)
    window.actions_table["taught_words"].trigger()
    (dialog,) = window.findChildren(TaughtWordsDialog)
    assert list(dialog.buttons) == ["fox", "elephant", "eel", "in the snow"]
    dialog.buttons["fox"].click()
    dialog.close()
    assert field.toPlainText() == "a fox on"


def test_a_model_without_a_list_has_no_buttons(qtbot):
    for model in (MODEL, None):
        dialog = TaughtWordsDialog(model)
        qtbot.addWidget(dialog)
        assert not dialog.buttons


def test_the_shipped_models_things_have_their_pictures(qtbot):
    dialog = TaughtWordsDialog(replace(TAUGHT, source="default"))
    qtbot.addWidget(dialog)
    assert not dialog.buttons["fox"].icon().isNull() and dialog.buttons["in the snow"].icon().isNull()
