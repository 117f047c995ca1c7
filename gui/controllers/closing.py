"""Closing tabs and the window: what is unsaved is asked for once, in one question, and nothing is lost without it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.controllers.files import Files
from gui.dialogs import ask, checklist
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import OpenDocument
from gui.viewmodels.open_documents import OpenDocuments


class Closing(QObject):
    """Asks, saves what is to be saved, and closes."""

    def __init__(self, window: QWidget, vm: DocumentVM, documents: OpenDocuments, files: Files) -> None:
        super().__init__(window)
        self._window, self._vm, self._documents, self._files = window, vm, documents, files
        self._asking = False

    async def close(self, *opened: OpenDocument) -> None:
        """Close tabs, after a question where one has unsaved changes."""
        if await self.may_close(opened):
            for each in opened:
                if not each.is_closed:
                    self._documents.close(each)

    async def may_close(self, opened: Sequence[OpenDocument]) -> bool:
        """Whether these can be let go: nothing unsaved, or the artist said what to do with each."""
        if self._asking:  # the question is open already
            return False
        self._asking = True
        try:
            await self._vm.settled()
            asked: set[OpenDocument] = set()
            while dirty := [each for each in opened if each.dirty and each not in asked]:
                asked.update(dirty)  # what a job changes meanwhile is asked for, too
                if not await self._may_close(dirty):
                    return False
            return True
        finally:
            self._asking = False

    async def _may_close(self, dirty: list[OpenDocument]) -> bool:
        if len(dirty) == 1:
            self._documents.show(dirty[0])
            answer = await ask.unsaved_changes(self._window, dirty[0].name)
            return answer is ask.Unsaved.DISCARD or (
                answer is ask.Unsaved.SAVE and await self._save(dirty[0])
            )
        saves, rows = await checklist.which(
            self._window,
            self.tr("Unsaved changes"),
            self.tr("Save the changes to these pictures?"),
            self.tr("What is not checked loses its changes."),
            [each.name for each in dirty],
            (self.tr("Save checked"), self.tr("Cancel"), self.tr("Don't save")),
        )
        if saves is None:
            return False
        for each in [dirty[row] for row in rows] if saves else ():
            if not await self._save(each):
                return False
        return True

    async def _save(self, opened: OpenDocument) -> bool:
        """Where a name has to be asked for, the picture is seen that is to have it."""
        if opened.path is None:
            self._documents.show(opened)
        return await self._files.save(opened)
