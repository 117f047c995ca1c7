"""The journal of unsaved work: one small file per step, each what changed since the step before.

A step is a zip: ``step.json`` with all but pixels (the tree of layers, the order of turns, settings), for each layer
that was painted on the tiles that changed, and the turns that are new. It is written under another name, synced and
renamed, so a step is there whole or not at all, and together they are never older than the last that was written.
A chain of steps begins at a project file or at a recovery copy, and is of no use without it, or with nothing: then its
first step holds the whole document.
"""

import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from editor_core.base.errors import ProjectError
from editor_core.base.gate import fitting
from editor_core.base.message import Message
from editor_core.document.identity import new_id
from editor_core.document.layers import PixelLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import TILE_SIZE, TileKey, Tiles
from editor_core.document.turns import Turn, utc_now
from editor_core.project.archive import Archive
from editor_core.project.layer_json import LayerReader, layers_to_json
from editor_core.project.safe_write import replacing
from editor_core.project.schema import Offset, ProjectRecord
from editor_core.project.turn_files import TurnReader, folder_of, write_turn
from editor_core.project.zip_writer import ZipWriter, to_json

SUFFIX = ".step"
_TABLE = "step.json"
_TILE_BYTES = TILE_SIZE * TILE_SIZE
_MAX_TILES = 2**16  # of a layer in one step: 8192 x 8192 pixels have 4096


@dataclass(frozen=True, eq=False)
class Moment:
    """A document at one of the moments of its life, which are numbered in order."""

    number: int
    snapshot: DocumentSnapshot


NOTHING = DocumentSnapshot(width=1, height=1)
"""Where a journal begins whose first step holds the whole document."""


class Chain:
    """The steps that follow one moment of a document; each is written by whoever holds the chain alone."""

    def __init__(self, folder: Path, slot: str, moment: Moment) -> None:
        self.id = new_id()
        self.steps = 0
        self.nbytes = 0
        self._folder, self._slot = folder, slot
        self._last = moment

    def add(self, moment: Moment) -> None:
        """Keep what changed since the last; raises ProjectError, and the next step then holds both."""
        last = self._last
        if moment.number <= last.number or _is_same(last.snapshot, moment.snapshot):
            return
        path = self._folder / f"{self._slot}.{self.id}-{self.steps:06}{SUFFIX}"
        write_step(path, last.snapshot, moment.snapshot)
        self.steps += 1
        self._last = moment
        with suppress(OSError):  # it is written; its size decides only when a copy is due
            self.nbytes += path.stat().st_size


def steps_of(folder: Path, slot: str, chain: str) -> list[Path]:
    """The steps of a chain that are there, without a gap, in order; raises OSError where the folder cannot be read."""
    names = set(os.listdir(folder))  # a glob shows nothing where it is refused
    wanted = (f"{slot}.{chain}-{number:06}{SUFFIX}" for number in count())
    return [folder / name for name in takewhile(names.__contains__, wanted)]


def write_step(path: Path, before: DocumentSnapshot, after: DocumentSnapshot) -> None:
    """Write what is different in ``after``; raises ProjectError, with nothing left behind then."""
    known = {layer.id: layer.tiles for layer in before.layers.walk_whole() if isinstance(layer, PixelLayer)}
    layers = [layer for layer in after.layers.walk_whole() if isinstance(layer, PixelLayer)]
    tree, _ = layers_to_json(after.layers.whole, {layer.id: layer.id for layer in layers})
    table = {
        "saved": utc_now(),
        "width": after.width,
        "height": after.height,
        "picture_layer": after.picture_layer_id,
        "current_turn": after.current_id,
        "turns": [turn.id for turn in after.turns],
        "layers": tree,
        "settings": dict(after.settings),
        "extras": dict(after.extras),
    }
    there = {id(turn) for turn in before.turns}
    with replacing(path, ProjectError, private=True) as file, ZipWriter(file) as writer:
        writer.deflated(_TABLE, to_json(table))
        for layer in layers:
            old = known.get(layer.id, Tiles(layer.channels))
            if layer.tiles is not old and (changed := layer.tiles.changed_keys(old)):
                _write_tiles(writer, layer.id, layer.tiles, changed)
        for turn in after.turns:
            if id(turn) not in there:
                write_turn(writer, turn)


