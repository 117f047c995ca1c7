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
EXPORT, SHEET, QUICK, WHOLE = 12.0, 12.0, 20.0, 60.0
"""Seconds set aside for what comes after training; measuring takes what is left, in full where that is enough."""


class Steps:
    """Runs one script after another until the time is over, and keeps a record of them."""

    def __init__(self, work: Path, seconds: float, preset: str) -> None:
        self.work, self.preset, self.end = work, preset, time.monotonic() + seconds
        self.told: dict[str, Any] = {"preset": preset, "steps": {}}

    def left(self) -> float:
        return self.end - time.monotonic()

    def run(self, name: str, command: list[str], seconds: float, out: Path | None = None) -> bool:
        """Whether the script ended well in time; what it prints goes to ``out`` if it is given."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        start, code = time.monotonic(), None
        print(f"{name}: at most {seconds:.0f} s", flush=True)
        partial = self.work / "printed.partial"
        with partial.open("wb") as printed:
            try:
                done = subprocess.run(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=environment,
                    stdout=None if out is None else printed,
                    timeout=max(seconds, 1),
                )
                code = done.returncode
            except subprocess.TimeoutExpired:
                pass
        if out is not None and code == 0:
            os.replace(partial, out)
        self.told["steps"][name] = {"code": code, "seconds": round(time.monotonic() - start, 1)}
        (self.work / "train.json").write_text(json.dumps(self.told, indent=1))
        return code == 0


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
    smoke = options.preset == "smoke"
    training = 5.0 if smoke else steps.left() - EXPORT - SHEET - QUICK
    begin = [] if run.exists() else ["--begin", str(SHIPPED)]
    command = [
        str(TRAINING),
        "--preset",
        options.preset,
        "--seconds",
        f"{training:.0f}",
        "--run",
        str(run),
        *begin,
    ]
    well = steps.run("train", command, steps.left() - EXPORT)  # its own time begins once everything is loaded
    export = ["--preset", options.preset, "--run", str(run), "--out", str(model), "--shard", str(SHARD_MB)]
    if not steps.run("export", [str(RECIPE / "export.py"), *export], steps.left()):
        return 1
    sheet = [str(HERE / "contact_sheet.py"), str(model), "--preset", options.preset]
    steps.run("sheet", [*sheet, "--out", str(options.work / "contact_sheet.png")], steps.left())
    measure(steps, model)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
