"""Projects that another program has saved: it wrote the layers anew and left our part out, or out of date.

The turns come back from an earlier save, the layers are those that the other program shows; what is known of a layer
of the same name, above all which one is the picture, is taken over.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from editor_core.base.errors import ProjectError
from editor_core.base.limits import MAX_TEXT
from editor_core.base.message import Message
from editor_core.document.layers import GroupLayer, Layer, LayerStack, PictureLayer, PixelLayer, RasterLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.project.archive import Archive
from editor_core.project.file_kinds import PROJECT_SUFFIX
from editor_core.project.kept_copies import copies_of
from editor_core.project.openraster import STACK, read_openraster, stack_digest
from editor_core.project.project_reader import PROJECT, read_project, table_of_contents
from editor_core.project.safe_write import backup_of

Told = tuple[DocumentSnapshot, tuple[Message, ...]]


class _Former(NamedTuple):
    age: tuple[str, int, float]
    """When it was saved (ISO 8601, whole seconds), how many turns it has, when the file was written."""
    path: Path
    snapshot: DocumentSnapshot


def is_rewritten(archive: Archive) -> bool:
    """Whether another program has saved a project since."""
    if archive.path.suffix.lower() != PROJECT_SUFFIX or STACK not in archive:
        return False
    if PROJECT not in archive:
        return True
    try:
        known = table_of_contents(archive).get("openraster")
        return known is not None and known != stack_digest(archive.read(STACK, MAX_TEXT))
    except ProjectError:
        return False


def put_together(archive: Archive, read: DocumentSnapshot) -> Told:
    """A rewritten project as a whole again, from what was read of it; and what to tell."""
    if PROJECT not in archive:
        return with_history(read, archive.path)
    try:
        foreign, lost = read_openraster(archive)
    except ProjectError:
        return read, ()
    told = Message(
        "“{file}” was changed by another program; its layers were taken over.", file=archive.path.name
    )
    return with_layers_of(foreign, read), (told, *lost)


def with_history(foreign: DocumentSnapshot, path: Path) -> Told:
    """What another program wrote over a project, with the turns of the last save that is found; and what to tell."""
    former = max(_former_saves(path), key=lambda each: each.age, default=None)
    if former is None:
        told = Message(
            "“{file}” was saved by another program, which left out its history; no earlier save of it was found.",
            file=path.name,
        )
        return foreign, (told,)
    told = Message(
        "“{file}” was saved by another program, which left out its history; {count} turns were brought back from an "
        "earlier save ({source}).",
        file=path.name,
        count=len(former.snapshot.turns),
        source=former.path.name,
    )
    return with_layers_of(foreign, former.snapshot), (told,)


def with_layers_of(foreign: DocumentSnapshot, known: DocumentSnapshot) -> DocumentSnapshot:
    """A project as it was known, with the layers that another program has written since.

    Layers that are no part of the picture, masks, sketches, regions, are not in other programs' files: they stay.
    """
    same = _counterparts(foreign.layers, known.layers)
    taken = [_taken_over(layer, same) for layer in foreign.layers]
    private = [layer for layer in known.layers.walk() if not isinstance(layer, PictureLayer)]
    layers = LayerStack((*taken, *private))
    return replace(known, width=foreign.width, height=foreign.height, layers=layers)


def _former_saves(path: Path) -> Iterator[_Former]:
    """Earlier saves that hold turns: our backup, the one other programs make, copies in the state folder."""
    ids = set()
    for candidate in (backup_of(path), path.with_name(f"{path.name}~")):
        if (former := _read(candidate)) is not None:
            ids.add(former.snapshot.picture_layer_id)
            yield former
    for candidate in copies_of(path, ids):
        if (former := _read(candidate)) is not None:
            yield former


def _read(path: Path) -> _Former | None:
    """What can be read of a save, as long as it has turns."""
    try:
        archive = Archive(path)
        if PROJECT not in archive:
            return None
        saved = table_of_contents(archive).get("saved")
        snapshot, _lost = read_project(archive)
        written = path.stat().st_mtime
    except (ProjectError, OSError):
        return None
    return _Former((str(saved), len(snapshot.turns), written), path, snapshot) if snapshot.turns else None


# -- which layer is which -----------------------------------------------------------------------------------------


def _counterparts(foreign: LayerStack, known: LayerStack) -> dict[str, Layer]:
    """The known layer for each foreign one, by the foreign one's id: of one name, those that look alike first."""
    waiting = [layer for layer in known.walk() if isinstance(layer, PictureLayer)]
    found: dict[str, Layer] = {}
    for alike in (True, False):
        for layer in foreign.walk():
            if layer.id in found:
                continue
            for other in waiting:
                named = type(other) is type(layer) and other.name == layer.name
                if named and (not alike or _looks_alike(layer, other)):
                    found[layer.id] = other
                    waiting.remove(other)
                    break
    return found


def _taken_over(layer: Layer, same: dict[str, Layer]) -> Layer:
    """A foreign layer with what is known of it."""
    known = same.get(layer.id)
    if isinstance(layer, GroupLayer):
        children = tuple(_taken_over(child, same) for child in layer.children)
        if not isinstance(known, GroupLayer):
            return replace(layer, children=children)
        return replace(layer, id=known.id, on_turns=known.on_turns, children=children)
    if not isinstance(layer, RasterLayer) or not isinstance(known, RasterLayer):
        return layer
    mine = replace(layer, id=known.id, on_turns=known.on_turns, lock_transparency=known.lock_transparency)
    if not _looks_alike(layer, known):
        return mine  # it was painted on: no turn's result any more
    return replace(mine, tiles=known.tiles, x=known.x, y=known.y, turn=known.turn)


def _looks_alike(layer: Layer, other: Layer) -> bool:
    """Whether two layers have the same pixels at the same place, wherever they can be seen."""
    if not isinstance(layer, PixelLayer) or not isinstance(other, PixelLayer):
        return isinstance(layer, GroupLayer) and isinstance(other, GroupLayer)
    rect = layer.bounds.united(other.bounds)
    one, two = (each.tiles.read(rect.shifted(-each.x, -each.y)) for each in (layer, other))
    seen = one[..., 3:] > 0
    return bool(np.array_equal(one[..., 3], two[..., 3]) and ((one == two) | ~seen).all())


def new_layers(ours: LayerStack, theirs: LayerStack) -> tuple[Layer, ...]:
    """The layers of the picture, outermost first found, that are in ``theirs`` only, on whatever turn they lie."""
    return tuple(_only_in(theirs.whole, {layer.id for layer in ours.walk_whole()}))


def _only_in(layers: Iterable[Layer], known: Collection[str]) -> Iterator[Layer]:
    for layer in layers:
        if not isinstance(layer, PictureLayer):
            continue
        if layer.id not in known:
            yield layer
        elif isinstance(layer, GroupLayer):
            yield from _only_in(layer.children, known)
