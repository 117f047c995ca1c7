"""What headless commands print: results on stdout, progress and notices on stderr."""

import json
import math
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from editor_core.commands.registration import Manner
from editor_core.commands.streams import one_line
from editor_core.messages import events


class Console(AbstractContextManager["Console"]):
    """Shows the events of a run while it lasts, and prints its result once.

    Nothing that a user wrote is read as rich's markup: it goes out as it is.
    """

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self._stderr = RichConsole(stderr=True, highlight=False, markup=False, emoji=False)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._stderr,
            transient=True,
            disable=manner.quiet or not self._stderr.is_terminal,
        )
        self._tasks: dict[str, Any] = {}
        self._begun: dict[str, float] = {}
        self.file_on_stdout = False  # then what is told goes to stderr

    def __enter__(self) -> "Console":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @property
    def as_json(self) -> bool:
        return self.manner.as_json

    def show(self, event: events.Event) -> None:
        """The ``emit`` of a session run."""
        if isinstance(event, events.Progress):
            self._advance(event)
        elif isinstance(event, events.Notice):
            self.notice(str(event.message))

    def notice(self, sentence: str) -> None:
        """Something to know that is neither the result nor a failure."""
        if not self.manner.quiet:
            self._stderr.print(one_line(sentence), soft_wrap=True)

    def problem(self, sentence: str, **fields: Any) -> None:
        """A failure, on stderr; under ``--json`` as an object on stdout too."""
        self._stderr.print(one_line(sentence), soft_wrap=True)
        if self.as_json:
            self._write(to_json({"error": sentence, **fields}))

    def result(self, fields: Mapping[str, Any], line: str) -> None:
        """Print the outcome: the fields as one JSON object, or the line for people. It is out at once, also in a pipe:
        a worker goes on for days."""
        self._write(to_json(fields) if self.as_json else one_line(line))
        (sys.stderr if self.file_on_stdout else sys.stdout).flush()

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines for people, each whole; a terminal wraps them. Nothing under ``--json``."""
        if not self.as_json:
            for line in lines:
                self._write(one_line(line))

    def table(self, rows: list[dict[str, Any]], title: str = "") -> None:
        """Rows of equal keys: a table in a terminal, else a line each with tabs between. Nothing under ``--json``."""
        if self.as_json or not rows:
            return
        terminal = RichConsole(file=sys.stdout, highlight=False, markup=False, emoji=False)
        if not terminal.is_terminal:
            for row in rows:
                self._write("\t".join(one_line(_cell(value)) for value in row.values()))
            return
        table = Table(*rows[0], title=Text(one_line(title)) if title else None, title_justify="left")
        for row in rows:
            table.add_row(*[Text(one_line(_cell(value))) for value in row.values()])
        terminal.print(table)

    def _write(self, line: str) -> None:
        (sys.stderr if self.file_on_stdout else sys.stdout).write(line + "\n")

    def _advance(self, event: events.Progress) -> None:
        begun = self._begun.setdefault(event.stage, time.monotonic())
        if event.done == event.total:
            self._end_of_stage(event, time.monotonic() - begun)
        if self._progress.disable:
            return
        if event.stage not in self._tasks:
            self._tasks[event.stage] = self._progress.add_task(event.stage, total=event.total or None)
        self._progress.update(self._tasks[event.stage], completed=event.done, total=event.total or None)

    def _end_of_stage(self, event: events.Progress, seconds: float) -> None:
        self._begun.pop(event.stage, None)
        if self.manner.verbose:
            self.notice(f"{event.stage} {event.done}/{event.total} in {seconds:.1f} s")
        elif not self._stderr.is_terminal:
            self.notice(f"{event.stage} {event.done}/{event.total}")


def to_json(fields: Mapping[str, Any]) -> str:
    """One line of JSON in ASCII, which any pipe carries; a number that is none (NaN) is null."""
    return json.dumps(_plain(fields), ensure_ascii=True, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
