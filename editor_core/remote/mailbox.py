"""What a running job tells, kept until the one who asked for it fetches it; and its way to stop the job.

Fetching is a long poll: it works through every kind of connection, and a slow one slows neither the job nor itself, for
of previews and of half-found masks only the newest is kept.
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

PAUSE_SECONDS = 0.1
"""At least between two fetches that bring something: the end of a job and what comes first are told at once."""
PREVIEW_SECONDS = 0.2
"""At least between two previews, or two half-found masks, that are sent."""
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
        self._sent_newest = self._sent = -math.inf
        self._begun = self._ended = False
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

    def put(self, event: events.Event) -> None:
        with self._changed:
            if isinstance(event, events.Preview | events.MaskFound):
                self._newest = event
            else:
                self._kept.append(event)
            self._changed.notify_all()

    def fetch(self, seconds: float) -> Told:
        """What was told since the last fetch; waits up to so long for something."""
        with self._changed:
            self._asked_after = self._clock()
            self._wait_for_something(seconds)
            self._asked_after = self._clock()
            found, self._kept = self._kept, []
            if self._newest is not None and (self._newest_is_due() or self._ended):
                found.append(_packed(self._newest))
                self._newest, self._sent_newest = None, self._clock()
            if found:
                self._sent = self._clock()
            return Told(tuple(found), self._begun, self._ended)

    def raise_if_cancelled(self) -> None:
        """Raises JobCancelled once somebody asked for it, or nobody asked after the job for long."""
        super().raise_if_cancelled()
        if self._clock() - self._asked_after > SILENCE_SECONDS:
            raise JobCancelled

    def _wait_for_something(self, seconds: float) -> None:
        """Until there is something to tell and the last telling is a little while ago, so that little costs little."""
        given_up = self._clock() + seconds
        while not self._ended and (now := self._clock()) < given_up:
            due = math.inf
            if self._kept:
                due = self._sent + PAUSE_SECONDS
            if self._newest is not None:
                due = min(due, max(self._sent_newest + PREVIEW_SECONDS, self._sent + PAUSE_SECONDS))
            if due <= now:
                return
            self._changed.wait(min(due, given_up) - now)

    def _newest_is_due(self) -> bool:
        return self._newest is not None and self._clock() - self._sent_newest >= PREVIEW_SECONDS


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
