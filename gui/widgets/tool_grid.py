"""The buttons of the tools: one column where they fit into the height, else as many as it takes."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

GAP = 1  # logical pixels
SIDE = 28  # of a button: small, so that a low window needs no third column


class ToolGrid(QWidget):
    """Lays buttons of one size out from top to bottom in columns, and a last widget under them."""

    def __init__(self, buttons: Sequence[QWidget], foot: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons, self._foot = tuple(buttons), foot
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for button in self._buttons:
            button.setFixedSize(SIDE, SIDE)
        self._arrange(1)

    @property
    def columns(self) -> int:
        return self._columns

    def minimumSizeHint(self) -> QSize:
        """As low as it takes to stand in many columns: the window may be that low."""
        return QSize(self._width(self._columns), 4 * SIDE)

    def sizeHint(self) -> QSize:
        rows = -(-len(self._buttons) // max(1, self._columns))
        return QSize(self._width(self._columns), rows * (SIDE + GAP) + self._foot.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self._columns_in(self.height()))

    def _columns_in(self, height: int) -> int:
        rows = max(1, (height - self._foot.sizeHint().height()) // (SIDE + GAP))
        return -(-len(self._buttons) // rows)

    def _width(self, columns: int) -> int:
        return max(columns * (SIDE + GAP) - GAP, self._foot.sizeHint().width())

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        for number, button in enumerate(self._buttons):
            self._grid.addWidget(button, number // columns, number % columns)
        rows = -(-len(self._buttons) // columns)
        self._grid.addWidget(self._foot, rows, 0, 1, columns)
        self._grid.setRowStretch(rows + 1, 1)
        self.setFixedWidth(self._width(columns))
        self.updateGeometry()
