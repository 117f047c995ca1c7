"""What headless commands print: results on stdout, progress and notices on stderr."""

import json
import sys
from contextlib import AbstractContextManager
from typing import Any

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.tree import Tree

from editor_core.messages import events


class Console(AbstractContextManager["Console"]):
    """Shows the events of a run while it lasts, and prints its result once."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._stderr = RichConsole(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._stderr,
            transient=True,
            disable=not self._stderr.is_terminal,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> "Console":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, event: events.Event) -> None:
        """The ``emit`` of a session run."""
        if isinstance(event, events.Progress):
            self._advance(event)
        elif isinstance(event, events.Notice):
            self._stderr.print(str(event.message), markup=False)

    def result(self, fields: dict[str, Any], line: str) -> None:
        """Print the outcome: the fields as one JSON object, or the line for people."""
        if self.as_json:
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(line + "\n")

    def table(self, rows: list[dict[str, Any]], title: str = "") -> None:
        """Print rows of equal keys as a table for people; does nothing under ``--json``."""
        if self.as_json or not rows:
            return
        table = Table(*rows[0], title=title or None, title_justify="left")
        for row in rows:
            table.add_row(*[_cell(value) for value in row.values()])
        RichConsole(file=sys.stdout).print(table)

    def tree(self, root: Tree) -> None:
        """Print a tree for people; a terminal wraps its lines, a file or pipe gets them whole."""
        console = RichConsole(file=sys.stdout)
        if not console.is_terminal:
            console.width = _WIDE
        console.print(root)

    def _advance(self, event: events.Progress) -> None:
        if not self._stderr.is_terminal:
            if event.done == event.total:
                self._stderr.print(f"{event.stage} {event.done}/{event.total}", markup=False)
            return
        if event.stage not in self._tasks:
            self._tasks[event.stage] = self._progress.add_task(event.stage, total=event.total or None)
        self._progress.update(self._tasks[event.stage], completed=event.done, total=event.total or None)


_WIDE = 1000


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
