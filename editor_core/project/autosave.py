"""Recovery: copies of unsaved work in a folder of their own, offered again after a crash.

Each open document has one slot: ``<id>.palimpsest``, ``<id>.json`` (where it belongs), ``<id>.<chain>-<n>.step`` (the
journal, ``journal.py``: what came after the copy, or after the project file as it was opened), and ``<id>.lock``, which
is locked as long as the program that writes the slot is alive. A copy that was recovered stays where it is until the
recovered document has a copy of its own, and one that the artist looked away from is offered again.
"""

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Lock

import msgspec
from filelock import FileLock

from editor_core.base.errors import ProjectError
from editor_core.base.gate import decode_json, fitting
from editor_core.base.limits import MAX_TEXT
from editor_core.document.document import Document
from editor_core.document.identity import is_id, new_id
from editor_core.document.layers import PixelLayer
from editor_core.document.origin import KnownFile, Origin
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import tile_rect
from editor_core.document.turns import utc_now
from editor_core.project import journal
from editor_core.project.archive import Archive
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.journal import Chain, Moment, read_step
from editor_core.project.kept_copies import copies_of
from editor_core.project.layer_json import layers_to_json
from editor_core.project.project_file import load_project, write_project
from editor_core.project.project_reader import table_of_contents
from editor_core.project.safe_read import is_out_of_reach, read_failure, read_file
from editor_core.project.safe_write import backup_of, remove_temporary_files, replacing, write_failure
from editor_core.project.schema import SlotRecord
from editor_core.project.turn_files import is_date
from editor_core.project.zip_writer import to_json

_CHAIN = "recovery_chain"  # where a copy names the journal that follows it, among the settings of a file

