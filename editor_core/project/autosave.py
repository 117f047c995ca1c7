"""Recovery: copies of unsaved work in a folder of their own, offered again after a crash.

Each open document has one slot: ``<id>.palimpsest``, ``<id>.json`` (where it belongs), and ``<id>.lock``, which is
locked as long as the program that writes the slot is alive. A copy that was recovered stays where it is until the
recovered document has a copy of its own, and one that the artist looked away from is offered again.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import FileLock

from editor_core.base.errors import ProjectError
from editor_core.base.gate import decode_json, fitting
from editor_core.base.limits import MAX_TEXT
from editor_core.document.document import Document
from editor_core.document.identity import is_id, new_id
from editor_core.document.origin import Origin
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.turns import utc_now
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.project_file import load_project, write_project
from editor_core.project.safe_read import read_file
from editor_core.project.safe_write import remove_temporary_files, replacing, write_failure
from editor_core.project.schema import SlotRecord
from editor_core.project.turn_files import is_date
from editor_core.project.zip_writer import to_json


@dataclass(frozen=True)
class RecoverableFile:
    """Work that a crashed program left behind."""

    slot: str
    path: Path  # of the copy
    origin: Origin
    """The project file it was opened from, as that was then; its path is None for what was never saved."""
    saved: datetime
    """When the copy was written, in local time."""

    @property
    def belongs_to(self) -> Path | None:
        return self.origin.path

    def document(self) -> Document:
        """The work, counting as unsaved, and belonging where it belonged. Raises ProjectError."""
        document = load_project(self.path)
        document.origin = replace(self.origin, lost=document.origin.lost)
        document.mark_never_saved()
        return document


class Autosave:
    """The recovery slot of one open document."""

    def __init__(self, folder: Path) -> None:
        """Claim a slot in ``folder``, which is made if needed; raises ProjectError."""
        self.slot = new_id()
        self._folder = folder
        self._replaced: list[RecoverableFile] = []
        self._lock = FileLock(_part(folder, self.slot, ".lock"), timeout=5, mode=0o600, thread_local=False)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire()
        except OSError as problem:
            raise ProjectError.of(write_failure(folder, problem)) from problem

    def replaces(self, file: RecoverableFile) -> None:
        """Once there is a copy in this slot, ``file``, of which it is the continuation, is not needed any more."""
        self._replaced.append(file)

    def save(self, document: Document | DocumentSnapshot, belongs_to: Path | None) -> None:
        """Keep the document as it is now, in place of the copy before; raises ProjectError."""
        snapshot = document.snapshot()
        origin = snapshot.origin if belongs_to is not None else Origin()
        note = SlotRecord(
            None if belongs_to is None else str(belongs_to), utc_now(), origin.digest, sorted(origin.turn_ids)
        )
        with replacing(_part(self._folder, self.slot, ".json"), ProjectError, private=True) as file:
            file.write(to_json(msgspec.to_builtins(note)))
        write_project(snapshot, _part(self._folder, self.slot, PROJECT_SUFFIX), private=True)
        self._forget_replaced()

    def discard(self) -> None:
        """Drop the copy: the document was saved, or its changes were given up."""
        _remove(self._folder, self.slot, PROJECT_SUFFIX, ".json")
        self._forget_replaced()

    def close(self) -> None:
        """Drop the copy and the slot, as at a normal end."""
        self.discard()
        self._lock.release()
        _remove(self._folder, self.slot, ".lock")

    def _forget_replaced(self) -> None:
        while self._replaced:
            forget(self._replaced.pop())


def recoverable_files(folder: Path) -> list[RecoverableFile]:
    """What programs that are no longer running left in ``folder``, newest first; what is left of less is swept away."""
    found = []
    for slot in _abandoned_slots(folder):
        file = _described(folder, slot)
        if file is not None:
            found.append(file)
        else:
            _remove(folder, slot, ".json", ".lock")  # while it is locked: nobody can have claimed it
    remove_temporary_files(folder)
    return sorted(found, key=lambda file: file.saved, reverse=True)


def forget(file: RecoverableFile) -> None:
    """Remove work that was recovered or is not wanted."""
    _remove(file.path.parent, file.slot, PROJECT_SUFFIX, ".json", ".lock")


def _abandoned_slots(folder: Path) -> Iterator[str]:
    """The slots whose programs are gone, their locks lost with them or not."""
    slots = {path.stem for ending in (".lock", PROJECT_SUFFIX, ".json") for path in folder.glob(f"*{ending}")}
    for slot in sorted(filter(is_id, slots)):
        with suppress(OSError), FileLock(_part(folder, slot, ".lock"), timeout=0, mode=0o600):
            yield slot


def _described(folder: Path, slot: str) -> RecoverableFile | None:
    path = _part(folder, slot, PROJECT_SUFFIX)
    try:
        written = datetime.fromtimestamp(os.stat(path).st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None
    note = SlotRecord()
    with suppress(ProjectError, ValueError):
        values = decode_json(read_file(_part(folder, slot, ".json"), MAX_TEXT, ProjectError))
        note = fitting(SlotRecord, values if isinstance(values, dict) else {})[0]
    saved = datetime.fromisoformat(note.saved) if is_date(note.saved) else written
    belongs_to = Path(note.belongs_to) if note.belongs_to and "\0" not in note.belongs_to else None
    origin = Origin(belongs_to, note.digest, frozenset(note.turns))
    return RecoverableFile(slot, path, origin, saved.astimezone())


def _remove(folder: Path, slot: str, *endings: str) -> None:
    for ending in endings:
        with suppress(OSError):
            _part(folder, slot, ending).unlink(missing_ok=True)


def _part(folder: Path, slot: str, ending: str) -> Path:
    return folder / f"{slot}{ending}"
