"""A slider with its name before it and its value after it, which can be typed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

from gui.look.theme import FIELD_HEIGHT
from gui.widgets.plain_label import PlainLabel
from gui.widgets.window_undo import undo_in_window

STEPS = 1000


class LabelledSlider(QWidget):
    """A whole number between two limits.

    Signals:
        moved: The artist chose another value. Main thread.
        released: The end of a drag. Main thread.
    """

    moved = Signal(int)
    released = Signal()

    def __init__(
        self,
        text: str,
        low: int,
        high: int,
        suffix: str,
        *,
        curve: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._curve = low, high, curve
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, STEPS)
        self._slider.setAccessibleName(text)
        self._slider.setMinimumWidth(24)
        self._slider.setMaximumWidth(120)
        self._field = QSpinBox()
        self._field.setRange(low, high)
        self._field.setSuffix(suffix)
        self._field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._field.setAccessibleName(text)
        self._field.setKeyboardTracking(False)
        self._field.setFixedSize(60, FIELD_HEIGHT)
        self._label = label = PlainLabel(text)
        label.setProperty("muted", True)
        self.setToolTip(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (label, self._slider, self._field):
            row.addWidget(widget)
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderReleased.connect(self.released)
        self._field.valueChanged.connect(self._typed)
        undo_in_window(self._field)

    def show_name(self, shown: bool) -> None:
        """Without its name a slider takes less room; the tooltip still says it."""
        self._label.setVisible(shown)

    @property
    def value(self) -> int:
        return self._field.value()

    def set_value(self, value: int) -> None:
        """Show a value without telling anybody."""
        for widget in (self._slider, self._field):
            widget.blockSignals(True)
        self._field.setValue(value)
        share = (min(self._high, max(self._low, value)) - self._low) / (self._high - self._low)
        self._slider.setValue(round(share ** (1 / self._curve) * STEPS))
        for widget in (self._slider, self._field):
            widget.blockSignals(False)

    def _slid(self, position: int) -> None:
        value = round(self._low + (position / STEPS) ** self._curve * (self._high - self._low))
        self._field.blockSignals(True)
        self._field.setValue(value)
        self._field.blockSignals(False)
        self.moved.emit(value)
        if not self._slider.isSliderDown():  # by key or wheel
            self.released.emit()

    def _typed(self, value: int) -> None:
        self.set_value(value)
        self.moved.emit(value)
        self.released.emit()
