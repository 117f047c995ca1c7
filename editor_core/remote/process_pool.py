"""Several workers on this computer, each a child process; one that dies is replaced."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager

from editor_core.base.settings import Settings
from editor_core.remote.caches import shared_out
from editor_core.remote.line import Line
from editor_core.remote.process_line import ProcessLine


class ProcessPool(AbstractContextManager["ProcessPool"]):
    def __init__(self, count: int, settings: Settings) -> None:
        """Start them; the processor's cores and the cache's memory are shared out among them."""
        self._settings = shared_out(settings, count)
        self._threads = max(1, (os.cpu_count() or 1) // count)
        self._started = count
        self._lines = [self._new(number) for number in range(1, count + 1)]

    def line(self, number: int) -> Sequence[Line]:
        """The worker of that number, from 0, as the lines of a session that is its own."""
        if not self._lines[number].is_alive:
            self._started += 1
            self._lines[number] = self._new(self._started)
        return [self._lines[number]]

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.close()

    def _new(self, number: int) -> ProcessLine:
        return ProcessLine(f"process {number}", self._settings, self._threads)
