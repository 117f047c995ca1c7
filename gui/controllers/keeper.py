"""Keeps the unsaved work of one document, step by step as it is made."""

import asyncio
from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QObject, Signal

from editor_core.base import paths
from editor_core.base.errors import EditorError
from editor_core.document.document import Document
from editor_core.document.undo import UndoStack
from editor_core.project.autosave import Autosave, RecoverableFile
from editor_core.project.journal import Moment
from gui.texts.messages import message_text
from gui.viewmodels.open_document import OpenDocument
from gui.worker.background import spawn

MAX_STEPS = 300  # of the journal, before a copy takes their place
MAX_JOURNAL_BYTES = 256 * 2**20
PATIENCE = 2.0  # seconds that a stroke waits for the one before it to be on the disk


class Keeper(QObject):
    """The recovery slot of one tab: a copy, or the project file, and a journal of what follows it.

    Every step of the undo stack is on the disk as soon as it can be written. The next one waits for that, as it does
    for the beginning of a journal, so at most the last one is lost; but not for a disk that does not answer.

    Signals:
        problem: A sentence: the copy could not be written. Told once, until it works again. Main thread.
    """

    problem = Signal(str)

    def __init__(self, opened: OpenDocument, is_working: Callable[[], bool], parent: QObject) -> None:
        """``is_working``: a large picture is being worked on, so that a copy waits."""
        super().__init__(parent)
        self._opened, self._is_working = opened, is_working
        self._slot: Autosave | None = None
        self._writing = False  # a copy
        self._again = False
        self._begin_again = False  # with another document
        self._saved_meanwhile = False
        self._adding = False  # a step
        self._step_wanted = False
        self._step_written = Event()  # the one that is being written
        self._step_written.set()
        self._entries = 0  # of the undo stack when the last step was made
        self._complained = False
        self._ending = False
        self._keeps = False
        opened.step_made.connect(self._step_made)
        opened.dirty_changed.connect(self._begin_if_clean)
        opened.saved.connect(self._follow_the_save)
        opened.document_changed.connect(self._begin)

    @property
    def at_rest(self) -> bool:
        """Whether nothing is being written."""
        return not (self._writing or self._adding)

    def set_keeping(self, keeps: bool) -> None:
        """Keep every step from now on, or nothing."""
        begins = keeps and not self._keeps
        self._keeps = keeps
        if begins:
            self._begin()

    def keep(self) -> None:
        """Write a copy now, unless there is nothing new; one at a time."""
        document = self._opened.document
        if document is None or not document.dirty:
            return
        if self._writing:
            self._again = True
        else:
            self._writing = True
            spawn(self._write_copy(document))

    def shorten(self) -> None:
        """A copy in place of a journal that has become long, unless a large picture is being worked on."""
        if self._slot is not None and self._slot.journal_size[0] and not self._is_working():
            self.keep()

    def replaces(self, file: RecoverableFile) -> None:
        """What is kept from now on is the continuation of a file; raises EditorError."""
        self._claimed().replaces(file)

    def stop(self) -> None:
        """The tab or the window closes: no more copies; one that is being written is dropped when it is done."""
        self._ending = True
        self._close_when_at_rest()

    def close(self) -> None:
        """A normal end: nothing is left to recover. Nothing may be writing any more."""
        if self._slot is not None:
            self._slot.close()
            self._slot = None

    # -- when something is written

    def _begin(self) -> None:
        """What is kept begins with the document as it is now: its file where they are alike, else all of it."""
        self._entries = -1
        if not self.at_rest:
            self._begin_again = True
            return
        document = self._opened.document
        if self._slot is not None:
            self._slot.clear()
        if document is None or not self._keeps or self._ending:
            return
        if not document.dirty and document.origin.path is not None and document.origin.digest:
            self._follow(document)
        else:
            self._start(document)

    def _begin_if_clean(self) -> None:
        if self._opened.document is None or self._opened.document.dirty:
            return
        if self.at_rest:
            self._begin()
        else:
            self._saved_meanwhile = True  # until then what is there is gone on with

    def _follow_the_save(self) -> None:
        """What is kept begins with a file that may be gone with the next save: another beginning is needed."""
        self._begin_if_clean()
        if self._keeps and not self._ending:
            self.keep()  # where it has changed meanwhile

    def _follow(self, document: Document) -> None:
        try:
            self._claimed().follow(document)
        except EditorError as error:
            self._complain(error)

    def _start(self, document: Document) -> None:
        try:
            self._claimed().start(self._opened.path, document.origin, clean=not document.dirty)
        except EditorError as error:
            self._complain(error)
        else:
            self._add_soon()

    def _step_made(self) -> None:
        document = self._opened.document
        if not self._keeps or self._ending or document is None or not document.dirty:
            return
        if self._slot is not None and self._slot.can_add:
            self._wait_for_the_step_before(document.undo_stack)
            self._add_soon()
        else:  # nothing could be kept of it before
            self._begin()

    def _wait_for_the_step_before(self, stack: UndoStack) -> None:
        """It is being written, and would be lost together with this one; what is merged with it is the same step."""
        entries = len(stack) + stack.forgotten
        if entries != self._entries and not self._step_written.wait(PATIENCE):
            self._step_written = Event()
            self._step_written.set()  # it is not waited for twice
        self._entries = entries

    def _add_soon(self) -> None:
        self._step_wanted = True
        if not self._adding:
            self._adding = True
            spawn(self._add())

    # -- writing

    async def _add(self) -> None:
        """Steps, as long as there are any; what came while one was written is in the next."""
        try:
            while self._step_wanted:
                self._step_wanted = False
                document, slot = self._opened.document, self._slot
                if document is None or slot is None or not slot.can_add or self._begin_again:
                    break
                self._step_written = Event()
                await asyncio.to_thread(_add, slot, slot.moment(document), self._step_written)
                self._succeed()
        except EditorError as error:
            self._complain(error)
        finally:
            self._adding = False
            self._step_written.set()
        self._rest()

    async def _write_copy(self, document: Document) -> None:
        try:
            slot, path = self._claimed(), self._opened.path
            await asyncio.to_thread(slot.write, slot.begin(document), path)
            self._succeed()
        except EditorError as error:
            self._complain(error)
        finally:
            self._writing = False
        if not self._ending and not self._begin_again and self._again:
            self._again = False
            self.keep()
        self._rest()

    def _rest(self) -> None:
        """After something was written."""
        if self._ending:
            self._close_when_at_rest()
            return
        if self._begin_again and self.at_rest:
            self._begin_again = self._saved_meanwhile = self._again = False
            self._begin()
        elif self._saved_meanwhile and self.at_rest:
            self._saved_meanwhile = False
            self._follow_the_save()
        elif self._slot is not None and not self._is_working():
            steps, nbytes = self._slot.journal_size
            if steps >= MAX_STEPS or nbytes >= MAX_JOURNAL_BYTES:
                self.keep()

    def _close_when_at_rest(self) -> None:
        if self.at_rest:
            self.close()

    def _complain(self, error: EditorError) -> None:
        if not self._complained:
            self._complained = True
            self.problem.emit(message_text(error.message))

    def _succeed(self) -> None:
        if self._complained:
            self._complained = False
            self.problem.emit("")

    def _claimed(self) -> Autosave:
        """The slot, claimed when it is first needed; raises EditorError."""
        if self._slot is None:
            self._slot = Autosave(paths.recovery_folder())
        return self._slot


def _add(slot: Autosave, moment: Moment, written: Event) -> None:
    """Append a step, in a thread of its own; ``written`` is set when it is on the disk, or cannot be."""
    try:
        slot.add(moment)
    finally:
        written.set()
