"""Runs the parts in their order, each within its own time, and gives each one's results as soon as they are there.

A part that overruns its time is ended, with its results so far kept, and the next one starts. A later call goes on with
what is missing: what is done is not done again, a part that was ended early goes on where it was, a failed one is
tried again. `run.sh` sets the surroundings and calls this; README.md beside it tells how.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from returns import BESIDE, MODEL, SUMMARY, give_model, give_results, over_the_limits, take_back, write

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAINTING = ROOT / "packaging" / "default_model" / "paint_ahead.py"
BANKS = "banks"
"""Of the work folder: backgrounds that are painted while the parts before training run."""
GRACE = 4.0  # seconds from asking a part to end to ending it
GIVING = 5.0  # seconds between two times that results are given while a part runs
SHORTEST = 5.0  # seconds: a part with less is not begun
ABSENT, CUT = 5, 6
"""The exit codes of a part that finds that what it should run is not there, and of one that had too little time."""


@dataclass(frozen=True)
class Surroundings:
    """What every part is told."""

    work: Path
    device: str
    rehearse: bool


@dataclass(frozen=True)
class Part:
    """One of the parts, and how many seconds it may take: on a card, and in a rehearsal."""

    name: str
    seconds: float
    rehearsed_seconds: float
    command: Callable[[Surroundings, float], list[str]]

    def limit(self, rehearse: bool) -> float:
        return self.rehearsed_seconds if rehearse else self.seconds


def _facts(where: Surroundings, seconds: float) -> list[str]:
    return ["facts.py", "--device", where.device, "--out", str(where.work / "facts.json")]


def _tests(where: Surroundings, seconds: float) -> list[str]:
    return [
        "cuda_tests.py",
        "--device",
        where.device,
        "--work",
        str(where.work),
        "--seconds",
        f"{seconds:.0f}",
    ]


def _train(where: Surroundings, seconds: float) -> list[str]:
    preset = "smoke" if where.rehearse else "full"
    return ["training.py", "--preset", preset, "--work", str(where.work), "--seconds", f"{seconds:.0f}"]


def _bench(where: Surroundings, seconds: float) -> list[str]:
    rehearse = ["--rehearse"] if where.rehearse else []
    return ["card_bench.py", "--device", where.device, "--work", str(where.work), *rehearse]


PARTS = (
    Part("facts", 30, 60, _facts),
    Part("tests", 90, 240, _tests),
    Part("train", 360, 240, _train),
    Part("bench", 120, 120, _bench),
)
"""In the order of their worth. Facts take ten seconds and have thirty: a machine's first import of torch is slow."""


class Run:
    """The state of all parts, kept in the work folder and given back with the results."""

    def __init__(self, where: Surroundings, out: Path, started: float, seconds: float) -> None:
        self.where, self.out, self.end = where, out, started + seconds
        known = where.work / SUMMARY
        self.summary: dict[str, Any] = json.loads(known.read_text()) if known.exists() else {}
        self.parts: dict[str, dict[str, Any]] = self.summary.setdefault("parts", {})
        self.summary |= {
            "rehearsal": where.rehearse,
            "device": where.device,
            "commit": _commit(where.work.parent),
        }
        self._given: list[int] = []
        for part in PARTS:
            self.parts.setdefault(part.name, {"state": "missing", "seconds": 0.0})

    def forget(self, name: str) -> None:
        """Let a part begin anew."""
        for path in self.where.work.glob(f"{name}.*"):
            path.unlink()
        self.parts[name] = {"state": "missing", "seconds": 0.0}

    def give(self) -> None:
        """Write the state, and lay out what comes back."""
        write(self.where.work / SUMMARY, json.dumps(self.summary, indent=1).encode())
        give_results(self.where.work, self.out, self.summary)

    def give_model(self) -> None:
        """The model and what is beside it, whenever one of them is there anew."""
        work = self.where.work
        marks = [path.stat().st_mtime_ns for name in (MODEL, *BESIDE) if (path := work / name).exists()]
        if marks != self._given:
            self._given = marks
            self.summary["left_out"] = give_model(work, self.out)

    def left(self) -> float:
        """Seconds until all must be over."""
        return self.end - time.time()

    def do(self, part: Part, asked: list[str], limit: float) -> None:
        """Run a part that is missing within what is left for it."""
        told = self.parts[part.name]
        seconds = min(limit, self.left() - 2 * GRACE)
        if part.name not in asked or told["state"] == "done":
            return
        if seconds < SHORTEST:
            print(f"{part.name}: no time left")
            return
        print(f"{part.name}: at most {seconds:.0f} s", flush=True)
        before, start, spent = told["seconds"], time.monotonic(), _processor_seconds()

        def while_running() -> None:
            told.update(state="running", seconds=round(before + time.monotonic() - start, 1))
            self.give_model()
            self.give()

        code = self._wait(self._start(part, seconds), seconds, while_running)
        told.update(state=_state(code), code=code, seconds=round(before + time.monotonic() - start, 1))
        told["processor_seconds"] = round(
            told.get("processor_seconds", 0.0) + _processor_seconds() - spent, 1
        )
        result = self.where.work / f"{part.name}.json"
        told["result"] = _read(result)
        self.give_model()
        self.give()
        print(f"{part.name}: {told['state']} after {time.monotonic() - start:.1f} s", flush=True)

    def _start(self, part: Part, seconds: float) -> "subprocess.Popen[bytes]":
        script, *options = part.command(self.where, seconds)
        with (self.where.work / f"{part.name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(HERE / script), *options],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(
        self, process: "subprocess.Popen[bytes]", seconds: float, while_running: Callable[[], None]
    ) -> int | None:
        """The exit code; None for a part that had to be ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                return process.wait(timeout=min(GIVING, left))
            except subprocess.TimeoutExpired:
                while_running()
        for number in (signal.SIGTERM, signal.SIGKILL):
            os.killpg(process.pid, number)  # the part leads a group of its own
            try:
                process.wait(timeout=GRACE)
            except subprocess.TimeoutExpired:
                continue
            break
        return None


def paint_ahead(run: Run, asked: list[str]) -> "subprocess.Popen[bytes] | None":
    """Begin to paint what training needs, on processor cores that the parts before it leave idle."""
    where = run.where
    if where.rehearse or "train" not in asked or run.parts["train"]["state"] == "done":
        return None
    (where.work / BANKS).mkdir(exist_ok=True)
    command = [sys.executable, str(PAINTING), "--out", str(where.work / BANKS)]
    with (where.work / "paint.log").open("ab") as log:
        return subprocess.Popen(
            ["nice", "-n", "10", *command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )


def _processor_seconds() -> float:
    """Of all parts that have ended: on a machine with other work, what a part takes is not how long it took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _state(code: int | None) -> str:
    if code is None:
        return "cut"
    return {0: "done", ABSENT: "absent", CUT: "cut"}.get(code, "failed")


