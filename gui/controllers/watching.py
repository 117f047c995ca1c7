"""Notices that another program has changed the file of the open document."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from editor_core.project.project_file import has_changed
from gui.controllers.files import Files
from gui.dialogs import ask
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

SETTLED = 500  # milliseconds without a change: programs write a file in several steps


class Watching(QObject):
    """Looks at the file whenever the system says that it changed, and when the window is come back to.

    Signals:
        problem: A sentence. Main thread.
    """

    problem = Signal(str)

    def __init__(self, window: QWidget, document: DocumentVM, files: Files) -> None:
        super().__init__(window)
        self._window, self._vm, self._files = window, document, files
        self._told = ""  # the state of the file that was told of
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED)
        self._settled.timeout.connect(lambda: spawn(self.look()))
        self._watcher.fileChanged.connect(lambda: self._settled.start())
        files.path_changed.connect(self._follow)
        files.saved.connect(self._follow)

    async def look(self) -> None:
        """Compare the file with what was read from it; ask or tell once for each change."""
        if not isValid(self):  # a window that was closed while this waited for its turn
            return
        document, path = self._vm.document, self._files.path
        self._follow()
        if document is None or path is None:
            return
        changed = await asyncio.to_thread(has_changed, path, document.origin)
        if not isValid(self) or not changed or changed == self._told or document is not self._vm.document:
            return
        self._told = changed
        sentence = self.tr("“{file}” was changed by another program.").format(file=path.name)
        if document.dirty:
            self.problem.emit(sentence + " " + self.tr("When you save, both can be put together."))
        elif await self._wants_it(sentence) and document is self._vm.document and not document.dirty:
            await self._files.open(path)

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
        """Watch the present file; one that was replaced has to be named again."""
        path = self._files.path
        wanted = [str(path)] if path is not None and Path(path).exists() else []
        if (old := [each for each in self._watcher.files() if each not in wanted]) != []:
            self._watcher.removePaths(old)
        if new := [each for each in wanted if each not in self._watcher.files()]:
            self._watcher.addPaths(new)
