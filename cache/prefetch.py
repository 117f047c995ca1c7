"""A thread that brings up what will be asked for soon."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from threading import Condition, Thread

import torch
from torch import Tensor

from cache.key import CacheKey


class _State(Enum):
    QUEUED = auto()
    READING = auto()
    READY = auto()


@dataclass(slots=True, eq=False)
class _Request:
    key: CacheKey
    rows: Tensor | None
    nbytes: int
    call: int  # the call of ``request`` it came with
    state: _State = _State.QUEUED
    result: Tensor | None = None

    def wants(self, rows: Tensor | None) -> bool:
        if self.rows is None or rows is None:
            return self.rows is rows
        return self.rows is rows or torch.equal(self.rows, rows)


class Prefetcher:
    """Reads ahead with ``read`` and keeps each result until it is taken, at most ``limit`` bytes of them.

    What one call asked for stays until the call after the next; then what was never taken is let go. Requests
    that would not fit are passed over.
    """

    def __init__(self, read: Callable[[CacheKey, Tensor | None], Tensor | None], limit: int):
        self.limit = limit
        self._read = read
        self._calls = 0
        self._queue: deque[_Request] = deque()
        self._known: dict[CacheKey, list[_Request]] = {}
        self._changed = Condition()
        self._closing = False
        self._thread = Thread(target=self._run, name="cache-prefetch", daemon=True)
        self._thread.start()

    @property
    def held_bytes(self) -> int:
        """Bytes of results and of what is about to be read."""
        return sum(request.nbytes for requests in self._known.values() for request in requests)

    def request(self, wanted: Iterable[tuple[CacheKey, Tensor | None, int]]) -> None:
        """Asks for entries, whole or some rows of them, with the bytes each will take."""
        with self._changed:
            self._calls += 1
            self._drop_leftovers()
            room = self.limit - self.held_bytes
            for key, rows, nbytes in wanted:
                if nbytes > room:
                    continue
                request = _Request(key, rows, nbytes, self._calls)
                self._known.setdefault(key, []).append(request)
                self._queue.append(request)
                room -= nbytes
            self._changed.notify_all()

    def knows(self, key: CacheKey) -> bool:
        """Whether something was asked for under the key; needs no lock."""
        return key in self._known

    def take(self, key: CacheKey, rows: Tensor | None) -> Tensor | None:
        """The result, waited for if it is being read; None when it was not asked for or not begun."""
        with self._changed:
            request = next((one for one in self._known.get(key, ()) if one.wants(rows)), None)
            if request is None:
                return None
            self._wait(request)
            self._remove(request)
            return request.result

    def forget(self, key: CacheKey) -> None:
        """Lets go of the key's results, because its entry changes; one being read is waited for first."""
        with self._changed:
            for request in list(self._known.get(key, ())):
                self._wait(request)
                self._remove(request)

    def forget_space(self, space: str) -> None:
        """``forget`` for all keys of the space."""
        with self._changed:
            for key in [key for key in self._known if key.space == space]:
                self.forget(key)

    def trim(self, limit: int) -> None:
        """A new limit; everything asked for so far is let go."""
        with self._changed:
            self.limit = limit
            for key in list(self._known):
                self.forget(key)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._known.clear()

    def _drop_leftovers(self) -> None:
        old = [one for requests in self._known.values() for one in requests if one.call < self._calls - 1]
        for request in old:
            if request.state is not _State.READING:
                self._remove(request)

    def _wait(self, request: _Request) -> None:
        self._changed.wait_for(lambda: request.state is not _State.READING)

    def _remove(self, request: _Request) -> None:
        requests = self._known.get(request.key, [])
        if request in requests:
            requests.remove(request)
            if not requests:
                del self._known[request.key]
        if request.state is _State.QUEUED and request in self._queue:
            self._queue.remove(request)

    def _run(self) -> None:
        while (request := self._next()) is not None:
            result = self._read(request.key, request.rows)
            with self._changed:
                request.state, request.result = _State.READY, result
                if result is None:
                    self._remove(request)
                self._changed.notify_all()

    def _next(self) -> _Request | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            if self._closing:
                return None
            request = self._queue.popleft()
            request.state = _State.READING
            return request
