"""The third part: train the default model on the card, then export, show and measure it, all within the part's time.

A run that was ended early goes on from its checkpoints. What was trained is exported even so.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from run import ABSENT, BANKS, CUT

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RECIPE = ROOT / "packaging" / "default_model"
TRAINING = RECIPE / "train_on_card.py"
SHIPPED = ROOT / "resources" / "models" / "default"
BEGINNING, FINISHING = 20.0, 45.0
"""Seconds set aside beside training itself: to begin with, and to export, show and measure."""
SMOKE = 5.0  # seconds of training in a rehearsal
GRACE = 6.0  # seconds to write a checkpoint
RECORD = "train.json"


def record(work: Path, name: str | None = None, told: object = None) -> dict[str, Any]:
    """What is known of the part, with something added."""
    path = work / RECORD
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    if name is not None:
        known[name] = told
        path.write_text(json.dumps(known, indent=1))
    return known


def training_seconds(work: Path, preset: str, left: float) -> float:
    """Of training, all calls together: what the first call had room for."""
    known = record(work)
    if "training_seconds" not in known:
        seconds = SMOKE if preset == "smoke" else round(max(left - BEGINNING - FINISHING, SMOKE))
        known = record(work, "training_seconds", seconds)
    return float(known["training_seconds"])


def run(work: Path, name: str, command: list[str], seconds: float) -> int:
    """The exit code of a script, `CUT` of one that was ended."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    start = time.monotonic()
    print(f"{name}: at most {seconds:.0f} s", flush=True)
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
    code = _ended(process, max(seconds, 1.0))
    record(work, name, {"code": code, "seconds": round(time.monotonic() - start, 1)})
    return code


def _ended(process: "subprocess.Popen[bytes]", seconds: float) -> int:
    """The exit code; a script that is asked to end has a moment to keep what it has."""
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
    try:
        process.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return CUT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=("full", "smoke"), default="full")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=360)
    options = parser.parse_args()
    if not TRAINING.exists():
        print(f"There is no {TRAINING.relative_to(ROOT)} yet.")
        return ABSENT
    end, work = time.monotonic() + options.seconds - 2, options.work
    seconds = training_seconds(work, options.preset, end - time.monotonic())
    command = [str(TRAINING), "--preset", options.preset, "--seconds", f"{seconds:.0f}"]
    command += ["--run", str(work / "run"), "--begin", str(SHIPPED), "--report", "25"]
    if (banks := work / BANKS).exists():
        command += ["--painted", str(banks)]
    trained = run(work, "train", command, end - time.monotonic() - FINISHING)
    left = end - time.monotonic()
    finishing = [str(HERE / "finishing.py"), "--preset", options.preset, "--work", str(work)]
    finished = run(work, "finish", [*finishing, "--seconds", f"{left:.0f}"], left)
    codes = {trained, finished}
    return 1 if codes - {0, CUT} else max(codes)


if __name__ == "__main__":
    sys.exit(main())