_WAIT_SECONDS = 30 * 86_400.0
"""How long the journal of a project that is not there is kept."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecoverableFile:
    """Work that a crashed program left behind."""

    folder: Path
    slot: str
    path: Path | None
    """Of the copy, or the project file itself where the journal begins at that; None where it begins with nothing."""
    steps: tuple[Path, ...]
    """Of the journal that follows."""
    origin: Origin
    """The project file it was opened from, as that was then; its path is None for what was never saved."""
    saved: datetime
    """When the last of it was written, in local time."""

    @property
    def belongs_to(self) -> Path | None:
        return self.origin.path

    def document(self) -> Document:
        """The work, counting as unsaved, and belonging where it belonged.

        Raises ProjectError, also where some of it is only out of reach: then it is to be left where it is.
        """
        document = None if self.path is None else load_project(self.path)
        steps = list(self.steps)
        if document is None:
            snapshot = read_step(steps.pop(0), journal.NOTHING)
            lost = Origin().lost
        else:
            document.settings.pop(_CHAIN, None)
            snapshot, lost = document.snapshot(), document.origin.lost
        try:
            for path in steps:
                snapshot = read_step(path, snapshot)
        except ProjectError as problem:
            if is_out_of_reach(problem):
                raise
            log.info("The journal ends early: %s", problem)  # what came before it is whole
        if document is None or steps:
            document = Document.from_snapshot(snapshot)
        document.origin = replace(self.origin, lost=lost)
        document.mark_never_saved()
        return document


@dataclass(frozen=True, eq=False)
class Copy:
    """A copy that was begun, and the journal that follows it."""

    snapshot: DocumentSnapshot
    chain: Chain


class Autosave:
    """The recovery slot of one open document.

    ``write`` and ``add`` may each be called from a thread of its own, everything else from that of the document.
    """

    def __init__(self, folder: Path) -> None:
        """Claim a slot in ``folder``, which is made if needed; raises ProjectError."""
        self.slot = new_id()
        self._folder = folder
        self._replaced: list[RecoverableFile] = []
        self._chain: Chain | None = None
        self._coming: Chain | None = None
        """That of a copy which is being written: until it is there, both are needed."""
        self._adding = Lock()
        self._copied: KnownFile | None = None
        self._moments = count()
        self._note: SlotRecord | None = None  # to be written before the first step
        self._lock = FileLock(_part(folder, self.slot, ".lock"), timeout=5, mode=0o600, thread_local=False)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire()
        except OSError as problem:
            raise ProjectError.of(write_failure(folder, problem)) from problem

    def replaces(self, file: RecoverableFile) -> None:
        """Once there is a copy in this slot, ``file``, of which it is the continuation, is not needed any more."""
        self._replaced.append(file)

    @property
    def can_add(self) -> bool:
        """Whether there is something that steps can follow."""
        return self._chain is not None or self._coming is not None

    @property
    def journal_size(self) -> tuple[int, int]:
        """How many steps follow the copy, and their bytes."""
        chain = self._chain
        return (0, 0) if chain is None else (chain.steps, chain.nbytes)

    def moment(self, document: Document | DocumentSnapshot) -> Moment:
        """The document now. To be asked for on the thread that changes it, as ``begin`` is."""
        return Moment(next(self._moments), document.snapshot())

    def follow(self, document: Document | DocumentSnapshot) -> None:
        """The document is as its project file is: from now on steps follow that, and no copy is needed."""
        with self._adding:
            self._remove_contents()
            self._chain = Chain(self._folder, self.slot, self.moment(document))
            self._note = _note_of(document.origin, document.origin.path, chain=self._chain.id)
        self._forget_replaced()

    def start(self, belongs_to: Path | None, origin: Origin, *, clean: bool = False) -> None:
        """A journal from nothing: its first step, which is to be added at once, holds the whole document.

        ``clean``: that holds nothing that is not saved, so it is only kept for what will follow.
        """
        with self._adding:
            self._remove_contents()
            self._chain = Chain(self._folder, self.slot, Moment(next(self._moments), journal.NOTHING))
            self._note = _note_of(origin, belongs_to, chain=self._chain.id, whole=True, clean=clean)

    def add(self, moment: Moment) -> None:
        """Append what has changed to the journal; on the disk when this returns. Raises ProjectError."""
        with self._adding:
            if self._note is not None:
                self._write_note(self._note)
                self._note = None
            for chain in (self._chain, self._coming):
                if chain is not None:
                    chain.add(moment)
        self._forget_replaced()

    def begin(self, document: Document | DocumentSnapshot) -> Copy:
        """A copy of the document as it is now: steps from now on follow it, too, and ``write`` is to be called."""
        moment = self.moment(document)
        self._coming = Chain(self._folder, self.slot, moment)
        return Copy(moment.snapshot, self._coming)

    def write(self, copy: Copy, belongs_to: Path | None) -> None:
        """Put a copy that was begun in the place of copy and journal before; raises ProjectError."""
        before = self._chain
        snapshot = copy.snapshot
        note = _note_of(snapshot.origin, belongs_to)
        try:
            with self._adding:
                if before is None:
                    self._write_note(note)
            settings = {**snapshot.settings, _CHAIN: copy.chain.id}
            kept = replace(snapshot, settings=settings)
            path = _part(self._folder, self.slot, PROJECT_SUFFIX)
            _, self._copied = write_project(kept, path, known=self._copied, private=True)
        except ProjectError:
            with self._adding:
                self._coming = None
                _remove_steps(self._folder, self.slot, copy.chain.id)
            raise
        with self._adding:
            self._chain, self._coming, self._note = copy.chain, None, None
            if before is not None:
                _remove_steps(self._folder, self.slot, before.id)
                self._write_note(note)  # the one before may tell of an earlier save
        self._forget_replaced()

    def save(self, document: Document | DocumentSnapshot, belongs_to: Path | None) -> None:
        """Keep the document as it is now, in place of what was kept before; raises ProjectError."""
        self.write(self.begin(document), belongs_to)

    def clear(self) -> None:
        """Drop copy and journal: another document comes in the place of theirs."""
        with self._adding:
            self._remove_contents()

    def discard(self) -> None:
        """Drop copy and journal, and what they were to replace: all was saved, or given up."""
        self.clear()
        self._forget_replaced()

    def close(self) -> None:
        """Drop the copy and the slot, as at a normal end."""
        self.discard()
        self._lock.release()
        _remove(self._folder, self.slot, ".lock")

    def _remove_contents(self) -> None:
        self._chain = self._coming = self._note = None
        _remove(self._folder, self.slot, PROJECT_SUFFIX, ".json")
        _remove_steps(self._folder, self.slot)

    def _write_note(self, note: SlotRecord) -> None:
        with replacing(_part(self._folder, self.slot, ".json"), ProjectError, private=True) as file:
            file.write(to_json(msgspec.to_builtins(note)))

    def _forget_replaced(self) -> None:
        while self._replaced:
            forget(self._replaced.pop())


def _note_of(origin: Origin, belongs_to: Path | None, **journal_: str | bool) -> SlotRecord:
    where = None if belongs_to is None else str(belongs_to)
    known = origin if belongs_to is not None else Origin()
    return SlotRecord(where, utc_now(), known.digest, sorted(known.turn_ids), **journal_)  # type: ignore[arg-type]


def recoverable_files(folder: Path) -> list[RecoverableFile]:
    """What programs that are no longer running left in ``folder``, newest first; what is left of less is swept away.

    What cannot be read now, as a share is away or a disk fails, stays where it is for another time. Raises
    ProjectError where the folder itself cannot be read.
    """
    found = []
    for slot in _abandoned_slots(folder):
        try:
            file = _described(folder, slot)
        except (OSError, ProjectError) as problem:
            log.info("What is left in slot %s cannot be told now: %s", slot, problem)
            continue
        if file is not None:
            found.append(file)
        else:
            _remove_slot(folder, slot)  # while it is locked: nobody can have claimed it
    with suppress(OSError):
        remove_temporary_files(folder)
    return sorted(found, key=lambda file: file.saved, reverse=True)


def forget(file: RecoverableFile) -> None:
    """Remove work that was recovered or is not wanted."""
    _remove_slot(file.folder, file.slot)


def _abandoned_slots(folder: Path) -> Iterator[str]:
    """The slots whose programs are gone, their locks lost with them or not."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise ProjectError.of(read_failure(folder, problem)) from problem
    endings = (".lock", PROJECT_SUFFIX, ".json", journal.SUFFIX)
    slots = {name.split(".")[0] for name in names if name.endswith(endings)}
    for slot in sorted(filter(is_id, slots)):
        with suppress(OSError), FileLock(_part(folder, slot, ".lock"), timeout=0, mode=0o600):
            yield slot


