"""Fields in a page that scrolls: the wheel scrolls the page and changes a value only where the field was clicked."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollArea, QScrollBar, QWidget

_TURNED_BY_WHEEL = (QAbstractSpinBox, QComboBox, QAbstractSlider)


class _Filter(QObject):
    """Hands the page the wheel over a field that does not have the keyboard."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or not isinstance(field, QWidget) or field.hasFocus():
            return False
        QCoreApplication.sendEvent(self._area.verticalScrollBar(), event)
        return True


def scroll_past_fields(area: QScrollArea) -> None:
    """Calm every field in the page that an area scrolls."""
    passing = _Filter(area)
    for field in area.findChildren(QWidget):
        if isinstance(field, _TURNED_BY_WHEEL) and not isinstance(field, QScrollBar):
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            field.installEventFilter(passing)
