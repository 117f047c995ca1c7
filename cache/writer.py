"""One thread that takes entries to the disk, an item at a time."""

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from cache.entry import Entry

SEGMENT_BYTES = 64 * 2**20  # an item larger than this is written in several segments
LINGER_SECONDS = 0.25  # how long an unfinished item waits for more of its entries


class Writer:
    """Collects entries and hands those of one item together to ``save``, which runs on the writer's thread."""

    def __init__(self, save: Callable[[list[Entry]], None]):
        self._save = save
        self._queue: deque[Entry] = deque()
        self._queued_bytes = 0
        self._changed = Condition()
        self._hurry = False
        self._held = 0
        self._most_held = 0
        self._busy = False
        self._closing = False
        self._thread = Thread(target=self._run, name="cache-writer", daemon=True)
        self._thread.start()

    def submit(self, entry: Entry) -> None:
        """Queues an entry; the thread is woken only where it has something to decide, not for each of many entries."""
        with self._changed:
            begins_item = not self._queue or _item(self._queue[-1]) != _item(entry)
            self._queue.append(entry)
            self._queued_bytes += entry.spec.nbytes
            much = self._queued_bytes >= (self._most_held if self._held else SEGMENT_BYTES)
            if much or (begins_item and not self._held):
                self._changed.notify_all()

    def hold(self, most: int) -> None:
        """Until ``go_on`` nothing is written but what passes ``most`` bytes, or ``hurry`` and ``flush`` ask for."""
        with self._changed:
            self._held += 1
            self._most_held = most

    def go_on(self) -> None:
        """Ends one ``hold``."""
        with self._changed:
            self._held -= 1
            self._changed.notify_all()

    def hurry(self) -> None:
        """Everything submitted so far is written without waiting for more."""
        with self._changed:
            self._hurry = bool(self._queue)
            self._changed.notify_all()

    def flush(self) -> None:
        """Returns when everything submitted so far was handed to ``save``."""
        with self._changed:
            self._hurry = bool(self._queue)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._queue and not self._busy)

    def close(self) -> None:
        """Flushes and ends the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            self._save(batch)
            with self._changed:
                self._busy = False
                self._hurry = self._hurry and bool(self._queue)
                self._changed.notify_all()

    def _next(self) -> list[Entry] | None:
        with self._changed:
            while not self._ready():
                if self._closing and not self._queue:
                    return None
                waiting = len(self._queue)
                idle = bool(self._held) or not waiting
                timed_out = not self._changed.wait(None if idle else LINGER_SECONDS)
                if timed_out and len(self._queue) == waiting:
                    break
            self._busy = True
            return self._take_item()

    def _ready(self) -> bool:
        """Whether the first item in the queue is complete, as far as can be told."""
        if not self._queue:
            return False
        if self._hurry or self._closing:
            return True
        if self._held:
            return self._queued_bytes >= self._most_held
        return self._queued_bytes >= SEGMENT_BYTES or _item(self._queue[0]) != _item(self._queue[-1])

    def _take_item(self) -> list[Entry]:
        """The entries of the first item in the queue, up to SEGMENT_BYTES."""
        item = _item(self._queue[0])
        batch: list[Entry] = []
        rest: deque[Entry] = deque()
        room = SEGMENT_BYTES
        for entry in self._queue:
            taken = _item(entry) == item and (not batch or entry.spec.nbytes <= room)
            (batch if taken else rest).append(entry)
            room -= entry.spec.nbytes if taken else 0
        self._queue = rest
        self._queued_bytes = sum(entry.spec.nbytes for entry in rest)
        return batch


def _item(entry: Entry) -> tuple[str, int | str]:
    return entry.key.space, entry.key.item
