"""A question about several things at once: each can be checked, and the answer is about those that are."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.dialogs import ask
from gui.look.theme import UNIT
from gui.texts.marks import as_tip
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel

WIDTH, ROWS = 60 * UNIT, 10  # of the list, at the most


class Checklist(Dialog):
    """All are checked at first. ``answer``: True, False, or None for neither."""

    def __init__(
        self, parent: QWidget, title: str, text: str, information: str, items: Sequence[str]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.answer: bool | None = None
        heading, told = PlainLabel(text), PlainLabel(information)
        heading.setProperty("heading", True)
        for label in (heading, told):
            label.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(text)
        self.list.setProperty("plain_rows", True)
        self.list.setMinimumWidth(WIDTH)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name in items:
            item = QListWidgetItem(name)
            item.setToolTip(as_tip(name))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        high = self.list.sizeHintForRow(0)
        for row in range(len(items)):
            self.list.item(row).setSizeHint(
                QSize(0, high)
            )  # no wider than there is room: its middle is left out
        self.list.setFixedHeight(min(ROWS, len(items)) * high + UNIT)
        self.buttons = QDialogButtonBox()
        column = QVBoxLayout(self)
        column.setSpacing(UNIT)
        for part in (heading, told, self.list, self.buttons):
            column.addWidget(part)

    def offer(self, yes: str, later: str, no: str) -> None:
        """The buttons; without a check only ``later`` and ``no`` make sense."""
        roles = QDialogButtonBox.ButtonRole
        agree = self.buttons.addButton(yes, roles.AcceptRole)
        refuse = self.buttons.addButton(no, roles.DestructiveRole)
        wait = self.buttons.addButton(later, roles.RejectRole)
        self.answered_by(agree)
        agree.clicked.connect(lambda: self._end(True))
        refuse.clicked.connect(lambda: self._end(False))
        wait.clicked.connect(self.reject)
        self.list.itemChanged.connect(lambda: agree.setEnabled(bool(self.checked)))

    @property
    def checked(self) -> list[int]:
        """Which are."""
        rows = range(self.list.count())
        return [row for row in rows if self.list.item(row).checkState() == Qt.CheckState.Checked]

    def _end(self, answer: bool) -> None:
        self.answer = answer
        self.accept()


async def which(
    parent: QWidget,
    title: str,
    text: str,
    information: str,
    items: Sequence[str],
    answers: tuple[str, str, str],
) -> tuple[bool | None, list[int]]:
    """Whether the artist wants it, and of which; ``answers``: what the buttons say for yes, neither and no."""
    dialog = Checklist(parent, title, text, information, items)
    dialog.offer(*answers)
    await ask.finished(dialog)
    return dialog.answer, dialog.checked
