"""Fetching a model: a field for what, and a row for each that is on its way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from editor_core.library.begun import Wish
from gui.look.theme import UNIT, Theme
from gui.texts.messages import message_text
from gui.texts.numbers import byte_text
from gui.widgets.buttons import IconButton
from gui.widgets.elided_label import ElidedLabel
from gui.worker.downloads import Download, Downloads, State


class DownloadList(QWidget):
    """Nothing opens the network but the button."""

    def __init__(self, theme: Theme, downloads: Downloads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._downloads = theme, downloads
        self._rows: dict[Download, _DownloadRow] = {}
        self.source = QLineEdit()
        self.source.setClearButtonEnabled(True)
        self.source.setPlaceholderText(
            self.tr("Download: owner/name on Hugging Face, or the address of a .safetensors file")
        )
        self.source.setAccessibleName(self.tr("Model to download"))
        self.button = QPushButton(self.tr("Download"))
        self.button.setEnabled(False)
        asking = QHBoxLayout()
        asking.setSpacing(UNIT)
        asking.addWidget(self.source, 1)
        asking.addWidget(self.button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(UNIT)
        self._column.addLayout(asking)
        self.source.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        self.source.returnPressed.connect(self.start)
        self.button.clicked.connect(self.start)
        downloads.changed.connect(self._refresh)
        self._refresh()

    @property
    def rows(self) -> "list[_DownloadRow]":
        return list(self._rows.values())

    def start(self) -> None:
        source = self.source.text().strip()
        if source:
            self.source.clear()
            self._downloads.start(Wish(source))

    def _refresh(self) -> None:
        for item in [each for each in self._rows if each not in self._downloads.items]:
            row = self._rows.pop(item)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for item in self._downloads.items:
            if item not in self._rows:
                self._rows[item] = _DownloadRow(self._theme, self._downloads, item)
                self._column.addWidget(self._rows[item])
            self._rows[item].refresh()


class _DownloadRow(QWidget):
    def __init__(self, theme: Theme, downloads: Downloads, item: Download) -> None:
        super().__init__()
        self._downloads, self._item = downloads, item
        self.name, self.told = ElidedLabel(), ElidedLabel()
        self.name.setText(item.wish.source)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(14 * UNIT, UNIT)
        self.bar.setAccessibleName(item.wish.source)
        self.button = QPushButton()
        self.button.setFixedWidth(14 * UNIT)
        self.close_button = IconButton(theme, "close", self.tr("Give up and remove what has arrived"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.told)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(UNIT)
        line.addLayout(words, 1)
        line.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.button)
        line.addWidget(self.close_button)
        self.button.clicked.connect(self._toggle)
        self.close_button.clicked.connect(lambda: downloads.give_up(item))

    def refresh(self) -> None:
        item, running = self._item, self._item.state is State.RUNNING
        self.bar.setRange(0, 1000 if item.total or not running else 0)
        self.bar.setValue(round(1000 * item.done / item.total) if item.total else 0)
        again = self.tr("Resume") if item.state is State.PAUSED else self.tr("Try again")
        self.button.setText(self.tr("Pause") if running else again)
        if item.problem is not None:
            text = message_text(item.problem)
        elif item.total:
            text = self.tr("{done} of {total}").format(done=byte_text(item.done), total=byte_text(item.total))
        else:
            text = self.tr("Looking…") if running else self.tr("Paused")
        self.told.setText(text)
        if self.told.property("problem_text") != (item.problem is not None):
            self.told.setProperty("problem_text", item.problem is not None)
            self.told.setProperty("muted", item.problem is None)
            self.told.style().unpolish(self.told)
            self.told.style().polish(self.told)

    def _toggle(self) -> None:
        if self._item.state is State.RUNNING:
            self._downloads.pause(self._item)
        else:
            self._downloads.start(self._item.wish)
