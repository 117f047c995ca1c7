"""The same edit of the shown turn by several methods: jobs in the queue, results beside each other, one made a turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from editor_core.base.errors import EditorError
from editor_core.messages.events import (
    BaselineResult,
    Cancelled,
    Failed,
    Finished,
    ModelInfo,
    Progress,
    Started,
    TurnResult,
)
from editor_core.workflow import sketch_layers, targets
from editor_core.workflow.comparison import OURS, adoption_request, compared_request
from gui.controllers.editing import Editing
from gui.texts.messages import message_text
from gui.texts.methods import method_name
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import OpenDocument
from gui.viewmodels.results import Base, PendingJob
from gui.worker.facade import EngineFacade, QueuePlace


class State(Enum):
    """How far a method is."""

    IDLE = "idle"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, eq=False)
class Compared:
    """A method, and what it made."""

    method: str
    label: str
    paper: str
    needs_model: bool = False
    folder: str = ""
    """With the weights that it needs."""
    state: State = State.IDLE
    done: int = 0
    total: int = 0
    problem: str = ""
    image: np.ndarray | None = None
    """uint8 (H, W, 3)."""
    seconds: float = 0.0
    changed: float = 0.0
    """Share of the pixels that differ from the turn's, 0..1."""
    turn: TurnResult | None = None
    """What can be edited on as it is; baselines leave a picture alone."""


