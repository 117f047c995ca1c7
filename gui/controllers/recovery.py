"""Copies of unsaved work, written after each turn and soon after each stroke, and offered again after a crash."""

import asyncio
import time

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from editor_core.base import paths
from editor_core.base.errors import EditorError
from editor_core.project.autosave import Autosave, RecoverableFile, forget, recoverable_files
from gui.controllers.files import Files
from gui.dialogs import ask
from gui.texts.messages import message_text
from gui.texts.times import clock_text
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

SOONEST_MS = 1000
REST = 4  # times as long as a copy took, before the next one for a mere stroke


class Recovery(QObject):
    """Keeps one recovery slot for the open document.

    Signals:
        problem: A sentence: the copy could not be written. Told once, until it works again. Main thread.
    """

    problem = Signal(str)

    def __init__(self, window: QWidget, document: DocumentVM, files: Files, minutes: int) -> None:
        super().__init__(window)
        self._window = window
        self._vm = document
        self._files = files
        self._slot: Autosave | None = None
        self._writing = False
        self._again = False
        self._complained = False
        self._ending = False
        self._minutes = 0  # 0: never
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.keep)
        self.set_minutes(minutes)
        self._soon = QTimer(self)  # after a stroke: so at most the last one is lost
        self._soon.setSingleShot(True)
        self._took_ms = 0
        self._soon.timeout.connect(self._keep_when_free)
        document.history_changed.connect(self._turn_came)
        document.undo_changed.connect(self._step_made)
        document.dirty_changed.connect(self._drop_if_clean)
        document.replaced.connect(self._drop)

    def set_minutes(self, minutes: int) -> None:
        """Keep a copy that often, and after each turn; 0 keeps none."""
        self._minutes = minutes
        self._timer.setInterval(max(1, minutes) * 60_000)
        if minutes:
            self._timer.start()
        else:
            self._timer.stop()

    async def offer(self) -> None:
        """Offer what a crash left behind, newest first; only what the artist discards is removed."""
        for file in await asyncio.to_thread(recoverable_files, paths.recovery_folder()):
            wanted = await self._wanted(file)
            if wanted:
                await self._recover(file)
                return
            if wanted is False:
                forget(file)

    def keep(self) -> None:
        """Write a copy now, unless there is nothing new; one at a time."""
        document = self._vm.document
        if document is None or not document.dirty:
            return
        if self._writing:
            self._again = True
        else:
            self._writing = True
            spawn(self._keep())

    def stop(self) -> None:
        """The window closes: no more copies; one that is being written is dropped when it is done."""
        self._timer.stop()
        self._soon.stop()
        self._ending = True
        if not self._writing:
            self.close()

    def close(self) -> None:
        """A normal end: nothing is left to recover. Nothing may be writing any more."""
        if self._slot is not None:
            self._slot.close()
            self._slot = None

    def _turn_came(self) -> None:
        if self._minutes:
            self.keep()

    def _step_made(self) -> None:
        if self._minutes and not self._soon.isActive():
            self._soon.start(max(SOONEST_MS, REST * self._took_ms))

    def _keep_when_free(self) -> None:
        """A large picture that is being worked on needs the machine now; the copy follows at once."""
        if self._vm.working:
            self._soon.start(SOONEST_MS)
        else:
            self.keep()

    async def _keep(self) -> None:
        document = self._vm.document
        try:
            if document is not None:
                slot = self._claimed()
                began = time.monotonic()
                await asyncio.to_thread(slot.save, document.snapshot(), self._files.path)
                self._took_ms = round(1000 * (time.monotonic() - began))
                self._complained = False
        except EditorError as error:
            if not self._complained:
                self._complained = True
                self.problem.emit(message_text(error.message))
        finally:
            self._writing = False
        if self._ending:
            self.close()
        elif self._vm.document is not document or (document is not None and not document.dirty):
            self._drop()
        elif self._again:
            self._again = False
            self.keep()

    def _drop_if_clean(self) -> None:
        if self._vm.document is not None and not self._vm.document.dirty:
            self._drop()

    def _drop(self) -> None:
        if self._slot is not None and not self._writing:  # else _keep drops it when it is done
            self._slot.discard()

    def _claimed(self) -> Autosave:
        """The slot, claimed when it is first needed; raises EditorError."""
        if self._slot is None:
            self._slot = Autosave(paths.recovery_folder())
        return self._slot

    async def _wanted(self, file: RecoverableFile) -> bool | None:
        name = file.belongs_to.name if file.belongs_to else self.tr("an unsaved picture")
        return await ask.yes_later_or_no(
            self._window,
            self.tr("Recover unsaved work"),
            self.tr("Palimpsest closed unexpectedly. Recover {name}?").format(name=name),
            self.tr("Last saved {when}.").format(when=clock_text(file.saved.isoformat())),
            self.tr("Recover"),
            self.tr("Later"),
            self.tr("Discard"),
        )

    async def _recover(self, file: RecoverableFile) -> None:
        try:
            document = await asyncio.to_thread(file.document)
            slot = self._claimed()
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        self._files.adopt(document, file.belongs_to)
        slot.replaces(file)
        self.keep()
