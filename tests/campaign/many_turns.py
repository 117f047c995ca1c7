"""How long a project with very many turns takes to be saved and opened, how much memory, and how long a click takes.

Run by path: ``python tests/campaign/many_turns.py [TURNS]``. Pictures of 512 x 512 with latents as an edit keeps them.
A click shows a turn in the window: measured from the click until everything has been painted.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign.report import commit, file_row, own_folders  # noqa: E402
from editor_core.document.document import Document  # noqa: E402
from editor_core.project.project_file import load_project, save_project  # noqa: E402
from support.documents import make_turn  # noqa: E402

CLICKS = 40
BARS = {"open_seconds": 2, "megabytes": 500, "click_ms": 50}


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
    began, worked = time.perf_counter(), time.process_time()
    document = load_project(path)
    took, busy = time.perf_counter() - began, time.process_time() - worked
    began = time.perf_counter()
    for turn in list(document.history)[:20]:
        assert turn.image.shape == (512, 512, 3)
    looked = (time.perf_counter() - began) / 20
    return {
        "open_seconds": round(took, 2),
        "open_processor_seconds": round(busy, 2),
        "megabytes": round((psutil.Process().memory_info().rss - before) / 2**20),
        "one_picture_ms": round(1000 * looked, 1),
    }


def clicked(path: Path) -> dict[str, float]:
    """Open it in the window and click on turns far from each other: milliseconds by the clock and of the processor."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop as Loop

    from editor_core.base.settings import Settings
    from gui.look.theme import Theme
    from gui.shell.main_window import MainWindow
    from gui.worker.background import spawn
    from gui.worker.facade import EngineFacade
    from support.fake_session import FakeSession

    app = QApplication([])
    loop = Loop(app)
    asyncio.events._set_running_loop(loop)  # Qt's own loop is driven below, as by the tests
    window = MainWindow(EngineFacade(FakeSession), Theme(app, "dark"), Settings(theme="dark"))
    window.resize(1400, 900)
    window.begin()
    opening = spawn(window.files.open(path))
    while not opening.done():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    window.show()
    for _ in range(20):
        app.processEvents()
    took, busy = [], []
    for row in map(int, np.random.default_rng(0).integers(0, window.turns.model.rowCount(), CLICKS)):
        began, worked = time.perf_counter(), time.process_time()
        window.turns.list.clicked.emit(window.turns.model.index(row))
        app.processEvents()
        window.repaint()
        took.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - worked))
    return {
        "click_ms": round(float(np.median(took)), 1),
        "slowest_click_ms": round(max(took), 1),
        "click_processor_ms": round(float(np.median(busy)), 1),
    }


def main(turns: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.palimpsest"
        saved = write(path, turns)
        size = path.stat().st_size / 2**20
        found = {"turns": turns, "file_megabytes": round(size), "first_save_seconds": round(saved, 1)}
        for what in ("open", "click"):
            done = subprocess.run(
                [sys.executable, __file__, what, str(path)],
                check=True,
                capture_output=True,
                text=True,
                env=os.environ | own_folders(Path(folder) / "own"),
            )
            found |= json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(found))
    if turns == 1000:
        row = {
            "id": "many_turns",
            "title": "a project of 1,000 turns: opened, in memory, a click on a turn",
            "value": sum(found[name] <= bar for name, bar in BARS.items()),
            "unit": "bars met",
            "bar": f"= {len(BARS)}",
            "holds": all(found[name] <= bar for name, bar in BARS.items()),
            "details": found | {"bars": BARS, "commit": commit()},
        }
        file_row(row)


if __name__ == "__main__":
    if sys.argv[1:2] == ["open"]:
        print(json.dumps(opened(Path(sys.argv[2]))))
    elif sys.argv[1:2] == ["click"]:
        print(json.dumps(clicked(Path(sys.argv[2]))), flush=True)
        os._exit(0)  # the window's threads have nothing more to do
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
