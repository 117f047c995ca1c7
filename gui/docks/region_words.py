"""The words of the chosen region, under the list of layers."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from editor_core.document.layers import RegionLayer
from gui.look.theme import UNIT
from gui.texts.utf16 import units
from gui.viewmodels.drafting import PAUSE
from gui.widgets.plain_label import PlainLabel
from gui.widgets.window_undo import undo_in_window


class RegionWords(QWidget):
    """Seen only while a region is chosen.

    Signals:
        typed: The words as they are now. Main thread.
        paused: What is typed next is an entry of its own. Main thread.
    """

    typed = Signal(str)
    paused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._region = ""  # its id
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("What should be here"))
        self.field.setAccessibleName(self.tr("Region prompt"))
        self.field.setToolTip(
            self.tr("While this region is active, edits paint this prompt here and leave the rest unchanged")
        )
        undo_in_window(self.field)
        label = PlainLabel(self.tr("Words"))
        label.setProperty("muted", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT, 4, UNIT, 0)
        row.setSpacing(UNIT)
        row.addWidget(label)
        row.addWidget(self.field, 1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.paused)
        self.field.textEdited.connect(self.typed)
        self.field.textEdited.connect(lambda _: self._pause.start())
        self.field.editingFinished.connect(self.paused)
        self.hide()

    def show_region(self, region: RegionLayer | None) -> None:
        """Show the words of a region; None hides the field."""
        self.setVisible(region is not None)
        if region is None:
            return
        other, self._region = region.id != self._region, region.id
        if other or self.field.text() != region.prompt:
            at = self.field.cursorPosition()
            self.field.setText(region.prompt)
            if not other:
                self.field.setCursorPosition(min(at, units(region.prompt)))
