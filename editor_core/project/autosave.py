"""Recovery: copies of unsaved work in a folder of their own, offered again after a crash.

Each open document has one slot: ``<id>.palimpsest``, ``<id>.json`` (where it belongs), and ``<id>.lock``, which is
locked as long as the program that writes the slot is alive.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from editor_core.base.errors import ProjectError
from editor_core.document.document import Document
from editor_core.document.identity import is_id, new_id
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.turns import utc_now
from editor_core.project.project_file import SUFFIX, save_project
from editor_core.project.safe_write import replacing, write_failure

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True)
class RecoverableFile:
    """Work that a crashed program left behind."""

    slot: str
    path: Path  # of the copy
    belongs_to: Path | None  # the project file it was opened from, None: never saved
    saved: str  # ISO 8601, UTC


class Autosave:
    """The recovery slot of one open document."""

    def __init__(self, folder: Path) -> None:
        """Claim a slot in ``folder``, which is made if needed; raises ProjectError."""
        self.slot = new_id()
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock_file = _part(folder, self.slot, ".lock").open("wb")
            _lock(self._lock_file)
        except OSError as problem:
            raise ProjectError(write_failure(folder, problem)) from problem

    def save(self, document: Document | DocumentSnapshot, belongs_to: Path | None) -> None:
        """Keep the document as it is now, in place of the copy before; raises ProjectError."""
        save_project(document, _part(self._folder, self.slot, SUFFIX), keep_backup=False)
        note = {"belongs_to": None if belongs_to is None else str(belongs_to), "saved": utc_now()}
        with replacing(_part(self._folder, self.slot, ".json"), ProjectError) as file:
            file.write(json.dumps(note).encode())

    def discard(self) -> None:
        """Drop the copy: the document was saved, or its changes were given up."""
        for ending in (SUFFIX, ".json"):
            _part(self._folder, self.slot, ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Drop the copy and the slot, as at a normal end."""
        self.discard()
        self._lock_file.close()
        _part(self._folder, self.slot, ".lock").unlink(missing_ok=True)


def recoverable_files(folder: Path) -> list[RecoverableFile]:
    """What programs that are no longer running left in ``folder``, newest first."""
    found = [_described(folder, slot) for slot in _abandoned_slots(folder)]
    return sorted((file for file in found if file is not None), key=lambda file: file.saved, reverse=True)


def forget(file: RecoverableFile) -> None:
    """Remove work that was recovered or is not wanted."""
    for ending in (SUFFIX, ".json", ".lock"):
        _part(file.path.parent, file.slot, ending).unlink(missing_ok=True)


def _abandoned_slots(folder: Path) -> Iterator[str]:
    for path in folder.glob("*.lock"):
        if is_id(path.stem) and _is_abandoned(path):
            yield path.stem


def _is_abandoned(lock: Path) -> bool:
    with suppress(OSError), lock.open("r+b") as file:
        _lock(file)  # fails while its owner lives
        return True
    return False


def _described(folder: Path, slot: str) -> RecoverableFile | None:
    path = _part(folder, slot, SUFFIX)
    if not path.exists():
        return None
    note: dict[str, object] = {}
    with suppress(OSError, ValueError, TypeError):
        note = dict(json.loads(_part(folder, slot, ".json").read_bytes()))
    belongs_to, saved = note.get("belongs_to"), note.get("saved")
    return RecoverableFile(
        slot,
        path,
        Path(belongs_to) if isinstance(belongs_to, str) else None,
        saved if isinstance(saved, str) else "",
    )


def _part(folder: Path, slot: str, ending: str) -> Path:
    return folder / f"{slot}{ending}"
