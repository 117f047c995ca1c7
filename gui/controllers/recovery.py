"""Unsaved work is kept step by step as it is made, and offered again after a crash."""

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from editor_core.base import paths
from editor_core.base.errors import EditorError
from editor_core.project.autosave import RecoverableFile, forget, recoverable_files
from gui.controllers.keeper import Keeper
from gui.dialogs import ask, checklist
from gui.texts.messages import message_text
from gui.texts.times import clock_text
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import OpenDocument
from gui.viewmodels.open_documents import OpenDocuments


class Recovery(QObject):
    """Has a keeper for every open document, and offers what a crash left behind.

    Signals:
        problem: A sentence: something could not be written or read. Main thread.
    """

    problem = Signal(str)

    def __init__(self, window: QWidget, vm: DocumentVM, documents: OpenDocuments, minutes: int) -> None:
        super().__init__(window)
        self._window, self._vm, self._documents = window, vm, documents
        self._keepers: dict[OpenDocument, Keeper] = {}
        self._ended: list[Keeper] = []  # of tabs that were closed; they may still be writing
        self._minutes = 0  # 0: never
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._shorten)
        for opened in documents:
            self._add(opened)
        documents.added.connect(self._add)
        documents.closed.connect(self._end)
        self.set_minutes(minutes)

    def set_minutes(self, minutes: int) -> None:
        """Keep every step, and a copy that often; 0 keeps nothing."""
        self._minutes = minutes
        self._timer.setInterval(max(1, minutes) * 60_000)
        if minutes:
            self._timer.start()
        else:
            self._timer.stop()
        for keeper in self._keepers.values():
            keeper.set_keeping(bool(minutes))

    async def offer(self) -> None:
        """Offer what crashes left behind, newest first; only what the artist discards is removed."""
        try:
            found = await asyncio.to_thread(recoverable_files, paths.recovery_folder())
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        if not found:
            return
        recovers, wanted = await self._wanted(found)
        for file in reversed(wanted):  # the newest is shown in the end
            if recovers:
                await self._recover(file)
            elif recovers is False:
                forget(file)

    def keeper(self, opened: OpenDocument | None = None) -> Keeper:
        """That of a tab; of the shown one unless another is named."""
        return self._keepers[opened or self._documents.current]

    @property
    def at_rest(self) -> bool:
        """Whether nothing is being written."""
        return all(keeper.at_rest for keeper in (*self._keepers.values(), *self._ended))

    def stop(self) -> None:
        """The window closes: no more copies; one that is being written is dropped when it is done."""
        self._timer.stop()
        for keeper in self._keepers.values():
            keeper.stop()

    def close(self) -> None:
        """A normal end: nothing is left to recover. Nothing may be writing any more."""
        for keeper in (*self._keepers.values(), *self._ended):
            keeper.close()

    def _add(self, opened: OpenDocument) -> None:
        keeper = Keeper(opened, lambda: self._vm.working, self)
        keeper.problem.connect(self.problem)
        self._keepers[opened] = keeper
        keeper.set_keeping(bool(self._minutes))

    def _end(self, opened: OpenDocument) -> None:
        self._ended = [keeper for keeper in self._ended if not keeper.at_rest]
        self._ended.append(keeper := self._keepers.pop(opened))
        keeper.stop()

    def _shorten(self) -> None:
        for keeper in self._keepers.values():
            keeper.shorten()

    async def _wanted(self, found: list[RecoverableFile]) -> tuple[bool | None, list[RecoverableFile]]:
        """Whether the artist wants lost work back, True, False or None for later; and which of it that is about."""
        title = self.tr("Recover unsaved work")
        answers = self.tr("Recover"), self.tr("Later"), self.tr("Discard")
        if len(found) == 1:
            text = self.tr("Palimpsest closed unexpectedly. Recover {name}?").format(
                name=self._name(found[0])
            )
            told = self.tr("Last saved {when}.").format(when=_time(found[0]))
            return await ask.yes_later_or_no(self._window, title, text, told, *answers), found
        items = [f"{self._name(file)} · {_time(file)}" for file in found]
        text = self.tr("Palimpsest closed unexpectedly. Recover these pictures?")
        told = self.tr("What is not checked is offered again at the next start.")
        recovers, rows = await checklist.which(self._window, title, text, told, items, answers)
        return recovers, [found[row] for row in rows]

    def _name(self, file: RecoverableFile) -> str:
        return file.belongs_to.name if file.belongs_to else self.tr("an unsaved picture")

    async def _recover(self, file: RecoverableFile) -> None:
        try:
            document = await asyncio.to_thread(file.document)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        path = file.belongs_to
        if path is not None and self._documents.of_file(path) is not None:  # as after two crashes
            path = None
        opened = self._documents.place(document, path)
        try:
            self.keeper(opened).replaces(file)
        except EditorError as error:
            self.problem.emit(message_text(error.message))


def _time(file: RecoverableFile) -> str:
    return clock_text(file.saved.isoformat())
