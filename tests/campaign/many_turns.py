"""How long a project with very many turns takes to be saved and opened, and how much memory.

Run by path: ``python tests/campaign/many_turns.py [TURNS]``. Pictures of 512 x 512 with latents as an edit keeps them.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from editor_core.document.document import Document  # noqa: E402
from editor_core.project.project_file import load_project, save_project  # noqa: E402
from support.documents import make_turn  # noqa: E402


def write(path: Path, turns: int) -> float:
    """Save a chain of turns that look like pictures, not like noise; returns seconds."""
    random = np.random.default_rng(0)
    ramp = np.linspace(0, 200, 512)
    document: Document | None = None
    parent = None
    for number in range(turns):
        colour = random.uniform(0.2, 1, 3)
        image = ((ramp[:, None, None] + ramp[None, :, None]) / 2 * colour).astype(np.uint8)
        image[random.integers(0, 400) :, random.integers(0, 400) :] += random.integers(0, 50, dtype=np.uint8)
        latents = {"trajectory": random.normal(size=(21, 4, 32, 32)).astype(np.float16)}
        mask = np.zeros((512, 512), np.uint8)
        values = {"image": image, "latents": latents, "mask": None if parent is None else mask}
        parent = make_turn(number, parent, **values)
        if document is None:
            document = Document.new_from_turn(parent)
        else:
            document.history.add(parent)
    assert document is not None and parent is not None
    document.history.jump(parent.id)
    began = time.perf_counter()
    save_project(document, path)
    return time.perf_counter() - began


def opened(path: Path) -> dict[str, float]:
    """Open it in this process; seconds and megabytes."""
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    document = load_project(path)
    took = time.perf_counter() - began
    began = time.perf_counter()
    for turn in list(document.history)[:20]:
        assert turn.image.shape == (512, 512, 3)
    looked = (time.perf_counter() - began) / 20
    return {
        "open_seconds": round(took, 2),
        "megabytes": round((psutil.Process().memory_info().rss - before) / 2**20),
        "one_picture_ms": round(1000 * looked, 1),
    }


def main(turns: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.palimpsest"
        saved = write(path, turns)
        size = path.stat().st_size / 2**20
        done = subprocess.run(
            [sys.executable, __file__, "open", str(path)], check=True, capture_output=True, text=True
        )
    found = {"turns": turns, "file_megabytes": round(size), "first_save_seconds": round(saved, 1)}
    print(json.dumps(found | json.loads(done.stdout)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["open"]:
        print(json.dumps(opened(Path(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
