"""Turns that lie in a project file already: a save copies them all at once, as the bytes they are.

They never change and are only added, so a save costs what is new. Only a file whose list, size and time of writing are
those known is copied from; whatever else is found, turns are written one by one (`turn_files.py`).
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import BinaryIO

from editor_core.base.errors import ProjectError
from editor_core.document.origin import KnownFile, Layout, Place
from editor_core.document.turns import Turn
from editor_core.project.archive import Archive, plain_name, stamp_of
from editor_core.project.file_copies import copy_bytes
from editor_core.project.openraster import MIMETYPE_ENTRY
from editor_core.project.safe_read import open_file
from editor_core.project.turn_files import folder_of
from editor_core.project.zip_reading import LOCAL, BadZip, Directory, Entry, entries_of, read_directory

log = logging.getLogger(__name__)


def known_file(path: Path, archive: Archive, turns: Sequence[Turn]) -> KnownFile:
    """What is to be known of an open project file, whose turns are these; ``path`` is where it is going to be."""
    find = partial(_laid_out, archive.after, archive.entries, archive.listed, tuple(turns))
    return KnownFile(path, archive.stamp, archive.listed, Layout if archive.shift else find)


def is_as_known(path: Path, known: KnownFile | None) -> bool:
    """Whether a file lists what it is known to; False also where that cannot be told."""
    if known is not None:
        with suppress(ProjectError, OSError, BadZip), open_file(path, ProjectError) as file:
            return read_directory(file).data == known.listed
    return False


def copy_known_turns(known: KnownFile | None, turns: Sequence[Turn], file: BinaryIO) -> Layout:
    """Begin the empty ``file`` with those first ``turns`` that lie in a file that is known; says what that makes.

    Raises OSError where nothing can be taken back.
    """
    layout = Layout() if known is None else known.layout.shared_with(turns)
    if known is None or not layout.turns:
        return Layout()
    try:
        with open_file(known.path, ProjectError) as old:
            if read_directory(old).data == known.listed:
                copy_bytes(old, file, layout.end)
                if stamp_of(old) == known.stamp:
                    return layout
    except (ProjectError, OSError, EOFError, BadZip) as problem:
        log.info("The turns in %s were not copied as they lie there: %s", known.path, problem)
    file.seek(0)
    file.truncate()
    return Layout()


def check_copied(archive: Archive) -> None:
    """Read the last of the copied turns; raises BadZip, zlib.error and OSError unless it is whole."""
    after = archive.after
    if after.turns:
        for entry in entries_of(Directory(after.listed, 0), after.places[-2].listed):
            archive.unpacked(entry)


def _laid_out(before: Layout, entries: Sequence[Entry], listed: bytes, turns: tuple[Turn, ...]) -> Layout:
    """``before`` gone on with, as far as the turns that come next are what comes next in the file."""
    runs = [(owner, list(run)) for owner, run in groupby(entries, _owner)]
    wanted = [folder_of(turn.id) for turn in turns[len(before.turns) :]]
    if not before.turns:
        wanted.insert(0, MIMETYPE_ENTRY)
    places, told = list(before.places), [before.told]
    for name, (owner, run), (_, (following, *_)) in zip(wanted, runs, runs[1:], strict=False):
        place = places[-1]
        if owner != name or not _is_in_order((*run, following)):
            break
        told += [f"{entry.told}\n" for entry in run]
        places.append(
            Place(
                following.offset,
                run[-1].listed,
                place.told + sum(len(entry.told) + 1 for entry in run),
                place.entries + len(run),
                place.unpacked + sum(entry.size for entry in run),
            )
        )
    taken = len(places) - len(before.places)
    if not before.turns:
        places = places[1:] or places
    kept = turns[: len(places) - 1]
    elsewhere = {owner for owner, _ in runs[taken:]}
    if any(folder_of(turn.id) in elsewhere for turn in kept):
        return Layout()  # a part of it would be left behind
    return Layout(kept, tuple(places), listed[: places[-1].listed], "".join(told))


def _owner(entry: Entry) -> str:
    """The folder of the turn that a file is of; its own name for one of none."""
    name = plain_name(entry.name)
    return "/".join(name.split("/")[:3]) if name.startswith("editor/turns/") else name


def _is_in_order(entries: Sequence[Entry]) -> bool:
    """Whether each ends before the next begins."""
    return all(
        entry.offset + LOCAL.size + len(entry.raw) + entry.packed <= following.offset
        for entry, following in pairwise(entries)
    )
