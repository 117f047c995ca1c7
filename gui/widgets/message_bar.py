"""Problems and notices: one sentence, details folded, in a bar that does not get in the way.

A notice, which says why nothing happened and what to do, goes by itself; an error stays until it is closed, the same
work succeeds, or another document is opened.
"""

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.look.theme import UNIT, Theme
from gui.widgets.buttons import IconButton
from gui.widgets.plain_label import PlainLabel

READING_MS = 3000  # to see that there is something to read
CHARACTER_MS = 60  # to read it


class MessageBar(QFrame):
    """Hidden until there is something to say.

    Signals:
        way_out_asked: The button was clicked that goes round the problem; the bar is hidden. Main thread.
    """

    way_out_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Message"))
        self.setProperty("problem", True)
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._toggle = QPushButton(self.tr("Details"))
        self._toggle.setCheckable(True)
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.setAccessibleName(self.tr("Copy the message with its details"))
        close = IconButton(theme, "close", self.tr("Close the message"))
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setFixedHeight(15 * UNIT)
        self._details.setAccessibleName(self.tr("Details of the message"))
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self._text, 1)
        self.way_out = QPushButton()
        for widget in (self.way_out, self._toggle, self._copy, close):
            row.addWidget(widget)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 6)
        column.addLayout(row)
        column.addWidget(self._details)
        self._of: object = None
        self._going = QTimer(self, singleShot=True)
        self._going.timeout.connect(self.hide)
        self._toggle.toggled.connect(self._details.setVisible)
        self._copy.clicked.connect(self._copy_all)
        self.way_out.clicked.connect(self.hide)
        self.way_out.clicked.connect(self.way_out_asked)
        close.clicked.connect(self.hide)
        self.hide()

    @property
    def sentence(self) -> str:
        return self._text.text()

    @property
    def stays(self) -> bool:
        """Whether it says something until it is closed."""
        return not self.isHidden() and bool(self.property("problem"))

    def height_in(self, width: int) -> int:
        """How high the bar must be at a width, as its details are folded or not."""
        self._column.invalidate()
        return max(self._column.totalHeightForWidth(width), self._column.totalMinimumSize().height())

    def tell(self, of: object, sentence: str) -> None:
        """An error in work of some kind; or, where the sentence is empty, that this kind succeeded."""
        if sentence:
            self.show_problem(sentence, of=of)
        elif self.stays and self._of == of:
            self.hide()

    def show_problem(self, sentence: str, details: str = "", way_out: str = "", of: object = None) -> None:
        """An error: it stays, until work of the kind ``of`` succeeds (`tell`) or it is closed.

        way_out: what the button says that goes round it (``way_out_asked``), if there is one.
        """
        self._going.stop()
        self._of = of
        self._show(sentence, details, is_problem=True)
        self.way_out.setText(way_out)
        self.way_out.setVisible(bool(way_out))

    def show_notice(self, sentence: str) -> None:
        """A notice: it goes when it was read, but not while the pointer is on it."""
        if self.stays:
            return  # an error is not covered up by less
        self._show(sentence, "", is_problem=False)
        self._going.start(READING_MS + CHARACTER_MS * len(sentence))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._going.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.property("problem"):
            self._going.start(READING_MS)
        super().leaveEvent(event)

    def _show(self, sentence: str, details: str, *, is_problem: bool) -> None:
        if is_problem != self.property("problem"):
            self.setProperty("problem", is_problem)
            self.setProperty("bar", not is_problem)
            self.style().polish(self)
        self._copy.setVisible(is_problem)
        self.way_out.hide()
        self._text.setText(sentence)
        self._details.setPlainText(details)
        self._toggle.setChecked(False)
        self._toggle.setVisible(bool(details))
        self._details.hide()
        self.show()

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(
            "\n\n".join(filter(None, (self.sentence, self._details.toPlainText())))
        )
