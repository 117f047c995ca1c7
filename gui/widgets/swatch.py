"""A button that shows a colour and lets another be chosen."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QToolButton, QWidget

SIDE = 20  # logical pixels


class Swatch(QToolButton):
    """One colour.

    Signals:
        chosen: A QColor. Main thread.
    """

    chosen = Signal(QColor)

    def __init__(self, text: str, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setIconSize(QSize(SIDE, SIDE))
        self.show_colour(colour)
        self.clicked.connect(self._ask)

    def show_colour(self, colour: QColor) -> None:
        self._colour = colour
        swatch = QPixmap(SIDE, SIDE)
        swatch.fill(colour)
        self.setIcon(QIcon(swatch))

    def _ask(self) -> None:
        dialog = QColorDialog(self._colour, self)
        dialog.colorSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, colour: QColor) -> None:
        self.show_colour(colour)
        self.chosen.emit(colour)
