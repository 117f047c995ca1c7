"""What a run of the session tells, as calls of callables, and what stops it: for Python programs (`api/`)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor_core.base.errors import JobCancelled
from editor_core.messages import events
from editor_core.session.jobs import CancelToken

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Listener:
    """What a call tells while it runs, and how it is stopped. Every callable may be left out."""

    progress: Callable[[str, int, int], None] | None = None
    """(stage, done, total); total is 0 where it cannot be known."""
    preview: Callable[[Picture], None] | None = None
    """A coarse look at the picture, uint8 (h, w, 3), after each step."""
    region: Callable[[Picture], None] | None = None
    """uint8 (H, W): where the picture will change, as soon as that is known."""
    notice: Callable[[str], None] | None = None
    """A sentence on what was done unasked, such as words that the model does not see."""
    cancelled: Callable[[], bool] | None = None
    """Asked between steps; once it says true, the call raises `JobCancelled`."""


class Asking(CancelToken):
    """Asks the caller's own callable."""

    def __init__(self, cancelled: Callable[[], bool] | None) -> None:
        super().__init__()
        self._ask = cancelled or (lambda: False)

    @property
    def cancelled(self) -> bool:
        return self._ask()

    def raise_if_cancelled(self) -> None:
        if self._ask():
            raise JobCancelled


def telling(listener: Listener, variants: list[events.TurnResult] | None) -> Callable[[events.Event], None]:
    """An event becomes a call of the listener's; variants are collected."""

    def emit(event: events.Event) -> None:
        if isinstance(event, events.Progress) and listener.progress is not None:
            listener.progress(event.stage, event.done, event.total)
        elif isinstance(event, events.Preview) and listener.preview is not None:
            listener.preview(event.image)
        elif isinstance(event, events.RegionFound) and listener.region is not None:
            listener.region(event.mask)
        elif isinstance(event, events.Notice) and listener.notice is not None:
            listener.notice(str(event.message))
        elif isinstance(event, events.Variant) and variants is not None:
            variants.append(event.result)

    return emit
