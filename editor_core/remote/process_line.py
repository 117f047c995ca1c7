"""A worker in a child process of this one, for several pictures at once on one computer."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.managers import BaseManager
from typing import Any, cast

from editor_core.base import startup
from editor_core.base.settings import Settings
from editor_core.remote.line import LineLost
from editor_core.remote.mailbox import Told
from editor_core.remote.packing import pack_read_only_mappings
from editor_core.remote.parcels import Parcel
from editor_core.remote.worker import Order, Worker, WorkerFacts, WorkerState
from editor_core.session.runner import Result

_GONE = (EOFError, OSError)
"""What a pipe to a dead process comes to."""


class _Manager(BaseManager):
    """Serves one worker; each thread that calls it has a connection of its own."""


_Manager.register("Worker", Worker)


class ProcessLine:
    """Ends with `close`, and with this process at the latest."""

    def __init__(self, name: str, settings: Settings, threads: int = 0) -> None:
        """threads: of the worker's own; 0 leaves them to the libraries."""
        pack_read_only_mappings()
        self.name = name
        self._manager = _Manager(ctx=multiprocessing.get_context("spawn"))
        self._manager.start(initializer=_alone, initargs=(threads,))
        self._worker: Any = cast(Any, self._manager).Worker(name, settings)
        self._is_lost = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._ears = ThreadPoolExecutor(thread_name_prefix=f"{name} is heard")

    def start(self, order: Order) -> "Future[Result | Exception]":
        return self._thread.submit(self._call, self._worker.run, order)

    def hear(self, ticket: str, seconds: float, pause: float) -> "Future[Told]":
        return self._ears.submit(self._call, self._worker.hear, ticket, seconds, pause)

    def cancel(self, ticket: str) -> None:
        self._call(self._worker.cancel, ticket)

    def forget(self, ticket: str) -> None:
        self._call(self._worker.forget, ticket)

    def facts(self) -> WorkerFacts:
        return cast(WorkerFacts, self._call(self._worker.facts))

    def state(self) -> WorkerState:
        return cast(WorkerState, self._call(self._worker.state))

    def expect(self, parcel: Parcel) -> tuple[int, ...] | None:
        return cast("tuple[int, ...] | None", self._call(self._worker.expect, parcel))

    def take(self, key: str, number: int, place: int, piece: bytes) -> None:
        self._call(self._worker.take, key, number, place, piece)

    def keep(self, key: str, digests: tuple[str, ...]) -> None:
        self._call(self._worker.keep, key, digests)

    @property
    def is_alive(self) -> bool:
        """False as soon as a call was not answered, though the system may take a moment longer to see it."""
        return not self._is_lost

    def close(self) -> None:
        """Let the worker write out its cache and end."""
        try:
            self._call(self._worker.close)
        except LineLost:
            pass
        self._thread.shutdown()
        self._ears.shutdown()
        self._manager.shutdown()

    def _call(self, method: Callable[..., Any], *values: Any) -> Any:
        try:
            return method(*values)
        except _GONE as error:
            self._is_lost = True
            raise LineLost(self.name) from error


def _alone(threads: int) -> None:
    """In the child: Ctrl+C is for the parent, which asks it to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if threads:
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    startup.prepare()
