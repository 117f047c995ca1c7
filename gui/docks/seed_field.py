"""The seed: a number, a dice for another one, a lock that keeps it."""

import random

from PySide6.QtCore import Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from gui.look.theme import UNIT, Theme, text_metrics
from gui.widgets.buttons import IconButton
from gui.widgets.plain_label import PlainLabel
from gui.widgets.window_undo import undo_in_window

MAX_SEED = 2**32 - 1


class SeedField(QWidget):
    """Without the lock every new picture gets a seed of its own.

    Signals:
        changed: Another seed is kept, or none. Main thread.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = QLineEdit()
        self._field.setValidator(QRegularExpressionValidator(r"\d{0,10}", self))
        self._field.setPlaceholderText(self.tr("random"))
        self._field.setAccessibleName(self.tr("Seed"))
        self._field.setToolTip(self.tr("Seed: the same seed and prompt give the same picture"))
        self._field.setFixedWidth(text_metrics().horizontalAdvance(str(MAX_SEED)) + 3 * UNIT)
        self._name = label = PlainLabel(self.tr("Seed"))
        label.setProperty("muted", True)
        dice = IconButton(theme, "dice", self.tr("New random seed"))
        self._lock = IconButton(theme, "unlock", self.tr("Lock this seed for new pictures"), checkable=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (label, self._field, dice, self._lock):
            row.addWidget(widget)
        dice.clicked.connect(self._roll)
        self._lock.toggled.connect(lambda locked: self._lock.set_icon("lock" if locked else "unlock"))
        self._lock.toggled.connect(self.changed)
        self._field.textEdited.connect(self._typed)
        undo_in_window(self._field)

    @property
    def seed(self) -> int | None:
        """The locked seed, or None: any."""
        if not self._lock.isChecked() or not self._field.text():
            return None
        return min(MAX_SEED, int(self._field.text()))

    def show_seed(self, seed: int) -> None:
        """Show the seed of a turn, unless the artist keeps one."""
        if not self._lock.isChecked():
            self._field.setText(str(seed))

    def keep_seed(self, seed: int) -> None:
        """Use this seed for new pictures from now on."""
        self._field.setText(str(seed))
        self._lock.setChecked(True)
        self.changed.emit()

    def keep_none(self) -> None:
        """Let every new picture have a seed of its own again."""
        self._lock.setChecked(False)

    def show_name(self, shown: bool) -> None:
        """Without its name the field takes less room; the tooltip still says what it is."""
        self._name.setVisible(shown)

    def forget(self) -> None:
        """Show no seed, and keep none."""
        self._lock.setChecked(False)
        self._field.clear()

    def _typed(self, text: str) -> None:
        self._lock.setChecked(bool(text))
        self.changed.emit()

    def _roll(self) -> None:
        self.keep_seed(random.randrange(MAX_SEED + 1))
