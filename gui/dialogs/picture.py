"""Shows one picture with a line below it."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from gui.theme import UNIT
from gui.worker.images import thumbnail

LARGEST = 512  # pixels


class PictureDialog(QDialog):
    """Goes away by itself when it is closed."""

    def __init__(self, title: str, picture: np.ndarray, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        image = QLabel()
        image.setPixmap(QPixmap.fromImage(thumbnail(picture, LARGEST)))
        image.setAccessibleName(title)
        image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line = QLabel(words)
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