def _read(path: Path) -> Any:
    """A part's result, whole; None where there is none, or half of one."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def _commit(kept: Path) -> str | None:
    """What prepare.py noted: the machine has a copy of the tree without its history."""
    path = kept / "commit.txt"
    return path.read_text().strip() if path.exists() else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [part.name for part in PARTS]
    parser.add_argument(
        "--rehearse", action="store_true", help="all parts on the processor, at the smallest size"
    )
    parser.add_argument("--parts", default=",".join(names), help="which, with commas; their order stays")
    parser.add_argument("--again", default="", help="parts to begin anew, with commas")
    parser.add_argument("--out", type=Path, help="where what comes back is laid; $OUT, or beside the work")
    parser.add_argument(
        "--kept", type=Path, default=ROOT / ".cache" / "card", help="where work and wheels lie"
    )
    parser.add_argument("--seconds", type=float, default=585, help="for all parts together")
    parser.add_argument(
        "--limit", action="append", default=[], metavar="PART=SECONDS", help="another time for a part"
    )
    parser.add_argument("--started", type=float, default=time.time(), help=argparse.SUPPRESS)
    parser.add_argument(
        "--take-back", type=Path, metavar="FOLDER", help="lay what came back where a call goes on"
    )
    options = parser.parse_args()
    options.parts, options.again = options.parts.split(","), list(filter(None, options.again.split(",")))
    options.limit = {name: float(value) for name, value in (each.split("=") for each in options.limit)}
    if unknown := {*options.parts, *options.again, *options.limit} - set(names):
        parser.error(f"{', '.join(sorted(unknown))}: choose from {', '.join(names)}")
    return options


def main() -> int:
    options = _options()
    work = options.kept.resolve() / ("rehearsal" if options.rehearse else "work")
    if options.take_back is not None:
        take_back(options.take_back, work)
        return 0
    work.mkdir(parents=True, exist_ok=True)
    out = options.out or Path(os.environ.get("OUT") or work.parent / f"{work.name}-out")
    out.mkdir(parents=True, exist_ok=True)
    for partial in out.glob(".*.partial"):
        partial.unlink()
    where = Surroundings(work, "cpu" if options.rehearse else "cuda", options.rehearse)
    run = Run(where, out, options.started, options.seconds)
    for name in options.again:
        run.forget(name)
    run.give_model()  # of an earlier call, should this one be cut
    run.give()
    painting = paint_ahead(run, options.parts)
    for part in PARTS:
        run.do(part, options.parts, options.limit.get(part.name, part.limit(options.rehearse)))
    run.give()
    if painting is not None:
        painting.terminate()
    for name, told in run.parts.items():
        print(f"{name:6} {told['state']:8} {told['seconds']:7.1f} s")
    broken = over_the_limits(out)
    print(*broken, sep="\n")
    return 1 if broken or any(run.parts[name]["state"] == "failed" for name in options.parts) else 0


if __name__ == "__main__":
    sys.exit(main())
