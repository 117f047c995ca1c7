"""Downloads of models, each on a thread of its own: begun, paused, gone on with and given up from the window."""

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QObject, Signal

from editor_core.base.errors import EditorError, JobCancelled
from editor_core.base.message import Message
from editor_core.library.begun import Wish, abandon, unfinished
from editor_core.session.jobs import CancelToken

SECONDS = 0.1  # at least between two reports

log = logging.getLogger(__name__)


class State(Enum):
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"


@dataclass(eq=False)
class Download:
    wish: Wish
    state: State = State.PAUSED
    done: int = 0
    total: int = 0
    """Bytes; 0 where nobody says."""
    problem: Message | None = None
    token: CancelToken = field(default_factory=CancelToken)


class Downloads(QObject):
    """What is being fetched, and what was begun and waits.

    Signals (main thread):
        changed: Another state, or more has arrived.
        finished: The path of a model that is there now.
    """

    changed = Signal()
    finished = Signal(str)
    _told = Signal(object, object)
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items = [Download(wish) for wish in unfinished()]
        self._told.connect(self._take)
        self._ended.connect(self._end)

    def start(self, wish: Wish) -> None:
        """Fetch it; one that waits goes on."""
        item = next((each for each in self.items if each.wish.source == wish.source), None)
        if item is None:
            item = Download(wish)
            self.items.append(item)
        if item.state is not State.RUNNING:
            item.state, item.problem, item.token = State.RUNNING, None, CancelToken()
            threading.Thread(target=self._work, args=(item,), name="download", daemon=True).start()
        self.changed.emit()

    def pause(self, item: Download) -> None:
        item.token.cancel()

    def give_up(self, item: Download) -> None:
        """Drop it and what has arrived."""
        self.items.remove(item)
        if item.state is not State.RUNNING:
            abandon(item.wish)
        item.token.cancel()
        self.changed.emit()

    def stop(self) -> None:
        """Pause all."""
        for item in self.items:
            item.token.cancel()

    def _work(self, item: Download) -> None:
        """On a thread of its own. The window may be gone before it ends."""
        from editor_core.library.download import download  # an HTTP client, when it is needed

        token, told = item.token, 0.0

        def report(done: int, total: int) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= SECONDS or done == total:
                told = now
                with suppress(RuntimeError):
                    self._told.emit(item, (done, total))

        place: str | None = None
        problem: Message | None = None
        try:
            place = str(download(item.wish, report, token))
        except JobCancelled:
            pass
        except EditorError as error:
            problem = error.message
        except Exception:  # the boundary: the thread would end without a word
            log.exception("The download of %s failed", item.wish.source)
            problem = Message("An unexpected error occurred. Your picture is unchanged.")
        with suppress(RuntimeError):
            self._ended.emit(item, place, problem)

    def _take(self, item: Download, numbers: tuple[int, int]) -> None:
        item.done, item.total = numbers
        self.changed.emit()

    def _end(self, item: Download, place: str | None, problem: Message | None) -> None:
        item.state = State.FAILED if problem is not None else State.PAUSED
        item.problem = problem
        if item not in self.items:  # given up meanwhile
            abandon(item.wish)
        elif place is not None:
            self.items.remove(item)
            self.finished.emit(place)
        self.changed.emit()
