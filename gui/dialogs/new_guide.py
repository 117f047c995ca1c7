"""A guide by numbers."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from editor_core.document.guides import Guide
from gui.look.theme import FIELD_HEIGHT, UNIT
from gui.widgets.dialog import Dialog


class NewGuideDialog(Dialog):
    """Asks which way it runs, and where.

    Signals:
        chosen: The Guide. Main thread.
    """

    chosen = Signal(Guide)

    def __init__(self, width: int, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New guide"))
        self._sizes = (width, height)
        self.way = QComboBox()
        self.way.addItems([self.tr("Vertical"), self.tr("Horizontal")])
        self.place = QSpinBox()
        self.place.setFixedHeight(FIELD_HEIGHT)
        self.place.setSuffix(self.tr(" px"))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.answered_by(self.buttons.button(QDialogButtonBox.StandardButton.Ok))
        form = QFormLayout()
        form.setHorizontalSpacing(2 * UNIT)
        form.addRow(self.tr("Direction"), self.way)
        form.addRow(self.tr("Position"), self.place)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.way.currentIndexChanged.connect(self._limit)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._limit()
        self.place.setFocus()

    def accept(self) -> None:
        """Tell which guide."""
        self.chosen.emit(Guide(self.way.currentIndex() == 0, self.place.value()))
        super().accept()

    def _limit(self) -> None:
        """Within the picture; its middle first."""
        size = self._sizes[self.way.currentIndex()]
        self.place.setRange(0, size)
        self.place.setValue(size // 2)
        self.place.selectAll()
