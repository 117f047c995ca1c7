"""The background thread: takes jobs from the queue, runs them in the session, passes on what it tells.

Where the session can do several at once, as one of workers elsewhere, each further job has a thread of its own.
"""

import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QThread, Signal

from editor_core.base.settings import Settings
from editor_core.messages.events import Event, Preview, Started
from editor_core.remote.switching import SwitchingSession
from editor_core.session.jobs import Job, JobQueue
from editor_core.session.runner import Runner, outcome

PREVIEW_SECONDS = 0.1  # at least between two previews of a job
MOST_AT_ONCE = 64

log = logging.getLogger(__name__)


def open_session(settings: Settings) -> Runner:
    """Open the real session, in this process or at the address of the settings."""
    return SwitchingSession(settings)


class WorkerThread(QThread):
    """Runs jobs until the queue is closed.

    Signals:
        told: A session event. Emitted from this thread, or from that of the job.
    """

    told = Signal(object)

    def __init__(self, queue: JobQueue, make_session: Callable[[], Runner]) -> None:
        super().__init__()
        self.setObjectName("worker")
        self._queue = queue
        self._make_session = make_session
        self._session: Runner | None = None

    def run(self) -> None:
        try:
            self._work()
        except BaseException:  # such as SystemExit from a library: the window starts another thread
            log.exception("The worker ended by itself")

    def _work(self) -> None:
        with ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="job") as others:
            while (job := self._queue.take()) is not None:
                self.told.emit(Started(job.id))
                if self._queue.room > 1:
                    others.submit(self._do, job)
                else:
                    self._do(job)
        if self._session is not None:
            self._session.close()

    def _do(self, job: Job) -> None:
        self.told.emit(self._answer(job))
        self._queue.end(job, 1 if self._session is None else min(self._session.at_once, MOST_AT_ONCE))

    def _answer(self, job: Job) -> Event:
        previewed = -math.inf  # when the last preview was passed on

        def pass_on(event: Event) -> None:
            """Every event but previews that come too soon after the last."""
            nonlocal previewed
            if isinstance(event, Preview):
                now = time.monotonic()
                if now - previewed < PREVIEW_SECONDS:
                    return
                previewed = now
            self.told.emit(event)

        return outcome(self._opened, job.id, job.request, pass_on, job.cancel)

    def _opened(self) -> Runner:
        if self._session is None:
            self._session = self._make_session()
        return self._session
