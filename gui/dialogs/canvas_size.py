"""Asks how large the canvas shall be, where the picture stays on it, and what lies around it then."""

from dataclasses import dataclass

from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from editor_core.document.geometry import Rect
from editor_core.document.reshaping.changes import Crop
from editor_core.document.reshaping.outpainting import snapped
from gui.dialogs import ask
from gui.look.theme import UNIT
from gui.state.colours import Colour
from gui.widgets.anchor import Anchor
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel
from gui.widgets.size_fields import SizeFields
from gui.widgets.swatch import Swatch

CLEAR, COLOUR, CONTINUED = range(3)


@dataclass(frozen=True)
class CanvasBefore:
    """The canvas as it is, and what the model makes of it."""

    width: int
    height: int
    grid: int
    """Pixels: sides that the model paints without padding are multiples of it."""
    colour: Colour
    """Proposed for the new area."""


class CanvasSizeDialog(Dialog):
    """Size, anchor, and the new area."""

    def __init__(self, before: CanvasBefore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Canvas size"))
        self._before, self._colour = before, before.colour
        self.fields = SizeFields(before.width, before.height, in_proportion=False, parent=self)
        self.anchor = Anchor()
        self.area = QComboBox()
        self.area.addItem(self.tr("Continue the picture, to be repainted"), CONTINUED)
        self.area.addItem(self.tr("Transparent"), CLEAR)
        self.area.addItem(self.tr("Colour"), COLOUR)
        self.area.setAccessibleName(self.tr("New area"))
        self.swatch = Swatch(self.tr("Colour of the new area"), QColor(*before.colour))
        self.snap = QCheckBox(self.tr("Round up to multiples of {count} pixels").format(count=before.grid))
        self.snap.setToolTip(self.tr("Sizes that the model paints without padding"))
        self.snap.setChecked(before.grid > 1)
        self.told = PlainLabel()
        self.told.setProperty("muted", True)
        self.told.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.answered_by(self.buttons.button(QDialogButtonBox.StandardButton.Ok))
        self._lay_out()
        for signal in (self.fields.changed, self.anchor.changed, self.snap.toggled):
            signal.connect(self._show)
        self.area.currentIndexChanged.connect(self._show)
        self.swatch.chosen.connect(self._take_colour)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._show()

    @classmethod
    async def ask(cls, before: CanvasBefore, parent: QWidget | None = None) -> Crop | None:
        """The rectangle of the old canvas that is wanted, or None when the artist gave up."""
        dialog = cls(before, parent)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.crop if accepted else None

    @property
    def crop(self) -> Crop:
        """What is chosen."""
        before, kind = self._before, self.area.currentData()
        width, height = self.fields.size_in_pixels
        left, top = self.anchor.shares
        rect = Rect(-_part(width - before.width, left), -_part(height - before.height, top), width, height)
        if kind == CONTINUED and self.snap.isChecked():
            rect = snapped(rect, Rect(0, 0, before.width, before.height), before.grid, (left, top))
        return Crop(rect, self._colour if kind == COLOUR else None, kind == CONTINUED and self._grows(rect))

    def _grows(self, rect: Rect) -> bool:
        return rect.width > self._before.width or rect.height > self._before.height

    def _take_colour(self, colour: QColor) -> None:
        self._colour = (colour.red(), colour.green(), colour.blue())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.area, 1)
        row.addWidget(self.swatch)
        form = QFormLayout()
        form.setVerticalSpacing(UNIT)
        form.setHorizontalSpacing(2 * UNIT)
        self.fields.add_to(form)
        form.addRow(self.tr("Anchor"), self.anchor)
        form.addRow(self.tr("New area"), row)
        form.addRow("", self.snap)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addLayout(form)
        column.addWidget(self.told)
        column.addWidget(self.buttons)

    def _show(self) -> None:
        before, rect, kind = self._before, self.crop.rect, self.area.currentData()
        grows = self._grows(rect)
        self.area.setEnabled(grows)
        self.swatch.setVisible(kind == COLOUR)
        self.swatch.setEnabled(grows)
        self.snap.setEnabled(grows and kind == CONTINUED)
        sizes = self.tr("{old_width} × {old_height} becomes {width} × {height} pixels.").format(
            old_width=before.width, old_height=before.height, width=rect.width, height=rect.height
        )
        if grows and kind == CONTINUED:
            sizes += " " + self.tr("The new area becomes the mask: describe it, then repaint.")
        self.told.setText(sizes)


def _part(added: int, share: float) -> int:
    return int(added * share)
