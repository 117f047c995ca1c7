"""The LoRAs in use: each with its weight, its trigger words, or why it cannot be used."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice, with_loras
from editor_core.models.lora_file import inspect_lora
from gui.look.theme import UNIT, Theme
from gui.texts.marks import as_tip
from gui.texts.messages import message_text
from gui.widgets.buttons import IconButton
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.labelled_slider import LabelledSlider

ROW = 52  # pixels
ROWS = 3  # that are seen at once
LOWEST, HIGHEST = -100, 200  # per cent; other weights can be typed into a prompt


class LoraList(QListWidget):
    """Changes nothing but what it tells.

    Signals:
        chosen: A tuple of LoraChoice: other LoRAs or weights. Main thread.
    """

    chosen = Signal(tuple)

    def __init__(self, theme: Theme, loras: tuple[LoraChoice, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.loras = loras
        self.setAccessibleName(self.tr("LoRAs"))
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self._fill()

    def add(self, file: str) -> None:
        """Use another one, with its full weight."""
        if file and file not in [lora.source for lora in self.loras]:
            self._change(with_loras(self.loras, [LoraChoice(file)]))
            self._fill()
            self.scrollToBottom()

    def remove(self, source: str) -> None:
        self._change(tuple(lora for lora in self.loras if lora.source != source))
        self._fill()

    def weigh(self, source: str, per_cent: int) -> None:
        """Use one with another weight; 0 keeps it in the list."""
        self._change(
            tuple(
                replace(lora, weight=per_cent / 100) if lora.source == source else lora for lora in self.loras
            )
        )

    def _change(self, loras: tuple[LoraChoice, ...]) -> None:
        if loras != self.loras:
            self.loras = loras
            self.chosen.emit(loras)

    def _fill(self) -> None:
        self.clear()
        for lora in self.loras:
            item, row = QListWidgetItem(), self._row(lora)
            item.setSizeHint(QSize(0, ROW))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, lora.label)
            self.addItem(item)
            self.setItemWidget(item, row)
        self.setVisible(bool(self.loras))
        self.setFixedHeight(min(ROWS, len(self.loras)) * ROW + 2 * self.frameWidth())

    def _row(self, lora: LoraChoice) -> QWidget:
        about, problem = self._about(lora)
        name, note = ElidedLabel(), ElidedLabel()
        name.setText(lora.name)
        name.setToolTip(as_tip(lora.source))
        note.setText(about)
        note.setProperty("problem_text" if problem else "muted", True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        if about:
            words.addWidget(note)
        slider = LabelledSlider(self.tr("Weight"), LOWEST, HIGHEST, " %")
        slider.set_value(round(lora.weight * 100))
        slider.released.connect(lambda: self.weigh(lora.source, slider.value))
        remove = IconButton(self._theme, "delete", self.tr("Remove the LoRA from the list; its file is kept"))
        remove.clicked.connect(lambda: self.remove(lora.source))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(UNIT, 4, UNIT, 4)
        line.setSpacing(UNIT)
        line.addLayout(words, 1)
        line.addWidget(slider)
        line.addWidget(remove)
        return row

    def _about(self, lora: LoraChoice) -> tuple[str, bool]:
        """What is told of one, and whether that is a problem."""
        try:
            file = inspect_lora(Path(lora.source).expanduser())
        except ModelError as error:
            return message_text(error.message), True
        if not file.trigger_words:
            return "", False
        words = ", ".join(file.trigger_words)
        return self.tr("Trigger words: {words}").format(words=words), False
