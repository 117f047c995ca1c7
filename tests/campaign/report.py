"""What the campaigns share: seeds that can be gone on with, failures with their seeds, and one report.

The report, ``tests/benchmarks/results/campaign.json``, has one row a campaign: its bar, whether it holds, how many
rounds of how many were run, with which seeds, at which commits, how many failed. A campaign that was interrupted goes
on after the last seed that it finished, in another working tree after the last one filed (``--again`` begins anew).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "tests" / "benchmarks" / "results" / "campaign.json"
STATE = ROOT / ".campaign"
IN_MEMORY = Path("/dev/shm")
SAVE_SECONDS = 5.0
FAILURES_KEPT = 3  # in the report, of how they failed
_NO_COUNTS = {"rounds", "wanted", "first_seed", "seeds", "seconds"}


class Campaign:
    """One campaign's run, from the arguments of its command.

    ``wanted`` rounds are the bar, ``each`` of them to a seed; none (0) if the cases decide that (`choose`). With
    ``no_loss`` the figure is how many seeds failed, which must be none; else how many rounds held.
    """

    def __init__(self, name: str, title: str, wanted: int, each: int = 1, no_loss: bool = False) -> None:
        parser = argparse.ArgumentParser(description=title)
        parser.add_argument("count", type=int, nargs="?", default=0, help="how many seeds; 0: all of them")
        parser.add_argument("first", type=int, nargs="?", default=0, help="the first seed")
        parser.add_argument("--again", action="store_true", help="do not go on where it was interrupted")
        parser.add_argument("--no-report", action="store_true", help="leave the report as it is")
        parser.add_argument(
            "--so-far", action="store_true", help="only file what an interrupted run has found"
        )
        self.options = parser.parse_args()
        self.name, self.title, self.wanted, self.each, self.no_loss = name, title, wanted, each, no_loss
        self._state = STATE / f"{name}.json"
        self._began = self._saved = time.monotonic()
        self._commit = commit()
        self._commits: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self._failed: list[int] = []
        self._how: list[str] = []
        self._next = self.options.first
        self._seconds = 0.0
        if wanted:
            self.choose(wanted)

    def choose(self, wanted: int) -> None:
        """There are so many rounds; all are run, unless fewer seeds were asked for."""
        self.wanted = wanted
        self.options.count = self.options.count or -(-wanted // self.each)
        if not self.options.again:
            self._go_on()

    def seeds(self) -> Iterator[int]:
        """The seeds that are still to be tried."""
        if self.options.so_far:
            return
        print(f"{self.name}: seeds {self._next} to {self._end - 1}", file=sys.stderr, flush=True)
        again, self._failed, self._how = self._failed, [], []
        yield from again  # of a run that was interrupted: they may have been mended
        while self._next < self._end:
            yield self._next
            self._next += 1
            self._commits[self._commit] += 1
            if time.monotonic() - self._saved > SAVE_SECONDS:
                self._save()

    def add(self, **counts: int) -> None:
        """What one seed gave."""
        self.counts.update(counts)

    def failed(self, seed: int, how: str) -> None:
        self._failed.append(seed)
        self._how = [*self._how, how[-2000:]][:FAILURES_KEPT]
        print(f"{self.name}: seed {seed} failed\n{how}", file=sys.stderr, flush=True)

    def end(self, **figures: Any) -> int:
        """Prints and files the row; the exit code."""
        row = self.row(figures)
        print(json.dumps(row))
        if not self.options.no_report:
            file_row(row)
        if not self.options.so_far:
            self._state.unlink(missing_ok=True)
        return int(bool(self._failed))

    def row(self, figures: dict[str, Any]) -> dict[str, Any]:
        """The report's row; ``figures`` go into its details."""
        seeds = self._next - self.options.first
        rounds = seeds * self.each
        held = (seeds - len(self._failed)) * self.each
        details = {
            "rounds": rounds,
            "wanted": self.wanted,
            "first_seed": self.options.first,
            "seeds": seeds,
            "failed_seeds": self._failed[:100],
            "how_they_failed": self._how,
            "seconds": round(self._spent()),
            "seeds_at_commits": dict(self._commits),
            **self.counts,
            **figures,
        }
        return {
            "id": self.name,
            "title": self.title,
            "value": len(self._failed) if self.no_loss else held,
            "unit": "lost" if self.no_loss else "rounds that held",
            "bar": "= 0" if self.no_loss else f">= {self.wanted}",
            "holds": rounds >= self.wanted and not self._failed,
            "details": details,
        }

    @property
    def _end(self) -> int:
        return int(self.options.first + self.options.count)

    def _spent(self) -> float:
        return self._seconds + time.monotonic() - self._began

    def _go_on(self) -> None:
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            state = filed_state(self.name, self.each)
        if state and (state["first"], state["count"]) == (self.options.first, self.options.count):
            self._next, self._failed, self._seconds = state["next"], state["failed"], state["seconds"]
            self._how, self._commits = state["how"], Counter(state["commits"])
            self.counts = Counter(state["counts"])

    def _save(self) -> None:
        STATE.mkdir(exist_ok=True)
        state = {
            "first": self.options.first,
            "count": self.options.count,
            "next": self._next,
            "failed": self._failed,
            "how": self._how,
            "commits": dict(self._commits),
            "seconds": self._spent(),
            "counts": dict(self.counts),
        }
        temporary = self._state.with_suffix(".tmp")
        temporary.write_text(json.dumps(state), encoding="utf-8")
        temporary.replace(self._state)
        self._saved = time.monotonic()


