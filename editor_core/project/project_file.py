"""The project file: an OpenRaster zip with our own part under ``editor/``.

``editor/project.json`` holds the tree of all layers, the order of the turns, which one is current, and settings;
``editor/turns/<id>/`` holds ``turn.json``, ``image.png``, and where there are any ``mask.png`` and
``latents.safetensors``; ``editor/layers/<id>.png`` holds layers that OpenRaster does not know, and
``editor/layers/<id>-<n>.png`` parts of layers that are too large for one picture; ``editor/picture/`` what the file of
an opened picture said beside its pixels.
A file without ``editor/`` opens as plain layers.
"""

import logging
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from editor_core import __version__
from editor_core.base.errors import ProjectError
from editor_core.base.message import Message
from editor_core.document.document import Document
from editor_core.document.origin import KnownFile, Layout, Origin
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.turns import Turn, utc_now
from editor_core.project.archive import Archive, max_layer_bytes
from editor_core.project.capacity import check_capacity, layer_bytes
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.foreign_saves import is_rewritten, put_together
from editor_core.project.kept_copies import keep_copy
from editor_core.project.kept_turns import check_copied, copy_known_turns, is_as_known, known_file
from editor_core.project.layer_json import layers_to_json
from editor_core.project.layer_parts import parts_of
from editor_core.project.migrations import FORMAT
from editor_core.project.note_files import write_notes
from editor_core.project.openraster import write_mimetype, write_openraster
from editor_core.project.png import ENCODED
from editor_core.project.project_reader import PROJECT, read_project, read_structure, table_of_contents
from editor_core.project.safe_read import is_out_of_reach
from editor_core.project.safe_write import locked, replacing
from editor_core.project.turn_files import write_turn
from editor_core.project.zip_writer import ZipWriter, to_json

log = logging.getLogger(__name__)


class ProjectChangedError(ProjectError):
    """Another program has saved the project since it was opened; saving now would lose its work."""


class DamagedOriginalError(ProjectError):
    """The project was opened without its damaged parts; saving over it would lose what may still be saved of them."""


def save_project(
    document: Document | DocumentSnapshot,
    path: Path,
    *,
    keep_backup: bool = True,
    over_damaged: bool = False,
    protected_too: bool = False,
) -> None:
    """Write everything but the undo stack to ``path``; the previous file stays as ``<name>.bak``.

    The new file has been opened again, as far as its structure goes, before it takes the old one's place.
    Raises ProjectError with a sentence, the old file then as it was: ProjectChangedError where another program has
    saved since this document was read from there; DamagedOriginalError where parts of it could not be read, unless
    ``over_damaged``; for a write-protected file, unless ``protected_too``.
    A snapshot may be saved from any thread.
    """
    path = Path(path)
    snapshot = document.snapshot()
    origin = snapshot.origin
    returns = origin.path is not None and _is_same(origin.path, path)
    if not over_damaged:
        refuse_damaged_original(snapshot, path)
    with locked(path, ProjectError):
        known = origin.known if returns else None
        if returns and not is_as_known(path, known) and _digest(path) not in (None, origin.digest):
            raise ProjectChangedError(
                "“{file}” was changed by another program since it was opened.", file=path.name
            )
        digest, known = write_project(
            snapshot, path, known=known, keep_backup=keep_backup, protected_too=protected_too
        )
        origin.path, origin.digest, origin.known, origin.lost = path, digest, known, ()
        origin.told = ()
        origin.turn_ids = frozenset(turn.id for turn in snapshot.turns)
        if snapshot.turns:
            keep_copy(path, snapshot.picture_layer_id)


def refuse_damaged_original(document: Document | DocumentSnapshot, path: Path) -> None:
    """Raise DamagedOriginalError if saving to ``path`` would replace a file of which parts could not be read.

    To be asked before long work whose result is to be saved there.
    """
    origin = document.origin
    if origin.lost and origin.path is not None and _is_same(origin.path, path):
        raise DamagedOriginalError(
            "“{file}” could not be read completely. Save under another name to keep the original.",
            file=path.name,
        )


def write_project(
    snapshot: DocumentSnapshot,
    path: Path,
    *,
    known: KnownFile | None = None,
    keep_backup: bool = False,
    private: bool = False,
    protected_too: bool = False,
) -> tuple[str, KnownFile]:
    """Write a project file, whatever is there; returns its digest, and what is known of it.

    Turns that lie in a file that is ``known`` are copied as they lie there.
    Raises ProjectError, the old file then as it was.
    """
    copied, made = Layout(), []

    def check(temporary: Path) -> None:
        made.append(_verified(snapshot, temporary, path, copied))

    check_capacity(snapshot, path)
    with replacing(
        path, ProjectError, keep_backup=keep_backup, private=private, protected_too=protected_too, check=check
    ) as file:
        copied = copy_known_turns(known, snapshot.turns, file)
        with ZipWriter(file, copied.listed, copied.entries) as writer:
            _write(writer, snapshot, copied)
    return made[0]


