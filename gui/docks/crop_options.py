"""What can be set for the crop tool: the rectangle in numbers."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QWidget

from editor_core.base.limits import MAX_SIDE
from editor_core.document.geometry import EMPTY, Rect
from gui.look.theme import FIELD_HEIGHT
from gui.tools.crop import CropBox
from gui.widgets.plain_label import PlainLabel


class CropOptions(QWidget):
    """Place and size of the rectangle, and the button that cuts."""

    def __init__(self, box: CropBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = box
        names = (self.tr("Left"), self.tr("Top"), self.tr("Width"), self.tr("Height"))
        self.fields = [_field(name) for name in names]
        self.cut = QPushButton(self.tr("Crop"))
        self.cut.setToolTip(self.tr("Cut the picture to the rectangle (Enter)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for letter, field in zip("XYWH", self.fields, strict=True):
            label = PlainLabel(letter)
            label.setProperty("muted", True)
            row.addWidget(label)
            row.addWidget(field)
            field.valueChanged.connect(self._take)
        row.addWidget(self.cut)
        self.cut.clicked.connect(lambda: box.apply())
        box.changed.connect(self._show)
        self._show()

    def _take(self) -> None:
        x, y, width, height = (field.value() for field in self.fields)
        self._box.set(Rect(x, y, width, height) if width and height else EMPTY)

    def _show(self) -> None:
        self.cut.setEnabled(not self._box.rect.is_empty)
        for field, value in zip(self.fields, self._box.rect, strict=True):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)


def _field(name: str) -> QSpinBox:
    field = QSpinBox()
    field.setRange(0, MAX_SIDE)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    field.setToolTip(name)
    field.setAccessibleName(name)
    field.setKeyboardTracking(False)
    field.ensurePolished()
    field.setFixedSize(field.minimumSizeHint().width(), FIELD_HEIGHT)
    return field
