"""The line to one worker, whatever it is made of, and how a job is followed over it."""

import itertools
import os
import uuid
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Protocol

from editor_core.base.errors import JobCancelled
from editor_core.messages import events
from editor_core.remote.mailbox import Told, numbered, opened
from editor_core.remote.parcels import Parcel
from editor_core.remote.worker import Order, WorkerFacts, WorkerState
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Emit, Result

HEAR_SECONDS = 0.2
"""How long a worker is asked to wait for something to tell; a cancel takes at most that long to set out."""

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
        """Hand a job over; the future's own exception is LineLost, or what the library makes of it (`lost`)."""
        ...

    def hear(self, ticket: str, seconds: float) -> Told: ...

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
    answer = line.start(order)
    asked_to_stop = False
    while True:
        told = line.hear(order.ticket, HEAR_SECONDS)
        for event in told.events:
            emit(numbered(opened(event), job))
        if told.ended:
            wait([answer], HEAR_SECONDS)  # it is on its way; whoever sends it is asked again until it is here
        if answer.done() and (told.ended or not told.events):
            break
        if cancel.cancelled and not asked_to_stop:
            line.cancel(order.ticket)
            asked_to_stop = True
            if not told.begun:
                raise JobCancelled
    result = answer.result()
    line.forget(order.ticket)
    if isinstance(result, Exception):
        raise result
    return result


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
