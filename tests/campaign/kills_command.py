"""Commands killed at random moments: the project is as before or as after, whole, and the next command goes on.

Run by path: ``python tests/campaign/kills_command.py [COUNT] [FIRST SEED]``; a tiny model, each seed five kills on one
project. Every turn that a command said it had saved must be there, with nothing that cannot be read.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from campaign.report import Campaign  # noqa: E402
from editor_core.project.project_file import load_project  # noqa: E402
from support.look import look_at_everything  # noqa: E402
from support.tiny_models import write_tiny_model  # noqa: E402

KILLS = 5


def main() -> int:
    campaign = Campaign("kills_command", "turns lost by killing commands", count=200)
    with tempfile.TemporaryDirectory() as name:
        write_tiny_model(Path(name) / "model", "sd1")
        for seed in campaign.seeds():
            folder = Path(name) / "work"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            (folder / "model").symlink_to(Path(name) / "model")
            try:
                campaign.add(**tried(folder, random.Random(seed)))
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, traceback.format_exc())
    return campaign.end()


def tried(folder: Path, chosen: random.Random) -> dict[str, int]:
    """One project through several processes, each of them killed; raises AssertionError where something is lost."""
    counts = {"kills": 0, "commands": 0}
    known = 0
    for _ in range(KILLS):
        told = life(folder, chosen)
        done = [line for line in told if line.get("code") == 0]
        assert all(line["code"] == 0 for line in told if "code" in line), told
        known = max([known, *(line["turns"] for line in done)])
        counts["kills"] += 1
        counts["commands"] += len(done)
        path = folder / "a.palimpsest"
        if known or path.exists():
            document = load_project(path)
            look_at_everything(document)
            assert not document.origin.lost, document.origin.lost
            assert len(document.history) in (known, known + 1), (len(document.history), known)
            known = len(document.history)
        left = [each.name for each in folder.iterdir() if each.name.endswith(".tmp")]
        assert len(left) <= KILLS, left
    return counts


def life(folder: Path, chosen: random.Random) -> list[dict[str, int]]:
    """What the commands of a process told before it was killed."""
    dirs = {f"PALIMPSEST_{name}_DIR": str(folder / name.lower()) for name in ("STATE", "CONFIG", "CACHE")}
    command = [
        sys.executable,
        str(ROOT / "tests/support/commands_at_work.py"),
        str(folder),
        str(chosen.random()),
    ]
    errors = folder / "errors"
    with errors.open("wb") as sink:
        process = subprocess.Popen(command, env={**os.environ, **dirs}, stdout=subprocess.PIPE, stderr=sink)
    assert process.stdout is not None
    began = process.stdout.readline()
    lasts = chosen.choice((0.0, 0.3, 1.0, 4.0, 10.0)) * (0.3 + chosen.random())
    ends = time.monotonic() + lasts
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(0.0, ends - time.monotonic()))
    ended = process.poll() is not None
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    assert began and not ended, errors.read_text()
    return [json.loads(line) for line in (began + rest).splitlines() if line.endswith(b"}")]


if __name__ == "__main__":
    sys.exit(main())
