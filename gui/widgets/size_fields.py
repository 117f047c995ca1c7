"""Width and height in pixels, side by side; perhaps in proportion, perhaps swapped."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QSpinBox

from editor_core.base.limits import MAX_SIDE
from gui.look.theme import FIELD_HEIGHT


class SizeFields(QObject):
    """Two numbers, as rows of a form.

    Signals:
        changed: Either of them. Main thread.
    """

    changed = Signal()

    def __init__(
        self, width: int, height: int, *, in_proportion: bool | None = None, parent: QObject | None = None
    ) -> None:
        """``in_proportion``: whether one follows the other at first; None: it never does."""
        super().__init__(parent)
        self._shape = (width, height)
        self.across, self.down = _field(width), _field(height)
        self.across.setAccessibleName(self.tr("Width"))
        self.down.setAccessibleName(self.tr("Height"))
        self.linked = QCheckBox(self.tr("Keep proportions"))
        self.linked.setChecked(bool(in_proportion))
        self._is_linked = in_proportion is not None
        self.across.valueChanged.connect(lambda _: self._follow(self.across, self.down, 1))
        self.down.valueChanged.connect(lambda _: self._follow(self.down, self.across, 0))
        self.linked.toggled.connect(lambda _: self._follow(self.across, self.down, 1))

    def add_to(self, form: QFormLayout) -> None:
        """Put the fields into a form, each with its name."""
        form.addRow(self.tr("Width"), self.across)
        form.addRow(self.tr("Height"), self.down)
        if self._is_linked:
            form.addRow("", self.linked)

    @property
    def size_in_pixels(self) -> tuple[int, int]:
        return self.across.value(), self.down.value()

    def set_size(self, width: int, height: int) -> None:
        """Show other numbers, in whatever proportion."""
        for field, value in ((self.across, width), (self.down, height)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)
        self.changed.emit()

    def _follow(self, leading: QSpinBox, following: QSpinBox, axis: int) -> None:
        if self.linked.isChecked():
            following.blockSignals(True)
            following.setValue(max(1, round(leading.value() * self._shape[axis] / self._shape[1 - axis])))
            following.blockSignals(False)
        self.changed.emit()


def _field(value: int) -> QSpinBox:
    field = QSpinBox()
    field.setFixedHeight(FIELD_HEIGHT)
    field.setRange(1, MAX_SIDE)
    field.setSuffix(" px")
    field.setValue(value)
    return field
