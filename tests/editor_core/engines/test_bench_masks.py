"""The mask benchmark runs to its end, on a tiny model, and prints its rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

from support.tiny_models import tiny_folder

ROOT = Path(__file__).resolve().parents[3]
IDS = [
    "iou",
    "iou_over_diffedit",
    "change_ratio",
    "change_ratio_over_diffedit",
    "object_there",
    "mask_speedup",
    "first_overlay_s",
    "changed_outside",
]


def test_it_prints_every_row(tmp_path):
    script = ROOT / "tests" / "benchmarks" / "bench_masks.py"
    command = [sys.executable, script, "--count", "1", "--also", "1"]
    environment = os.environ | {"PALIMPSEST_CACHE_DIR": str(tmp_path), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*map(str, command), "--model", str(tiny_folder("default")), "--json"],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = {row["id"]: row for row in json.loads(done.stdout)["rows"]}
    assert [name for name in rows if "," not in name] == IDS
    assert {name.partition(", ")[2] for name in rows} == {"", "new sentence alone", "phrases alone"}
    assert rows["changed_outside"]["value"] == 0
    assert rows["mask_speedup"]["value"] > 0
