"""The tabs: which documents are open, in which order, and the one that the window is about."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor_core.document.document import Document
from editor_core.document.undo import UndoBudget
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import News, OpenDocument


class OpenDocuments(QObject):
    """There is always at least one tab; the last one that is closed leaves an empty one.

    Their undo stacks share one budget.

    Signals (main thread, each with the OpenDocument that it is about):
        added, closed: It came, or it is gone and is no longer shown.
        shown: Another one is shown.
        filled: Another document is in it.
    """

    added = Signal(OpenDocument)
    closed = Signal(OpenDocument)
    shown = Signal(OpenDocument)
    filled = Signal(OpenDocument)

    def __init__(self, vm: DocumentVM) -> None:
        super().__init__(vm)
        self._vm = vm
        self.undo_budget = UndoBudget()
        self._opened = [vm.shown]
        self._follow(vm.shown)

    @property
    def current(self) -> OpenDocument:
        """The one that is shown."""
        return self._vm.shown

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(self._opened)

    def __len__(self) -> int:
        return len(self._opened)

    def index(self, opened: OpenDocument) -> int:
        return self._opened.index(opened)

    def of_file(self, path: Path) -> OpenDocument | None:
        """The one that a file was opened into or saved from."""
        return next((opened for opened in self._opened if _is_same(opened.file, path)), None)

    def place(
        self, document: Document, path: Path | None = None, source: Path | None = None, *, show: bool = True
    ) -> OpenDocument:
        """Let a document have a tab: an empty one in which nothing was begun, else one of its own."""
        opened = next(filter(self.is_untouched, (self.current, *self._opened)), None)
        if opened is None:
            opened = self._add(OpenDocument(document, path, source))
        else:
            opened.put(document, path, source)
        if show:
            self.show(opened)
        return opened

    def place_empty(self) -> OpenDocument:
        """Show an empty tab in which nothing was begun, made if there is none."""
        opened = next(filter(self.is_untouched, self._opened), None) or self._add(OpenDocument())
        self.show(opened)
        return opened

    def is_untouched(self, opened: OpenDocument) -> bool:
        """Whether a tab is as a start leaves it: no document, nothing typed, nothing asked for."""
        return opened.document is None and not opened.awaited and not opened.words.strip()

    def show(self, opened: OpenDocument) -> None:
        """Let the window be about a tab; what is computed of the one before is to be settled before."""
        opened.set_news(News.NONE)
        if opened is not self.current:
            self._vm.show(opened)
            self.shown.emit(opened)

    def go_to(self, opened: OpenDocument) -> None:
        """Show a tab once what floats and what is computed of the one before is settled."""
        self._vm.when_settled(lambda: None if opened.is_closed else self.show(opened))

    def beside(self, direction: int) -> OpenDocument:
        """The next tab (1) or the one before (-1), round the ends."""
        return self._opened[(self.index(self.current) + direction) % len(self._opened)]

    def close(self, opened: OpenDocument) -> None:
        """Let a tab go, without a question."""
        if len(self._opened) == 1:
            self._add(OpenDocument())
        place = self.index(opened)
        if opened is self.current:
            self.show(self._opened[place + 1 if place + 1 < len(self._opened) else place - 1])
        self._opened.remove(opened)
        opened.close()
        self.closed.emit(opened)

    def move(self, before: int, after: int) -> None:
        """A tab was dragged to another place."""
        self._opened.insert(after, self._opened.pop(before))

    def _add(self, opened: OpenDocument) -> OpenDocument:
        """Right of the one that is shown."""
        opened.number = self._free_number()
        self._opened.insert(self.index(self.current) + 1, opened)
        self._follow(opened)
        self.added.emit(opened)
        return opened

    def _free_number(self) -> int:
        taken = {opened.number for opened in self._opened if opened.is_untitled}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def _follow(self, opened: OpenDocument) -> None:
        self._share_budget(opened)
        opened.document_changed.connect(lambda: self._share_budget(opened))
        opened.document_changed.connect(lambda: self.filled.emit(opened))

    def _share_budget(self, opened: OpenDocument) -> None:
        if opened.document is not None:
            opened.document.undo_stack.budget = self.undo_budget


def _is_same(one: Path | None, other: Path) -> bool:
    if one is None:
        return False
    with suppress(OSError):
        return os.path.samefile(one, other)
    return one.absolute() == other.absolute()
