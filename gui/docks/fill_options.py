"""What can be set for the fill tool."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from gui.look.theme import UNIT
from gui.tools.fill import FillSettings
from gui.widgets.labelled_slider import LabelledSlider


class FillOptions(QWidget):
    """How alike colours must be, and whether they must touch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: FillSettings | None = None
        self.tolerance = LabelledSlider(self.tr("Tolerance"), 0, 255, "")
        self.contiguous = QCheckBox(self.tr("Contiguous"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * UNIT)
        row.addWidget(self.tolerance)
        row.addWidget(self.contiguous)
        self.tolerance.moved.connect(self._set_tolerance)
        self.contiguous.toggled.connect(self._set_contiguous)

    def show_settings(self, settings: FillSettings) -> None:
        if settings is not self._settings:
            self._settings = settings
            settings.changed.connect(self._show)
        self._show()

    def _set_tolerance(self, value: int) -> None:
        if self._settings is not None:
            self._settings.set(tolerance=value)

    def _set_contiguous(self, checked: bool) -> None:
        if self._settings is not None:
            self._settings.set(contiguous=checked)

    def _show(self) -> None:
        if self._settings is not None:
            self.tolerance.set_value(self._settings.tolerance)
            self.contiguous.blockSignals(True)
            self.contiguous.setChecked(self._settings.contiguous)
            self.contiguous.blockSignals(False)
