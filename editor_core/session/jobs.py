"""Jobs and their queue: plain threading, no Qt, so that commands and tests use them without a window."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from editor_core.base.errors import JobCancelled
from editor_core.messages.requests import Configure, LoadModel, ReadCache, Request

_ALONE = (LoadModel, Configure, ReadCache)
"""Requests that change or count what the others work with: each waits for those before it, and those after it wait."""


class Placement(Enum):
    """Where a new job goes."""

    BACK = "back"
    FRONT = "front"
    REPLACE = "replace"
    """Drop everything of the same owner that waits, cancel what runs of it, and come next."""
    RENEW = "renew"
    """Take the place of requests of the same kind: drop those that wait, cancel the one that runs, and come next."""


class CancelToken:
    """Asks a running job to stop; the job looks at it between steps."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def cancel(self) -> None:
        self._asked.set()

    @property
    def cancelled(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until somebody asks."""
        self._asked.wait(seconds)

    def raise_if_cancelled(self) -> None:
        """Raises JobCancelled once somebody asked."""
        if self._asked.is_set():
            raise JobCancelled


@dataclass(frozen=True, eq=False)
class Job:
    id: int
    request: Request
    title: str
    owner: str = ""
    """What it is for, such as a document; jobs of one owner can take each other's place."""
    cancel: CancelToken = field(default_factory=CancelToken)


class JobQueue:
    """Waiting jobs and the running ones. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Job] = {}
        self._room = 1
        self._closed = False
        self._changed = threading.Condition()

    def submit(
        self, request: Request, title: str = "", placement: Placement = Placement.BACK, owner: str = ""
    ) -> tuple[Job, list[Job]]:
        """Queue a request. Returns its job and the waiting jobs it dropped (REPLACE and RENEW drop)."""
        job = Job(next(self._ids), request, title, owner)
        dropped: list[Job] = []
        with self._changed:
            if placement is Placement.REPLACE:
                dropped = self._drop(lambda other: other.owner == owner)
            if placement is Placement.RENEW:
                dropped = self._drop(lambda other: isinstance(other.request, type(request)))
            if placement is not Placement.BACK:
                self._waiting.appendleft(job)
            else:
                self._waiting.append(job)
            self._changed.notify_all()
        return job, dropped

    def take(self) -> Job | None:
        """Wait for the next job that may run, which then runs until `end`; None once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._next_may_run())
            if self._closed:
                return None
            job = self._waiting.popleft()
            self._running[job.id] = job
            return job

    def end(self, job: Job, room: int = 1) -> None:
        """A job is over. room: how many may run side by side from now on."""
        with self._changed:
            self._running.pop(job.id, None)
            self._room = room
            self._changed.notify_all()

    def abandon(self) -> list[Job]:
        """Nobody runs the running jobs any more; they are returned."""
        with self._changed:
            left = list(self._running.values())
            self._running.clear()
            self._room = 1
            self._changed.notify_all()
            return left

    def cancel(self, job_id: int) -> bool:
        """Stop a job. True if it was still waiting (and is now gone), False if it runs or is unknown."""
        with self._changed:
            if job_id in self._running:
                self._running[job_id].cancel.cancel()
            for job in self._waiting:
                if job.id == job_id:
                    job.cancel.cancel()
                    self._waiting.remove(job)
                    self._changed.notify_all()
                    return True
        return False

    def cancel_all(self) -> list[Job]:
        """Stop the running jobs and drop the waiting ones, which are returned."""
        with self._changed:
            return self._drop(lambda _: True)

    def close(self) -> list[Job]:
        """Let the worker end after the running jobs, which are asked to stop. Returns what was waiting."""
        with self._changed:
            self._closed = True
            dropped = self._drop(lambda _: True)
            self._changed.notify_all()
            return dropped

    @property
    def running(self) -> Job | None:
        """Of those that run, the one that began first."""
        with self._changed:
            return next(iter(self._running.values()), None)

    @property
    def room(self) -> int:
        """How many jobs may run side by side."""
        return self._room

    def __iter__(self) -> Iterator[Job]:
        """The waiting jobs, next first."""
        with self._changed:
            return iter(tuple(self._waiting))

    def _next_may_run(self) -> bool:
        if not self._waiting or not self._running:
            return bool(self._waiting)
        side_by_side = (self._waiting[0], *self._running.values())
        return len(self._running) < self._room and not any(
            isinstance(job.request, _ALONE) for job in side_by_side
        )

    def _drop(self, of_it: Callable[[Job], bool]) -> list[Job]:
        """Take these out of the queue, and ask those that run to stop."""
        dropped = [job for job in self._waiting if of_it(job)]
        self._waiting = deque(job for job in self._waiting if not of_it(job))
        for job in filter(of_it, self._running.values()):
            job.cancel.cancel()
        return dropped
