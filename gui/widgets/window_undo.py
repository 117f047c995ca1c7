"""Fields whose Undo and Redo are the window's: what is typed in them is on the document's undo stack."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QPlainTextEdit, QWidget

_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
_OWN = ("edit-undo", "edit-redo")  # what Qt calls these entries of a field's menu


class _Filter(QObject):
    """Lets the keys for Undo and Redo pass a field by."""

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent) and isinstance(field, QLineEdit):
            open_menu(field, event.globalPos())
            return True
        if not isinstance(event, QKeyEvent) or not any(event.matches(key) for key in _KEYS):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            if isinstance(field, QAbstractSpinBox):
                field.interpretText()  # a number half typed is an entry, too
            event.ignore()
        return True


def undo_in_window(field: QWidget) -> None:
    """Give a field's Undo and Redo to the window it stands in."""
    field.installEventFilter(_Filter(field))


def open_menu(field: QLineEdit | QPlainTextEdit, place: QPoint) -> None:
    """A field's own menu without its Undo and Redo."""
    menu = field.createStandardContextMenu()
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for action in menu.actions():
        if action.objectName() in _OWN:
            action.setVisible(False)
    menu.popup(place)
