"""The two colours as overlapping swatches; a click on one opens the colour dialog."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QWidget

from gui.look.theme import Theme
from gui.state.colours import Colour, Colours

SIDE = 20  # pixels of a swatch
OFFSET = 12  # of the background from the foreground, right and down


class Swatch(QAbstractButton):
    """One colour as a button."""

    def __init__(self, theme: Theme, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = QColor("black")
        self.setFixedSize(SIDE, SIDE)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def show_colour(self, colour: Colour) -> None:
        self._colour = QColor(*colour)
        self.setAccessibleDescription(self._colour.name())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        edge = self._theme.colour("accent" if self.hasFocus() or self.underMouse() else "muted")
        painter.setPen(QPen(edge, 1))
        painter.setBrush(self._theme.colour("window"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.fillRect(self.rect().adjusted(2, 2, -2, -2), self._colour)


class ColourPair(QWidget):
    """Foreground above background, as in every painting program."""

    def __init__(self, theme: Theme, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self.background = Swatch(theme, self.tr("Background colour (X: swap, D: default colours)"), self)
        self.foreground = Swatch(theme, self.tr("Foreground colour (X: swap, D: default colours)"), self)
        self.background.clicked.connect(lambda: self._ask("background"))
        self.foreground.clicked.connect(lambda: self._ask("foreground"))
        self.setFixedSize(self.sizeHint())
        place = QRect(2, 4, SIDE, SIDE)
        self.foreground.setGeometry(place)
        self.background.setGeometry(place.translated(OFFSET, OFFSET))
        colours.changed.connect(self._show)
        theme.changed.connect(self.update)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(SIDE + OFFSET + 4, SIDE + OFFSET + 8)

    def _show(self) -> None:
        self.foreground.show_colour(self._colours.foreground)
        self.background.show_colour(self._colours.background)

    def _ask(self, which: str) -> None:
        dialog = QColorDialog(QColor(*getattr(self._colours, which)), self)
        dialog.colorSelected.connect(lambda colour: self._take(which, colour))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, which: str, colour: QColor) -> None:
        self._colours.set(**{which: (colour.red(), colour.green(), colour.blue())})
