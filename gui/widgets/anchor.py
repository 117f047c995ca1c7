"""Nine points: where the old picture lies on a canvas of another size."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QToolButton, QWidget

ARROWS = "↖↑↗←●→↙↓↘"
SIDE = 28  # logical pixels of a button


class Anchor(QWidget):
    """Three rows of three; the chosen one is where the old picture stays.

    Signals:
        changed: Another point. Main thread.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names = (
            self.tr("top left"),
            self.tr("top"),
            self.tr("top right"),
            self.tr("left"),
            self.tr("middle"),
            self.tr("right"),
            self.tr("bottom left"),
            self.tr("bottom"),
            self.tr("bottom right"),
        )
        self._group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for number, (arrow, name) in enumerate(zip(ARROWS, names, strict=True)):
            button = QToolButton()
            button.setText(arrow)
            button.setCheckable(True)
            button.setFixedSize(QSize(SIDE, SIDE))
            button.setToolTip(self.tr("The picture stays: {place}").format(place=name))
            button.setAccessibleName(name)
            self._group.addButton(button, number)
            grid.addWidget(button, number // 3, number % 3)
        grid.setColumnStretch(3, 1)
        self._group.button(4).setChecked(True)
        self._group.idClicked.connect(lambda _: self.changed.emit())

    def choose(self, column: int, row: int) -> None:
        """Choose a point, counted from 0."""
        self._group.button(3 * row + column).click()

    @property
    def shares(self) -> tuple[float, float]:
        """How much of what is added lies left of the picture, and above it: 0, 0.5 or 1."""
        return self._group.checkedId() % 3 / 2, self._group.checkedId() // 3 / 2
