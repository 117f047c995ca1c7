"""What the campaigns share: seeds that can be gone on with, failures with their seeds, and one report.

The report, ``tests/benchmarks/results/campaign.json``, has one row a campaign: what was counted, how often, and how
many failed. A campaign that was interrupted goes on after the last seed that it finished (``--again`` begins anew).
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "tests" / "benchmarks" / "results" / "campaign.json"
STATE = ROOT / ".campaign"


class Campaign:
    """One campaign's run, from the arguments of its command."""

    def __init__(self, name: str, title: str, count: int) -> None:
        parser = argparse.ArgumentParser(description=title)
        parser.add_argument("count", type=int, nargs="?", default=count)
        parser.add_argument("first", type=int, nargs="?", default=0, help="the first seed")
        parser.add_argument("--again", action="store_true", help="do not go on where it was interrupted")
        parser.add_argument("--no-report", action="store_true", help="leave the report as it is")
        self.options = parser.parse_args()
        self.name, self.title = name, title
        self._state = STATE / f"{name}.json"
        self._began = time.monotonic()
        self._saved = self._began
        self.counts: Counter[str] = Counter()
        self._failed: list[int] = []
        self._next = self.options.first
        self._seconds = 0.0
        if not self.options.again and count:
            self._go_on()

    def choose(self, count: int) -> None:
        """There are so many cases; all are tried, unless fewer were asked for."""
        if not self.options.count:
            self.options.count = count
            if not self.options.again:
                self._go_on()

    def seeds(self) -> Iterator[int]:
        """The seeds that are still to be tried."""
        print(f"{self.name}: seeds {self._next} to {self._end - 1}", file=sys.stderr, flush=True)
        while self._next < self._end:
            yield self._next
            self._next += 1
            if time.monotonic() - self._saved > 5:
                self._save()

    def add(self, _seed: int, **counts: int) -> None:
        """What one seed gave."""
        self.counts.update(counts)

    def failed(self, seed: int, how: str) -> None:
        self._failed.append(seed)
        print(f"{self.name}: seed {seed} failed\n{how}", file=sys.stderr, flush=True)

    def end(self, **figures: Any) -> int:
        """Prints and files the row; the exit code."""
        tried = self._next - self.options.first
        row = {
            "id": self.name,
            "title": self.title,
            "tried": tried,
            "failed": len(self._failed),
            "failed_seeds": self._failed[:100],
            "first_seed": self.options.first,
            "seconds": round(self._spent()),
            **self.counts,
            **figures,
        }
        print(json.dumps(row))
        if not self.options.no_report:
            file_row(row)
        self._state.unlink(missing_ok=True)
        return int(bool(self._failed))

    @property
    def _end(self) -> int:
        return int(self.options.first + self.options.count)

    def _spent(self) -> float:
        return self._seconds + time.monotonic() - self._began

    def _go_on(self) -> None:
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if (state["first"], state["count"]) == (self.options.first, self.options.count):
            self._next, self._failed, self._seconds = state["next"], state["failed"], state["seconds"]
            self.counts = Counter(state["counts"])

    def _save(self) -> None:
        STATE.mkdir(exist_ok=True)
        state = {
            "first": self.options.first,
            "count": self.options.count,
            "next": self._next,
            "failed": self._failed,
            "seconds": self._spent(),
            "counts": dict(self.counts),
        }
        temporary = self._state.with_suffix(".tmp")
        temporary.write_text(json.dumps(state), encoding="utf-8")
        temporary.replace(self._state)
        self._saved = time.monotonic()


def file_row(row: dict[str, Any]) -> None:
    """Puts a row into the report in place of the one before."""
    try:
        report = json.loads(REPORT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        report = {"rows": []}
    rows = {known["id"]: known for known in report["rows"]} | {row["id"]: row | {"commit": _commit()}}
    report = {"machine": f"{os.cpu_count()} cores", "rows": [rows[name] for name in sorted(rows)]}
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
