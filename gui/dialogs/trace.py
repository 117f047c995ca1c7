"""Asks how the edges of the picture become lines to draw over: how broad they are and how few."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from editor_core.pixels.drawing_aids import edges
from gui.dialogs import ask
from gui.look.images import thumbnail
from gui.look.theme import UNIT
from gui.widgets.dialog import Dialog
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel

SHOWN = 384  # pixels
TENTHS = 10  # the smoothing's slider counts tenths of a pixel
FADED = 0.75  # how far the picture behind the lines fades to white


class TraceDialog(Dialog):
    """The faded picture with its lines, which follow the sliders."""

    def __init__(self, picture: np.ndarray, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Trace edges"))
        self._picture = picture
        self._faded = np.rint(picture + (255.0 - picture) * FADED).astype(np.uint8)
        self.strokes = np.zeros(picture.shape[:2], np.uint8)
        self._image = PlainLabel()
        self._image.setAccessibleName(self.tr("Lines over the picture"))
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line_width = LabelledSlider(self.tr("Line width"), 1, 12, " px")
        self.line_width.set_value(2)
        self.smoothing = LabelledSlider(self.tr("Smoothing"), 0, 60, "")
        self.smoothing.set_value(12)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        accept = buttons.button(QDialogButtonBox.StandardButton.Ok)
        accept.setText(self.tr("Add sketch"))
        self.answered_by(accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        for widget in (self._image, self.line_width, self.smoothing, buttons):
            column.addWidget(widget)
        for slider in (self.line_width, self.smoothing):
            slider.moved.connect(self._draw)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._draw()

    @classmethod
    async def ask(cls, picture: np.ndarray, parent: QWidget | None = None) -> np.ndarray | None:
        """The strokes, uint8 (H, W), or None when the artist gave up."""
        dialog = cls(picture, parent)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.strokes if accepted else None

    def _draw(self) -> None:
        self.strokes = edges(self._picture, self.line_width.value, self.smoothing.value / TENTHS)
        lines = np.where(self.strokes[..., None] > 0, np.uint8(0), self._faded)
        self._image.setPixmap(QPixmap.fromImage(thumbnail(lines, SHOWN)))
