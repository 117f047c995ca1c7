"""The sentence field: grows with the words, underlines the new ones."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QToolTip, QWidget

from editor_core.base.prompt_syntax import STEP, parsed, reweighed
from editor_core.base.vocabulary import Vocabulary
from editor_core.document.turns import word_changes
from gui.look.theme import Theme
from gui.texts.marks import as_tip
from gui.texts.utf16 import characters, units
from gui.widgets.window_undo import open_menu
from gui.widgets.word_completion import WordCompletion

MAX_LINES = 4
_FOR_THE_LIST = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
"""Keys that words which are offered answer to."""


class PromptEdit(QPlainTextEdit):
    """One sentence. Line breaks are not part of it.

    Signals:
        submitted: Shift+Enter. Main thread.
        word_hovered: The word under the pointer, empty for none. Main thread.
        cursor_moved: Typing goes on at another place. Main thread.
    """

    submitted = Signal()
    word_hovered = Signal(str)
    cursor_moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = _NewWords(self.document(), theme)
        self._vocabulary = Vocabulary()
        self.completion = WordCompletion(self)
        self.setTabChangesFocus(True)
        self.viewport().setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit_height)
        self._text = ""  # when the cursor was last seen
        self.cursorPositionChanged.connect(self._cursor_went)
        self._fit_height()

    @property
    def words(self) -> str:
        """The sentence, with single spaces."""
        return " ".join(self.toPlainText().split())

    def set_words(self, words: str) -> None:
        """Show another sentence; the cursor goes to the end of what is different, or stays where nothing is."""
        shown = self.toPlainText()
        if words == shown:
            return
        start = _alike(shown, words)
        end = _alike(shown[start:][::-1], words[start:][::-1])
        cursor = self.textCursor()
        cursor.setPosition(units(shown[:start]))
        cursor.setPosition(units(shown[: len(shown) - end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(words[start : len(words) - end])
        self.setTextCursor(cursor)

    def keep_own_undo(self, kept: bool) -> None:
        """Whether Undo is the field's; else it is the window's, and so it is where nothing was typed."""
        self.setUndoRedoEnabled(kept)

    def compare_with(self, words: str | None) -> None:
        """Mark the words that another sentence does not have, from now on; None marks nothing."""
        self._marks.set_base(words)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Mark the words that are none of a model's, and offer those that are."""
        self._vocabulary = vocabulary
        self.completion.set_vocabulary(vocabulary)
        self._marks.set_vocabulary(vocabulary)

    def add_words(self, words: str) -> None:
        """Put words where the cursor is, apart from those around it."""
        cursor = self.textCursor()
        block = cursor.block().text()
        at = characters(block, cursor.positionInBlock())
        before = " " if block[at - 1 : at].strip() else ""
        cursor.insertText(before + words + (" " if block[at : at + 1].strip() else ""))
        self.setTextCursor(cursor)

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def event(self, event: QEvent) -> bool:
        """Enter alone is the window's, and so is Undo where no typing is left to be taken back."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._explain(event)
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and self._has_no_use_for(event):
            event.ignore()
            return False
        return super().event(event)

    def _has_no_use_for(self, event: QKeyEvent) -> bool:
        document = self.document()
        if _is_enter(event):
            return True
        if _weighs(event):
            return False
        if event.matches(QKeySequence.StandardKey.Undo):
            return not document.isUndoAvailable()
        return event.matches(QKeySequence.StandardKey.Redo) and not document.isRedoAvailable()

    def _explain(self, event: QHelpEvent) -> bool:
        """Say of a marked word why it is, and what may be meant."""
        word = self._word_at(event.pos())
        if not self._vocabulary.unknown(word):
            QToolTip.hideText()
            return True
        text = self.tr("The model does not know “{word}”.").format(word=word)
        if near := self._vocabulary.near(word, 1):
            text = self.tr("The model does not know “{word}”. Did you mean “{near}”?").format(
                word=word, near=near[0]
            )
        QToolTip.showText(event.globalPos(), as_tip(text), self)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.completion.is_open and event.key() in _FOR_THE_LIST:
            event.ignore()  # the list of words takes or closes
            return
        self._type(event)
        if event.text().strip() or event.key() == Qt.Key.Key_Backspace:
            self.completion.offer()
        else:
            self.completion.hide()

    def _type(self, event: QKeyEvent) -> None:
        if by := _weighs(event):
            self._weigh(by)
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        else:
            event.ignore()  # a sentence has no line breaks; the window may have a use for it

    def _weigh(self, by: float) -> None:
        """Weigh the chosen words, or the one at the cursor, more or less; they stay chosen."""
        cursor, text = self.textCursor(), self.toPlainText()
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        places = [characters(text, at) for at in (cursor.selectionStart(), cursor.selectionEnd())]
        chosen = text[places[0] : places[1]]
        start, end = (
            places[0] + len(chosen) - len(chosen.lstrip()),
            places[1] - len(chosen) + len(chosen.rstrip()),
        )
        if start >= end:
            return
        weighed, start, end = reweighed(text, start, end, by)
        self.set_words(weighed)
        cursor = self.textCursor()
        cursor.setPosition(units(weighed[:start]))
        cursor.setPosition(units(weighed[:end]), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.isUndoRedoEnabled():
            super().contextMenuEvent(event)
        else:
            open_menu(self, event.globalPos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons():
            self.word_hovered.emit(self._word_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.word_hovered.emit("")

    def _cursor_went(self) -> None:
        text = self.toPlainText()
        if text == self._text:
            self.cursor_moved.emit()
        self._text = text

    def _word_at(self, point: QPoint) -> str:
        """The word under a point; empty beside the words."""
        cursor = self.cursorForPosition(point)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        start, end = QTextCursor(cursor), QTextCursor(cursor)
        start.setPosition(cursor.selectionStart())
        end.setPosition(cursor.selectionEnd())
        word = self.cursorRect(start).united(self.cursorRect(end))
        return cursor.selectedText() if word.contains(point) else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        lines = min(MAX_LINES, max(1, int(self.document().size().height())))
        margins = self.contentsMargins()
        frame = margins.top() + margins.bottom() + 2 * int(self.document().documentMargin())
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + frame + 4)


def _alike(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    pairs = enumerate(zip(one, other))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _is_enter(event: QKeyEvent) -> bool:
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    return plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _weighs(event: QKeyEvent) -> float:
    """By how much Ctrl+Up and Ctrl+Down weigh words; 0 for other keys."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != Qt.KeyboardModifier.ControlModifier:
        return 0.0
    return {Qt.Key.Key_Up: STEP, Qt.Key.Key_Down: -STEP}.get(Qt.Key(event.key()), 0.0)


