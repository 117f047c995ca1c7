"""What can be set for the transform tool: numbers, flips, the filter."""

import math
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from editor_core.base.limits import MAX_SIDE
from editor_core.document.placement import LEAST
from gui.look.theme import FIELD_HEIGHT, Theme
from gui.tools.transform import TransformTool
from gui.widgets.buttons import IconButton
from gui.widgets.filter_box import FilterBox
from gui.widgets.plain_label import PlainLabel

LARGEST = 1000.0  # percent that can be typed; handles reach farther
NUMBERS = {"x": 1.0, "y": 1.0, "scale_x": 0.01, "scale_y": 0.01, "angle": 1.0, "shear": 0.01}
"""Of a placement, in the order of the fields, and what one in a field is."""


class TransformOptions(QWidget):
    """Place of the centre, size, angle and shear of what floats."""

    def __init__(self, theme: Theme, tool: TransformTool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool = tool
        far = 2.0 * MAX_SIDE
        self.centre_x = _field("X", self.tr("Centre, from the left"), -far, far, 1)
        self.centre_y = _field("Y", self.tr("Centre, from the top"), -far, far, 1)
        self.across = _field("W", self.tr("Width, in percent"), -LARGEST, LARGEST, 1, " %")
        self.down = _field("H", self.tr("Height, in percent"), -LARGEST, LARGEST, 1, " %")
        self.angle = _field("∠", self.tr("Rotation, clockwise"), -360, 360, 1, "°")
        self.shear = _field("▱", self.tr("Shear, in percent"), -LARGEST, LARGEST, 1, " %")
        self.flip_across = IconButton(theme, "mirror", self.tr("Flip horizontally"))
        self.flip_down = IconButton(theme, "flip", self.tr("Flip vertically"))
        self.filter = FilterBox()
        self.filter.setMaximumWidth(128)
        self.done = IconButton(theme, "check", self.tr("Apply (Enter)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._signs = []
        for field in self.fields:
            label = PlainLabel(field.property("sign"))
            label.setProperty("muted", True)
            self._signs.append(label)
            row.addWidget(label)
            row.addWidget(field)
        for field, (name, unit) in zip(self.fields, NUMBERS.items(), strict=True):
            field.valueChanged.connect(partial(self._take, name, unit))
        for widget in (self.flip_across, self.flip_down, self.filter, self.done):
            row.addWidget(widget)
        self.flip_across.clicked.connect(lambda: tool.flip(across=True))
        self.flip_down.clicked.connect(lambda: tool.flip(across=False))
        self.filter.activated.connect(self._take_filter)
        self.done.clicked.connect(tool.apply)
        tool.floating.changed.connect(self._show)
        self._show()

    def show_signs(self, shown: bool) -> None:
        """Without their signs the fields take less room; tooltips still say what they are."""
        for sign in self._signs:
            sign.setVisible(shown)

    def show_filter(self, shown: bool) -> None:
        self.filter.setVisible(shown)

    @property
    def fields(self) -> tuple[QDoubleSpinBox, ...]:
        return self.centre_x, self.centre_y, self.across, self.down, self.angle, self.shear

    def _take(self, name: str, unit: float, value: float) -> None:
        number = value * unit
        if name.startswith("scale"):
            number = math.copysign(max(abs(number), LEAST), number)
        self._tool.place(replace(self._tool.floating.placement, **{name: number}))

    def _take_filter(self) -> None:
        self._tool.floating.filter = self.filter.chosen
        self._tool.floating.changed.emit()

    def _show(self) -> None:
        floating = self._tool.floating
        values = [getattr(floating.placement, name) / unit for name, unit in NUMBERS.items()]
        for widget in (*self.fields, self.flip_across, self.flip_down, self.filter, self.done):
            widget.setEnabled(floating.lifted is not None)
        for field, value in zip(self.fields, values, strict=True):
            if round(value, field.decimals()) != field.value():  # what is more exact than is shown stays so
                field.blockSignals(True)
                field.setValue(value)
                field.blockSignals(False)


def _field(sign: str, name: str, low: float, high: float, decimals: int, suffix: str = "") -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setDecimals(decimals)
    field.setRange(low, high)
    field.setSuffix(suffix)
    field.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
    field.setToolTip(name)
    field.setAccessibleName(name)
    field.setProperty("sign", sign)
    field.setKeyboardTracking(False)
    field.ensurePolished()
    field.setFixedSize(field.minimumSizeHint().width(), FIELD_HEIGHT)
    return field
