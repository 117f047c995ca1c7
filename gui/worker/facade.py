"""The window's side of the worker: submit requests, receive events as signals, on the main thread."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, Signal

from editor_core.session.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    MaskFound,
    Notice,
    Preview,
    Progress,
    Queued,
    RegionFound,
    Started,
    Variant,
)
from editor_core.session.jobs import JobQueue, Placement
from editor_core.session.requests import Request
from gui.worker.thread import Runner, WorkerThread


class Place(Enum):
    """Where a new job goes in the queue."""

    BACK = Placement.BACK
    FRONT = Placement.FRONT
    REPLACE = Placement.REPLACE
    RENEW = Placement.RENEW


class EngineFacade(QObject):
    """Hands requests to the worker thread and tells what becomes of them. Never waits.

    Signals (all emitted on the main thread, each with the event of its name):
        queued, started, progress, preview, region_found, mask_found, variant, notice, finished, failed, cancelled.
        stopped: The thread has ended after close().
    """

    queued = Signal(Queued)
    started = Signal(Started)
    progress = Signal(Progress)
    preview = Signal(Preview)
    region_found = Signal(RegionFound)
    mask_found = Signal(MaskFound)
    variant = Signal(Variant)
    notice = Signal(Notice)
    finished = Signal(Finished)
    failed = Signal(Failed)
    cancelled = Signal(Cancelled)
    stopped = Signal()

    def __init__(self, make_session: Callable[[], Runner], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = JobQueue()
        self._thread = WorkerThread(self._queue, make_session)
        self._thread.told.connect(self._tell)
        self._thread.finished.connect(self.stopped)
        self._signals = {
            Queued: self.queued,
            Started: self.started,
            Progress: self.progress,
            Preview: self.preview,
            RegionFound: self.region_found,
            MaskFound: self.mask_found,
            Variant: self.variant,
            Notice: self.notice,
            Finished: self.finished,
            Failed: self.failed,
            Cancelled: self.cancelled,
        }

    def start(self) -> None:
        """Start the thread; jobs submitted before wait until then."""
        self._thread.start()

    def submit(self, request: Request, title: str, place: Place = Place.BACK) -> int:
        """Queue a request and return its job number."""
        job, dropped = self._queue.submit(request, title, place.value)
        self._tell(Queued(job.id, title))
        for other in dropped:
            self._tell(Cancelled(other.id))
        return job.id

    def cancel(self, job_id: int) -> None:
        """Stop a job, or take it out of the queue if it still waits."""
        if self._queue.cancel(job_id):
            self._tell(Cancelled(job_id))

    def cancel_running(self) -> None:
        if (job := self._queue.running) is not None:
            job.cancel.cancel()

    def cancel_all(self) -> None:
        for job in self._queue.cancel_all():
            self._tell(Cancelled(job.id))

    def close(self) -> None:
        """Ask the running job to stop and let the thread end; ``stopped`` follows."""
        for job in self._queue.close():
            self._tell(Cancelled(job.id))

    def wait(self, milliseconds: int) -> bool:
        """True once the thread has ended; for the way out of the program, after the window is gone."""
        return self._thread.wait(milliseconds)

    def _tell(self, event: Event) -> None:
        self._signals[type(event)].emit(event)
