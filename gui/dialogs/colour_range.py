"""Which colours are to be selected, with a look at what that gives."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from editor_core.document.fill import similar_mask
from gui.dialogs import ask
from gui.look.images import to_qimage
from gui.look.theme import UNIT
from gui.state.colours import Colour
from gui.widgets.dialog import Dialog
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel
from gui.widgets.swatch import Swatch

SIDE = 280  # logical pixels of the preview


class ColourRangeDialog(Dialog):
    """A colour, picked in the preview or mixed, and how far others may be from it."""

    def __init__(
        self, picture: np.ndarray, colour: Colour, tolerance: int, parent: QWidget | None = None
    ) -> None:
        """picture: uint8 (H, W, 3)."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Select by colour"))
        stride = max(1, -(-max(picture.shape[:2]) // SIDE))
        self._small = np.ascontiguousarray(picture[::stride, ::stride])
        self.colour = colour
        self.swatch = Swatch(self.tr("Colour to select"), QColor(*colour))
        self.tolerance = LabelledSlider(self.tr("Tolerance"), 0, 255, "")
        self.tolerance.set_value(tolerance)
        self.preview = PlainLabel()
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setToolTip(self.tr("Click a colour to select it"))
        self.preview.setCursor(Qt.CursorShape.CrossCursor)
        self.preview.installEventFilter(self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        select = buttons.addButton(self.tr("Select"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.answered_by(select)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.swatch)
        row.addWidget(self.tolerance, 1)
        column = QVBoxLayout(self)
        column.setSpacing(UNIT)
        column.addWidget(self.preview)
        column.addLayout(row)
        column.addWidget(buttons)
        self.swatch.chosen.connect(lambda chosen: self._take((chosen.red(), chosen.green(), chosen.blue())))
        self.tolerance.moved.connect(lambda _: self._show())
        self._show()

    @classmethod
    async def ask(
        cls, picture: np.ndarray, colour: Colour, tolerance: int, parent: QWidget
    ) -> tuple[Colour, int] | None:
        """The colour and the tolerance; None where nothing is to be selected."""
        dialog = cls(picture, colour, tolerance, parent)
        if await ask.finished(dialog) != QDialog.DialogCode.Accepted:
            return None
        return dialog.colour, dialog.tolerance.value

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.preview and isinstance(event, QMouseEvent):
            self._pick(event)
        return super().eventFilter(watched, event)

    def _pick(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        height, width = self._small.shape[:2]
        x = int(event.position().x() - (self.preview.width() - width) / 2)
        y = int(event.position().y() - (self.preview.height() - height) / 2)
        if 0 <= x < width and 0 <= y < height:
            red, green, blue = (int(channel) for channel in self._small[y, x])
            self.swatch.show_colour(QColor(red, green, blue))
            self._take((red, green, blue))

    def _take(self, colour: Colour) -> None:
        self.colour = colour
        self._show()

    def _show(self) -> None:
        """The picture with all that is not selected paled."""
        inside = similar_mask(self._small, self.colour, self.tolerance.value)[..., None] > 0
        pale = (self._small // 4 + 96).astype(np.uint8)
        self.preview.setPixmap(QPixmap.fromImage(to_qimage(np.where(inside, self._small, pale))))