@contextmanager
def work_folder() -> Iterator[Path]:
    """An empty folder, in memory where there is such a place: what a kill leaves is the same there, and comes faster.

    Settings, state and cache of this process and its children lie in the folder ``own`` beside it.
    """
    place = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="campaign-", dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        os.environ |= own_folders(folder / "own")
        (folder / "work").mkdir()
        yield folder / "work"


def own_folders(folder: Path) -> dict[str, str]:
    """The environment in which the program keeps everything of its own below ``folder``."""
    return {f"PALIMPSEST_{kind}_DIR": str(folder / kind.lower()) for kind in ("STATE", "CONFIG", "CACHE")}


def filed_state(name: str, each: int) -> dict[str, Any]:
    """Where the run in the report stopped, as an interrupted run keeps it; empty if that one held to its end."""
    try:
        rows = json.loads(REPORT.read_text(encoding="utf-8"))["rows"]
    except (OSError, ValueError):
        return {}
    details = next((row["details"] for row in rows if row["id"] == name), None)
    if details is None or (details["rounds"] >= details["wanted"] and not details["failed_seeds"]):
        return {}
    return {
        "first": details["first_seed"],
        "count": -(-details["wanted"] // each),
        "next": details["first_seed"] + details["seeds"],
        "failed": details["failed_seeds"],
        "how": details["how_they_failed"],
        "commits": details["seeds_at_commits"],
        "seconds": details["seconds"],
        "counts": {key: n for key, n in details.items() if isinstance(n, int) and key not in _NO_COUNTS},
    }


def fresh(folder: Path) -> Path:
    """An empty folder, with the program's own below it: its calls may fail as well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.environ |= own_folders(folder / "own")
    return folder


def file_row(row: dict[str, Any]) -> None:
    """Puts a row into the report in place of the one before."""
    try:
        report = json.loads(REPORT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        report = {"rows": []}
    rows = {known["id"]: known for known in report["rows"]} | {row["id"]: row}
    report = {"machine": f"{os.cpu_count()} cores", "commit": commit()}
    report["rows"] = [rows[name] for name in sorted(rows)]
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def commit() -> str:
    """The commit of the working tree, with "+" when files under version control differ from it."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
