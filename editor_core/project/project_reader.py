"""Reading projects as far as they are whole.

A damaged turn costs no other turn, a damaged layer no other layer, a damaged table of contents only what nothing else
in the file tells. What cannot be read is told; a file of which nothing can be read is refused in a sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from editor_core.base.errors import ProjectError
from editor_core.base.gate import fitting
from editor_core.base.limits import MAX_TURNS
from editor_core.base.message import Message
from editor_core.document.identity import is_id, new_id
from editor_core.document.layers import LayerStack, RasterLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn, utc_now
from editor_core.project.archive import Archive, TooLargeError
from editor_core.project.layer_json import LayerReader
from editor_core.project.migrations import NewerFormat, migrated
from editor_core.project.note_files import read_notes
from editor_core.project.openraster import read_openraster
from editor_core.project.png import PictureDataError, check_size
from editor_core.project.schema import ProjectRecord
from editor_core.project.turn_files import TurnReader, is_date, standing_alone

PROJECT = "editor/project.json"

_KNOWN = frozenset(
    ("format", "application", "saved", "width", "height", "picture_layer", "current_turn", "turns")
    + ("cache_spaces", "layers", "openraster", "dpi", "settings")
)

Read = tuple[DocumentSnapshot, tuple[Message, ...]]


def read_project(archive: Archive) -> Read:
    """What a project or OpenRaster file holds, and a sentence for each part that cannot be read.

    Raises ProjectError where nothing can be.
    """
    if PROJECT in archive:
        try:
            table = table_of_contents(archive)
        except _DamagedTableError:
            return _unless_empty(archive, _without_table(archive))
        return _unless_empty(archive, _with_table(archive, table, whole=True))
    if "stack.xml" in archive:
        return _unless_empty(archive, read_openraster(archive))
    raise ProjectError("“{file}” is not a Palimpsest or OpenRaster file.", file=archive.path.name)


def _unless_empty(archive: Archive, found: Read) -> Read:
    snapshot, lost = found
    if lost and not snapshot.turns and not len(snapshot.layers):
        raise archive.damaged(Message("nothing of its picture can be read"))
    return found


def read_structure(archive: Archive, known: Sequence[Turn] = ()) -> Read:
    """The same without pixels: whether all that a project consists of is there and would be believed.

    Turns that are ``known`` to be in the file are not looked at.
    """
    return _with_table(archive, table_of_contents(archive), whole=False, known=known)


def table_of_contents(archive: Archive) -> dict[str, Any]:
    """``project.json`` in the present format; raises ProjectError."""
    try:
        return migrated(archive.read_json(PROJECT))
    except NewerFormat as problem:
        raise ProjectError(
            "“{file}” was saved by a newer version of Palimpsest.", file=archive.path.name
        ) from problem
    except (ValueError, ProjectError) as problem:
        raise _DamagedTableError(
            "“{file}” is damaged: its table of contents cannot be read.", file=archive.path.name
        ) from problem


class _DamagedTableError(ProjectError):
    """Its layers may still be read as OpenRaster, and its turns one by one."""


def _with_table(archive: Archive, table: dict[str, Any], *, whole: bool, known: Sequence[Turn] = ()) -> Read:
    record, wrong = fitting(ProjectRecord, table)
    lost = [
        Message("Some project settings cannot be read: {names}.", names=name.replace("_", " "))
        for name in wrong
    ]
    saved = table["saved"] if is_date(table.get("saved")) else utc_now()
    named = _ids_in(archive) if record.turns is None else record.turns
    turns, lost_turns = _turns(archive, named, saved, whole, known)
    lost += lost_turns
    current = _current(record.current_turn, turns, lost)
    layers = LayerReader(archive, pixels=whole)
    snapshot = _snapshot(archive, record, turns, current, layers)
    extras = {name: value for name, value in table.items() if name not in _KNOWN}
    notes = read_notes(archive, record.dpi)
    snapshot = replace(snapshot, settings=record.settings, extras=extras, notes=notes)
    return snapshot, (*lost, *layers.lost)


def _snapshot(
    archive: Archive,
    record: ProjectRecord,
    turns: tuple[Turn, ...],
    current: str | None,
    reader: LayerReader,
) -> DocumentSnapshot:
    """Layers and size as far as they are told: here, in the OpenRaster part, by the shown turn.

    Raises ProjectError where nothing of the picture can be read.
    """
    shown = next((turn for turn in turns if turn.id == current), None)
    width, height, stack = record.width, record.height, LayerStack()
    if record.layers is not None:
        stack = reader.read(record.layers)
    if record.layers is None or ((width is None or height is None) and shown is None):
        try:
            plain, lost = read_openraster(archive)
        except TooLargeError:
            raise
        except ProjectError:
            if shown is None:
                raise
            reader.lost.append(Message("The layers cannot be read."))
        else:
            width, height = width or plain.width, height or plain.height
            if record.layers is None:
                reader.lost += lost
                stack = plain.layers
    if shown is not None:
        width, height = width or shown.width, height or shown.height
    assert width is not None and height is not None
    _check_size(archive, width, height)
    picture_id = record.picture_layer or new_id()
    if reader.lost and shown is not None and picture_id not in stack and reader.pixels:
        picture = RasterLayer(id=picture_id, name="Picture", tiles=Tiles.from_rgb(shown.image))
        stack = stack.with_layer(picture, 0)
    return DocumentSnapshot(
        width=width, height=height, layers=stack, picture_layer_id=picture_id, turns=turns, current_id=current
    )


def _check_size(archive: Archive, width: int, height: int) -> None:
    try:
        check_size(width, height)
    except PictureDataError as problem:
        raise ProjectError(
            "“{file}” was not opened: {reason}.", file=archive.path.name, reason=problem.reason
        ) from problem


def _without_table(archive: Archive) -> Read:
    turns, lost = _turns(archive, _ids_in(archive), utc_now(), True)
    current = turns[-1].id if turns else None
    reader = LayerReader(archive)
    snapshot = _snapshot(archive, ProjectRecord(), turns, current, reader)
    told = Message("The table of contents cannot be read, so the layers were read as OpenRaster.")
    return snapshot, (told, *lost, *reader.lost)


def _ids_in(archive: Archive) -> list[str]:
    """The turns whose parts lie in the file, whatever its table of contents says."""
    parts = (name.split("/") for name in archive.names)
    return list(
        dict.fromkeys(part[2] for part in parts if part[:2] == ["editor", "turns"] and len(part) == 4)
    )


def _turns(
    archive: Archive, named: list[Any], saved: str, whole: bool, known: Sequence[Turn] = ()
) -> tuple[tuple[Turn, ...], list[Message]]:
    """The turns that can be read, parents before children; one whose parent cannot be stands alone."""
    if len(named) > MAX_TURNS:
        raise TooLargeError("“{file}” has more turns than this program can open.", file=archive.path.name)
    reader = TurnReader(archive, saved, checked=whole)
    there = {turn.id: turn for turn in known}
    found: dict[str, Turn] = {}
    for number, turn_id in enumerate(named, 1):
        if not is_id(turn_id) or turn_id in found:
            reader.lost.append(Message("Turn {number} cannot be read.", number=number))
        elif (turn := there.get(turn_id) or reader.read(turn_id, number)) is not None:
            found[turn_id] = turn
    return tuple(_in_order(found, reader)), reader.lost


def _in_order(found: dict[str, Turn], reader: TurnReader) -> Iterator[Turn]:
    """Each turn after its parent; where that is gone, or a circle is closed, as one that stands alone."""
    done: set[str] = set()
    for turn in found.values():
        line: dict[str, Turn] = {}
        step: Turn | None = turn
        while step is not None and step.id not in done and step.id not in line:
            line[step.id] = step
            step = found.get(step.parent or "")
        for ready in reversed(line.values()):
            if ready.parent is not None and ready.parent not in done:
                reader.lost.append(
                    Message("The turn before “{prompt}” is missing.", prompt=ready.prompt[:40])
                )
                ready = standing_alone(ready)
            elif ready.parent in reader.without_way:
                ready = standing_alone(ready, ready.parent)
            done.add(ready.id)
            yield ready


def _current(wanted: str | None, turns: tuple[Turn, ...], lost: list[Message]) -> str | None:
    ids = [turn.id for turn in turns]
    if wanted is None or wanted in ids:
        return wanted
    if not any(message.template.startswith("Turn ") for message in lost):
        lost.append(Message("The turn that was shown is missing."))
    return ids[-1] if ids else None
