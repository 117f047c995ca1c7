"""What it costs to have the work done elsewhere, and what kills of workers cost.

    python tests/benchmarks/bench_remote.py [--size 512] [--rounds 5] [--kills 20] [--pictures 8] [--json]

Two workers of one core each on this computer, as `palimpsest worker` starts them, reached as clients reach them;
this process has one thread, too. Beside `batch_scaling_2` stands what this machine leaves to any two processes
(`ceiling`): the same edits without Ray, by one process of one thread and by two that know nothing of each other.
Each row is told as soon as it is there; a run that is stopped prints those, and null for the others. Needs Ray
(`pip install .[remote]`).
"""

import prelude  # noqa: F401

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from editor_core.base.settings import Settings
from editor_core.batch.jobs import BatchJob
from editor_core.batch.run import Place, run_batch
from editor_core.messages import events
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.project.image_io import write_png
from editor_core.remote.cluster import Cluster
from editor_core.remote.remote_session import RemoteSession
from editor_core.session.jobs import CancelToken
from editor_core.session.session import Session
from report import Row, show_each
from support.clusters import TOKEN, worker
from support.engine_runs import as_base
from support.same_bytes import all_ways

FIRST, SECOND = "a fox on the snow", "a cat on the snow"
WANTED = (
    Row("remote_overhead", None, "x", "<= 1.05"),
    Row("remote_first_preview_s", None, "s", "<= 0.2"),
    Row("same_bytes", None, "ways", "= 8"),
    Row("batch_scaling_2", None, "x", ">= 1.8"),
    Row("lost_jobs", None, "jobs", "= 0"),
    Row("double_turns", None, "turns", "= 0"),
)
"""What `measured` comes to, in its order."""


def timed(session, request) -> tuple[float, float, events.TurnResult]:
    """Seconds to the first preview and to the result."""
    began, previews = time.perf_counter(), []

    def hear(event):
        if isinstance(event, events.Preview):
            previews.append(time.perf_counter() - began)

    result = session.run(1, request, hear)
    return previews[0], time.perf_counter() - began, result


