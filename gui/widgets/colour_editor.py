"""A colour to be mixed: wheel, sliders for hue, saturation and value, and its hexadecimal number."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from gui.look.theme import FIELD_HEIGHT, UNIT
from gui.state.colours import Colour, Hsv, hsv_of, with_hue
from gui.widgets.colour_wheel import ColourWheel
from gui.widgets.gradient_slider import GradientSlider
from gui.widgets.plain_label import PlainLabel
from gui.widgets.window_undo import undo_in_window

FULL = (360, 100, 100)  # degrees, per cent, per cent


class ColourEditor(QWidget):
    """Shows one colour in three ways that follow each other.

    Signals:
        edited: The artist mixed another Colour. Main thread.
    """

    edited = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = Hsv()
        self.wheel = ColourWheel()
        names = (self.tr("Hue"), self.tr("Saturation"), self.tr("Brightness"))
        self.sliders = [GradientSlider(name, full) for name, full in zip(names, FULL, strict=True)]
        self.fields = [_field(name, full) for name, full in zip(names, FULL, strict=True)]
        self.hex = QLineEdit()
        self.hex.setAccessibleName(self.tr("Hexadecimal colour"))
        self.hex.setToolTip(self.tr("Hexadecimal colour or its English name, such as #8000ff or violet"))
        self.hex.setMinimumWidth(76)
        undo_in_window(self.hex)
        self._lay_out()
        self.wheel.edited.connect(self._take)
        for number, (slider, field) in enumerate(zip(self.sliders, self.fields, strict=True)):
            slider.valueChanged.connect(lambda value, number=number: self._slid(number, value))
            field.valueChanged.connect(lambda value, number=number: self._slid(number, value))
        self.hex.editingFinished.connect(self._typed)
        self._show()

    def show_colour(self, colour: Colour) -> None:
        """Show a colour; a grey keeps the hue that was shown, black its saturation, too."""
        self._colour = hsv_of(colour, self._colour)
        self._show()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(UNIT // 2)
        for row, (slider, field) in enumerate(zip(self.sliders, self.fields, strict=True)):
            grid.addWidget(slider, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(0, 1)
        right = QVBoxLayout()
        right.setSpacing(UNIT // 2)
        right.addLayout(grid)
        last = QHBoxLayout()
        last.addWidget(PlainLabel(self.tr("Hex")))
        last.addWidget(self.hex, 1)
        right.addLayout(last)
        right.addStretch(1)
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(UNIT)
        both.addWidget(self.wheel, 0, Qt.AlignmentFlag.AlignTop)
        both.addLayout(right, 1)

    def _slid(self, number: int, value: int) -> None:
        share = value / FULL[number]
        if number == 0:
            self._take(with_hue(self._colour, share % 1))
        else:
            self._take(replace(self._colour, **{("saturation", "value")[number - 1]: share}))

    def _typed(self) -> None:
        text = self.hex.text().strip()
        colour = QColor(text if not _is_hex(text) else f"#{text}")
        if colour.isValid():
            self._take(hsv_of((colour.red(), colour.green(), colour.blue()), self._colour))
        else:
            self._show()

    def _take(self, colour: Hsv) -> None:
        changed = colour.rgb != self._colour.rgb
        self._colour = colour
        self._show()
        if changed:
            self.edited.emit(colour.rgb)

    def _show(self) -> None:
        colour = self._colour
        self.wheel.show_colour(colour)
        hue, vivid, black = colour.hue % 1, QColor.fromHsvF(colour.hue % 1, 1, colour.value), QColor("black")
        runs = (
            [QColor.fromHsvF(sixth % 6 / 6, 1, 1) for sixth in range(7)],
            [QColor.fromHsvF(hue, 0, colour.value), vivid],
            [black, QColor.fromHsvF(hue, colour.saturation, 1)],
        )
        parts = (hue, colour.saturation, colour.value)
        for slider, field, run, part, full in zip(self.sliders, self.fields, runs, parts, FULL, strict=True):
            slider.show_colours(run)
            for widget in (slider, field):
                widget.blockSignals(True)
                widget.setValue(round(part * full))
                widget.blockSignals(False)
        self.hex.setText(QColor(*colour.rgb).name())


def _field(name: str, full: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(0, full)
    field.setSuffix("°" if full == FULL[0] else " %")
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setAccessibleName(name)
    field.setKeyboardTracking(False)
    field.setFixedSize(52, FIELD_HEIGHT)
    undo_in_window(field)
    return field


def _is_hex(text: str) -> bool:
    """Three or six hexadecimal digits without the sign before them."""
    return len(text) in (3, 6) and all(digit in "0123456789abcdefABCDEF" for digit in text)
