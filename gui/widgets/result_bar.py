"""The bar of a result that waits to be judged."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from gui.look.theme import UNIT, Theme
from gui.widgets.buttons import IconButton


class ResultBar(QFrame):
    """Says what came and offers to apply or discard it.

    Signals (main thread):
        browsed: Look at the next (1) or previous (-1) result.
        held: True while "before" is pressed.
        discarded: The results that wait are not wanted.
    """

    browsed = Signal(int)
    held = Signal(bool)
    discarded = Signal()

    def __init__(self, theme: Theme, apply: QAction, discard: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("judging", True)
        self.setAccessibleName(self.tr("Result"))
        self._previous = IconButton(theme, "chevron-left", self.tr("Previous result"))
        self._count = QLabel()
        self._next = IconButton(theme, "chevron-right", self.tr("Next result"))
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        before = QPushButton(self.tr("Before"))
        before.setToolTip(self.tr("Hold to see the picture before the change (hold Tab)"))
        self._judging: list[QWidget] = [
            before,
            _button(discard, self.tr("Discard"), self.tr("Esc")),
            _button(apply, self.tr("Apply"), self.tr("Enter"), primary=True),
        ]
        look_away = QPushButton(self.tr("Discard"))
        look_away.setToolTip(self.tr("Discard the results; Undo brings them back"))
        look_away.clicked.connect(self.discarded)
        self._look = _button(apply, self.tr("Show"), self.tr("Enter"), primary=True)
        self._waiting: list[QWidget] = [look_away, self._look]
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(UNIT)
        for widget in (self._previous, self._count, self._next, self._text):
            row.addWidget(widget)
        row.addSpacing(UNIT)
        for button in (*self._judging, *self._waiting):
            row.addWidget(button)
        before.pressed.connect(lambda: self.held.emit(True))
        before.released.connect(lambda: self.held.emit(False))
        self._previous.clicked.connect(lambda: self.browsed.emit(-1))
        self._next.clicked.connect(lambda: self.browsed.emit(1))
        self.hide()

    def show_result(self, text: str, position: int, count: int) -> None:
        self._text.setText(text)
        self._count.setText(self.tr("{position} of {count}").format(position=position, count=count))
        for widget in (self._previous, self._count, self._next):
            widget.setVisible(count > 1)
        self._show_buttons(judging=True)

    def show_waiting(self, count: int) -> None:
        """Results came while the artist was busy with something else."""
        self._text.setText(
            self.tr("A result is ready.")
            if count == 1
            else self.tr("{count} results are ready.").format(count=count)
        )
        for widget in (self._previous, self._count, self._next):
            widget.hide()
        self._show_buttons(judging=False)

    def _show_buttons(self, *, judging: bool) -> None:
        for widget in self._judging:
            widget.setVisible(judging)
        for widget in self._waiting:
            widget.setVisible(not judging)
        self.show()
        self.adjustSize()


def _button(action: QAction, text: str, keys: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(f"{text}  {keys}")
    button.setProperty("primary", primary)
    button.setAccessibleName(text)
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button
