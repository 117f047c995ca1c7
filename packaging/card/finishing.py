"""What comes after training: export, contact sheet and numbers, in one process, so that libraries are loaded once."""

import argparse
import os
import runpy
import shutil
import sys
import time
import traceback
from contextlib import redirect_stdout
from pathlib import Path

from returns import MODEL
from training import RECIPE, record

HERE = Path(__file__).resolve().parent
SHARD_MB = 15  # what comes back comes in files of 16 MiB
WHOLE = 60.0  # seconds with which the numbers are measured in full, not quickly
LEAST = 25.0  # seconds with less than which they are not begun: the judge comes back, and they can be measured later
FEW = 2  # things on a rehearsal's sheet
JUDGE_SHARE = 0.4  # of the time left after the export, for training the judge
SMOKE_MINUTES = 0.02


def script(work: Path, name: str, path: Path, *options: object) -> bool:
    """Run a script as if by itself; whether it ended well."""
    start, code = time.monotonic(), 0
    sys.argv = [str(path), *map(str, options)]
    print(name, flush=True)
    try:
        runpy.run_path(str(path), run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001  what comes after it does not need it
        traceback.print_exc()
        code = 1
    record(work, name, {"code": code, "seconds": round(time.monotonic() - start, 1)})
    return code == 0


def export(work: Path) -> bool:
    """The model's folder, in place of an earlier one once it is whole."""
    partial = work / "model.partial"
    shutil.rmtree(partial, ignore_errors=True)
    options = ("--run", work / "run", "--out", partial, "--shard", SHARD_MB)
    if not script(work, "export", RECIPE / "export.py", *options):
        return False
    shutil.rmtree(work / MODEL, ignore_errors=True)
    (work / MODEL).parent.mkdir(exist_ok=True)
    os.replace(partial, work / MODEL)
    return True


def show(work: Path, preset: str) -> None:
    """The contact sheet."""
    most = ("--most", FEW) if preset == "smoke" else ()
    path = work / "contact_sheet.png"
    script(work, "sheet", HERE / "contact_sheet.py", work / MODEL, "--preset", preset, "--out", path, *most)


def teach_judge(work: Path, preset: str, left: float) -> Path | None:
    """Weights of a judge that knows the preset's things: the one that ships knows the smaller preset's only."""
    path = work / "judge.safetensors"
    minutes = SMOKE_MINUTES if preset == "smoke" else JUDGE_SHARE * left / 60
    options = ("--preset", preset, "--minutes", minutes, "--out", path)
    return path if path.is_file() or script(work, "judge", RECIPE / "judge.py", *options) else None


def measure(work: Path, preset: str, left: float, judge: Path) -> None:
    """`evaluate.py` on the card, in full if there is time for it."""
    path, partial = RECIPE / "evaluate.py", work / "evaluation.partial"
    options = ["--json", "--model", work / MODEL, "--preset", preset, "--judge", judge]
    if preset != "smoke" and "--device" in path.read_text(encoding="utf-8"):
        options += ["--device", "cuda"]
    if left < WHOLE:
        options.append("--quick")
    with partial.open("w") as printed, redirect_stdout(printed):
        well = script(work, "evaluate", path, *options)
    if well:
        os.replace(partial, work / "evaluation.json")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="full")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    sys.path.insert(0, str(RECIPE))
    if not export(options.work):
        return 1
    show(options.work, options.preset)
    judge = teach_judge(options.work, options.preset, end - time.monotonic())
    left = end - time.monotonic()
    if judge is not None and (left > LEAST or options.preset == "smoke"):
        measure(options.work, options.preset, left, judge)
    return 0


if __name__ == "__main__":
    sys.exit(main())
