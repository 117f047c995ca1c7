"""Workers, heads and links that fail at random moments: no job is lost, none comes twice, the document stays as it was.

Run by path: ``python tests/campaign/remote_faults.py [COUNT] [FIRST SEED]``. A cluster of two workers on a tiny model,
reached over a link that can be slow or cut. The seeds are the cases in their order: twenty kills of the worker that has
the job, a cancel at each step, a link that is cut for a moment, a slow one with previews, three heads that die and come
back, and two hundred pictures whose command is killed twice and a worker with each.
"""

import csv
import os
import random
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "5")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import numpy as np  # noqa: E402

from campaign.report import Campaign, work_folder  # noqa: E402
from editor_core.base.errors import JobCancelled  # noqa: E402
from editor_core.base.settings import Settings  # noqa: E402
from editor_core.document.document import Document  # noqa: E402
from editor_core.messages import events  # noqa: E402
from editor_core.messages.requests import Edit, Generate, Sampling  # noqa: E402
from editor_core.project.image_io import read_image, write_png  # noqa: E402
from editor_core.remote import remote_session  # noqa: E402
from editor_core.remote.cluster import Cluster  # noqa: E402
from editor_core.remote.mailbox import PAUSE_SECONDS  # noqa: E402
from editor_core.remote.remote_session import RemoteSession  # noqa: E402
from editor_core.session.jobs import CancelToken  # noqa: E402
from editor_core.workflow.turns import edit_request, turn_from_result  # noqa: E402
from support.clusters import TOKEN, Ports, worker  # noqa: E402
from support.documents import contents  # noqa: E402
from support.slow_link import slow_link  # noqa: E402
from support.tiny_models import write_tiny_model  # noqa: E402

SIDE, STEPS, PICTURES = 64, 20, 200
CASES = ["kill"] * 20 + ["cancel"] * STEPS + ["cut"] * 3 + ["slow"] * 2 + ["head"] * 3 + ["batch"]


class Studio:
    """The cluster, a session of its workers, and a document with one turn to work on."""

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        self.folder, self._opened, self.ports = folder, opened, Ports()
        self.settings = Settings(model=str(folder / "model"), device="cpu")
        self.link = opened.enter_context(slow_link(self.ports.clients))
        self.start()
        self.cluster = opened.enter_context(Cluster(f"ray://127.0.0.1:{self.link.port}", TOKEN))
        self.session = RemoteSession(self.settings, self.cluster.lines)
        first = self.session.run(
            0, Generate("a cat", SIDE, SIDE, Sampling(seed=1, steps=STEPS)), lambda _: None
        )
        self.document = Document.new_from_turn(turn_from_result(first, None))
        mask = np.zeros((SIDE, SIDE), np.uint8)
        mask[16:48, 16:48] = 255
        self.edit: Edit = edit_request(
            self.document,
            "a dog",
            mask=mask,
            method="instdiffedit",
            parameters={"variants": 3, "plant": False},
        )
        self.right, self.usual, _ = self.done()

    def start(self) -> None:
        self.head = self._opened.enter_context(
            worker(self.folder / "worker", "--workers", "2", ports=self.ports)
        )

    def done(self, at_first=lambda where: None, after=None, cancel=None):
        """The edit's pictures, its seconds, what was told. at_first: what happens once it is begun (the worker)."""
        heard, where, before = [], [], contents(self.document)

        def hear(event: events.Event) -> None:
            heard.append(event)
            if isinstance(event, events.Placed):
                where.append(event.worker)
                if len(where) == 1:
                    at_first(lambda: where[-1])
            if after is not None:
                after(event)

        result = self.session.run(1, self.edit, hear, cancel)
        assert contents(self.document) == before, "the document is another"
        pictures = [event.result.image for event in heard if isinstance(event, events.Variant)] + [
            result.image
        ]
        return pictures, result.seconds, heard

    def require_right(self, pictures) -> None:
        assert len(pictures) == len(self.right), f"{len(pictures)} results instead of {len(self.right)}"
        assert all(map(np.array_equal, pictures, self.right)), "another picture"

    def kill(self, name: str) -> None:
        ray = self.cluster._ray
        os.kill(ray.get(ray.get_actor(name).process_id.remote()), signal.SIGKILL)


def main() -> int:
    campaign = Campaign(
        "remote_faults", "jobs lost or done twice where workers, heads and links failed", 0, no_loss=True
    )
    campaign.choose(len(CASES))
    with work_folder() as folder, ExitStack() as opened:
        write_tiny_model(folder / "model", "sd1")
        remote_session.RETURN_SECONDS = 240.0  # a busy machine takes its time to start a head
        studio = Studio(folder, opened)
        for seed in campaign.seeds():
            try:
                chosen = random.Random(seed)
                campaign.add(**{CASES[seed]: 1}, **WAYS[CASES[seed]](studio, chosen, seed))
            except Exception:  # noqa: BLE001 - that is what is looked for
                campaign.failed(seed, f"{CASES[seed]}\n{traceback.format_exc()}")
    return campaign.end(how="two workers on one computer, sd1 at a tiny size")


