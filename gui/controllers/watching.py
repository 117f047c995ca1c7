"""Notices that another program has changed the file of an open document."""

import asyncio

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from editor_core.document.document import Document
from editor_core.project.project_file import has_changed
from gui.controllers.files import Files
from gui.dialogs import ask
from gui.viewmodels.open_document import OpenDocument
from gui.viewmodels.open_documents import OpenDocuments
from gui.worker.background import spawn

SETTLED = 500  # milliseconds without a change: programs write a file in several steps


class Watching(QObject):
    """Looks at the shown document's file whenever the system says that it changed, and whenever the document is shown.

    Signals:
        problem: A sentence. Main thread.
    """

    problem = Signal(str)

    def __init__(self, window: QWidget, documents: OpenDocuments, files: Files) -> None:
        super().__init__(window)
        self._window, self._documents, self._files = window, documents, files
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED)
        self._settled.timeout.connect(lambda: spawn(self.look()))
        self._watcher.fileChanged.connect(lambda: self._settled.start())
        documents.shown.connect(lambda: self._settled.start())
        for signal in (documents.added, documents.closed, documents.filled, files.path_changed, files.saved):
            signal.connect(self._follow)

    def stop(self) -> None:
        """The window closes: nobody looks any more."""
        self._watcher.blockSignals(True)
        self._settled.stop()

    async def look(self) -> None:
        """Compare the file with what was read from it; ask or tell once for each change."""
        if not isValid(self):  # a window that was closed while this waited for its turn
            return
        opened = self._documents.current
        document, path = opened.document, opened.path
        self._follow()
        if document is None or path is None:
            return
        changed = await asyncio.to_thread(has_changed, path, document.origin)
        if (
            not isValid(self)
            or not changed
            or changed == opened.told_file
            or not self._shows(opened, document)
        ):
            return
        opened.told_file = changed
        sentence = self.tr("“{file}” was changed by another program.").format(file=path.name)
        if document.dirty:
            self.problem.emit(sentence + " " + self.tr("When you save, both can be put together."))
        elif await self._wants_it(sentence) and self._shows(opened, document) and not document.dirty:
            await self._files.read_again(opened)

    def _shows(self, opened: OpenDocument, document: Document) -> bool:
        return opened is self._documents.current and opened.document is document

    async def _wants_it(self, sentence: str) -> bool:
        return await ask.yes_or_no(
            self._window,
            self.tr("File changed"),
            sentence,
            self.tr("You have no unsaved changes here."),
            self.tr("Load it again"),
            self.tr("Keep this one"),
        )

    def _follow(self) -> None:
        """Watch the present files; one that was replaced has to be named again."""
        paths = [opened.path for opened in self._documents if opened.path is not None]
        wanted = [str(path) for path in paths if path.exists()]
        if (old := [each for each in self._watcher.files() if each not in wanted]) != []:
            self._watcher.removePaths(old)
        if new := [each for each in wanted if each not in self._watcher.files()]:
            self._watcher.addPaths(new)
