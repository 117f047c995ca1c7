"""Work on threads of its own beside the cache's callers."""

from collections.abc import Callable
from threading import Event, Lock, Thread


class BackgroundWork:
    """Of each name one work at a time; closing tells all to end, and waits for them."""

    def __init__(self) -> None:
        self._ended = Event()
        self._lock = Lock()
        self._threads: dict[str, Thread] = {}

    def start(self, name: str, work: Callable[[Callable[[], bool]], object]) -> None:
        """Unless one of this name is under way; ``work`` is given what tells whether it is to end."""
        with self._lock:
            if not self._ended.is_set() and name not in self._threads:
                self._threads[name] = Thread(
                    target=self._run, args=(name, work), name="cache-background", daemon=True
                )
                self._threads[name].start()

    def wait(self) -> None:
        """Returns when all that was started has ended."""
        with self._lock:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join()

    def close(self) -> None:
        with self._lock:
            self._ended.set()
        self.wait()

    def _run(self, name: str, work: Callable[[Callable[[], bool]], object]) -> None:
        try:
            work(self._ended.is_set)
        finally:
            with self._lock:
                del self._threads[name]
