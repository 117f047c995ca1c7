"""Asks for the words that describe a picture being opened: they are what an edit changes."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from gui.dialogs import ask
from gui.look.images import thumbnail
from gui.look.theme import UNIT, Theme
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel
from gui.widgets.prompt_edit import PromptEdit

PICTURE = 192  # pixels


class DescribeDialog(Dialog):
    """The picture beside a field for its words."""

    def __init__(self, theme: Theme, picture: np.ndarray, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Describe the picture"))
        image = PlainLabel()
        image.setPixmap(QPixmap.fromImage(thumbnail(picture, PICTURE)))
        image.setAlignment(Qt.AlignmentFlag.AlignTop)
        heading = PlainLabel(self.tr("What does the picture show?"))
        heading.setProperty("heading", True)
        hint = PlainLabel(
            self.tr(
                "One plain sentence, such as “a fox on snow”. Edit the picture later by changing its words."
            )
        )
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        self.edit = PromptEdit(theme)
        self.edit.setAccessibleName(self.tr("Description of the picture"))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self.only = self.buttons.addButton(self.tr("Skip"), QDialogButtonBox.ButtonRole.ActionRole)
        self.only.setToolTip(self.tr("Start painting right away; you can describe the picture later"))
        self._open = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        self.answered_by(self._open)
        words = QVBoxLayout()
        words.setSpacing(UNIT)
        for widget in (heading, hint, self.edit):
            words.addWidget(widget)
        words.addStretch(1)
        words.addWidget(self.buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        row.setSpacing(2 * UNIT)
        row.addWidget(image)
        row.addLayout(words, 1)
        self.setMinimumWidth(70 * UNIT)
        self.edit.textChanged.connect(self._refresh)
        self.edit.submitted.connect(self.accept)
        self.only.clicked.connect(self._open_only)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._refresh()

    @classmethod
    async def ask(
        cls, theme: Theme, picture: np.ndarray, parent: QWidget | None = None, offered: str = ""
    ) -> str | None:
        """The words, none where the picture shall only be opened, or None when the artist gave up.

        offered: words that the picture says itself.
        """
        dialog = cls(theme, picture, parent)
        dialog.edit.set_words(offered)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        return dialog.edit.words if accepted else None

    def accept(self) -> None:
        if self.edit.words:
            super().accept()

    def _open_only(self) -> None:
        self.edit.set_words("")
        super().accept()

    def _refresh(self) -> None:
        self._open.setEnabled(bool(self.edit.words))