def load_project(path: Path) -> Document:
    """The document in a .palimpsest or .ora file, as far as it is whole; raises ProjectError with a sentence.

    What could not be read is told in the document's ``origin.lost``. A project that another program has saved comes
    with the turns of its last save that can be found, and counts as unsaved; that is in ``origin.told``.
    """
    path = Path(path)
    archive = Archive(path)
    told: tuple[Message, ...] = ()
    try:
        snapshot, lost = read_project(archive)
        if is_rewritten(archive):
            snapshot, told = put_together(archive, snapshot)
        document = Document.from_snapshot(snapshot)
    except BaseException:
        archive.close()
        raise
    if archive.path.suffix.lower() != PROJECT_SUFFIX:  # saving makes a project of it
        document.origin = Origin(lost=lost)
        return document
    turn_ids = frozenset(turn.id for turn in snapshot.turns)
    known = None if lost else known_file(path, archive, snapshot.turns)
    document.origin = Origin(path, archive.digest, turn_ids, lost, known, told)
    if told:
        document.mark_never_saved()
    return document


def cache_spaces(path: Path) -> frozenset[str]:
    """The cache spaces that a project's turns use; empty for a file without turns. Raises ProjectError."""
    with Archive(Path(path), lasting=False) as archive:
        if PROJECT not in archive:
            return frozenset()
        spaces = table_of_contents(archive).get("cache_spaces", [])
        return (
            frozenset(name for name in spaces if isinstance(name, str))
            if isinstance(spaces, list)
            else frozenset()
        )


def _write(writer: ZipWriter, snapshot: DocumentSnapshot, copied: Layout) -> None:
    """Turns first, so that the next save can copy them; those that are ``copied`` are there."""
    if not copied.turns:
        write_mimetype(writer)
    for turn in snapshot.turns[len(copied.turns) :]:
        write_turn(writer, turn)
    written = write_openraster(writer, snapshot)
    layers, private = layers_to_json(snapshot.layers.whole, written.sources)
    project = {
        **snapshot.extras,
        "format": FORMAT,
        "application": f"Palimpsest {__version__}",
        "saved": utc_now(),
        "width": snapshot.width,
        "height": snapshot.height,
        "picture_layer": snapshot.picture_layer_id,
        "current_turn": snapshot.current_id,
        "turns": [turn.id for turn in snapshot.turns],
        "cache_spaces": sorted({space for turn in snapshot.turns for space in _spaces(turn)} - {""}),
        "layers": layers,
        "openraster": written.stack,
        "dpi": snapshot.notes.dpi,
        "settings": dict(snapshot.settings),
    }
    writer.deflated(PROJECT, to_json(project))
    write_notes(writer, snapshot.notes)
    for layer in private:
        for name, tiles in parts_of(layer):
            writer.stored(name, ENCODED.tiles(tiles))


def _spaces(turn: Turn) -> Iterator[str]:
    """Where the turn's activations lie, and those of the turns inside its window."""
    yield turn.cache_space
    yield from turn.record.cache_spaces


def _verified(
    snapshot: DocumentSnapshot, temporary: Path, path: Path, copied: Layout
) -> tuple[str, KnownFile]:
    """The digest of a file that was just written, and what is known of it, once it is clear that it can be opened.

    Of what was ``copied`` the list and the last turn are looked at. Raises ProjectError.
    """
    with Archive(temporary, lasting=False, after=copied) as archive:
        try:
            again, lost = read_structure(archive, copied.turns)
            check_copied(archive)
        except ProjectError as problem:
            again, lost = None, (problem.message,)
        except (OSError, ValueError, zlib.error) as problem:
            log.info("What was copied to %s: %s", path, problem)
            again, lost = None, ()
        if lost:
            log.info("What was written to %s: %s", path, " ".join(map(str, lost)))
        if again is None or _counts(again) != _counts(snapshot):
            raise ProjectError("“{file}” was not saved: it could not be opened again.", file=path.name)
        if layer_bytes(snapshot) > max_layer_bytes(archive.size):
            raise ProjectError(
                "“{file}” was not saved: its layers are too large to be opened again. Merge some of them.",
                file=path.name,
            )
        return archive.digest, known_file(path, archive, snapshot.turns)


def _counts(snapshot: DocumentSnapshot) -> tuple[int, int]:
    return len(snapshot.turns), len(list(snapshot.layers.walk_whole()))


def _digest(path: Path) -> str | None:
    """What a file holds now; None where there is no project any more that could be lost.

    Raises ProjectError where that cannot be told, as the file is out of reach.
    """
    try:
        with Archive(path, lasting=False) as archive:
            return archive.digest
    except ProjectError as problem:
        if is_out_of_reach(problem):
            raise
        return None


def has_changed(path: Path, origin: Origin) -> str:
    """What a project file holds now, if that is not what was read from it or saved to it last; else empty.

    What is no project, such as a file that another program is about to write, counts as unchanged.
    """
    if origin.path is None or not _is_same(origin.path, path):
        return ""
    found = None
    with suppress(ProjectError):
        found = _digest(path)
    return "" if found is None or found == origin.digest else found


def _is_same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
