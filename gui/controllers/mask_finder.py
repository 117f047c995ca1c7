"""The instant mask: a pause in typing starts a search for where the new words would change the picture.

Reword is asked for its own region, the one it will use; a drawing says itself where it goes, so Redraw shows none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from editor_core.messages.events import Cancelled, Failed, Finished, FoundMask, MaskFound
from editor_core.messages.requests import FindMask
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import REDRAW, REWORD
from editor_core.workflow.turns import base_turn
from gui.controllers.editing import Editing
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.facade import EngineFacade, QueuePlace

PAUSE = 300  # milliseconds without a key


class MaskFinder(QObject):
    """Holds what was found for the words that are typed. Only the newest search runs, and none beside an edit.

    Signals:
        changed: Another mask is found, or none is any more. Main thread.
    """

    changed = Signal()

    def __init__(
        self, facade: EngineFacade, document: DocumentVM, editing: Editing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.parameters: Mapping[str, Any] = {}
        """Of the searches to come: preset, threshold and the like."""
        self.found: FoundMask | None = None
        self._method = ""
        self.reword_parameters: Callable[[], Mapping[str, Any]] = dict
        """What Reword is told: only where it finds its region at a glance can that be shown beforehand."""
        self._facade, self._vm, self._editing = facade, document, editing
        self._words = ""
        self._job: int | None = None
        self._mine: set[int] = set()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._search)
        facade.mask_found.connect(self._take)
        for ended in (facade.finished, facade.failed, facade.cancelled):
            ended.connect(self._ended)
        for signal in (document.replaced, document.current_changed):
            signal.connect(self.forget)
        editing.running_changed.connect(self._make_way)
        editing.candidates_changed.connect(self._make_way)

    @property
    def phrase(self) -> str:
        """What the typed words ask to be painted, as against the shown turn; empty for nothing."""
        turn = self._vm.turn
        return "" if turn is None else painted_phrase(turn.prompt, self._words)

    @property
    def _region_is_asked(self) -> bool:
        """Whether the words would be edited by the method that finds its own region, and change something."""
        turn = self._vm.turn
        if turn is None or self._method != REWORD:
            return False
        at_a_glance = self.reword_parameters().get("search", "instant") == "instant"
        return at_a_glance and bool(self._words) and self._words != turn.prompt

    def owns(self, job: int) -> bool:
        """Whether a job is one of these searches, which nobody asked for in so many words."""
        return job in self._mine

    def set_words(self, words: str) -> None:
        """The artist typed; words that change nothing end the search."""
        if words != self._words:
            self._words = words
            self.search_again()

    def set_method(self, method: str) -> None:
        """The words would be edited otherwise: what is shown is where that method would change the picture."""
        if method != self._method:
            self._method = method
            self.search_again()

    def search_again(self) -> None:
        """Search anew after a pause, with the parameters as they are now."""
        if self._method != REDRAW and (self.phrase or self._region_is_asked):
            self._pause.start()
        else:
            self.forget()

    def forget(self) -> None:
        """Show no mask, and search for none until words change."""
        self._pause.stop()
        if self._job is not None:
            self._facade.cancel(self._job)
            self._job = None
        if self.found is not None:
            self.found = None
            self.changed.emit()

    def _search(self) -> None:
        turn, phrase = self._vm.turn, self.phrase
        if turn is None or self._editing.busy or self._editing.candidate is not None:
            return
        base = base_turn(turn) if self._region_is_asked else None
        if base is None and not phrase:
            return
        own = dict(self.parameters)
        request = FindMask(
            turn.image, phrase, self._words, turn.prompt, turn.negative, turn.seed, own, base=base
        )
        self._job = self._facade.submit(request, "", QueuePlace.RENEW)
        self._mine.add(self._job)

    def _take(self, event: MaskFound) -> None:
        if event.job == self._job:
            self.found = event.found
            self.changed.emit()

    def _ended(self, event: Finished | Failed | Cancelled) -> None:
        if event.job == self._job:
            self._job = None
            if not isinstance(event, Finished):
                self.forget()

    def _make_way(self) -> None:
        """An edit is asked for or judged: the picture is about that now."""
        if self._editing.busy or self._editing.candidate is not None:
            self.forget()
