"""The numbers of an adjustment layer; the picture behind the dialog follows them at once."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from editor_core.document.adjustments import CHANNELS, RANGES, curve, number
from gui.look.theme import UNIT, Theme
from gui.texts.adjustments import adjustment_name, channel_name, number_name, tone_name
from gui.widgets.curve_edit import CurveEdit
from gui.widgets.dialog import Dialog
from gui.widgets.histogram import Histogram
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel

WIDTH = 320  # logical pixels
HUNDREDTHS = 100  # the slider of gamma counts them


class AdjustmentDialog(Dialog):
    """A slider for each number, or a curve for each channel.

    Signals (main thread):
        moved: Other numbers, a dict.
        released: The end of a drag.
    """

    moved = Signal(dict)
    released = Signal()
    at_right = True

    def __init__(
        self,
        theme: Theme,
        kind: str,
        numbers: Mapping[str, Any],
        parent: QWidget | None = None,
        counts: np.ndarray | None = None,
    ) -> None:
        """counts: the histogram of what is adjusted, 0..1 (4, n), of all channels and of each."""
        super().__init__(parent)
        self.setWindowTitle(adjustment_name(kind))
        self._kind, self._counts = kind, counts
        self.numbers: dict[str, Any] = dict(numbers)
        self.sliders: dict[str, LabelledSlider] = {}
        self.curve = CurveEdit(theme)
        self.channel = QComboBox()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        self._column.setSpacing(UNIT)
        if kind == "curves":
            self._add_curve()
        else:
            if kind == "levels" and counts is not None:
                self._column.addWidget(Histogram(theme, counts[0]))
            self._add_sliders()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Cancel
            | QDialogButtonBox.StandardButton.Reset
        )
        self.answered_by(self.buttons.button(QDialogButtonBox.StandardButton.Ok))
        self._column.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(QDialogButtonBox.StandardButton.Reset).clicked.connect(self._reset)
        self._show()

    def _add_sliders(self) -> None:
        self.setMinimumWidth(WIDTH)
        form, tone = QFormLayout(), ""
        form.setVerticalSpacing(UNIT)
        form.setHorizontalSpacing(2 * UNIT)
        self._column.addLayout(form)
        for name, limits in RANGES[self._kind].items():
            if tone_name(name) != tone:
                tone = tone_name(name)
                heading = PlainLabel(tone)
                heading.setProperty("heading", True)
                form.addRow(heading)
            unit = HUNDREDTHS if name == "gamma" else 1
            slider = LabelledSlider(
                number_name(name),
                round(limits.lowest * unit),
                round(limits.highest * unit),
                "°" if name == "hue" else " %" if unit != 1 else "",
                curve=2.0 if unit != 1 else 1.0,
            )
            slider.moved.connect(self._taker(name, unit))
            slider.released.connect(self.released)
            self.sliders[name] = slider
            slider.show_name(False)
            form.addRow(number_name(name), slider)

    def _taker(self, name: str, unit: int) -> Callable[[int], None]:
        return lambda value: self._take({**self.numbers, name: value / unit if unit != 1 else value})

    def _add_curve(self) -> None:
        self.channel.setAccessibleName(self.tr("Channel"))
        for channel in CHANNELS:
            self.channel.addItem(channel_name(channel), channel)
        self.channel.currentIndexChanged.connect(self._show)
        self.curve.moved.connect(self._take_curve)
        self.curve.released.connect(self.released)
        self._column.addWidget(self.channel)
        self._column.addWidget(self.curve)

    def _take_curve(self) -> None:
        points = [list(point) for point in self.curve.points]
        self._take({**self.numbers, self.channel.currentData(): points})

    def _take(self, numbers: dict[str, Any]) -> None:
        self.numbers = numbers
        self.moved.emit(numbers)

    def _reset(self) -> None:
        self._take({})
        self._show()
        self.released.emit()

    def _show(self) -> None:
        for name, slider in self.sliders.items():
            unit = HUNDREDTHS if name == "gamma" else 1
            slider.set_value(round(number(self._kind, self.numbers, name) * unit))
        if self._kind == "curves":
            self.curve.show_points(curve(self.numbers, self.channel.currentData()))
            if self._counts is not None:
                self.curve.show_histogram(self._counts[self.channel.currentIndex()])