def _described(folder: Path, slot: str) -> RecoverableFile | None:
    """What can be recovered of a slot, if anything; the copy goes before the project file that it was made of.

    Raises OSError or ProjectError where that cannot be told now.
    """
    told = _note(folder, slot)
    note = told or SlotRecord()
    belongs_to = Path(note.belongs_to) if note.belongs_to and "\0" not in note.belongs_to else None
    origin = Origin(belongs_to, note.digest, frozenset(note.turns))
    copy = _part(folder, slot, PROJECT_SUFFIX)
    if copy.exists():
        return _file(folder, slot, copy, journal.steps_of(folder, slot, _chain_of(copy)), origin, note)
    steps = journal.steps_of(folder, slot, note.chain) if is_id(note.chain) else []
    if told is not None and len(steps) < (2 if note.whole and note.clean else 1):
        return None
    if note.whole:
        return _file(folder, slot, None, steps, origin, note)
    base = _base(origin)
    if base is None:
        _wait(folder, slot)
        return None
    file = _file(folder, slot, base, steps, origin, note)
    return None if base != belongs_to and _is_saved(file) else file


def _base(origin: Origin) -> Path | None:
    """The project file that a journal begins at, or where it has been saved since a copy of what it was then."""
    if origin.path is None:
        return None
    candidates = (origin.path, backup_of(origin.path), *copies_of(origin.path))
    return next((path for path in candidates if _digest_of(path) == origin.digest), None)


