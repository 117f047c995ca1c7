"""The folded details of a run: what to avoid, steps, guidance, the size of a new picture."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from editor_core.messages.events import ModelInfo
from gui.look.theme import FIELD_HEIGHT, UNIT
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.plain_label import PlainLabel
from gui.widgets.window_undo import undo_in_window

MAX_SIDE = 2048  # pixels
SHAPES = (
    (QT_TRANSLATE_NOOP("SamplingForm", "Square"), 1, 1),
    (QT_TRANSLATE_NOOP("SamplingForm", "Landscape"), 4, 3),
    (QT_TRANSLATE_NOOP("SamplingForm", "Wide"), 16, 9),
    (QT_TRANSLATE_NOOP("SamplingForm", "Portrait"), 3, 4),
    (QT_TRANSLATE_NOOP("SamplingForm", "Tall"), 9, 16),
)


class SamplingForm(QWidget):
    """The numbers of the next picture; the model's own until something else is shown.

    Signals:
        few_steps_asked: The name of the model's own LoRA for few steps, and whether it is to count. Main thread.
    """

    few_steps_asked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info: ModelInfo | None = None
        self.avoid = QLineEdit()
        self.avoid.setPlaceholderText(self.tr("What should not appear"))
        self.avoid.setAccessibleName(self.tr("Negative prompt"))
        self.steps = _whole(self.tr("Steps"), 1, 200)
        self.steps.setToolTip(self.tr("For new pictures; edits keep the steps of their picture"))
        self.few_steps = QCheckBox(self.tr("Few steps"))
        self.few_steps.setToolTip(
            self.tr(
                "New pictures and edits of them in a few steps, without guidance: several times as fast, less exact"
            )
        )
        self.few_steps.clicked.connect(self._ask_few_steps)
        self.sampler = QComboBox()
        self.sampler.setAccessibleName(self.tr("Sampler"))
        self.sampler.setToolTip(self.tr("For new pictures; edits keep the sampler of their picture"))
        self.guidance = QDoubleSpinBox()
        self.guidance.setRange(0.0, 30.0)
        self.guidance.setAccessibleName(self.tr("Guidance"))
        self.guidance.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.guidance.setFixedSize(60, FIELD_HEIGHT)
        self.guidance.setSingleStep(0.5)
        self.guidance.setDecimals(1)
        self.guidance.setToolTip(self.tr("How closely the picture follows the prompt"))
        self.variants = _whole(self.tr("Variants"), 0, 8)
        self.variants.setSpecialValueText(self.tr("auto"))
        self.variants.setToolTip(
            self.tr(
                "Number of results of Repaint or of a new picture; auto: as many as the method recommends"
            )
        )
        self.shape = QComboBox()
        self.shape.setAccessibleName(self.tr("Aspect ratio of a new picture"))
        self.shape.addItems([self.tr(name) for name, _, _ in SHAPES] + [self.tr("Custom")])
        self.width_field = _whole(self.tr("Width"), 64, MAX_SIDE)
        self.height_field = _whole(self.tr("Height"), 64, MAX_SIDE)
        self._lay_out()
        self.shape.currentIndexChanged.connect(self._shape_chosen)
        for field in (self.width_field, self.height_field):
            field.valueChanged.connect(lambda: self.shape.setCurrentIndex(len(SHAPES)))
        undo_in_window(self.avoid)
        undo_in_window(self.guidance)
        self.setEnabled(False)

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """Of a new picture, in pixels; None until a model said what it can."""
        return None if self._info is None else (self.width_field.value(), self.height_field.value())

    @property
    def chosen_steps(self) -> int | None:
        return None if self._info is None else self.steps.value()

    @property
    def chosen_sampler(self) -> str:
        """By name; empty until a model said which there are."""
        return str(self.sampler.currentData() or "")

    def choose_sampler(self, name: str) -> None:
        """Show a sampler; one that is not known here changes nothing."""
        index = self.sampler.findData(name)
        if index >= 0:
            self.sampler.setCurrentIndex(index)

    @property
    def chosen_guidance(self) -> float | None:
        return None if self._info is None else self.guidance.value()

    def set_model(self, info: ModelInfo) -> None:
        """Take over what a model prefers."""
        another = self._info is None or self._info.fingerprint != info.fingerprint
        self._info = info
        self.steps.setValue(info.default_steps)
        self.guidance.setValue(info.default_guidance)
        self.show_few_steps()
        chosen = info.default_sampler if another else self.chosen_sampler
        self.sampler.clear()
        for sampler in info.samplers:
            self.sampler.addItem(sampler.label, sampler.name)
        self.choose_sampler(chosen)
        for field in (self.width_field, self.height_field):
            field.setSingleStep(info.grid)
        self._set_size(info.default_width, info.default_height)
        self.setEnabled(True)

    def allow_size(self, allowed: bool) -> None:
        """Only a new document has a size to choose."""
        self._size_row.setVisible(allowed)

    def _lay_out(self) -> None:
        numbers = FlowLayout(2 * UNIT, 4)
        self.avoid.setMinimumWidth(20 * UNIT)
        named: list[tuple[str, QWidget]] = [
            (self.tr("Negative"), self.avoid),
            (self.tr("Steps"), self.steps),
            (self.tr("Sampler"), self.sampler),
            (self.tr("Guidance"), self.guidance),
            (self.tr("Variants"), self.variants),
        ]
        for text, widget in named:
            numbers.addWidget(_named(text, widget))
            if widget is self.steps:
                numbers.addWidget(self.few_steps)
        self._size_row = QWidget()
        sizes = QHBoxLayout(self._size_row)
        sizes.setContentsMargins(0, 0, 0, 0)
        sizes.setSpacing(UNIT)
        for widget in (_muted(self.tr("Size")), self.shape, self.width_field, _muted("×"), self.height_field):
            sizes.addWidget(widget)
        sizes.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, UNIT)
        column.setSpacing(UNIT)
        column.addLayout(numbers)
        column.addWidget(self._size_row)

    def show_few_steps(self) -> None:
        """Show whether the model in memory paints in few steps, whatever was asked for."""
        info = self._info
        self.few_steps.setVisible(info is not None and bool(info.few_steps))
        self.few_steps.setChecked(
            info is not None and any(lora.name == info.few_steps for lora in info.loras)
        )

    def _ask_few_steps(self, use: bool) -> None:
        if self._info is not None:
            self.few_steps_asked.emit(self._info.few_steps, use)

    def _shape_chosen(self, index: int) -> None:
        if self._info is None or index >= len(SHAPES):
            return
        _, across, down = SHAPES[index]
        area = self._info.default_width * self._info.default_height
        width = (area * across / down) ** 0.5
        self._set_size(self._on_grid(width), self._on_grid(width * down / across))
        self.shape.setCurrentIndex(index)

    def _on_grid(self, side: float) -> int:
        grid = 1 if self._info is None else self._info.grid
        return max(grid, round(side / grid) * grid)

    def _set_size(self, width: int, height: int) -> None:
        for field, side in ((self.width_field, width), (self.height_field, height)):
            field.blockSignals(True)
            field.setValue(side)
            field.blockSignals(False)


def _whole(name: str, low: int, high: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(low, high)
    field.setAccessibleName(name)
    field.setKeyboardTracking(False)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setFixedSize(60, FIELD_HEIGHT)
    undo_in_window(field)
    return field


def _named(text: str, field: QWidget) -> QWidget:
    """A field with its name before it; they are not parted at the end of a line."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(UNIT)
    row.addWidget(_muted(text))
    row.addWidget(field, isinstance(field, QLineEdit))
    return pair


def _muted(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("muted", True)
    return label
