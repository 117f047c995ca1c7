"""The third part: train the default model on the card, export it, show it and measure it, all within the part's time.

A run that was ended early goes on from its checkpoints. The export comes before anything is measured: it is what is
wanted back.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from run import ABSENT

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RECIPE = ROOT / "packaging" / "default_model"
TRAINING = RECIPE / "train_on_card.py"
SHIPPED = ROOT / "resources" / "models" / "default"
SHARD_MB = 15
BEGINNING, EXPORT, SHEET, QUICK, WHOLE = 20.0, 12.0, 12.0, 20.0, 60.0
"""Seconds set aside beside training itself: to begin with, and for what comes after; measuring takes what is left, in
full where that is enough."""
SMOKE = 5.0  # seconds of training in a rehearsal
GRACE = 6.0  # seconds to write a checkpoint


class Steps:
    """Runs one script after another until the time is over, and keeps a record of them."""

    def __init__(self, work: Path, seconds: float, preset: str) -> None:
        self.work, self.preset, self.end = work, preset, time.monotonic() + seconds
        self._record = work / "train.json"
        known = json.loads(self._record.read_text()) if self._record.exists() else {}
        self.told: dict[str, Any] = {"preset": preset, "steps": {}, **known}

    def left(self) -> float:
        return self.end - time.monotonic()

    def training_seconds(self) -> float:
        """Of training, all calls together: what the first call had room for."""
        if "training_seconds" not in self.told:
            room = self.left() - BEGINNING - EXPORT - SHEET - QUICK
            self.told["training_seconds"] = SMOKE if self.preset == "smoke" else round(max(room, SMOKE))
        return float(self.told["training_seconds"])

    def run(self, name: str, command: list[str], seconds: float, out: Path | None = None) -> bool:
        """Whether the script ended well in time; what it prints goes to ``out`` if it is given."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        start, partial = time.monotonic(), self.work / "printed.partial"
        print(f"{name}: at most {seconds:.0f} s", flush=True)
        with partial.open("wb") as printed:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=environment, stdout=None if out is None else printed
            )
            code = _ended(process, max(seconds, 1.0))
        if out is not None and code == 0:
            os.replace(partial, out)
        partial.unlink(missing_ok=True)
        self.told["steps"][name] = {"code": code, "seconds": round(time.monotonic() - start, 1)}
        self._record.write_text(json.dumps(self.told, indent=1))
        return code == 0


def _ended(process: "subprocess.Popen[bytes]", seconds: float) -> int | None:
    """The exit code; None for a script that was asked to end, and had a moment to keep what it has."""
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
    try:
        process.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return None


def takes(script: Path, option: str) -> bool:
    """Whether a script has an option."""
    return option in script.read_text(encoding="utf-8")


def measure(steps: Steps, model: Path) -> None:
    """`evaluate.py` in full if there is time for it, else its quick form; the judge knows things by preset."""
    script = RECIPE / "evaluate.py"
    command = [str(script), "--json", "--model", str(model), "--preset", steps.preset]
    command += ["--device", "cuda"] if steps.preset == "full" and takes(script, "--device") else []
    command += ["--quick"] if steps.left() < WHOLE or steps.preset == "smoke" else []
    steps.run("evaluate", command, steps.left() - 1, steps.work / "evaluation.json")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=("full", "smoke"), default="full")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=360)
    options = parser.parse_args()
    if not TRAINING.exists():
        print(f"There is no {TRAINING.relative_to(ROOT)} yet.")
        return ABSENT
    steps = Steps(options.work, options.seconds - 2, options.preset)
    run, model = options.work / "run", options.work / "model"
    seconds = ["--seconds", f"{steps.training_seconds():.0f}"]
    begin = ["--run", str(run), "--begin", str(SHIPPED)]
    command = [str(TRAINING), "--preset", options.preset, *seconds, *begin]
    trained = steps.run("train", command, steps.left() - EXPORT - GRACE)
    export = ["--run", str(run), "--out", str(model), "--shard", str(SHARD_MB)]
    if not steps.run("export", [str(RECIPE / "export.py"), *export], steps.left()):
        return 1
    sheet = [str(HERE / "contact_sheet.py"), str(model), "--preset", options.preset]
    sheet += ["--most", "8"] if options.preset == "smoke" else []
    steps.run("sheet", [*sheet, "--out", str(options.work / "contact_sheet.png")], steps.left())
    measure(steps, model)
    return 0 if trained else 1


if __name__ == "__main__":
    sys.exit(main())
