"""The window killed at random moments: at most the last stroke of each tab may be lost.

Run by path: ``python tests/campaign/kills_window.py [COUNT] [FIRST SEED]``; uses Xvfb where there is one. A window
paints in two tabs, undoes, edits, saves, opens, recovers and closes, telling of each stroke that has ended; it is
killed, and what the next start would offer is compared with what was told; of a window that came to its end nothing may
be missing. Each stroke has a place and a colour of its own. Every tenth seed starts fresh processes, the others are
forked from one that has everything imported, and no application yet. To every fourth one the disk is slow.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import traceback
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # nothing that is forked may have threads
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import gui.app  # noqa: E402, F401 - what is forked has it
import support.fake_session  # noqa: E402, F401
from campaign.report import Campaign, own_folders, work_folder  # noqa: E402
from editor_core.document.document import Document  # noqa: E402
from editor_core.project.autosave import recoverable_files  # noqa: E402
from editor_core.project.project_file import load_project  # noqa: E402
from support import painted_places  # noqa: E402
from support.forks import Forked, Process, let_live  # noqa: E402
from support.painted_places import WALLS, all_strokes, file_of  # noqa: E402

START_SECONDS = 300.0
KILLS = 3  # of a window that recovers, and is killed again
FRESH_EVERY = 10
SLOW_EVERY, SLOW_SECONDS = 4, 0.25  # as long as it takes to paint a stroke or two


def main() -> int:
    campaign = Campaign(
        "kills_window",
        "kills of the window that lost at most the last stroke of each tab",
        wanted=300,
        each=KILLS,
    )
    with display(), work_folder() as place:
        for seed in campaign.seeds():
            folder = place / str(seed)
            try:
                slow = SLOW_SECONDS if seed % SLOW_EVERY == 1 else 0.0
                counts = tried(folder, random.Random(seed), seed % FRESH_EVERY == 0, slow)
                campaign.add(**counts)
                if counts["lost"]:
                    campaign.failed(seed, str(counts))
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, traceback.format_exc())
            shutil.rmtree(folder, ignore_errors=True)
    how = f"forked with everything imported; every {FRESH_EVERY}th seed as fresh processes"
    return campaign.end(how=how, display=os.environ["QT_QPA_PLATFORM"])


@contextmanager
def display():
    """An X server of our own, or none where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        os.environ["DISPLAY"] = f":{told.readline().strip()}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def tried(folder: Path, chosen: random.Random, fresh: bool, slow: float) -> dict[str, int]:
    """One document through several windows, each of them killed."""
    folder.mkdir()
    counts = {
        "kills": 0,
        "closed": 0,
        "fresh": 0,
        "slow": 0,
        "strokes": 0,
        "lost": 0,
        "last_lost": 0,
        "before_any": 0,
    }
    lost_before: set[int] = set()
    while counts["kills"] < KILLS:
        ended, undone, killed, closed = life(folder, chosen, fresh, slow)
        there = best_of(folder)
        lasts = set() if closed else {max(strokes) for strokes in by_wall(ended).values()}
        missing = sorted(set(ended) - there - undone - lost_before)
        lost_before.update(missing)
        counts["kills"] += not closed
        counts["closed"] += closed
        counts["fresh"] += fresh
        counts["slow"] += bool(slow)
        counts["before_any"] += not ended
        counts["last_lost"] += len(lasts.intersection(missing))
        counts["lost"] += len(set(missing) - lasts)
        if missing:
            ages = [round(1000 * (killed - ended[number].at)) for number in missing]
            print(
                f"missing {missing}; they had ended {ages} ms before; the last were {sorted(lasts)}",
                file=sys.stderr,
            )
    counts["strokes"] = len(ended)
    return counts


class Ended(NamedTuple):
    """Of a stroke."""

    at: float
    wall: str
    """Whose tab it is in."""


def by_wall(ended: dict[int, Ended]) -> dict[str, list[int]]:
    found = defaultdict(list)
    for number, stroke in ended.items():
        found[stroke.wall].append(number)
    return found


def life(
    folder: Path, chosen: random.Random, fresh: bool, slow: float
) -> tuple[dict[int, Ended], set[int], float, bool]:
    """When each stroke ended, as the window said; which it had taken back; when it was killed, or was closed before."""
    told = folder / "told"
    told.touch()
    size = told.stat().st_size
    process = window(folder, str(chosen.random()), fresh, slow)
    try:
        began = time.monotonic()
        while told.stat().st_size == size:  # until it is there; the kill may come from then on
            if not let_live(process, 0.01) or time.monotonic() - began > START_SECONDS:
                raise RuntimeError(f"no window: {(folder / 'errors').read_text()}")
        closed = not let_live(process, chosen.choice((0.0, 0.05, 0.2, 1.0, 3.0)) * (0.2 + chosen.random()))
        if closed and process.poll() != 0:
            raise RuntimeError(f"it ended by itself: {(folder / 'errors').read_text()}")
    finally:
        killed = time.time()
        process.kill()
        process.wait()
    lines = [json.loads(line) for line in (folder / "told").read_text().splitlines() if line.endswith("}")]
    undone = {line["undone"] for line in lines if "undone" in line}
    ended = {line["ended"]: Ended(line["at"], line["wall"]) for line in lines if "ended" in line}
    return ended, undone, killed, closed


def window(folder: Path, seed: str, fresh: bool, slow: float) -> Process:
    """One at work."""
    own = own_folders(folder)
    if not fresh:
        return Forked(
            lambda: painted_places.main(folder, seed, slow), own, folder / "told", folder / "errors"
        )
    environment = {**os.environ, **own, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, str(ROOT / "tests/support/painted_places.py"), str(folder), seed]
    with (folder / "told").open("ab") as told, (folder / "errors").open("ab") as errors:
        return subprocess.Popen(command, env=environment, stdout=told, stderr=errors)


def best_of(folder: Path) -> set[int]:
    """The strokes that an artist would find again: in what is offered, or in the file that was saved."""
    documents: list[Document] = [file.document() for file in recoverable_files(folder / "state" / "recovery")]
    files = (file_of(folder, wall) for wall in WALLS)
    return all_strokes([*documents, *(load_project(file) for file in files if file.exists())])


if __name__ == "__main__":
    sys.exit(main())
