"""Commands killed at random moments: the project is as before or as after, whole, and the next command goes on.

Run by path: ``python tests/campaign/kills_command.py [COUNT] [FIRST SEED]``; a tiny model, each seed five kills on one
project. Every turn that a command said it had saved must be there, with nothing that cannot be read; the edit after
the last kill must be the one that a program without a cache makes. Every tenth seed begins with a fresh process, the
others are forked from one that has everything imported and has run a command.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # nothing that is forked may have threads
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np  # noqa: E402

from campaign.report import Campaign, own_folders, work_folder  # noqa: E402
from editor_core.project.project_file import load_project  # noqa: E402
from support import commands_at_work  # noqa: E402
from support.forks import Forked, let_live  # noqa: E402
from support.look import look_at_everything  # noqa: E402
from support.session_work import write_shallow_model  # noqa: E402

KILLS = 5
FRESH_EVERY = 10
LEVELS = 1  # that a pixel may differ by where other rows were computed


def main() -> int:
    campaign = Campaign(
        "kills_command", "kills of commands after which all was whole", wanted=1000, each=KILLS
    )
    with work_folder() as folder:
        write_shallow_model(folder / "model")
        commands_at_work.warm(folder)
        assert threading.active_count() == 1, "nothing that is forked may have threads"
        usual = seconds_of_a_command(folder)
        for seed in campaign.seeds():
            try:
                campaign.add(**tried(emptied(folder), seed, usual))
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, traceback.format_exc())
    how = f"forked with everything imported; every {FRESH_EVERY}th seed begins with a fresh process"
    return campaign.end(how=how, seconds_of_a_command=round(usual, 2))


def emptied(folder: Path) -> Path:
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    (work / "model").symlink_to(folder / "model")
    return work


def seconds_of_a_command(folder: Path) -> float:
    """How long one takes here and now, twice, so that the kills fall into it and not behind it."""
    work = emptied(folder)
    began = time.monotonic()
    edited(work, work / "a.palimpsest", "a cat", "own")
    edited(work, work / "a.palimpsest", "a dog", "own")
    return (time.monotonic() - began) / 2


def tried(folder: Path, seed: int, usual: float) -> dict[str, int]:
    """One project through several processes, each of them killed; raises AssertionError where something is lost."""
    chosen = random.Random(seed)
    counts = {"kills": 0, "commands": 0, "fresh": 0, "edits_after": 0}
    known, path = 0, folder / "a.palimpsest"
    for number in range(KILLS):
        fresh = number == 0 and seed % FRESH_EVERY == 0
        told = life(folder, chosen, usual, fresh)
        done = [line for line in told if line.get("code") == 0]
        assert all(line["code"] == 0 for line in told if "code" in line), told
        known = max([known, *(line["turns"] for line in done)])
        counts["kills"] += 1
        counts["fresh"] += fresh
        counts["commands"] += len(done)
        if known or path.exists():
            document = load_project(path)
            look_at_everything(document)
            assert not document.origin.lost, document.origin.lost
            assert len(document.history) in (known, known + 1), (len(document.history), known)
            known = len(document.history)
        left = [each.name for each in folder.iterdir() if each.name.endswith(".tmp")]
        assert len(left) <= KILLS, left
    if known:
        counts["edits_after"] += 1
        edit_is_right(folder, path)
    return counts


def edit_is_right(folder: Path, path: Path) -> None:
    """The next edit reads a cache that was killed in the middle of many things; without a cache it is the same."""
    copy = folder / "copy.palimpsest"
    shutil.copyfile(path, copy)
    pictures = []
    for project, own in ((path, "own"), (copy, "other")):
        edited(folder, project, "a green apple on the table", own)
        turn = load_project(project).history.current
        pictures.append(turn.image.astype(int))
    differs = np.abs(pictures[0] - pictures[1])
    assert differs.max() <= LEVELS, f"{differs.max()} levels, {(differs > LEVELS).sum()} values"


def edited(folder: Path, project: Path, words: str, own: str) -> None:
    work = Forked(
        lambda: commands_at_work.one(folder, project, words),
        own_folders(folder / own),
        folder / "told-after",
        folder / "errors",
    )
    work.wait(300)
    assert work.code == 0, (folder / "errors").read_text()


def life(folder: Path, chosen: random.Random, usual: float, fresh: bool) -> list[dict[str, int]]:
    """What the commands of a process told before it was killed."""
    told, errors, seed = folder / "told", folder / "errors", str(chosen.random())
    told.unlink(missing_ok=True)
    if fresh:
        command = [sys.executable, str(ROOT / "tests/support/commands_at_work.py"), str(folder), seed]
        with told.open("ab") as output, errors.open("ab") as sink:
            environment = {**os.environ, **own_folders(folder / "own")}
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=sink)
    else:
        process = Forked(
            lambda: commands_at_work.main(folder, seed), own_folders(folder / "own"), told, errors
        )
    while not (told.exists() and told.stat().st_size):
        assert let_live(process, 0.001), errors.read_text()
    lives = let_live(process, usual * chosen.choice((0.0, 0.3, 1.0, 2.0)) * (0.3 + chosen.random()))
    process.kill()
    process.wait()
    assert lives, errors.read_text()
    return [json.loads(line) for line in told.read_bytes().splitlines() if line.endswith(b"}")]


if __name__ == "__main__":
    sys.exit(main())
