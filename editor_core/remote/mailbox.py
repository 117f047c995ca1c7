"""What a running job tells, kept until the one who asked for it fetches it; and its way to stop the job.

Fetching is a long poll: it works through every kind of connection, and a slow one slows neither the job nor itself, for
of previews and of half-found masks only the newest is kept. Each fetch costs the processors of both computers some ten
milliseconds, which the work lacks where they are busy: so what is told is told together.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from editor_core.base.errors import JobCancelled
from editor_core.messages import events
from editor_core.session.jobs import CancelToken

PAUSE_SECONDS = 0.2
"""At least between two fetches that bring something, where somebody looks: five previews a second."""
SILENCE_SECONDS = 60.0
"""A job that nobody has asked after for so long is nobody's any more, and stops."""
_PREVIEW_QUALITY = 90  # of JPEG: a coarse look may be coarse


@dataclass(frozen=True, eq=False)
class PackedPreview(events.Event):
    """A preview on its way."""

    data: bytes
    """JPEG."""

    def opened(self) -> events.Preview:
        from editor_core.pixels.opencv import cv2  # not before it is needed: the window's start is without it

        image = cv2.imdecode(np.frombuffer(self.data, np.uint8), cv2.IMREAD_COLOR_RGB)
        return events.Preview(self.job, np.asarray(image))


@dataclass(frozen=True)
class Told:
    """What one fetch brings."""

    events: tuple[events.Event, ...]
    begun: bool
    """False while the job waits for others' jobs."""
    ended: bool = False
    """Nothing more will be told."""


class Mailbox(CancelToken):
    """Of one job. `put` is called by the job's thread, `fetch` and `cancel` by others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kept: list[events.Event] = []
        self._newest: events.Event | None = None  # a preview or a half-found mask
        self._sent = -math.inf
        self._begun = self._ended = self._shown = self._woken = False
        self._asked_after = clock()
        self._changed = threading.Condition()

    def begin(self) -> None:
        with self._changed:
            self._begun = True
            self._changed.notify_all()

    def end(self) -> None:
        """Nothing more will be told."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def cancel(self) -> None:
        """The fetch that waits returns, too: whoever cancels wants to know whether the job had begun."""
        super().cancel()
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def put(self, event: events.Event) -> None:
        with self._changed:
            if isinstance(event, events.Preview | events.MaskFound):
                self._newest = event
            else:
                self._kept.append(event)
            self._changed.notify_all()

    def fetch(self, seconds: float, pause: float = PAUSE_SECONDS) -> Told:
        """What was told since the last fetch that brought something, which is ``pause`` seconds ago at least; waits up
        to ``seconds`` for it. The end of a job, what comes first and the first preview are told at once."""
        found: list[events.Event] = []
        with self._changed:
            self._asked_after = self._clock()
            self._wait_for_something(seconds, pause)
            self._asked_after = now = self._clock()
            self._woken = False
            if self._due(pause) <= now:
                found, self._kept = self._kept, found
                if self._newest is not None:
                    found.append(self._newest)
                    self._newest, self._shown = None, True
                self._sent = now
            begun, ended = self._begun, self._ended
        return Told(tuple(map(_packed, found)), begun, ended)

    def raise_if_cancelled(self) -> None:
        """Raises JobCancelled once somebody asked for it, or nobody asked after the job for long."""
        super().raise_if_cancelled()
        if self._clock() - self._asked_after > SILENCE_SECONDS:
            raise JobCancelled

    def _wait_for_something(self, seconds: float, pause: float) -> None:
        given_up = self._clock() + seconds
        while not self._woken and (now := self._clock()) < given_up and (due := self._due(pause)) > now:
            self._changed.wait(min(due, given_up) - now)

    def _due(self, pause: float) -> float:
        """When there is something to tell."""
        if self._ended or (self._newest is not None and not self._shown):
            return -math.inf
        return self._sent + pause if self._kept or self._newest is not None else math.inf


def _packed(event: events.Event) -> events.Event:
    if not isinstance(event, events.Preview):
        return event
    from editor_core.pixels.opencv import cv2

    image = np.ascontiguousarray(event.image[..., ::-1])
    _, data = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, _PREVIEW_QUALITY))
    return PackedPreview(event.job, data.tobytes())


def opened(event: events.Event) -> events.Event:
    """An event as the session told it."""
    return event.opened() if isinstance(event, PackedPreview) else event


def numbered(event: events.Event, job: int) -> events.Event:
    """The same event of the job of that number."""
    return replace(event, job=job)
