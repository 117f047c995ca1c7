"""The two colours as overlapping swatches."""

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.look.theme import Theme
from gui.state.colours import Colour, Colours

SIDE = 20  # pixels of a swatch
OFFSET = 12  # of the background from the foreground, right and down
FOREGROUND, BACKGROUND = "foreground", "background"


class ColourButton(QAbstractButton):
    """One colour as a button."""

    def __init__(self, theme: Theme, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = QColor("black")
        self.setFixedSize(SIDE, SIDE)
        self.setCheckable(True)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def show_colour(self, colour: Colour) -> None:
        self._colour = QColor(*colour)
        self.setAccessibleDescription(self._colour.name())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        marked = self.hasFocus() or self.underMouse() or self.isChecked()
        painter.setPen(QPen(self._theme.colour("accent" if marked else "muted"), 1))
        painter.setBrush(self._theme.colour("window"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.fillRect(self.rect().adjusted(2, 2, -2, -2), self._colour)


class ColourPair(QWidget):
    """Foreground above background, as in every painting program.

    Signals:
        asked: "foreground" or "background": that one is to be mixed. Main thread.
    """

    asked = Signal(str)

    def __init__(self, theme: Theme, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self.background = ColourButton(
            theme, self.tr("Background colour (X: swap, D: default colours)"), self
        )
        self.foreground = ColourButton(
            theme, self.tr("Foreground colour (X: swap, D: default colours)"), self
        )
        for which, button in ((BACKGROUND, self.background), (FOREGROUND, self.foreground)):
            button.clicked.connect(lambda _=False, which=which: self._ask(which))
        self.setFixedSize(self.sizeHint())
        place = QRect(2, 4, SIDE, SIDE)
        self.foreground.setGeometry(place)
        self.background.setGeometry(place.translated(OFFSET, OFFSET))
        colours.changed.connect(self._show)
        theme.changed.connect(self.update)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(SIDE + OFFSET + 4, SIDE + OFFSET + 8)

    def mark(self, which: str | None) -> None:
        """Mark the one that is being mixed; None: neither."""
        self.foreground.setChecked(which == FOREGROUND)
        self.background.setChecked(which == BACKGROUND)

    def _show(self) -> None:
        self.foreground.show_colour(self._colours.foreground)
        self.background.show_colour(self._colours.background)

    def _ask(self, which: str) -> None:
        self.mark(None)  # whoever mixes it marks it
        self.asked.emit(which)
