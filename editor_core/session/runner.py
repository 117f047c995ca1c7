"""What runs jobs one after another, here or elsewhere, and what becomes of a job as one event."""

import logging
import traceback
from collections.abc import Callable
from typing import Protocol

from editor_core.base.errors import EditorError, JobCancelled, RemoteError
from editor_core.base.message import Message
from editor_core.messages.events import (
    BaselineResult,
    CacheInfo,
    Cancelled,
    Event,
    Failed,
    Finished,
    FoundMask,
    FoundObject,
    ModelInfo,
    PredictionPreviews,
    TurnResult,
)
from editor_core.messages.requests import Request
from editor_core.session.jobs import CancelToken

log = logging.getLogger(__name__)

Emit = Callable[[Event], None]
Result = TurnResult | ModelInfo | FoundMask | FoundObject | CacheInfo | BaselineResult | PredictionPreviews
Outcome = Finished | Failed | Cancelled


class Runner(Protocol):
    """A session: in this process (`session.py`), in another or on other computers (`remote/remote_session.py`)."""

    @property
    def at_once(self) -> int:
        """How many jobs it can do side by side, each called for by a thread of its own."""
        ...

    def run(self, job: int, request: Request, emit: Emit, cancel: CancelToken | None = None) -> Result:
        """Do what is asked. Raises EditorError subclasses with one sentence each, and JobCancelled."""
        ...

    def close(self) -> None:
        """Let go of what it holds. May be called twice."""
        ...


class Fault(Exception):
    """A fault of the program in another process; its text is the traceback from there."""


def outcome(
    make: Callable[[], Runner], job: int, request: Request, emit: Emit, cancel: CancelToken
) -> Outcome:
    """Run a job in the session that ``make`` gives, and say what became of it; raises nothing."""
    try:
        cancel.raise_if_cancelled()
        result = make().run(job, request, emit, cancel)
        if isinstance(result, TurnResult):
            cancel.raise_if_cancelled()  # after the last step; what was stopped never comes all the same
    except JobCancelled:
        return Cancelled(job)
    except EditorError as error:
        return Failed(job, error.message, elsewhere=isinstance(error, RemoteError))
    except Fault as fault:
        log.error("Job %d failed:\n%s", job, fault)
        return Failed(job, _fault_message(fault), str(fault))
    except Exception as error:  # the boundary: nothing may end the thread
        log.exception("Job %d failed", job)
        return Failed(job, _fault_message(error), traceback.format_exc())
    return Finished(job, result)


def _fault_message(error: Exception) -> Message:
    if isinstance(error, MemoryError):
        return Message("There is not enough memory for this. Your picture is unchanged.")
    return Message("An unexpected error occurred. Your picture is unchanged.")
