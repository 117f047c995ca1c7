"""A line to a worker in this process, which can be made to die."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from editor_core.remote.line import LineLost
from editor_core.remote.worker import Worker


class DirectLine:
    """dies_at: the worker dies once a job has told so many events (0: before it begins)."""

    def __init__(self, name, settings, open_session, dies_at=None):
        self.name = name
        self.worker = Worker(name, settings, open_session)
        self.orders = []
        self.dead = threading.Event()
        self._dies_at = dies_at
        self._heard = 0
        self._thread = ThreadPoolExecutor(1)
        self._ears = ThreadPoolExecutor()

    def start(self, order):
        self._require_life()
        self.orders.append(order)
        if self._dies_at == 0:
            self.dead.set()
            return Future()
        return self._thread.submit(self.worker.run, order)

    def hear(self, ticket, seconds, pause):
        self._require_life()
        return self._ears.submit(self._told, ticket, seconds, pause)

    def _told(self, ticket, seconds, pause):
        told = self.worker.hear(ticket, seconds, pause)
        self._heard += len(told.events)
        if self._dies_at is not None and self._heard >= self._dies_at:
            self._dies_at = None
            self.dead.set()
            return replace(told, ended=False)  # its result never comes
        return told

    def cancel(self, ticket):
        self._require_life()
        self.worker.cancel(ticket)

    def forget(self, ticket):
        self.worker.forget(ticket)

    def facts(self):
        self._require_life()
        return self.worker.facts()

    def state(self):
        self._require_life()
        return self.worker.state()

    def expect(self, parcel):
        self._require_life()
        return self.worker.expect(parcel)

    def take(self, key, number, place, piece):
        self._require_life()
        self.worker.take(key, number, place, piece)

    def keep(self, key, digests):
        self._require_life()
        self.worker.keep(key, digests)

    def _require_life(self):
        if self.dead.is_set():
            raise LineLost(self.name)
