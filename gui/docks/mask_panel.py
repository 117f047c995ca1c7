"""The mask dock: what the typed words would change, how masks are found and shown, how the painted one is modified."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from editor_core.document import masks
from editor_core.messages.events import FoundMask
from gui.look.theme import FIELD_HEIGHT, UNIT, Theme
from gui.texts.marks import quoted
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.panel import Panel
from gui.widgets.plain_label import PlainLabel
from gui.widgets.swatch import Swatch

PRESETS = ("auto", "paper", "printed", "demo", "grounded")
MAX_PIXELS = 200  # pixels to grow, shrink or feather by


class MaskPanel(Panel):
    """Shows and asks; the masks themselves are changed elsewhere.

    Signals (main thread):
        applied, discarded: What to do with the found mask.
        modified: "grow", "shrink" or "feather", and pixels.
        inverted, import_asked, export_asked: Of the painted mask.
        detection_changed: Preset or threshold changed.
        opacity, colour: Of the overlay: 0..1, a QColor.
    """

    applied = Signal()
    discarded = Signal()
    modified = Signal(str, int)
    inverted = Signal()
    import_asked = Signal()
    export_asked = Signal()
    detection_changed = Signal()
    opacity = Signal(float)
    colour = Signal(QColor)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = PlainLabel()
        self.line.setWordWrap(True)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.apply = self._button(
            self.tr("Use as mask"), self.tr("Make it the mask; refine it with the mask brush")
        )
        self.discard = self._button(self.tr("Discard"), self.tr("Dismiss it until the prompt changes"))
        self.preset = QComboBox()
        self.preset.setAccessibleName(self.tr("Mask detection"))
        names = (
            self.tr("Automatic"),
            self.tr("As published"),
            self.tr("Paper, to the letter"),
            self.tr("Authors' demo"),
            self.tr("By objects"),
        )
        for name, text in zip(PRESETS, names, strict=True):
            self.preset.addItem(text, name)
        self.threshold = LabelledSlider(self.tr("Threshold"), 0, 90, " %")
        self.threshold.setToolTip(
            self.tr(
                "How strongly the words must match an area for it to be masked; 0 uses the preset's value"
            )
        )
        self.strength = LabelledSlider(self.tr("Opacity"), 10, 90, " %")
        self.strength.set_value(45)
        self.swatch = Swatch(self.tr("Overlay colour"), theme.colour("accent"))
        self.amount = QSpinBox()
        self.amount.setRange(1, MAX_PIXELS)
        self.amount.setValue(UNIT)
        self.amount.setSuffix(" px")
        self.amount.setFixedHeight(FIELD_HEIGHT)
        self.amount.setAccessibleName(self.tr("Amount"))
        self._modifiers = {
            "grow": self._button(self.tr("Grow"), self.tr("Grow the mask on all sides")),
            "shrink": self._button(self.tr("Shrink"), self.tr("Shrink the mask on all sides")),
            "feather": self._button(self.tr("Feather"), self.tr("Soften the edge of the mask")),
        }
        self._invert = self._button(self.tr("Invert"), self.tr("Swap masked and unmasked areas"))
        self._import = self._button(
            self.tr("Import…"), self.tr("Load a mask from an image: white areas may change")
        )
        self._export = self._button(self.tr("Export…"), self.tr("Save the mask as an image"))
        self._lay_out()
        self._connect()
        self.show_found(None)
        self.allow(document=False, masked=False)

    def show_found(self, found: FoundMask | None) -> None:
        """Say what was found for the typed words."""
        for button in (self.apply, self.discard):
            button.setVisible(found is not None)
        if found is None:
            self.line.setText(self.tr("Type what should appear to see where it will go."))
            return
        share = round(100 * masks.share(found.mask))
        self.apply.setEnabled(share > 0)
        where = (
            self.tr("{share} % of the picture").format(share=share)
            if share
            else self.tr("nothing to replace")
        )
        self.line.setText(f"{quoted(found.phrase)} · {where}")

    def allow(self, *, document: bool, masked: bool) -> None:
        """What can be done now."""
        for button in (*self._modifiers.values(), self._export):
            button.setEnabled(masked)
        for button in (self._invert, self._import):
            button.setEnabled(document)

    def show_detection(self, preset: str, threshold: float) -> None:
        """Show how masks are found."""
        self.preset.setCurrentIndex(max(0, self.preset.findData(preset)))
        self.threshold.set_value(round(100 * threshold))

    @property
    def detection(self) -> tuple[str, float]:
        """The preset and the threshold, 0..1, 0 for the preset's own."""
        return str(self.preset.currentData()), self.threshold.value / 100

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        answers = _row(self.apply, self.discard)
        modifying = QGridLayout()
        modifying.setSpacing(UNIT // 2)
        grow, shrink, feather = self._modifiers.values()
        rows = ((self.amount, grow, shrink), (feather, self._invert), (self._import, self._export))
        for row, parts in enumerate(rows):
            width = 6 // len(parts)
            for number, part in enumerate(parts):
                modifying.addWidget(part, row, width * number, 1, width)
        column = self.column
        column.addWidget(self.line)
        column.addLayout(answers)
        column.addLayout(_row(_muted(self.tr("Detection")), self.preset))
        column.addLayout(_row(self.threshold))
        column.addLayout(_row(self.strength, self.swatch))
        column.addLayout(modifying)
        self.finish()

    def _connect(self) -> None:
        self.apply.clicked.connect(self.applied)
        self.discard.clicked.connect(self.discarded)
        for name, button in self._modifiers.items():
            button.clicked.connect(lambda _=False, name=name: self.modified.emit(name, self.amount.value()))
        self._invert.clicked.connect(self.inverted)
        self._import.clicked.connect(self.import_asked)
        self._export.clicked.connect(self.export_asked)
        self.preset.activated.connect(lambda _: self.detection_changed.emit())
        self.threshold.released.connect(self.detection_changed)
        self.strength.moved.connect(lambda value: self.opacity.emit(value / 100))
        self.swatch.chosen.connect(self.colour)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(UNIT)
    for widget in widgets:
        row.addWidget(widget)
    return row


def _muted(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("muted", True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return label
