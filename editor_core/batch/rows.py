"""One row a picture in ``rows.csv``: written whole or not at all, and what a batch goes on from."""

import csv
import io
import os
import threading
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from editor_core.base.errors import EditorError

ROWS = "rows.csv"


@dataclass(frozen=True)
class Row:
    """What became of one picture."""

    id: str
    picture: str
    result: str
    """The result's file name; empty where there is none."""
    prompt: str
    method: str
    seed: int
    changed: float | None
    """Per cent of the picture."""
    seconds: float
    worker: str
    problem: str = ""
    """Why there is no result, in a sentence."""


_COLUMNS = [each.name for each in fields(Row)]


class Rows:
    """The rows of a batch's folder; may be added to by several threads."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / ROWS
        self._lock = threading.Lock()

    def begin(self, resume: bool) -> set[str]:
        """The names of those that are done; those that failed are tried again. Raises EditorError."""
        if not self._file.exists():
            self._append(_line(_COLUMNS))
            return set()
        if not resume:
            raise EditorError(
                "{folder} holds a batch already: continue it with --resume, or name another folder.",
                folder=str(self._file.parent),
            )
        whole = self._whole_lines()
        rows = list(csv.DictReader(io.StringIO(whole)))
        if rows and list(rows[0]) != _COLUMNS:
            raise EditorError("{file} is not the list of a batch.", file=str(self._file))
        done = [row for row in rows if row["result"] and (self._file.parent / row["result"]).exists()]
        self._replace([_line(_COLUMNS), *(_line([row[name] or "" for name in _COLUMNS]) for row in done)])
        return {row["id"] for row in done}

    def add(self, row: Row) -> None:
        values = ["" if value is None else str(value) for value in asdict(row).values()]
        with self._lock:
            self._append(_line(values))

    def _whole_lines(self) -> str:
        """Without a last line that was cut off."""
        text = self._file.read_text(encoding="utf-8", errors="replace")
        return text[: text.rfind("\n") + 1]

    def _append(self, line: str) -> None:
        with self._file.open("a", encoding="utf-8", newline="") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def _replace(self, lines: list[str]) -> None:
        temporary = self._file.with_suffix(".tmp")
        temporary.write_text("".join(lines), encoding="utf-8", newline="")
        temporary.replace(self._file)


def _line(values: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow([" ".join(value.splitlines()) for value in values])
    return written.getvalue()
