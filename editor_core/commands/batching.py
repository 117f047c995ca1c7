"""How ``palimpsest batch`` goes about its pictures."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from editor_core.base.errors import EditorError, JobCancelled
from editor_core.base.settings import Settings
from editor_core.batch.jobs import BatchJob, read_jobs
from editor_core.batch.rows import ROWS, Row
from editor_core.batch.run import Place, run_batch
from editor_core.commands.console import Console
from editor_core.engines.registry import engine
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.picture_formats import format_of
from editor_core.remote.cluster import Cluster
from editor_core.remote.line import Line
from editor_core.remote.places import session_at
from editor_core.remote.process_pool import ProcessPool
from editor_core.remote.remote_session import RemoteSession
from editor_core.remote.token import kept_token
from editor_core.session.jobs import CancelToken


def run(
    console: Console,
    source: Path,
    given: Mapping[str, Any],
    out: Path,
    ending: str,
    resume: bool,
    workers: int | None,
    chosen: Settings,
) -> None:
    """Read the jobs, do them, and say what became of them. Raises EditorError; exits with 1 where some failed."""
    if f".{ending}" != PROJECT_SUFFIX:
        format_of(f".{ending}")
    chosen = replace(chosen, live_preview=False)  # nobody looks
    jobs = read_jobs(source, given)
    _check(jobs)

    def tell(row: Row, done: int, total: int) -> None:
        told = f": {row.problem}" if row.problem else f" → {row.result}, {row.seconds:.1f} s"
        console.notice(f"{done}/{total} {row.id}{told}")

    try:
        with _places(workers, chosen) as places:
            made = run_batch(jobs, places, out, ending, resume, tell, CancelToken())
    except (KeyboardInterrupt, JobCancelled) as stop:
        raise EditorError(
            "Stopped; what was finished is in {folder}, and --resume goes on from there.", folder=str(out)
        ) from stop
    failed = sum(bool(row.problem) for row in made)
    fields = {
        "folder": str(out),
        "rows": str(out / ROWS),
        "jobs": len(jobs),
        "edited": len(made) - failed,
        "failed": failed,
        "before": len(jobs) - len(made),
    }
    line = f"{len(made) - failed} pictures edited, {failed} failed"
    if len(jobs) > len(made):
        line += f", {len(jobs) - len(made)} were done before"
    console.result(fields, f"{line}. The rows are in {out / ROWS}.")
    if failed:
        raise typer.Exit(1)


def _check(jobs: list[BatchJob]) -> None:
    """Before any work is done. Raises EditorError."""
    for job in jobs:
        engine(job.method)
        if not job.prompt:
            raise EditorError(
                "Nothing says what {name} should become: write --prompt, or a prompt in its line.",
                name=job.id,
            )


@contextmanager
def _places(workers: int | None, chosen: Settings) -> Iterator[list[Place]]:
    """A session for each worker: of a cluster, of child processes, or this process alone."""
    with ExitStack() as opened:
        if chosen.compute_address:
            cluster = opened.enter_context(Cluster(chosen.compute_address, kept_token()))
            names = [facts.name for facts in cluster.facts()][:workers]
            if not names:
                raise EditorError("No computer is there to do the work; start one with “palimpsest worker”.")
            yield [_of_cluster(cluster, name, chosen) for name in names]
        elif workers is not None and workers > 1:
            pool = opened.enter_context(ProcessPool(workers, chosen))
            yield [_of_pool(pool, number, chosen) for number in range(workers)]
        else:
            yield [Place(opened.enter_context(session_at("", chosen)), "here")]


def _of_cluster(cluster: Cluster, name: str, chosen: Settings) -> Place:
    """A worker of its own; another one only where that is gone."""

    def lines() -> Sequence[Line]:
        there = cluster.lines()
        return [line for line in there if line.name == name] or there

    return Place(RemoteSession(chosen, lines), name)


def _of_pool(pool: ProcessPool, number: int, chosen: Settings) -> Place:
    return Place(RemoteSession(chosen, lambda: pool.line(number)), f"process {number + 1}")
