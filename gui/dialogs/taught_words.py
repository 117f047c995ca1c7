"""What the model in memory can paint: its words with their pictures, each put into the prompt by a click."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor_core.base import paths
from editor_core.messages.events import ModelInfo
from gui.look.theme import UNIT
from gui.texts.marks import QT_TRANSLATE_NOOP, as_label
from gui.widgets.dialog import Dialog
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.plain_label import PlainLabel

SHEET = "contact_sheet.webp"
"""In a model's folder: every thing of its vocabulary once, square, in rows of eight."""
COLUMNS = 8
SHOWN = 88  # pixels
_GROUPS = {
    "things": QT_TRANSLATE_NOOP("TaughtWords", "Things"),
    "places": QT_TRANSLATE_NOOP("TaughtWords", "Places"),
    "times": QT_TRANSLATE_NOOP("TaughtWords", "Times of day"),
    "weather": QT_TRANSLATE_NOOP("TaughtWords", "Weather"),
    "colours": QT_TRANSLATE_NOOP("TaughtWords", "Colours"),
    "worn": QT_TRANSLATE_NOOP("TaughtWords", "What things wear"),
}


class TaughtWordsDialog(Dialog):
    """The words by what they name.

    Signals:
        chosen: Words to be put into the prompt. Main thread.
    """

    chosen = Signal(str)

    def __init__(self, model: ModelInfo | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What can it paint?"))
        self.buttons: dict[str, QToolButton | QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        about = PlainLabel(self._about(model))
        about.setWordWrap(True)
        about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(about)
        if model is not None and model.vocabulary.groups:
            column.addWidget(self._scrolled(model), 1)
            self.resize(110 * UNIT, 80 * UNIT)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column.addWidget(close)

    def _about(self, model: ModelInfo | None) -> str:
        if model is None:
            return self.tr("No model is loaded yet.")
        if not model.vocabulary.groups:
            return self.tr(
                "{model} was taught no list of words: describe anything, in English, and try what comes of it."
            ).format(model=model.name)
        return self.tr(
            "{model} knows the words below and no others; a click puts one into the prompt. For everything else, and "
            "for photographs, bring a Stable Diffusion model of your own: File ▸ Models."
        ).format(model=model.name)

    def _scrolled(self, model: ModelInfo) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        pictures = _pictures(model)
        for name, heading in _GROUPS.items():
            words = model.vocabulary.groups.get(name, ())
            if not words:
                continue
            label = PlainLabel(QCoreApplication.translate("TaughtWords", heading))
            label.setProperty("heading", True)
            column.addWidget(label)
            flow = QWidget()
            row = FlowLayout(UNIT, UNIT, flow)
            for number, word in enumerate(words):
                picture = pictures[number] if name == "things" and number < len(pictures) else None
                row.addWidget(self._button(word, picture))
            column.addWidget(flow)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setProperty("plain", True)
        area.setWidget(page)
        return area

    def _button(self, word: str, picture: QImage | None) -> QWidget:
        button: QToolButton | QPushButton
        if picture is None:
            button = QPushButton(as_label(word))
        else:
            button = QToolButton()
            button.setText(as_label(word))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIcon(QIcon(QPixmap.fromImage(picture)))
            button.setIconSize(QSize(SHOWN, SHOWN))
        button.setAccessibleName(word)
        button.clicked.connect(lambda: self.chosen.emit(word))
        self.buttons[word] = button
        return button


def show_taught_words(model: ModelInfo | None, take: Callable[[str], None], parent: QWidget) -> None:
    """Open the dialog, which hands every word that is clicked to ``take``."""
    dialog = TaughtWordsDialog(model, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.chosen.connect(take)
    dialog.open()


def _pictures(model: ModelInfo) -> list[QImage]:
    """The pictures of its things; none where the model brings no sheet."""
    folder = paths.resources() / "models" / "default" if model.source == "default" else Path(model.source)
    sheet = QImage(str(folder / SHEET)) if (folder / SHEET).is_file() else QImage()
    if sheet.isNull():
        return []
    side = sheet.width() // COLUMNS
    return [
        sheet.copy(left, top, side, side)
        for top in range(0, sheet.height() - side + 1, side)
        for left in range(0, side * COLUMNS, side)
    ]