def _kill(studio: Studio, chosen: random.Random, seed: int) -> dict[str, int]:
    """At any moment of the job, whatever it does."""

    def later(where):
        timer = threading.Timer(chosen.uniform(0, studio.usual), lambda: studio.kill(where()))
        timer.start()

    pictures, _, heard = studio.done(later)
    studio.require_right(pictures)
    again = sum(isinstance(event, events.Notice) for event in heard)
    assert again <= 1, f"begun again {again} times"
    return {"begun_again": again}


def _cancel(studio: Studio, chosen: random.Random, seed: int) -> dict[str, int]:
    cancel, step = CancelToken(), CASES[:seed].count("cancel") + 1
    painted = 0

    def after(event):
        nonlocal painted
        if isinstance(event, events.Progress) and event.stage == "painting":
            painted = event.done
            if event.done >= step:
                cancel.cancel()

    try:
        studio.done(after=after, cancel=cancel)
        raise AssertionError("it was not cancelled")
    except JobCancelled:
        assert painted < 3 * STEPS
    studio.require_right(studio.done()[0])
    return {}


def _cut(studio: Studio, chosen: random.Random, seed: int) -> dict[str, int]:
    def cut(where):
        studio.link.cut()
        threading.Timer(chosen.uniform(0.1, 3.0), studio.link.mend).start()

    studio.require_right(studio.done(cut)[0])
    return {}


def _slow(studio: Studio, chosen: random.Random, seed: int) -> dict[str, int]:
    studio.link.slow(chosen.uniform(100_000, 400_000), chosen.uniform(0.01, 0.05))
    began = time.monotonic()
    try:
        pictures, _, heard = studio.done()
    finally:
        studio.link.slow()
    seconds = time.monotonic() - began
    studio.require_right(pictures)
    previews = sum(isinstance(event, events.Preview) for event in heard)
    assert 0 < previews <= seconds / PAUSE_SECONDS + 1, f"{previews} previews in {seconds} s"
    return {"previews": previews}


def _head(studio: Studio, chosen: random.Random, seed: int) -> dict[str, int]:
    started = threading.Event()

    def die():
        studio.head.kill()
        studio.start()
        started.set()

    def later(where):
        threading.Timer(chosen.uniform(0, studio.usual), die).start()

    pictures, _, heard = studio.done(later)
    started.wait(120)
    studio.require_right(pictures)
    return {"begun_again": sum(isinstance(event, events.Notice) for event in heard)}


def _batch(studio: Studio, chosen: random.Random, seed: int) -> dict[str, int]:
    """The command is killed twice, and a worker with it; then it is resumed to its end."""
    pictures, out = studio.folder / "pictures", studio.folder / "out"
    pictures.mkdir(exist_ok=True)
    for number in range(PICTURES):
        write_png(pictures / f"{number:03}.png", np.roll(studio.right[0], number, 1))
    command = [
        sys.executable,
        str(ROOT / "main.py"),
        "batch",
        str(pictures),
        "--was",
        "a cat",
        "--prompt",
        "a dog",
    ]
    command += ["--out", str(out), "--on", studio.head.address, "--model", studio.settings.model]
    command += ["--seed", "3", "--steps", "2", "--resume"]
    environment = os.environ | {"RAY_AUTH_TOKEN": TOKEN}
    for share in sorted(chosen.uniform(0.1, 0.9) for _ in range(2)):
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
            assert running.stderr is not None
            for line in running.stderr:
                done = line.split("/")[0]
                if done.isdigit() and int(done) >= share * PICTURES:
                    studio.kill(studio.cluster.lines()[0].name)
                    running.kill()
                    break
    subprocess.run(command, env=environment, check=True, capture_output=True)
    with (out / "rows.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == PICTURES == len({row["id"] for row in rows}), "a picture is missing or there twice"
    assert not [row for row in rows if row["problem"]], "a picture failed"
    left = {file.name for file in out.iterdir()} - {"rows.csv"}
    assert left == {row["result"] for row in rows}, "something else lies there"
    assert all(read_image(out / name).shape == (SIDE, SIDE, 3) for name in left)
    return {"pictures": len(rows)}


WAYS = {"kill": _kill, "cancel": _cancel, "cut": _cut, "slow": _slow, "head": _head, "batch": _batch}

if __name__ == "__main__":
    sys.exit(main())
