"""The line to one worker, whatever it is made of, and how a job is followed over it."""

import itertools
import os
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Protocol

from editor_core.base.errors import JobCancelled
from editor_core.messages import events
from editor_core.remote.mailbox import PAUSE_SECONDS, Told, numbered, opened
from editor_core.remote.parcels import Parcel
from editor_core.remote.worker import Order, WorkerFacts, WorkerState
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Emit, Result

HEAR_SECONDS = 2.0
"""How long a worker is asked to wait for something to tell."""
UNSEEN_SECONDS = 1.0
"""At least between two tellings where no previews are wanted: nobody looks."""
ANSWER_SECONDS = 20.0
"""A worker that does not answer a short question for so long is lost."""
_CANCEL_SECONDS = 0.1  # at most until a cancel sets out

_numbers = itertools.count()


class LineLost(Exception):
    """The worker died, or cannot be reached any more."""


class Line(Protocol):
    """Every call raises LineLost once the worker is gone."""

    @property
    def name(self) -> str:
        """The worker's."""
        ...

    def start(self, order: Order) -> "Future[Result | Exception]":
        """Hand a job over; the future's own exception is LineLost."""
        ...

    def hear(self, ticket: str, seconds: float, pause: float) -> "Future[Told]":
        """See `Mailbox.fetch`; the future's own exception is LineLost."""
        ...

    def cancel(self, ticket: str) -> None: ...

    def forget(self, ticket: str) -> None: ...

    def facts(self) -> WorkerFacts: ...

    def state(self) -> WorkerState: ...

    def expect(self, parcel: Parcel) -> tuple[int, ...] | None:
        """This and the next two: see `Receiver`, whose errors come through."""
        ...

    def take(self, key: str, number: int, place: int, piece: bytes) -> None: ...

    def keep(self, key: str, digests: tuple[str, ...]) -> None: ...


def new_ticket() -> str:
    """A name for a job that no other job has, of whichever client."""
    return f"{uuid.getnode():x}-{os.getpid()}-{next(_numbers)}-{uuid.uuid4().hex[:8]}"


def follow(line: Line, order: Order, job: int, emit: Emit, cancel: CancelToken) -> Result:
    """Have a worker do a job; what it tells is told here as it comes.

    Raises what the job raised there (EditorError, JobCancelled, Fault), and LineLost.
    """
    pause = PAUSE_SECONDS if order.settings.live_preview else UNSEEN_SECONDS
    stopping = _Stopping(line, order.ticket, cancel)
    answer = line.start(order)
    while True:
        told = _told(line.hear(order.ticket, HEAR_SECONDS, pause), line, stopping)
        for event in told.events:
            emit(numbered(opened(event), job))
        if told.ended:
            wait([answer], HEAR_SECONDS)  # it is on its way; whoever sends it is asked again until it is here
        if answer.done() and (told.ended or not told.events):
            break
        if stopping.is_asked() and not told.begun:
            raise JobCancelled
    result = answer.result()
    line.forget(order.ticket)
    if isinstance(result, Exception):
        raise result
    return result


class _Stopping:
    """Asks the worker to stop a job, once, as soon as somebody here wants that."""

    def __init__(self, line: Line, ticket: str, cancel: CancelToken) -> None:
        self._line, self._ticket, self._cancel = line, ticket, cancel
        self._asked = False

    def is_asked(self) -> bool:
        if self._cancel.cancelled and not self._asked:
            self._line.cancel(self._ticket)
            self._asked = True
        return self._asked


def _told(heard: "Future[Told]", line: Line, stopping: _Stopping) -> Told:
    """What a worker says within the time that it has for that. Raises LineLost."""
    given_up = time.monotonic() + HEAR_SECONDS + ANSWER_SECONDS
    while not wait([heard], _CANCEL_SECONDS).done:
        stopping.is_asked()
        if time.monotonic() > given_up:
            raise LineLost(line.name)
    return heard.result()


def without_first_variants(emit: Emit, count: int) -> Emit:
    """For a job that is done again: the variants that were told already are not told twice."""
    left = itertools.count(1 - count)

    def once(event: events.Event) -> None:
        if not isinstance(event, events.Variant) or next(left) > 0:
            emit(event)

    return once


class CountingVariants:
    """Passes events on and knows how many variants there were."""

    def __init__(self, emit: Callable[[events.Event], None]) -> None:
        self._emit = emit
        self.count = 0

    def __call__(self, event: events.Event) -> None:
        self.count += isinstance(event, events.Variant)
        self._emit(event)
