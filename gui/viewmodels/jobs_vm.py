"""The queue as a list model: what waits, what runs and how far it is, what came of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from editor_core.messages.events import Cancelled, Failed, Finished, Placed, Progress, Queued, Started
from gui.texts.marks import as_tip
from gui.viewmodels.open_document import OpenDocument
from gui.worker.facade import EngineFacade

MAX_FINISHED = 20  # finished jobs that stay listed


Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()  # the parent of every row


class JobState(Enum):
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class JobItem:
    """One row of the queue."""

    id: int
    title: str
    document: str = ""
    """The name of the one it is for, where more than one is open."""
    state: JobState = JobState.WAITING
    worker: str = ""
    """Where it runs; empty for this computer."""
    stage: str = ""
    done: int = 0
    total: int = 0
    stage_began: float = 0.0
    stage_first: int = 0  # steps done when the stage was first heard of
    now: float = 0.0

    @property
    def is_over(self) -> bool:
        return self.state not in (JobState.WAITING, JobState.RUNNING)

    @property
    def seconds_left(self) -> float | None:
        """From the pace of this stage so far; None while nothing can be said."""
        steps = self.done - self.stage_first
        if steps <= 0 or not self.total:
            return None
        return (self.now - self.stage_began) / steps * (self.total - self.done)


class JobsVM(QAbstractListModel):
    """Newest job last. Rows give their JobItem under ItemRole.

    Signals:
        running_changed: Another job runs, or the running one got on. Main thread.
    """

    ItemRole = Qt.ItemDataRole.UserRole
    running_changed = Signal()

    def __init__(
        self, facade: EngineFacade, clock: Callable[[], float] = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._items: list[JobItem] = []
        self._opened: dict[int, OpenDocument] = {}  # what each is for
        self._names_documents = False
        self._clock = clock
        facade.queued.connect(self._queued)
        facade.started.connect(self._started)
        facade.placed.connect(self._placed)
        facade.progress.connect(self._progress)
        facade.finished.connect(self._finished)
        facade.failed.connect(self._failed)
        facade.cancelled.connect(self._cancelled)

    def assign(self, job: int, opened: OpenDocument) -> None:
        """A job is for a document."""
        self._opened[job] = opened
        self._change(job)

    def opened_for(self, job: int) -> OpenDocument | None:
        """The document that a job is for."""
        return self._opened.get(job)

    def name_documents(self, named: bool) -> None:
        """Whether to say which document each job is for."""
        self._names_documents = named
        for item in self._items:
            self._change(item.id)

    @property
    def running(self) -> JobItem | None:
        """Of those that run, the one that was asked for first."""
        item = next((item for item in self._items if item.state is JobState.RUNNING), None)
        return None if item is None else self._named(item)

    @property
    def unfinished(self) -> int:
        """How many jobs run or wait."""
        return sum(not item.is_over for item in self._items)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return sum(item.state is JobState.WAITING for item in self._items)

    @property
    def has_finished(self) -> bool:
        """Whether any job on the list is over."""
        return any(item.is_over for item in self._items)

    def clear_finished(self) -> None:
        """Take the jobs that are over off the list."""
        self.beginResetModel()
        self._items = [item for item in self._items if not item.is_over]
        self.endResetModel()
        self._opened = {item.id: self._opened[item.id] for item in self._items if item.id in self._opened}

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self._named(self._items[index.row()])
        if role == self.ItemRole:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip("\n".join(filter(None, (item.title, item.document))))
        return None

    def _named(self, item: JobItem) -> JobItem:
        opened = self._opened.get(item.id)
        return replace(item, document=opened.name) if opened is not None and self._names_documents else item

    def _queued(self, event: Queued) -> None:
        if not event.title:
            return
        self._forget_oldest()
        row = len(self._items)
        self.beginInsertRows(QModelIndex(), row, row)
        self._items.append(JobItem(event.job, event.title))
        self.endInsertRows()
        self.running_changed.emit()

    def _started(self, event: Started) -> None:
        self._change(event.job, state=JobState.RUNNING)
        self.layoutChanged.emit()  # the running job takes more room

    def _placed(self, event: Placed) -> None:
        self._change(event.job, worker=event.worker)

    def _progress(self, event: Progress) -> None:
        row, now = self._row(event.job), self._clock()
        if row is None:
            return
        item = self._items[row]
        if item.stage != event.stage:
            self._change(event.job, stage_began=now, stage_first=event.done)
        self._change(event.job, stage=event.stage, done=event.done, total=event.total, now=now)

    def _finished(self, event: Finished) -> None:
        self._change(event.job, state=JobState.FINISHED)

    def _failed(self, event: Failed) -> None:
        self._change(event.job, state=JobState.FAILED)

    def _cancelled(self, event: Cancelled) -> None:
        self._change(event.job, state=JobState.CANCELLED)

    def _change(self, job: int, **values: object) -> None:
        if (row := self._row(job)) is None:
            return
        self._items[row] = replace(self._items[row], **values)  # type: ignore[arg-type]
        self.dataChanged.emit(self.index(row), self.index(row))
        self.running_changed.emit()

    def _row(self, job: int) -> int | None:
        """None for a job that is not listed."""
        return next((row for row, item in enumerate(self._items) if item.id == job), None)

    def _forget_oldest(self) -> None:
        over = [row for row, item in enumerate(self._items) if item.is_over]
        if len(over) >= MAX_FINISHED:
            self.beginRemoveRows(QModelIndex(), over[0], over[0])
            self._opened.pop(self._items.pop(over[0]).id, None)
            self.endRemoveRows()
