"""Enter in a dialog gives the proposed answer and presses no other button."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
)

import gui
from editor_core.document.layers import TextLayer
from gui.dialogs.new_canvas import NewCanvasDialog
from gui.dialogs.text import TextDialog
from gui.widgets.dialog import Dialog


@pytest.fixture
def pressed(qtbot, theme):
    """A dialog of a drop-down and three buttons, the second in the middle of it proposed or not; what was pressed."""

    def press(proposed):
        dialog, found = Dialog(), []
        qtbot.addWidget(dialog)
        column, box = QVBoxLayout(dialog), QComboBox()
        column.addWidget(box)
        for name in ("swap", "create", "clear"):
            button = QPushButton(name)
            button.clicked.connect(lambda _=False, name=name: found.append(name))
            column.addWidget(button)
            if name == proposed:
                dialog.answered_by(button)
        dialog.show()
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Return)
        return found

    return press


def test_enter_gives_the_proposed_answer(pressed):
    assert pressed("create") == ["create"]


def test_enter_presses_nothing_where_nothing_is_proposed(pressed):
    assert pressed(None) == []


def test_a_new_canvas_is_created_by_enter_in_any_field(qtbot, theme):
    dialog = NewCanvasDialog((256, 512))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.paper.setFocus()
    qtbot.keyClick(dialog.paper, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert (dialog.wanted.width, dialog.wanted.height) == (256, 512), "its sides were not swapped"


def test_a_dialog_keeps_its_size_when_a_colour_can_be_chosen(qtbot, theme):
    dialog = NewCanvasDialog((256, 256))
    qtbot.addWidget(dialog)
    dialog.show()
    before = dialog.sizeHint()
    dialog.paper.setCurrentIndex(dialog.paper.count() - 1)
    assert dialog.swatch.isVisible() and dialog.sizeHint() == before


def test_text_is_written_with_ctrl_and_enter(qtbot, theme):
    dialog = TextDialog(TextLayer(name="", text="Fox"))
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.keyClick(dialog.words, Qt.Key.Key_Return)
    assert dialog.words.toPlainText() == "\nFox" and dialog.isVisible()
    qtbot.keyClick(dialog.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.result() == QDialog.DialogCode.Accepted


@pytest.mark.parametrize("kind", [QInputDialog, QMessageBox, QFileDialog])
def test_the_answer_that_enter_gives_is_seen_in_qts_own_dialogs(qtbot, theme, kind):
    dialog = kind()
    qtbot.addWidget(dialog)
    if kind is QMessageBox:
        dialog.setStandardButtons(QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Cancel)
    if kind is QFileDialog:
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    accent = theme.colour("accent")
    answers = [
        button for button in dialog.findChildren(QPushButton) if button.isVisible() and button.isDefault()
    ]
    assert [button.grab().toImage().pixelColor(6, button.height() // 2) for button in answers] == [accent]


def test_every_dialog_is_one_of_these():
    folder = Path(gui.__file__).parent
    classes = [
        (path, node)
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    bases = {node.name: [ast.unparse(base) for base in node.bases] for _, node in classes}
    assert [name for name, known in bases.items() if "QDialog" in known] == ["Dialog"]
    assert len([name for name, known in bases.items() if "Dialog" in known]) > 15
