"""Colours side by side, to be taken with a click."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.state.colours import Colour
from gui.texts.marks import as_tip

CELL = 18  # logical pixels, with the gap to the next one
_OWN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right)


class ColourGrid(QWidget):
    """As many in a row as the width holds. Arrow keys move, Enter takes.

    Signals:
        chosen: A Colour, and whether it was taken with the right button, for the background. Main thread.
    """

    chosen = Signal(tuple, bool)

    def __init__(self, name: str, max_rows: int = 0, parent: QWidget | None = None) -> None:
        """``max_rows``: what does not fit into these is left out; 0: all are shown."""
        super().__init__(parent)
        self._colours: tuple[tuple[Colour, str], ...] = ()
        self._max_rows = max_rows
        self._at = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(6 * CELL)

    @property
    def colours(self) -> tuple[Colour, ...]:
        return tuple(colour for colour, _ in self._colours)

    def show_colours(self, colours: Sequence[tuple[Colour, str]]) -> None:
        """Colours with their names, which may be empty."""
        self._colours, self._at = tuple(colours), 0
        self._fit()
        self.update()

    def place_of(self, number: int) -> QRect:
        """Where a colour is drawn."""
        row, column = divmod(number, self._columns)
        return QRect(column * CELL, row * CELL, CELL - 2, CELL - 2)

    @property
    def _columns(self) -> int:
        return max(1, (self.width() + 2) // CELL)

    @property
    def _shown(self) -> int:
        most = self._max_rows * self._columns if self._max_rows else len(self._colours)
        return min(len(self._colours), most)

    def sizeHint(self) -> QSize:
        return QSize(14 * CELL, self.height())

    def _fit(self) -> None:
        self.setFixedHeight(max(1, -(-self._shown // self._columns)) * CELL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(128, 128, 128, 140), 1))
        for number, (colour, _) in enumerate(self._colours[: self._shown]):
            painter.setBrush(QColor(*colour))
            painter.drawRect(self.place_of(number).adjusted(0, 0, -1, -1))
        if self.hasFocus() and self._shown:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().accent().color(), 2))
            painter.drawRect(self.place_of(self._at))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position().toPoint())
        if number is not None:
            self._at = number
            self.update()
            self.chosen.emit(self._colours[number][0], event.button() == Qt.MouseButton.RightButton)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        key = Qt.Key(event.key())
        if key in steps and self._shown:
            self._at = min(self._shown - 1, max(0, self._at + steps[key]))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._shown:
            self.chosen.emit(self._colours[self._at][0], False)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Enter takes the colour here; elsewhere it applies a result."""
        pressed = event.key() if isinstance(event, QKeyEvent) else None
        if event.type() == QEvent.Type.ShortcutOverride and pressed in _OWN_KEYS:
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._number_at(event.pos())
            if number is None:
                QToolTip.hideText()
            else:
                colour, name = self._colours[number]
                words = f"{name} · {QColor(*colour).name()}" if name else QColor(*colour).name()
                QToolTip.showText(event.globalPos(), as_tip(words), self, self.place_of(number))
            return True
        return super().event(event)

    def _number_at(self, place: QPoint) -> int | None:
        column, row = place.x() // CELL, place.y() // CELL
        number = row * self._columns + column
        inside = 0 <= column < self._columns and row >= 0
        return number if inside and number < self._shown else None
