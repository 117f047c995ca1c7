"""The window's side of the worker: submit requests, receive events as signals, on the main thread."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, Signal

from editor_core.base.message import Message
from editor_core.messages.events import (
    CacheUsed,
    Cancelled,
    Event,
    Failed,
    Finished,
    MaskFound,
    Notice,
    Placed,
    Preview,
    Progress,
    Queued,
    RegionFound,
    Started,
    Variant,
)
from editor_core.messages.requests import Configure, LoadModel, Request
from editor_core.session.jobs import JobQueue, Placement
from editor_core.session.runner import Runner
from gui.worker.thread import WorkerThread


class QueuePlace(Enum):
    """Where a new job goes in the queue."""

    BACK = Placement.BACK
    FRONT = Placement.FRONT
    REPLACE = Placement.REPLACE
    RENEW = Placement.RENEW


class EngineFacade(QObject):
    """Hands requests to the worker thread and tells what becomes of them. Never waits.

    Signals (all emitted on the main thread, each with the event of its name):
        queued, started, placed, progress, preview, region_found, mask_found, variant, notice, cache_used, finished,
        failed, cancelled.
        stopped: The thread has ended after close().
        restarted: The thread had ended by itself; another one goes on with what waits.
    """

    queued = Signal(Queued)
    started = Signal(Started)
    placed = Signal(Placed)
    progress = Signal(Progress)
    preview = Signal(Preview)
    region_found = Signal(RegionFound)
    mask_found = Signal(MaskFound)
    variant = Signal(Variant)
    notice = Signal(Notice)
    cache_used = Signal(CacheUsed)
    finished = Signal(Finished)
    failed = Signal(Failed)
    cancelled = Signal(Cancelled)
    stopped = Signal()
    restarted = Signal()

    def __init__(self, make_session: Callable[[], Runner], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = JobQueue()
        self._make_session = make_session
        self._closing = False
        self._standing: dict[type, Request] = {}  # what a new worker has to be told again
        self._kinds: dict[int, type] = {}  # of the jobs that wait or run
        self._thread = self._new_thread()
        self._signals = {
            Queued: self.queued,
            Started: self.started,
            Placed: self.placed,
            Progress: self.progress,
            Preview: self.preview,
            RegionFound: self.region_found,
            MaskFound: self.mask_found,
            Variant: self.variant,
            Notice: self.notice,
            CacheUsed: self.cache_used,
            Finished: self.finished,
            Failed: self.failed,
            Cancelled: self.cancelled,
        }

    def start(self) -> None:
        """Start the thread; jobs submitted before wait until then."""
        self._thread.start()

    def submit(
        self, request: Request, title: str, place: QueuePlace = QueuePlace.BACK, owner: str = ""
    ) -> int:
        """Queue a request and return its job number. Without a title it is not listed in the queue.

        ``owner``: the document it is for; REPLACE leaves the jobs of others alone.
        """
        if isinstance(request, LoadModel | Configure):
            self._standing[type(request)] = request
        job, dropped = self._queue.submit(request, title, place.value, owner)
        self._kinds[job.id] = type(request)
        self._tell(Queued(job.id, title))
        for other in dropped:
            self._tell(Cancelled(other.id))
        return job.id

    def kind_of(self, job_id: int) -> type | None:
        """What kind of request a job is, until it has been told how it ended."""
        return self._kinds.get(job_id)

    def cancel(self, job_id: int) -> None:
        """Stop a job, or take it out of the queue if it still waits."""
        if self._queue.cancel(job_id):
            self._tell(Cancelled(job_id))

    @property
    def room(self) -> int:
        """How many jobs can be done side by side."""
        return self._queue.room

    def cancel_running(self) -> None:
        """Stop the job that runs; of several the one that began first."""
        if (job := self._queue.running) is not None:
            job.cancel.cancel()

    def cancel_all(self) -> None:
        for job in self._queue.cancel_all():
            self._tell(Cancelled(job.id))

    def close(self) -> None:
        """Ask the running job to stop and let the thread end; ``stopped`` follows."""
        self._closing = True
        for job in self._queue.close():
            self._tell(Cancelled(job.id))

    def wait(self, milliseconds: int) -> bool:
        """True once the thread has ended; for the way out of the program, after the window is gone."""
        return self._thread.wait(milliseconds)

    def _new_thread(self) -> WorkerThread:
        thread = WorkerThread(self._queue, self._make_session)
        thread.told.connect(self._tell)
        thread.finished.connect(self._thread_ended)
        return thread

    def _thread_ended(self) -> None:
        """After close() that is the end; else go on in another thread, with the model of before."""
        if self._closing:
            self.stopped.emit()
            return
        for job in self._queue.abandon():
            self._tell(
                Failed(
                    job.id,
                    Message("The engine stopped unexpectedly and was restarted. Your picture is unchanged."),
                )
            )
        self._thread = self._new_thread()
        for kind in (LoadModel, Configure):  # each to the front, so the settings come first
            if kind in self._standing:
                self.submit(self._standing[kind], "", QueuePlace.FRONT)
        self._thread.start()
        self.restarted.emit()

    def _tell(self, event: Event) -> None:
        self._signals[type(event)].emit(event)
        if isinstance(event, Finished | Failed | Cancelled):
            self._kinds.pop(event.job, None)
