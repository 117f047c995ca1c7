"""Shows one picture with a line below it."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from gui.look.images import thumbnail
from gui.look.theme import UNIT
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel

MAX_SIDE = 512  # logical pixels


class PictureDialog(Dialog):
    """Goes away by itself when it is closed."""

    def __init__(self, title: str, picture: np.ndarray, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        image = PlainLabel()
        room, ratio = self.screen().availableSize(), self.devicePixelRatioF()
        side = min(MAX_SIDE, room.width() - 6 * UNIT, room.height() - 20 * UNIT)
        pixmap = QPixmap.fromImage(thumbnail(picture, round(side * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        image.setPixmap(pixmap)
        image.setAccessibleName(title)
        image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line = PlainLabel(words)
        line.setProperty("muted", True)
        line.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        for widget in (image, line, buttons):
            column.addWidget(widget)
        self.setMinimumWidth(40 * UNIT)
