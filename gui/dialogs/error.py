"""What the exception hook shows: a fault of the program, with its report."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.dialogs.ask import message_box


def show_fault(report: str, parent: QWidget | None = None) -> QMessageBox:
    """Open the message; the window stays usable."""
    box = message_box(parent)
    box.setWindowTitle(QCoreApplication.translate("error", "Something went wrong"))
    box.setText(QCoreApplication.translate("error", "An unexpected error occurred."))
    box.setInformativeText(
        QCoreApplication.translate(
            "error", "Your picture is still open; save it under a new name to be safe."
        )
    )
    box.setDetailedText(report)
    copy = box.addButton(
        QCoreApplication.translate("error", "Copy report"), QMessageBox.ButtonRole.ActionRole
    )
    copy.clicked.disconnect()
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
    box.addButton(QMessageBox.StandardButton.Close)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
