"""What every benchmark prints: rows of measured figures, as a table or as one JSON object on stdout."""

from prelude import ROOT

import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import FrameType
from typing import Any, TextIO


@dataclass(frozen=True)
class Row:
    """One figure. ``value`` is None when it was not measured; percentages run from 0 to 100."""

    id: str
    value: float | None
    unit: str
    bar: str | None = None
    """The target, for example ">= 3.5"."""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        if self.value is None or self.bar is None:
            return None
        sign, number = self.bar.split()
        bar = float(number)
        return {">=": self.value >= bar, "<=": self.value <= bar, "=": self.value == bar}[sign]

    def as_json(self) -> dict[str, Any]:
        value = None if self.value is None else round(self.value, 4)
        return asdict(self) | {"value": value, "holds": self.holds}


def show(rows: list[Row], as_json: bool, device: str = "cpu") -> None:
    """Print the rows; with ``as_json`` nothing but the object goes to stdout."""
    if as_json:
        content = {"machine": machine(device), "commit": commit(), "rows": [row.as_json() for row in rows]}
        print(json.dumps(content, ensure_ascii=False))
        return
    for row in rows:
        _print_line(row, sys.stdout)


def show_each(wanted: Sequence[Row], measured: Iterator[tuple[float, dict[str, Any]]], as_json: bool) -> None:
    """Print each row as soon as its value and details are measured, with ``as_json`` on stderr, the object at the end.

    A run that fails, or that SIGINT or SIGTERM ends, prints what it has; the others are then not measured.
    """
    rows, where = list(wanted), sys.stderr if as_json else sys.stdout

    def end() -> None:
        show(rows if as_json else [row for row in rows if row.value is None], as_json)

    def stop(number: int, _: FrameType | None) -> None:
        end()  # first: what is at work may take long to end
        raise SystemExit(128 + number)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    try:
        for at, (value, details) in enumerate(measured):
            rows[at] = replace(rows[at], value=value, details=details)
            _print_line(rows[at], where)
    except Exception:
        end()
        raise
    end()


def _print_line(row: Row, where: TextIO) -> None:
    value = "not measured" if row.value is None else f"{row.value:.3f} {row.unit}"
    verdict = "" if row.holds is None else f"{row.bar}: {'holds' if row.holds else 'falls short'}"
    print(f"{row.id:30} {value:>18}  {verdict:24} {row.details or ''}", file=where, flush=True)


def machine(device: str = "cpu") -> str:
    import torch  # not above: the window's start is measured without it, as the program starts

    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    if device.startswith("cuda"):
        where += f", {torch.cuda.get_device_name()}"
    return f"{where}, {torch.get_num_threads()} threads, torch {torch.__version__}"


def commit() -> str:
    """The commit of the working tree, with "+" when files under version control differ from it; empty without git."""
    describe = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        return subprocess.run(describe, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""
