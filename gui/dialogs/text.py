"""What is to be written, and in which letters."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFontComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from editor_core.base.limits import MAX_NAME
from editor_core.document.layers import TextLayer
from gui.look.theme import UNIT
from gui.state.colours import Colour
from gui.widgets.dialog import Dialog
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.swatch import Swatch

SIZES = (6, 1000)  # pixels


class TextDialog(Dialog):
    """The words of one text layer.

    Signals:
        changed: Words or letters are others. Main thread.
    """

    changed = Signal()
    at_right = True

    def __init__(self, layer: TextLayer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Text"))
        self._colour: Colour = layer.colour
        self.words = QPlainTextEdit(layer.text)
        self.words.setAccessibleName(self.tr("Text"))
        self.words.setMinimumSize(46 * UNIT, 12 * UNIT)
        self.font_box = QFontComboBox()
        self.font_box.setAccessibleName(self.tr("Font"))
        if layer.font:
            self.font_box.setCurrentFont(QFont(layer.font))
        self.size_slider = LabelledSlider(self.tr("Size"), *SIZES, " px", curve=2.5)
        self.size_slider.set_value(layer.size)
        self.bold = QCheckBox(self.tr("Bold"))
        self.bold.setChecked(layer.bold)
        self.italic = QCheckBox(self.tr("Italic"))
        self.italic.setChecked(layer.italic)
        self.swatch = Swatch(self.tr("Colour of the text"), QColor(*layer.colour))
        self.swatch.chosen.connect(self._take)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        answer = self.buttons.button(kinds.Ok)
        self.answered_by(answer)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):  # Enter alone begins a line
            QShortcut(QKeySequence(keys), self, answer.click)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        letters = (self.size_slider.moved, self.bold.toggled, self.italic.toggled)
        for signal in (self.words.textChanged, self.font_box.currentFontChanged, *letters):
            signal.connect(self._show_state)
        self._lay_out()
        self._show_state()
        self.words.setFocus()

    def values(self) -> dict[str, object]:
        """The properties of the layer as they were chosen."""
        return {
            "text": self.words.toPlainText()[:MAX_NAME],
            "font": self.font_box.currentFont().family(),
            "size": self.size_slider.value,
            "bold": self.bold.isChecked(),
            "italic": self.italic.isChecked(),
            "colour": self._colour,
        }

    def _take(self, colour: QColor) -> None:
        self._colour = (colour.red(), colour.green(), colour.blue())
        self._show_state()

    def _show_state(self) -> None:
        written = bool(self.words.toPlainText().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(written)
        self.changed.emit()

    def _lay_out(self) -> None:
        letters = QHBoxLayout()
        letters.setSpacing(UNIT)
        letters.addWidget(self.font_box, 1)
        letters.addWidget(self.swatch)
        size = QHBoxLayout()
        size.setSpacing(UNIT)
        for widget in (self.size_slider, self.bold, self.italic):
            size.addWidget(widget)
        column = QVBoxLayout(self)
        column.setSpacing(UNIT)
        column.addWidget(self.words, 1)
        column.addLayout(letters)
        column.addLayout(size)
        column.addWidget(self.buttons)
