"""A button that shows a colour; a click opens a small window in which it is mixed."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from gui.look.theme import UNIT
from gui.state.colours import Colour
from gui.widgets.colour_editor import ColourEditor

SIDE = 20  # logical pixels
WIDTH = 320


class Swatch(QToolButton):
    """One colour.

    Signals:
        chosen: A QColor, at each change. Main thread.
    """

    chosen = Signal(QColor)

    def __init__(self, text: str, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setIconSize(QSize(SIDE, SIDE))
        self._popup: QFrame | None = None
        self.show_colour(colour)
        self.clicked.connect(self._open)

    def show_colour(self, colour: QColor) -> None:
        self._colour = colour
        swatch = QPixmap(SIDE, SIDE)
        swatch.fill(colour)
        self.setIcon(QIcon(swatch))

    @property
    def editor(self) -> ColourEditor | None:
        """What is open to mix the colour, if anything is."""
        return None if self._popup is None else self._popup.findChild(ColourEditor)

    def _open(self) -> None:
        self._popup = popup = QFrame(self, Qt.WindowType.Popup)
        popup.setProperty("bar", True)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.destroyed.connect(self._closed)
        editor = ColourEditor(popup)
        editor.show_colour((self._colour.red(), self._colour.green(), self._colour.blue()))
        editor.edited.connect(self._take)
        inside = QVBoxLayout(popup)
        inside.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        inside.addWidget(editor)
        popup.setFixedWidth(WIDTH)
        popup.adjustSize()
        popup.move(_beside(self, popup.size()))
        popup.show()
        editor.wheel.setFocus()

    def _closed(self) -> None:
        self._popup = None

    def _take(self, colour: Colour) -> None:
        self.show_colour(QColor(*colour))
        self.chosen.emit(QColor(*colour))


def _beside(button: QWidget, size: QSize) -> QPoint:
    """Below a button, or above it, so that it lies on the button's screen."""
    screen = button.screen().availableGeometry()
    corner = button.mapToGlobal(QPoint(0, button.height() + 2))
    if corner.y() + size.height() > screen.bottom():
        corner.setY(button.mapToGlobal(QPoint(0, 0)).y() - size.height() - 2)
    corner.setX(max(screen.left(), min(corner.x(), screen.right() - size.width())))
    return corner
