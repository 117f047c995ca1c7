"""A model from the hub or an address into the program's own folder: planned, fetched, checked, put where it belongs.

Nothing else of the program opens the network. What was begun and not ended is remembered beside what has arrived, so
that it can be gone on with after the program was closed.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import rmtree

from editor_core.base import paths
from editor_core.library.begun import BEGUN, Wish, begin, not_written, waiting
from editor_core.library.client import client
from editor_core.library.entry import Kind
from editor_core.library.hashes import remember
from editor_core.library.hub import Plan, plan_of
from editor_core.library.inspect import inspect, kind_of_folder
from editor_core.library.transfer import arrived, check_room, fetch
from editor_core.models.progress import Cancel

_FOLDERS = {
    Kind.LORA: "loras",
    Kind.VAE: "vae",
    Kind.EMBEDDING: "embeddings",
    Kind.CONTROLNET: "controlnet",
    Kind.ADAPTER: "controlnet",
    Kind.SEGMENTER: "sams",
}
"""Below the program's own, as ComfyUI calls them; models lie there themselves."""

OnBytes = Callable[[int, int], None]
"""Called with (bytes that are there, bytes in all, 0 where nobody says)."""


def download(wish: Wish, on_bytes: OnBytes | None = None, cancel: Cancel | None = None) -> Path:
    """Fetch a model and return where it lies. Stopped, it goes on where it was when it is asked for again.

    Raises DownloadError and JobCancelled.
    """
    report = on_bytes or (lambda done, total: None)
    with client() as connection:
        plan = plan_of(connection, wish.source, wish.full, wish.sha256)
        if (there := _there(plan)) is not None:
            return there
        arriving = _arriving(plan)
        check_room(arriving, plan.bytes - sum(arrived(arriving / file.name) for file in plan.files))
        begin(arriving, wish)
        done = 0
        for file in plan.files:
            target, before = arriving / file.name, done
            fetch(connection, file, target, partial(_report_all, report, before, plan.bytes), cancel)
            done += target.stat().st_size
    settled = _settle(plan, arriving)
    for file in plan.files:
        if file.sha256:
            remember(settled / file.name if plan.is_folder else settled, file.sha256)
    return settled


def _report_all(report: OnBytes, before: int, total: int, have: int) -> None:
    report(before + have, total)


def _arriving(plan: Plan) -> Path:
    return waiting() / plan.name


def _there(plan: Plan) -> Path | None:
    """Where it lies already, if it does."""
    own = paths.models_folder()
    places = (own / plan.name, *(own / inside / plan.name for inside in dict.fromkeys(_FOLDERS.values())))
    return next((place for place in places if place.exists()), None)


def _settle(plan: Plan, arriving: Path) -> Path:
    """Move what is whole to where its kind lies."""
    own = paths.models_folder()
    try:
        if plan.is_folder:
            (arriving / BEGUN).unlink(missing_ok=True)
            target = _place(own, kind_of_folder(arriving) or Kind.OTHER, plan.name)
            arriving.replace(target)
            return target
        file = arriving / plan.name
        target = _place(own, inspect(file).kind, plan.name)
        file.replace(target)
        rmtree(arriving, ignore_errors=True)
        return target
    except OSError as error:
        raise not_written(own, error) from error


def _place(own: Path, kind: Kind, name: str) -> Path:
    folder = own / _FOLDERS.get(kind, "")
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
