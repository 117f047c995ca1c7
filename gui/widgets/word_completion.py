"""Completes the word that is typed from the words that a model knows."""

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit

from editor_core.base.vocabulary import Vocabulary
from gui.texts.utf16 import characters

_FEWEST = 2
"""Letters from which on words are offered."""
_MOST = 7
"""Words that are offered."""


class WordCompletion:
    """A list below the cursor of a field; the arrow keys choose, Enter or Tab takes, Escape closes."""

    def __init__(self, field: QPlainTextEdit) -> None:
        self._field = field
        self._vocabulary = Vocabulary()
        self._words = QStringListModel()
        self.popup = QListView()
        self.list = QCompleter(self._words)
        self.list.setPopup(self.popup)
        self.list.setWidget(field)
        self.list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.list.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list.activated.connect(self.take)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.hide()

    @property
    def is_open(self) -> bool:
        return self.popup.isVisible()

    def hide(self) -> None:
        self.popup.hide()

    def offer(self) -> None:
        """Show the words that go on as the one before the cursor begins; nothing where there are none."""
        begun = self._begun()
        is_whole = not self._vocabulary.unknown(begun)  # nothing stands in the way of one that is done
        found = self._vocabulary.beginning(begun)[:_MOST] if len(begun) >= _FEWEST and not is_whole else []
        self._words.setStringList(found)
        if not found:
            self.hide()
            return
        place = self._field.cursorRect()
        place.setWidth(self.popup.sizeHintForColumn(0) + 4 * self._field.fontMetrics().averageCharWidth())
        self.list.complete(place)

    def take(self, word: str) -> None:
        """Put a word in the place of the one that was begun."""
        cursor = self._field.textCursor()
        cursor.movePosition(
            QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self._begun())
        )
        cursor.insertText(word)
        self._field.setTextCursor(cursor)
        self.hide()

    def _begun(self) -> str:
        """The letters before the cursor, if it stands at a word's end."""
        cursor = self._field.textCursor()
        block = cursor.block().text()
        at = characters(block, cursor.positionInBlock())
        if cursor.hasSelection() or block[at : at + 1].isalpha():
            return ""
        start = at
        while start and block[start - 1].isalpha():
            start -= 1
        return block[start:at]
