"""Asks for a blank canvas: how large, and of what colour."""

from dataclasses import dataclass

from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.dialogs import ask
from gui.look.theme import UNIT
from gui.state.colours import Colour
from gui.widgets.dialog import Dialog
from gui.widgets.size_fields import SizeFields
from gui.widgets.swatch import Swatch

WHITE, CLEAR, COLOUR = range(3)


@dataclass(frozen=True)
class BlankCanvas:
    """What is wanted."""

    width: int
    height: int
    colour: Colour | None
    """None: transparent."""


class NewCanvasDialog(Dialog):
    """Presets, size, and paper."""

    def __init__(
        self, model_size: tuple[int, int], last: BlankCanvas | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New canvas"))
        size = model_size if last is None else (last.width, last.height)
        self._colour: Colour = (255, 255, 255) if last is None or last.colour is None else last.colour
        self.presets = QComboBox()
        self.presets.setAccessibleName(self.tr("Preset"))
        self._fill_presets(model_size)
        self.fields = SizeFields(*size, parent=self)
        self.swap = QPushButton(self.tr("Swap width and height"))
        self.paper = QComboBox()
        self.paper.setAccessibleName(self.tr("Background"))
        for text, kind in (
            (self.tr("White"), WHITE),
            (self.tr("Transparent"), CLEAR),
            (self.tr("Colour"), COLOUR),
        ):
            self.paper.addItem(text, kind)
        if last is not None and last.colour is None:
            self.paper.setCurrentIndex(CLEAR)
        elif self._colour != (255, 255, 255):
            self.paper.setCurrentIndex(COLOUR)
        self.swatch = Swatch(self.tr("Background colour"), QColor(*self._colour))
        self.swatch.setMaximumHeight(self.paper.sizeHint().height())  # the row is as high without it
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        create = self.buttons.addButton(self.tr("Create"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.answered_by(create)
        self._lay_out()
        self._connect()
        self._show()

    @classmethod
    async def ask(
        cls, model_size: tuple[int, int], last: BlankCanvas | None = None, parent: QWidget | None = None
    ) -> BlankCanvas | None:
        """What is wanted, None when the artist gave up. model_size: the model's own, proposed first."""
        dialog = cls(model_size, last, parent)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.wanted if accepted else None

    @property
    def wanted(self) -> BlankCanvas:
        kind = self.paper.currentData()
        colour = {WHITE: (255, 255, 255), CLEAR: None, COLOUR: self._colour}[kind]
        return BlankCanvas(*self.fields.size_in_pixels, colour)

    def _fill_presets(self, model_size: tuple[int, int]) -> None:
        presets = (
            (self.tr("The model's own size"), model_size),
            (self.tr("Square"), (1024, 1024)),
            (self.tr("Portrait 3:4"), (768, 1024)),
            (self.tr("Landscape 4:3"), (1024, 768)),
            (self.tr("Widescreen"), (1920, 1080)),
            (self.tr("4K"), (3840, 2160)),
            (self.tr("A5 at 300 dpi"), (1748, 2480)),
            (self.tr("A4 at 300 dpi"), (2480, 3508)),
        )
        for name, (width, height) in presets:
            self.presets.addItem(f"{name} · {width} × {height}", (width, height))
        self.presets.addItem(self.tr("Custom"), None)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.paper, 1)
        row.addWidget(self.swatch)
        form = QFormLayout()
        form.setVerticalSpacing(UNIT)
        form.setHorizontalSpacing(2 * UNIT)
        form.addRow(self.tr("Preset"), self.presets)
        self.fields.add_to(form)
        form.addRow("", self.swap)
        form.addRow(self.tr("Background"), row)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addLayout(form)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        self.presets.activated.connect(self._take_preset)
        self.fields.changed.connect(self._show)
        self.swap.clicked.connect(lambda: self.fields.set_size(*self.fields.size_in_pixels[::-1]))
        self.paper.currentIndexChanged.connect(self._show)
        self.swatch.chosen.connect(self._take_colour)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _take_preset(self) -> None:
        if (size := self.presets.currentData()) is not None:
            self.fields.set_size(*size)

    def _take_colour(self, colour: QColor) -> None:
        self._colour = (colour.red(), colour.green(), colour.blue())

    def _show(self) -> None:
        sizes = [self.presets.itemData(number) for number in range(self.presets.count() - 1)]
        size = self.fields.size_in_pixels
        self.presets.setCurrentIndex(sizes.index(size) if size in sizes else len(sizes))
        self.swatch.setVisible(self.paper.currentData() == COLOUR)
