"""Downloads that were begun and not ended, remembered beside what has arrived; nothing here opens the network.

So the window can say at its start what waits, without the libraries that would fetch it.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from editor_core.base import paths
from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import DownloadError, ModelError
from editor_core.models.weight_files import read_json

BEGUN = ".download.json"
"""Says in a folder what is arriving there."""


@dataclass(frozen=True)
class Wish:
    """What somebody asked for."""

    source: str
    full: bool = False
    sha256: str = ""


def unfinished() -> list[Wish]:
    """What was begun and not ended."""
    found = []
    for file in sorted(waiting().glob(f"*/{BEGUN}")):
        with suppress(ModelError):
            told = read_json(file)
            if isinstance(source := told.get("source"), str):
                found.append(Wish(source, bool(told.get("full")), str(told.get("sha256") or "")))
    return found


def abandon(wish: Wish) -> None:
    """Drop what has arrived of it."""
    for file in waiting().glob(f"*/{BEGUN}"):
        with suppress(ModelError):
            if read_json(file).get("source") == wish.source:
                rmtree(file.parent, ignore_errors=True)


def waiting() -> Path:
    """Where files lie until they are whole; scans pass over it."""
    return paths.models_folder() / ".arriving"


def begin(folder: Path, wish: Wish) -> None:
    """Before anything arrives."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / BEGUN).write_text(json.dumps(vars(wish)), encoding="utf-8")
    except OSError as error:
        raise not_written(folder, error) from error


def not_written(folder: Path, error: OSError) -> DownloadError:
    return DownloadError(
        "The model could not be written to {folder}: {reason}.", folder=str(folder), reason=reason_of(error)
    )
