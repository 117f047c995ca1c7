"""Tabs in the window: the row with its actions, first pictures that find theirs, and what the queue says of them."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from editor_core.document.document import Document
from gui.actions.actions import Actions
from gui.controllers.closing import Closing
from gui.controllers.editing import Editing
from gui.look.theme import Theme
from gui.shell.tabs import DocumentTabs
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.jobs_vm import JobsVM
from gui.viewmodels.open_document import News, OpenDocument
from gui.viewmodels.open_documents import OpenDocuments
from gui.worker.background import spawn


class Tabbing(QObject):
    """Connects them.

    Signals (main thread):
        several_changed: Whether there is more than one tab.
        empty_asked: An empty tab is shown at the artist's wish: it waits for a sentence.
    """

    several_changed = Signal(bool)
    empty_asked = Signal()

    def __init__(
        self,
        window: QMainWindow,
        theme: Theme,
        actions: Actions,
        vm: DocumentVM,
        documents: OpenDocuments,
        closing: Closing,
    ) -> None:
        super().__init__(window)
        self._vm, self._documents, self._actions = vm, documents, actions
        self.row = DocumentTabs(theme, documents)
        self.row.asked.connect(documents.go_to)
        self.row.close_asked.connect(lambda opened: spawn(closing.close(*opened)))
        slots = {
            "new": lambda: vm.when_settled(self._show_empty),
            "close_tab": lambda: spawn(closing.close(documents.current)),
            "next_tab": lambda: documents.go_to(documents.beside(1)),
            "previous_tab": lambda: documents.go_to(documents.beside(-1)),
        }
        for name, slot in slots.items():
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        for signal in (documents.added, documents.closed, documents.filled, documents.shown):
            signal.connect(self._show_state)
        self._show_state()

    def follow(self, editing: Editing, jobs: JobsVM) -> None:
        """Jobs belong to tabs."""
        self._jobs = jobs
        editing.submitted.connect(jobs.assign)
        editing.begun.connect(self._take_first)
        self._documents.closed.connect(editing.let_go)
        self.several_changed.connect(jobs.name_documents)

    def show_document_of(self, job: int) -> None:
        """Show the document that a job of the queue is for."""
        opened = self._jobs.opened_for(job)
        if opened is not None and not opened.is_closed:
            self._documents.go_to(opened)

    def elsewhere(self, job: int) -> str:
        """The name of the document that a job is for, if another one is shown."""
        opened = self._jobs.opened_for(job)
        return "" if opened is None or opened is self._documents.current else opened.name

    def _show_empty(self) -> None:
        self._documents.place_empty()
        self.empty_asked.emit()

    def _take_first(self, opened: OpenDocument, document: Document) -> None:
        """A job made a first picture: it goes into its tab or, where another one came first, into one of its own."""
        if opened.is_closed:
            return
        if opened.document is None:
            opened.put(document)
        else:
            self._documents.place(document, show=False).set_news(News.DONE)

    def _show_state(self) -> None:
        several = len(self._documents) > 1
        for name in ("next_tab", "previous_tab"):
            self._actions[name].setEnabled(several)
        self._actions["close_tab"].setEnabled(several or self._vm.document is not None)
        self.several_changed.emit(several)
