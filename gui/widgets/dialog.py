"""What all dialogs have in common: Enter gives the marked answer, and never presses another button."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QWidget


class Dialog(QDialog):
    """Qt lets Enter press the first button it finds where none is the default, such as "Clear all"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proposed: QPushButton | None = None

    def answered_by(self, button: QPushButton) -> None:
        """Mark a button as the answer that is proposed. Without one Enter does nothing."""
        self._proposed = button
        button.setProperty("primary", True)
        button.style().polish(button)  # it may have been looked at before

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(self._proposed is not None)
            button.setDefault(button is self._proposed)