def overhead(here, there, size: int, rounds: int) -> tuple[float, float]:
    """(an edit there / here, seconds that the first preview comes later), medians of pairs one after another."""
    mask = np.zeros((size, size), np.uint8)
    side = round(size * 0.39)
    mask[size // 3 : size // 3 + side, size // 3 : size // 3 + side] = 255
    bases = [
        as_base(each.run(1, Generate(FIRST, size, size, Sampling(seed=5)), lambda event: None))
        for each in (here, there)
    ]
    ratios, later = [], []
    for _ in range(rounds + 1):
        near, far = (
            timed(each, Edit((base,), SECOND, mask)) for each, base in zip((here, there), bases, strict=True)
        )
        ratios.append(far[1] / near[1])
        later.append(far[0] - near[0])
    return statistics.median(ratios[1:]), statistics.median(later[1:])


def killed(cluster: Cluster, settings: Settings, kills: int, seed: int) -> tuple[int, int]:
    """(jobs without a result, variants told twice) over so many jobs, each killed at a random event."""
    chosen, lost, twice = random.Random(seed), 0, 0
    request = Generate(FIRST, 64, 64, Sampling(seed=1, steps=20))
    with RemoteSession(settings, cluster.lines) as session:
        base = as_base(session.run(1, request, lambda event: None))
        mask = np.zeros((64, 64), np.uint8)
        mask[16:48, 16:48] = 255
        edit = Edit((base,), "a cat", mask, "instdiffedit", {"variants": 3})
        for _ in range(kills):
            heard: list[events.Event] = []
            where: list[str] = []
            at = chosen.randrange(1, 12)

            def kill(event, heard=heard, at=at, where=where):
                if isinstance(event, events.Placed):
                    where.append(event.worker)
                    return
                heard.append(event)
                if len(heard) == at:
                    ray = cluster._ray
                    pid = ray.get(ray.get_actor(where[-1]).process_id.remote())
                    os.kill(pid, signal.SIGKILL)

            result = session.run(2, edit, kill)
            lost += not isinstance(result, events.TurnResult)
            variants = [event.result.seed for event in heard if isinstance(event, events.Variant)]
            twice += len(variants) - len(set(variants))
    return lost, twice


def pictures_a_second(
    cluster: Cluster, settings: Settings, count: int, pictures: list[Path], out: Path
) -> float:
    """With the first ``count`` workers."""
    places = [
        Place(RemoteSession(settings, lambda line=line: [line]), line.name)
        for line in cluster.lines()[:count]
    ]
    began = time.perf_counter()
    edit_all(pictures, places, out)
    return len(pictures) / (time.perf_counter() - began)


def edit_all(pictures: Sequence[Path], places: list[Place], out: Path) -> None:
    jobs = [BatchJob(str(each), SECOND, FIRST, id=each.stem) for each in pictures]
    run_batch(jobs, places, out, "png", False, lambda row, done, total: None, CancelToken())


def shifted(picture: np.ndarray, number: int, folder: Path) -> list[Path]:
    """So many files of nearly the same picture."""
    pictures = [folder / f"{each}.png" for each in range(number)]
    for shift, path in enumerate(pictures):
        write_png(path, np.roll(picture, 3 * shift, 1))
    return pictures


def scaling(cluster: Cluster, settings: Settings, pictures: list[Path], folder: Path) -> float:
    """Pictures a second with two workers / with one."""
    unseen = replace(settings, live_preview=False)  # as the command has it
    # The models are in memory then.
    pictures_a_second(cluster, unseen, 2, pictures[:2], folder / "warm")
    one, both = (
        pictures_a_second(cluster, unseen, count, pictures, folder / f"out{count}") for count in (1, 2)
    )
    return both / one


def ceiling(pictures: list[Path], folder: Path) -> float:
    """Pictures a second of two processes of one thread / of one, without Ray."""
    one, both = (pictures_a_second_alone(count, pictures, folder / f"alone{count}") for count in (1, 2))
    return both / one


def pictures_a_second_alone(count: int, pictures: list[Path], folder: Path) -> float:
    """Of so many processes together, each with its share."""
    with ExitStack() as opened:
        processes = []
        for number in range(count):
            command = [sys.executable, __file__, "--alone", str(folder / str(number))]
            command += map(str, pictures[number::count])
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            processes.append(opened.enter_context(process))
        for process in processes:
            process.stdout.readline()  # it is warm
        began = time.perf_counter()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            process.stdout.readline()
        return len(pictures) / (time.perf_counter() - began)


def alone(folder: Path, pictures: list[Path]) -> None:
    """In a process of its own: get warm with the first picture, then edit all once a line comes; says when."""
    with Session(Settings(device="cpu", cache_folder=str(folder), live_preview=False)) as session:
        here = [Place(session, "here")]
        edit_all(pictures[:1], here, folder / "warm")
        print("warm", flush=True)
        sys.stdin.readline()
        edit_all(pictures, here, folder / "out")
        print("done", flush=True)


def measured(options: argparse.Namespace, folder: Path) -> Iterator[tuple[float, dict[str, Any]]]:
    """Value and details of each row as soon as it is there."""
    settings = Settings(device="cpu", cache_folder=str(folder / "here"))
    with worker(folder / "there", "--workers", "2") as head, Cluster(head.address, TOKEN) as cluster:
        with Session(settings) as here, RemoteSession(settings, cluster.lines) as there:
            ratio, later = overhead(here, there, options.size, options.rounds)
            details = {"size": options.size, "rounds": options.rounds}
            yield ratio, details
            yield later, details
            near, far = all_ways(here), all_ways(there)
            yield sum(np.array_equal(near[name], far[name]) for name in near), {"ways": sorted(near)}
            request = Generate(FIRST, options.size, options.size, Sampling(seed=5))
            picture = here.run(1, request, lambda event: None).image
        pictures = shifted(picture, options.pictures, folder)
        scaled = scaling(cluster, settings, pictures, folder)
        details = {"pictures": options.pictures, "size": options.size}
        yield scaled, details | {"ceiling": round(ceiling(pictures, folder), 4)}
        lost, twice = killed(cluster, settings, options.kills, seed=1)
        yield lost, {"kills": options.kills}
        yield twice, {"kills": options.kills}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--alone", nargs="+", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.alone:
        alone(options.alone[0], options.alone[1:])
        return
    with tempfile.TemporaryDirectory() as name:
        show_each(WANTED, measured(options, Path(name)), options.json)


if __name__ == "__main__":
    main()
