"""What the shipped model does on the processor, request by request; its cache is in memory alone."""

import prelude  # noqa: F401 before torch

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from editor_core.base.settings import Settings
from editor_core.session.session import Session

Run = Callable[[object], Any]


@contextmanager
def default_runs() -> Iterator[Run]:
    """Yields what carries a request out."""
    settings = replace(Settings(), model="default", device="cpu", live_preview=False)
    with Session(settings, keep_on_disk=False) as session:
        yield lambda request: session.run(0, request, lambda event: None)