class _NewWords(QSyntaxHighlighter):
    """Underlines, in the accent colour, what the base sentence does not have; signs that weigh words are muted."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._base: str | None = None
        self._vocabulary = Vocabulary()
        theme.changed.connect(self.rehighlight)

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        if vocabulary != self._vocabulary:
            self._vocabulary = vocabulary
            self.rehighlight()

    def set_base(self, base: str | None) -> None:
        if base != self._base:
            self._base = base
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        self._mute_signs(text)
        self._mark_new(text)
        self._mark_unknown(text)

    def _mark_unknown(self, text: str) -> None:
        """A wavy line below words that the model was not taught, as spelling is marked."""
        for word in self._vocabulary.unknown(text):
            start, length = units(text[: word.start]), units(text[word.start : word.end])
            marked = QTextCharFormat(self.format(start))
            marked.setUnderlineColor(self._theme.colour("error"))
            marked.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
            self.setFormat(start, length, marked)

    def _mark_new(self, text: str) -> None:
        if self._base is None:
            return
        marked = QTextCharFormat()
        marked.setForeground(self._theme.colour("accent"))
        marked.setFontUnderline(True)
        for change in word_changes(self._base, text):
            if change.kind != "keep":
                start = units(text[: change.new_start])
                self.setFormat(start, units(text[change.new_start : change.new_end]), marked)

    def _mute_signs(self, text: str) -> None:
        """What the model is not told as words: brackets, weights, BREAK, backslashes."""
        found = parsed(text)
        if found.plain and len(found.pieces) == 1 and len(found.pieces[0].text) == len(text):
            return
        words = {place for piece in found.pieces for place in piece.places}
        muted = QTextCharFormat()
        muted.setForeground(self._theme.colour("muted"))
        for place, sign in enumerate(text):
            if place not in words and not sign.isspace():
                self.setFormat(units(text[:place]), units(sign), muted)
