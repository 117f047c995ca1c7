"""What all dialogs have in common: they fit onto the screen, and Enter gives the marked answer or none."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

FRAME = QSize(2, 40)  # what a window manager puts around a window, about


class Dialog(QDialog):
    """Qt lets Enter press the first button it finds where none is the default, such as "Clear all"."""

    at_right = False
    """Whether it opens at the window's right, as the picture in the middle shows what is set in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proposed: QPushButton | None = None

    def answered_by(self, button: QPushButton) -> None:
        """Mark a button as the answer that is proposed. Without one Enter does nothing."""
        self._proposed = button
        button.setProperty("primary", True)
        button.style().polish(button)  # it may have been looked at before

    def fit_into(self, screen: QSize) -> None:
        """No larger than a screen, however large its contents would like it."""
        self.resize(self.size().boundedTo(screen - FRAME))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit_into(self.screen().availableSize())
        if self.at_right and (parent := self.parentWidget()) is not None:
            over = parent.geometry()
            self.move(over.right() - self.width(), over.center().y() - self.height() // 2)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(self._proposed is not None)
            button.setDefault(button is self._proposed)
