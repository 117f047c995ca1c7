"""The second part: every test marked `cuda`, and beside them one captured step under compute-sanitizer.

On the processor (a rehearsal) the same tests of tests/cuda run with what they have for it.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import recorder

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = "tests/cuda"
MAX_PROCESSES = 6
BESIDE_ONE_ANOTHER = 8
"""Processes that share the card, where pytest-xdist is there: tiny networks leave it idle."""
NOTHING_LEFT = 5
"""pytest's exit code where no test was to be run."""


def files(device: str) -> list[str]:
    """Where tests for a card are: their own folder, and files elsewhere that have one among others."""
    if device == "cpu":
        return [FOLDER]
    others = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if "mark.cuda" in path.read_text(encoding="utf-8") and path.parts[-2] not in ("cuda", "packaging")
    ]
    return [FOLDER, *others]


def run_tests(device: str, work: Path, selected: str | None) -> int:
    """pytest's exit code; what it found is in tests.jsonl. A process that lost the card is followed by another."""
    options = ["-q", "-c", str(HERE / "pytest.ini"), "--rootdir", str(ROOT), "-p", "recorder"]
    options += ["-m", "cuda" if device == "cuda" else "not cuda", "--tb=short"]
    options += ["-k", selected] if selected else []
    if device == "cuda" and find_spec("xdist") is not None:
        options += ["-n", str(BESIDE_ONE_ANOTHER)]
    environment = {**os.environ, recorder.RESULTS: str(work / "tests.jsonl")}
    paths = [str(HERE), str(ROOT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    code = recorder.UNUSABLE
    for _ in range(MAX_PROCESSES):
        command = [sys.executable, "-m", "pytest", *options, *files(device)]
        code = subprocess.run(command, cwd=ROOT, env=environment).returncode
        if code != recorder.UNUSABLE:
            break
    return code


class Sanitizer:
    """One captured step under compute-sanitizer, which takes as long as all the tests: it runs beside them."""

    COMMAND = ("--tool", "memcheck", "--error-exitcode", "9", sys.executable, str(HERE / "captured_step.py"))

    def __init__(self, device: str, work: Path) -> None:
        self._log = work / "sanitizer.log"
        tool = shutil.which("compute-sanitizer")
        self._process = None if device != "cuda" or tool is None else self._start(tool)

    def _start(self, tool: str) -> "subprocess.Popen[bytes]":
        with self._log.open("w") as log:
            return subprocess.Popen([tool, *self.COMMAND], cwd=ROOT, stdout=log, stderr=log)

    def result(self, seconds: float) -> dict[str, Any]:
        """What it says, after so many seconds at most."""
        if self._process is None:
            return {"state": "absent"}
        try:
            code = self._process.wait(timeout=max(seconds, 0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            return {"state": "cut"}
        lines = self._log.read_text(errors="replace").splitlines()
        return {
            "state": "done",
            "code": code,
            "says": [line for line in lines if "ERROR SUMMARY" in line][-1:],
        }


def summary(work: Path) -> dict[str, Any]:
    """How many tests ended how, the failures with what they say, and the slowest."""
    results = recorder.known(work / "tests.jsonl").values()
    outcomes = Counter(result["outcome"] for result in results)
    slowest = sorted(results, key=lambda result: -result["seconds"])[:5]
    return {
        **{outcome: outcomes[outcome] for outcome in ("passed", "failed", "skipped")},
        "failures": [result for result in results if result["outcome"] == "failed"],
        "slowest": {result["id"]: result["seconds"] for result in slowest},
    }


def forget_failures(path: Path) -> None:
    """What failed in an earlier call is tried again."""
    kept = [
        json.dumps(result) + "\n" for result in recorder.known(path).values() if result["outcome"] == "passed"
    ]
    path.write_text("".join(kept))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("-k", dest="selected", default=os.environ.get("CARD_TESTS"), help="as pytest has it")
    options = parser.parse_args()
    end = time.monotonic() + options.seconds - 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what there is by then is summed up
    forget_failures(options.work / "tests.jsonl")
    found: dict[str, Any] = {"sanitizer": {"state": "cut"}}
    sanitizer = Sanitizer(options.device, options.work)
    try:
        found["pytest"] = run_tests(options.device, options.work, options.selected)
        found["sanitizer"] = sanitizer.result(end - time.monotonic())
    finally:
        found |= summary(options.work)
        (options.work / "tests.json").write_text(json.dumps(found, indent=1))
    print(f"{found['passed']} passed, {found['failed']} failed, {found['skipped']} skipped")
    well = found["passed"] and not found["failed"] and found["pytest"] in (0, NOTHING_LEFT)
    return 0 if well and found["sanitizer"].get("code", 0) == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