class Comparing(QObject):
    """Holds the methods and their results until others are asked for, or their document is closed.

    Signals (main thread):
        changed: Name of a method that got on.
        methods_changed: There are others: another model is loaded.
        running_changed: There is something to cancel, or nothing any more.
        adopted: A result is a turn now.
        problem: A sentence.
    """

    changed = Signal(str)
    methods_changed = Signal()
    running_changed = Signal()
    adopted = Signal()
    problem = Signal(str)

    def __init__(
        self, facade: EngineFacade, document: DocumentVM, editing: Editing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._facade, self._vm, self._editing = facade, document, editing
        self.rows: dict[str, Compared] = {}
        self.before: np.ndarray | None = None
        """The picture that was edited, uint8 (H, W, 3)."""
        self.words = ""
        """What was asked for."""
        self._asked: PendingJob | None = None
        self._jobs: dict[int, str] = {}
        self._adopting: dict[int, tuple[str, PendingJob]] = {}
        self._own: set[int] = set()
        facade.started.connect(self._started)
        facade.progress.connect(self._progressed)
        facade.finished.connect(self._finished)
        facade.failed.connect(self._failed)
        facade.cancelled.connect(self._cancelled)

    def owns(self, job: int) -> bool:
        """Whether a job is one of these, whose failures are told in their rows."""
        return job in self._own

    @property
    def running(self) -> bool:
        return bool(self._jobs or self._adopting)

    @property
    def has_mask(self) -> bool:
        """Whether there is a place that methods may be held to."""
        document = self._vm.document
        return document is not None and targets.edited_part(document, self._editing.chosen_layer) is not None

    # -- asking

    def run(self, methods: Sequence[str], words: str, masked: bool = True) -> None:
        """Ask for the shown turn's edit by these methods; what was painted on it is read first."""
        self.cancel()
        self._editing.when_read(partial(self._run, tuple(methods), words, masked))

    def _run(
        self,
        methods: Sequence[str],
        words: str,
        masked: bool,
        base: Base,
        place: QueuePlace,
    ) -> None:
        document, turn = base.document, base.turn
        self._asked = base.pending()
        self.before, self.words = turn.image, words
        mask = targets.edited_part(document, base.opened.layer) if masked else None
        sketch = sketch_layers.sketch_of(document)
        folders = {name: row.folder for name, row in self.rows.items() if row.folder}
        for name, row in self.rows.items():
            self.rows[name] = _bare(row, State.WAITING if name in methods else State.IDLE)
        for name in methods:
            try:
                request = compared_request(
                    document, turn, words, name, mask=mask, sketch=sketch, models=folders
                )
            except EditorError as error:
                self._change(name, state=State.FAILED, problem=message_text(error.message))
                continue
            title = self.tr("Compare {method}: {words}").format(method=self.rows[name].label, words=words)
            job = self._facade.submit(request, title, place, base.opened.id)
            self._editing.submitted.emit(job, base.opened)
            self._jobs[job] = name
            self._own.add(job)
        for name in self.rows:
            self.changed.emit(name)
        self.running_changed.emit()

    def cancel(self) -> None:
        """Stop what runs and what waits; results that are there stay."""
        for job in [*self._jobs, *self._adopting]:
            self._facade.cancel(job)

    def use_folder(self, method: str, folder: str) -> None:
        """The weights that a method needs lie there."""
        self._change(method, folder=folder)

    def adopt(self, method: str) -> None:
        """Make a result a turn. What a baseline left is a picture alone, which is analysed first."""
        row, asked = self.rows[method], self._asked
        if row.image is None or asked is None or asked.document is None or asked.parent is None:
            return
        if not asked.has_place:
            self.problem.emit(self.tr("The turn that was compared is not there any more."))
        elif row.turn is not None:
            self._accept(row.turn, asked)
        else:
            request = adoption_request(asked.document.history[asked.parent], row.image, self.words)
            title = self.tr("Analyse: {words}").format(words=row.label)
            job = self._facade.submit(request, title, QueuePlace.FRONT, asked.opened.id)
            self._editing.submitted.emit(job, asked.opened)
            self._adopting[job] = (method, asked)
            self._own.add(job)
            self._change(method, state=State.WAITING)
            self.running_changed.emit()

    def let_go(self, opened: OpenDocument) -> None:
        """A tab is closed: what was compared of its document is of no use."""
        if self._asked is not None and self._asked.opened is opened:
            self.forget()

    def forget(self) -> None:
        """Nothing was compared."""
        self.cancel()
        self._asked, self.before, self.words = None, None, ""
        for name, row in self.rows.items():
            self.rows[name] = _bare(row, State.IDLE)
            self.changed.emit(name)

    # -- hearing

    def _started(self, event: Started) -> None:
        if (name := self._name(event.job)) is not None:
            self._change(name, state=State.RUNNING, done=0, total=0)

    def _progressed(self, event: Progress) -> None:
        if (name := self._name(event.job)) is not None:
            self._change(name, done=event.done, total=event.total)

    def _finished(self, event: Finished) -> None:
        result = event.result
        if isinstance(result, ModelInfo):
            self._use_model(result)
        elif event.job in self._adopting and isinstance(result, TurnResult):
            name, asked = self._adopting.pop(event.job)
            self._change(name, state=State.DONE)
            self._adopt_read(name, result, asked)
            self.running_changed.emit()
        elif event.job in self._jobs and isinstance(result, TurnResult | BaselineResult):
            self._take(self._jobs.pop(event.job), result)
            self.running_changed.emit()

    def _take(self, name: str, result: TurnResult | BaselineResult) -> None:
        assert self.before is not None
        own = result if isinstance(result, TurnResult) else None
        same = result.image.shape == self.before.shape
        changed = float((result.image != self.before).any(2).mean()) if same else 1.0
        self._change(
            name,
            state=State.DONE,
            image=result.image,
            seconds=result.seconds,
            changed=changed,
            turn=own,
        )

    def _failed(self, event: Failed) -> None:
        self._ended(event.job, State.FAILED, message_text(event.message))

    def _cancelled(self, event: Cancelled) -> None:
        self._ended(event.job, State.CANCELLED, "")

    def _ended(self, job: int, state: State, problem: str) -> None:
        if job in self._adopting:  # the picture is there all the same
            name, _ = self._adopting.pop(job)
            self._change(name, state=State.DONE)
            if problem:
                self.problem.emit(problem)
        elif job in self._jobs:
            self._change(self._jobs.pop(job), state=state, problem=problem)
        else:
            return
        self.running_changed.emit()

    def _adopt_read(self, name: str, result: TurnResult, asked: PendingJob) -> None:
        row = self.rows[name]
        assert row.image is not None and self.before is not None
        mask = (row.image != self.before).any(2).astype(np.uint8) * 255
        told = {**result.log, "compared": row.label}  # whose picture it is
        self._accept(replace(result, image=row.image, mask=mask, log=told), asked)

    def _accept(self, result: TurnResult, asked: PendingJob) -> None:
        self._vm.when_at_rest(partial(self._accept_at_rest, result, asked))

    def _accept_at_rest(self, result: TurnResult, asked: PendingJob) -> None:
        if self._editing.adopt(result, asked):
            self.adopted.emit()
        else:
            self.problem.emit(self.tr("The turn that was compared is not there any more."))

    def _use_model(self, info: ModelInfo) -> None:
        """Ours by the artist's names, then the others, which keep their folders."""
        ours = [
            Compared(each.name, method_name(each.name, each.label), each.paper)
            for each in info.methods
            if each.name in OURS
        ]
        others = [Compared(each.name, each.label, each.paper, each.needs_model) for each in info.baselines]
        known = self.rows
        self.rows = {
            row.method: replace(row, folder=known[row.method].folder) if row.method in known else row
            for row in [*ours, *others]
        }
        self.methods_changed.emit()

    def _name(self, job: int) -> str | None:
        return self._jobs.get(job) or self._adopting.get(job, (None,))[0]

    def _change(self, name: str, **values: object) -> None:
        if name in self.rows:
            self.rows[name] = replace(self.rows[name], **values)  # type: ignore[arg-type]
            self.changed.emit(name)


def _bare(row: Compared, state: State) -> Compared:
    """Without a result."""
    return Compared(row.method, row.label, row.paper, row.needs_model, row.folder, state)
