"""Damaged and crafted projects: each opens in part or is refused in a sentence, without a fault, a hang or a flood.

Run by path: ``python tests/campaign/hostile_projects.py [COUNT] [FIRST SEED]``. What opens is looked at, saved
elsewhere and opened again. Prints every seed that failed.
"""

import json
import sys
import tempfile
import time
import traceback
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from editor_core.base.errors import EditorError  # noqa: E402
from editor_core.project.project_file import load_project, save_project  # noqa: E402
from support.damage import damaged  # noqa: E402
from support.documents import full_document  # noqa: E402
from support.look import look_at_everything  # noqa: E402

HANG_SECONDS = 20.0


def main(count: int, first: int) -> int:
    counts = {"whole": 0, "in part": 0, "refused": 0, "failed": 0}
    slowest = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_project(full_document(), folder / "whole.palimpsest")
        for seed in range(first, first + count):
            began = time.perf_counter()
            path = damaged(folder / "whole.palimpsest", folder / "damaged.palimpsest", seed)
            try:
                counts[tried(path, folder / "again.palimpsest")] += 1
            except Exception:  # noqa: BLE001 - that is what is looked for
                counts["failed"] += 1
                print(f"seed {seed}\n{traceback.format_exc()}", file=sys.stderr)
            took = time.perf_counter() - began
            slowest = max(slowest, took)
            if took > HANG_SECONDS:
                counts["failed"] += 1
                print(f"seed {seed} took {took:.0f} s", file=sys.stderr)
    peak = psutil.Process().memory_info().rss / 2**20
    figures = {
        "count": count,
        "first_seed": first,
        "slowest_seconds": round(slowest, 2),
        "megabytes": round(peak),
    }
    print(json.dumps(figures | counts))
    return int(counts["failed"] > 0)


def tried(path: Path, again: Path) -> str:
    """What became of one file."""
    try:
        document = load_project(path)
    except EditorError as error:
        assert "\n" not in str(error) and str(error).endswith(".")
        return "refused"
    look_at_everything(document)
    what = "in part" if document.origin.lost else "whole"
    try:
        save_project(document, again)
    except EditorError:  # a picture that cannot be read any more cannot be copied either
        return "in part"
    assert load_project(again).origin.lost == ()
    return what


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(arguments + [2000, 0][len(arguments) :])))