def read_step(path: Path, before: DocumentSnapshot) -> DocumentSnapshot:
    """The state after a step; raises ProjectError unless all of it can be read."""
    archive = Archive(path)
    table = archive.read_json(_TABLE)
    record, wrong = fitting(ProjectRecord, table)
    extras = table.get("extras")
    turns = _turns(archive, record.turns or [], before)
    if wrong or record.width is None or record.height is None or not isinstance(extras, dict):
        raise archive.damaged(Message("its table of contents cannot be read"))
    reader = _StepReader(archive, before)
    layers = reader.read(record.layers or [])
    if reader.lost:
        raise archive.damaged(reader.lost[0])
    if not any(name.startswith("editor/turns/") for name in archive.names):
        archive.close()  # no picture of it is still to be read
    return replace(
        before,
        width=record.width,
        height=record.height,
        layers=layers,
        picture_layer_id=record.picture_layer or before.picture_layer_id,
        turns=turns,
        current_id=record.current_turn,
        settings=record.settings,
        extras=extras,
    )


def _is_same(one: DocumentSnapshot, other: DocumentSnapshot) -> bool:
    """Whether nothing of what a step holds is different; layers and turns are values that are shared while the same."""
    return (
        one.layers is other.layers
        and len(one.turns) == len(other.turns)
        and all(a is b for a, b in zip(one.turns, other.turns, strict=True))
        and (one.width, one.height, one.current_id, one.picture_layer_id)
        == (other.width, other.height, other.current_id, other.picture_layer_id)
        and one.settings == other.settings
        and one.extras == other.extras
    )


# -- tiles


class _Patch(msgspec.Struct):
    """Which tiles a step puts into a layer: column, row, and the number of one in the data, or -1 for none."""

    tiles: list[tuple[Offset, Offset, int]]
    count: int


def _write_tiles(writer: ZipWriter, layer_id: str, tiles: Tiles, keys: set[TileKey]) -> None:
    numbers: dict[int, int] = {}  # a tile that is repeated is written once
    data: list[bytes] = []
    places = []
    for key in sorted(keys):
        tile = tiles.tile(key)
        if tile is not None and id(tile) not in numbers:
            numbers[id(tile)] = len(data)
            data.append(tile.tobytes())
        places.append((*key, -1 if tile is None else numbers[id(tile)]))
    writer.deflated(f"tiles/{layer_id}.json", to_json({"tiles": places, "count": len(data)}))
    writer.stored(f"tiles/{layer_id}.bin", zlib.compress(b"".join(data), 1))


class _StepReader(LayerReader):
    """Reads the tree of layers; their pixels are those before, and the tiles of the step."""

    def __init__(self, archive: Archive, before: DocumentSnapshot) -> None:
        super().__init__(archive)
        self._step = archive
        self._before = {
            layer.id: layer.tiles for layer in before.layers.walk_whole() if isinstance(layer, PixelLayer)
        }

    def _tiles(self, channels: int, entry: Mapping[str, Any]) -> Tiles:
        tiles = self._before.get(entry["id"], Tiles(channels))
        if tiles.channels != channels:
            raise ValueError("channels")
        if f"tiles/{entry['id']}.json" not in self._step:
            return tiles
        patch, wrong = fitting(_Patch, self._step.read_json(f"tiles/{entry['id']}.json"))
        if wrong or not 0 <= patch.count <= _MAX_TILES or len(patch.tiles) > _MAX_TILES:
            raise ValueError("tiles")
        found = self._data(f"tiles/{entry['id']}.bin", patch.count, channels)
        if any(not -1 <= number < patch.count for *_, number in patch.tiles):
            raise ValueError("tiles")
        return tiles.with_patch({(x, y): None if n < 0 else found[n] for x, y, n in patch.tiles})

    def _data(self, name: str, count: int, channels: int) -> list[np.ndarray]:
        size = count * _TILE_BYTES * channels
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(self._step.read(name, size + 2**16), size + 1)
        except zlib.error as problem:
            raise ValueError("data") from problem
        if len(data) != size:
            raise ValueError("data")
        whole = np.frombuffer(data, np.uint8).reshape(count, TILE_SIZE, TILE_SIZE, channels)
        return list(whole)  # read-only, as the bytes are


# -- turns


def _turns(archive: Archive, ids: list[Any], before: DocumentSnapshot) -> tuple[Turn, ...]:
    known = {turn.id: turn for turn in before.turns}
    reader = TurnReader(archive, utc_now())
    turns = []
    for number, turn_id in enumerate(ids, 1):
        if not isinstance(turn_id, str):
            raise archive.damaged(Message("a turn cannot be read"))
        is_new = f"{folder_of(turn_id)}/turn.json" in archive
        turn = reader.read(turn_id, number) if is_new else known.get(turn_id)
        if turn is None or reader.lost:
            raise archive.damaged(Message("a turn cannot be read"))
        turns.append(turn)
    return tuple(turns)
