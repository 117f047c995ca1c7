"""A field for one parameter of a method, drawn from what the parameter says of itself."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal, SignalInstance
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from editor_core.messages.parameters import Kind, Parameter
from gui.look.theme import FIELD_HEIGHT, UNIT, Theme
from gui.texts.marks import as_label
from gui.texts.messages import message_text
from gui.widgets.buttons import IconButton
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel
from gui.widgets.window_undo import undo_in_window

_MAX_WHOLE = 2**31 - 1
_WHOLES = r"\s*(\d{1,6}\s*(,\s*\d{1,6}\s*)*,?\s*)?"


@dataclass(frozen=True)
class _Control:
    """A widget for a kind of value."""

    widget: QWidget
    read: Callable[[], Any]
    show: Callable[[Any], None]
    changed: SignalInstance
    names_itself: bool = False


class ParameterField(QWidget):
    """The parameter's name and a control of its kind, with its explanation as a tooltip.

    Signals:
        changed: The artist chose another value. Main thread.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._value: Any = parameter.default
        self._showing = False
        name, tip = message_text(parameter.about.label), message_text(parameter.about.tip)
        self._control = _control_for(parameter, name, theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if not self._control.names_itself:
            label = PlainLabel(name)
            label.setProperty("muted", True)
            row.addWidget(label)
        row.addWidget(self._control.widget)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_value(parameter.default)
        self._control.changed.connect(lambda *_: self._edited())

    @property
    def value(self) -> Any:
        """As JSON has it."""
        return self._value

    def show_value(self, value: Any) -> None:
        """Show a value without telling anybody; one that the method would refuse changes nothing."""
        if self.parameter.accepts(value):
            self._value, self._showing = value, True
            self._control.show(value)
            self._showing = False

    def _edited(self) -> None:
        value = self._control.read()
        if not self._showing and self.parameter.accepts(value) and value != self._value:
            self._value = value
            self.changed.emit()


def _control_for(parameter: Parameter, name: str, theme: Theme) -> _Control:
    about = parameter.about
    if about.choices:
        return _choice(name, {choice.value: message_text(choice.label) for choice in about.choices})
    if parameter.kind is Kind.SWITCH:
        return _perhaps(name) if parameter.optional else _switch(name)
    if parameter.kind is Kind.TEXT:
        if about.is_picture:
            return _picture(name, theme, message_text(about.empty))
        return _folder(name, theme, message_text(about.empty)) if about.is_folder else _text(name)
    if parameter.kind is Kind.WHOLES:
        return _whole_numbers(name)
    if about.unit == "%" and not parameter.optional:
        return _share(parameter, name)
    return _number(parameter, name)


def _switch(name: str) -> _Control:
    box = QCheckBox(as_label(name))
    return _Control(box, box.isChecked, box.setChecked, box.toggled, names_itself=True)


def _choice(name: str, texts: dict[Any, str]) -> _Control:
    box = QComboBox()
    box.setAccessibleName(name)
    values = list(texts)
    box.addItems(list(texts.values()))
    return _Control(
        box,
        lambda: values[box.currentIndex()],
        lambda value: box.setCurrentIndex(values.index(value)),
        box.currentIndexChanged,
    )


def _perhaps(name: str) -> _Control:
    translate = QCoreApplication.translate
    return _choice(
        name,
        {
            None: translate("ParameterField", "automatic"),
            True: translate("ParameterField", "on"),
            False: translate("ParameterField", "off"),
        },
    )


def _text(name: str) -> _Control:
    field = QLineEdit()
    field.setAccessibleName(name)
    undo_in_window(field)
    return _Control(field, lambda: field.text().strip(), field.setText, field.textChanged)


def _folder(name: str, theme: Theme, empty: str) -> _Control:
    tip = QCoreApplication.translate("ParameterField", "Choose a file, or a folder by its config.json")
    return _path(name, theme, empty, tip, _ask_for_model)


def _picture(name: str, theme: Theme, empty: str) -> _Control:
    tip = QCoreApplication.translate("ParameterField", "Choose a picture")
    return _path(name, theme, empty, tip, _ask_for_picture)


def _path(name: str, theme: Theme, empty: str, tip: str, ask: Callable[[QLineEdit, str], None]) -> _Control:
    text = _text(name)
    field = text.widget
    assert isinstance(field, QLineEdit)
    field.setPlaceholderText(empty)
    field.setMinimumWidth(16 * UNIT)
    browse = IconButton(theme, "open", tip)
    browse.clicked.connect(partial(ask, field, name))
    row = QWidget()
    inside = QHBoxLayout(row)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(2)
    inside.addWidget(field)
    inside.addWidget(browse)
    return _Control(row, text.read, text.show, text.changed)


def _ask_for_picture(field: QLineEdit, title: str) -> None:
    dialog = QFileDialog(field.window(), title, field.text())
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    kinds = QCoreApplication.translate("ParameterField", "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff)")
    dialog.setNameFilters([kinds])
    dialog.fileSelected.connect(field.setText)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _ask_for_model(field: QLineEdit, title: str) -> None:
    """A file with weights; or a file of a folder, which stands for that."""
    dialog = QFileDialog(field.window(), title, field.text())
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    kinds = QCoreApplication.translate(
        "ParameterField", "Models (*.safetensors config.json model_index.json)"
    )
    dialog.setNameFilters([kinds])
    dialog.fileSelected.connect(
        lambda file: field.setText(file if file.endswith(".safetensors") else str(PurePath(file).parent))
    )
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _whole_numbers(name: str) -> _Control:
    text = _text(name)
    field = text.widget
    assert isinstance(field, QLineEdit)
    field.setValidator(QRegularExpressionValidator(_WHOLES, field))
    field.setFixedWidth(9 * UNIT)

    def read() -> list[int]:
        return [int(part) for part in field.text().split(",") if part.strip()]

    return _Control(field, read, lambda value: field.setText(", ".join(map(str, value))), field.textChanged)


def _share(parameter: Parameter, name: str) -> _Control:
    low, high = (round(100 * (limit or 0)) for limit in (parameter.about.lowest, parameter.about.highest))
    slider = LabelledSlider(name, low, high, " %")
    return _Control(
        slider,
        lambda: slider.value / 100,
        lambda value: slider.set_value(round(100 * value)),
        slider.moved,
        names_itself=True,
    )


def _number(parameter: Parameter, name: str) -> _Control:
    """A number; where it may be left to the method, one place below the lowest says so."""
    about = parameter.about
    factor = 100 if about.unit == "%" else 1
    whole = parameter.kind is Kind.WHOLE or factor != 1
    field: QSpinBox | QDoubleSpinBox = QSpinBox() if whole else QDoubleSpinBox()
    low = factor * (0 if about.lowest is None else about.lowest)
    high = factor * (_MAX_WHOLE if about.highest is None else about.highest)
    step = 1 if whole else 0.1
    if parameter.optional:
        field.setSpecialValueText(QCoreApplication.translate("ParameterField", "automatic"))
        low -= step
    if isinstance(field, QSpinBox):
        field.setRange(round(low), round(high))
    else:
        field.setRange(low, high)
        field.setSingleStep(step)
    if about.unit:
        field.setSuffix(f" {about.unit}")
    field.setAccessibleName(name)
    field.setKeyboardTracking(False)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setFixedSize(max(60, field.sizeHint().width() + UNIT if parameter.optional else 0), FIELD_HEIGHT)
    undo_in_window(field)

    def read() -> float | None:
        if parameter.optional and math.isclose(field.value(), low):
            return None
        return field.value() if factor == 1 else field.value() / factor

    def show(value: float | None) -> None:
        shown = low if value is None else factor * value
        if isinstance(field, QSpinBox):
            field.setValue(round(shown))
        else:
            field.setValue(shown)

    return _Control(field, read, show, field.valueChanged)
