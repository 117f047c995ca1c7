"""The background thread: takes jobs from the queue, runs them in the session, passes on what it tells."""

import logging
import math
import time
from collections.abc import Callable

from PySide6.QtCore import QThread, Signal

from editor_core.base.settings import Settings
from editor_core.messages.events import Event, Preview, Started
from editor_core.remote.switching import SwitchingSession
from editor_core.session.jobs import Job, JobQueue
from editor_core.session.runner import Runner, outcome

PREVIEW_SECONDS = 0.1  # at least between two previews

log = logging.getLogger(__name__)


def open_session(settings: Settings) -> Runner:
    """Open the real session, in this process or at the address of the settings."""
    return SwitchingSession(settings)


class WorkerThread(QThread):
    """Runs jobs one after another until the queue is closed.

    Signals:
        told: A session event. Emitted from this thread.
    """

    told = Signal(object)

    def __init__(self, queue: JobQueue, make_session: Callable[[], Runner]) -> None:
        super().__init__()
        self.setObjectName("worker")
        self._queue = queue
        self._make_session = make_session
        self._session: Runner | None = None
        self._previewed = -math.inf  # when the last preview was passed on

    def run(self) -> None:
        try:
            self._work()
        except BaseException:  # such as SystemExit from a library: the window starts another thread
            log.exception("The worker ended by itself")

    def _work(self) -> None:
        while (job := self._queue.take()) is not None:
            self.told.emit(Started(job.id))
            self.told.emit(self._answer(job))
        if self._session is not None:
            self._session.close()

    def _pass_on(self, event: Event) -> None:
        """Every event but previews that come too soon after the last."""
        if isinstance(event, Preview):
            now = time.monotonic()
            if now - self._previewed < PREVIEW_SECONDS:
                return
            self._previewed = now
        self.told.emit(event)

    def _answer(self, job: Job) -> Event:
        self._previewed = -math.inf
        return outcome(self._opened, job.id, job.request, self._pass_on, job.cancel)

    def _opened(self) -> Runner:
        if self._session is None:
            self._session = self._make_session()
        return self._session