def _is_saved(file: RecoverableFile) -> bool:
    """Whether all of it is in the project file: a crash came between saving and beginning a new journal."""
    assert file.belongs_to is not None
    try:
        saved = load_project(file.belongs_to).snapshot()
    except ProjectError:
        return False
    work = file.document().snapshot()
    known = {turn.id for turn in saved.turns}
    return known.issuperset(turn.id for turn in work.turns) and _drawn(work) == _drawn(saved)


def _drawn(snapshot: DocumentSnapshot) -> tuple[object, ...]:
    """What compares with ==: all layers of a document, their pixels as digests."""
    layers = [layer for layer in snapshot.layers.walk_whole() if isinstance(layer, PixelLayer)]
    tree, _ = layers_to_json(snapshot.layers.whole, {layer.id: layer.id for layer in layers})
    pixels = hashlib.sha256()
    for tiles in (layer.tiles for layer in layers):
        for key in sorted(tiles):
            pixels.update(repr(key).encode())
            pixels.update(tiles.read(tile_rect(key)).data)
    return tree, pixels.hexdigest()


def _wait(folder: Path, slot: str) -> None:
    """For what a journal begins at: raises ProjectError, unless nobody has brought it back for very long."""
    left = [folder / name for name in os.listdir(folder) if name.startswith(f"{slot}.")]
    newest = max((path.stat().st_mtime for path in left if path.suffix == journal.SUFFIX), default=0.0)
    if time.time() - newest < _WAIT_SECONDS:
        raise ProjectError("What the journal begins at is not there.")


def _file(
    folder: Path, slot: str, path: Path | None, steps: list[Path], origin: Origin, note: SlotRecord
) -> RecoverableFile:
    written = datetime.now(UTC)
    times = [os.stat(each).st_mtime for each in (path, *steps) if each is not None]
    with suppress(OverflowError, ValueError, OSError):  # a clock that was wrong
        written = datetime.fromtimestamp(max(times), UTC)
    told = is_date(note.saved) and not steps
    saved = datetime.fromisoformat(note.saved) if told else written
    return RecoverableFile(folder, slot, path, tuple(steps), origin, saved.astimezone())


def _note(folder: Path, slot: str) -> SlotRecord | None:
    """What is noted of a slot, nothing where there is no note; None where it is damaged. Raises ProjectError."""
    path = _part(folder, slot, ".json")
    if not path.exists():
        return SlotRecord()
    try:
        values = decode_json(read_file(path, MAX_TEXT, ProjectError))
    except ValueError:
        return None
    return fitting(SlotRecord, values)[0] if isinstance(values, dict) else None


def _chain_of(copy: Path) -> str:
    """Which journal follows a copy; empty where the copy is damaged. Raises ProjectError where that is out of reach."""
    try:
        with Archive(copy, lasting=False) as archive:
            settings = table_of_contents(archive).get("settings")
    except ProjectError as problem:
        if is_out_of_reach(problem):
            raise
        return ""
    chain = settings.get(_CHAIN) if isinstance(settings, dict) else None
    return chain if isinstance(chain, str) and is_id(chain) else ""


def _digest_of(path: Path) -> str | None:
    with suppress(ProjectError), Archive(path, lasting=False) as archive:
        return archive.digest
    return None


def _remove_slot(folder: Path, slot: str) -> None:
    _remove(folder, slot, PROJECT_SUFFIX, ".json")
    _remove_steps(folder, slot)
    _remove(folder, slot, ".lock")


def _remove_steps(folder: Path, slot: str, chain: str = "") -> None:
    """The newest first: what is left of them by a crash still begins where it should."""
    with suppress(OSError):
        paths = sorted(folder.glob(f"{slot}.{chain}*{journal.SUFFIX}"), reverse=True)
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _remove(folder: Path, slot: str, *endings: str) -> None:
    for ending in endings:
        with suppress(OSError):
            _part(folder, slot, ending).unlink(missing_ok=True)


def _part(folder: Path, slot: str, ending: str) -> Path:
    return folder / f"{slot}{ending}"
