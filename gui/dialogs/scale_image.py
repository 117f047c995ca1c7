"""Asks for the size that a picture is scaled to, and how."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from editor_core.document.reshaping.changes import Scaled
from gui.dialogs import ask
from gui.look.theme import UNIT
from gui.widgets.dialog import Dialog
from gui.widgets.filter_box import FilterBox
from gui.widgets.plain_label import PlainLabel
from gui.widgets.size_fields import SizeFields


class ScaleDialog(Dialog):
    """Size in proportion, and the filter."""

    def __init__(self, width: int, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Scale image"))
        self._size = (width, height)
        self.fields = SizeFields(width, height, in_proportion=True, parent=self)
        self.filter = FilterBox()
        self.told = PlainLabel()
        self.told.setProperty("muted", True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        scale = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        scale.setText(self.tr("Scale"))
        self.answered_by(scale)
        form = QFormLayout()
        form.setVerticalSpacing(UNIT)
        form.setHorizontalSpacing(2 * UNIT)
        self.fields.add_to(form)
        form.addRow(self.tr("Filter"), self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addLayout(form)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        self.fields.changed.connect(self._show)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._show()

    @classmethod
    async def ask(cls, width: int, height: int, parent: QWidget | None = None) -> Scaled | None:
        """The scale that is wanted, None where it stays or the artist gave up."""
        dialog = cls(width, height, parent)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.scaled if accepted and dialog.fields.size_in_pixels != (width, height) else None

    @property
    def scaled(self) -> Scaled:
        return Scaled.to(*self.fields.size_in_pixels, self._size, self.filter.chosen)

    def _show(self) -> None:
        width, height = self.fields.size_in_pixels
        share = width * height / (self._size[0] * self._size[1])
        self.told.setText(
            self.tr("{percent} % of the pixels. The picture is analysed again by the next edit.").format(
                percent=round(100 * share)
            )
        )
