"""The project file: an OpenRaster zip with our own part under ``editor/``.

``editor/project.json`` holds the tree of all layers, the order of the turns, which one is current, and settings;
``editor/turns/<id>/`` holds ``turn.json``, ``image.png``, and where there are any ``mask.png`` and
``latents.safetensors``; ``editor/layers/<id>.png`` holds layers that OpenRaster does not know.
A file without ``editor/`` opens as plain layers.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from editor_core import __version__
from editor_core.base.errors import ProjectError
from editor_core.document.document import Document
from editor_core.document.identity import is_id
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.turns import Array, Turn, utc_now
from editor_core.messages.run import record_from
from editor_core.project.archive import Archive
from editor_core.project.layer_json import layers_from_json, layers_to_json
from editor_core.project.migrations import FORMAT, NewerFormat, migrated, recorded
from editor_core.project.openraster import ZipWriter, read_openraster, write_openraster
from editor_core.project.png import ENCODED, check_size
from editor_core.project.safe_write import replacing

PROJECT = "editor/project.json"
SUFFIX = ".palimpsest"

_KNOWN = frozenset(
    ("format", "application", "saved", "width", "height", "picture_layer", "current_turn", "turns")
    + ("cache_spaces", "layers", "settings")
)
_TURN_TYPES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("id", "method", "prompt", "negative", "model", "fingerprint", "sampler"), str),
    **dict.fromkeys(("cache_space", "created", "name"), str),
    **dict.fromkeys(("seed", "steps"), int),
    **dict.fromkeys(("guidance", "seconds"), (int, float)),
    **dict.fromkeys(("parameters", "log"), dict),
    "starred": bool,
    "parent": (str, type(None)),
}


def save_project(document: Document | DocumentSnapshot, path: Path, keep_backup: bool = True) -> None:
    """Write everything but the undo stack to ``path``; the previous file stays as ``<name>.bak``.

    Raises ProjectError with a sentence; the old file is then as it was. A snapshot may be saved from any thread.
    """
    snapshot = document.snapshot()
    with (
        replacing(Path(path), ProjectError, keep_backup=keep_backup) as file,
        zipfile.ZipFile(file, "w") as archive,
    ):
        _write(ZipWriter(archive), snapshot)


def load_project(path: Path) -> Document:
    """The document in a .palimpsest or .ora file; raises ProjectError with a sentence."""
    with Archive(Path(path)) as archive:
        if PROJECT in archive:
            snapshot = _read(archive)
        elif "stack.xml" in archive:
            snapshot = read_openraster(archive)
        else:
            raise ProjectError(f"“{archive.path.name}” is not a Palimpsest or OpenRaster file.")
        try:
            return Document.from_snapshot(snapshot)
        except (ValueError, KeyError) as problem:
            raise archive.damaged("its history does not fit together") from problem


def _write(writer: ZipWriter, snapshot: DocumentSnapshot) -> None:
    sources = write_openraster(writer, snapshot)
    layers, private = layers_to_json(snapshot.layers, sources)
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
        "settings": dict(snapshot.settings),
    }
    writer.deflated(PROJECT, _to_json(project))
    for layer in private:
        writer.stored(f"editor/layers/{layer.id}.png", ENCODED.tiles(layer.tiles))
    for turn in snapshot.turns:
        _write_turn(writer, turn)


def _spaces(turn: Turn) -> Iterator[str]:
    """Where the turn's activations lie, and those of the turns inside its window."""
    yield turn.cache_space
    yield from turn.record.cache_spaces


def cache_spaces(path: Path) -> frozenset[str]:
    """The cache spaces that a project's turns use; empty for a file without turns. Raises ProjectError."""
    with Archive(Path(path)) as archive:
        if PROJECT not in archive:
            return frozenset()
        spaces = _migrated(archive).get("cache_spaces", [])
        return (
            frozenset(name for name in spaces if isinstance(name, str))
            if isinstance(spaces, list)
            else frozenset()
        )


def _write_turn(writer: ZipWriter, turn: Turn) -> None:
    folder = f"editor/turns/{turn.id}"
    writer.deflated(f"{folder}/turn.json", _to_json(turn_to_json(turn)))
    writer.stored(f"{folder}/image.png", ENCODED.array(turn.image))
    if turn.mask is not None:
        writer.stored(f"{folder}/mask.png", ENCODED.array(turn.mask))
    if turn.latents:
        # safetensors stores memory as it lies, so the arrays must be contiguous
        latents = {name: np.asarray(array, order="C") for name, array in turn.latents.items()}
        writer.stored(f"{folder}/latents.safetensors", safetensors.numpy.save(latents))


def turn_to_json(turn: Turn) -> dict[str, Any]:
    """All of a turn but its arrays."""
    values = {name: getattr(turn, name) for name in _TURN_TYPES}
    record = {name: value for name, value in asdict(turn.record).items() if value}
    return values | {"parameters": dict(turn.parameters), "log": dict(turn.log), "record": record}


def _read(archive: Archive) -> DocumentSnapshot:
    project = _migrated(archive)
    try:
        check_size(project["width"], project["height"])
        if project["current_turn"] is not None and project["current_turn"] not in project["turns"]:
            raise ValueError("current turn")
        return DocumentSnapshot(
            width=project["width"],
            height=project["height"],
            layers=layers_from_json(archive, project["layers"]),
            picture_layer_id=project["picture_layer"],
            turns=tuple(_read_turns(archive, project["turns"])),
            current_id=project["current_turn"],
            settings=project["settings"],
            extras={key: value for key, value in project.items() if key not in _KNOWN},
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise archive.damaged("its table of contents is incomplete") from problem


def _migrated(archive: Archive) -> dict[str, Any]:
    try:
        return migrated(archive.read_json(PROJECT))
    except NewerFormat as problem:
        raise ProjectError(f"“{archive.path.name}” was saved by a newer version of Palimpsest.") from problem
    except ValueError as problem:
        raise archive.damaged("it does not say which format it has") from problem


def _read_turns(archive: Archive, ids: Iterable[str]) -> Iterable[Turn]:
    for turn_id in ids:
        turn = _read_turn(archive, f"editor/turns/{turn_id}")
        if turn.id != turn_id or not is_id(turn_id):
            raise ValueError(f"turn {turn.id} lies under {turn_id}")
        yield turn


def _read_turn(archive: Archive, folder: str) -> Turn:
    values = archive.read_json(f"{folder}/turn.json")
    known: dict[str, Any] = {name: values[name] for name in _TURN_TYPES if name in values}
    if wrong := [name for name, value in known.items() if not isinstance(value, _TURN_TYPES[name])]:
        raise archive.damaged(f"the {wrong[0]} of a turn makes no sense")
    image, image_png = archive.read_png(f"{folder}/image.png", "RGB")
    mask, mask_png = None, b""
    if f"{folder}/mask.png" in archive:
        mask, mask_png = archive.read_png(f"{folder}/mask.png", "L")
    latents = _read_latents(archive, f"{folder}/latents.safetensors")
    try:
        record = record_from(recorded(values))
    except ValueError as problem:
        raise archive.damaged(f"the {problem} of a turn makes no sense") from problem
    turn = Turn(**{**known, "image": image, "mask": mask, "latents": latents, "record": record})
    ENCODED.remember(turn.image, image_png)
    if turn.mask is not None:
        ENCODED.remember(turn.mask, mask_png)
    return turn


def _read_latents(archive: Archive, name: str) -> dict[str, Array]:
    if name not in archive:
        return {}
    try:
        return safetensors.numpy.load(archive.read(name))
    except (SafetensorError, KeyError, ValueError, TypeError) as problem:
        raise archive.damaged(f"its part “{name}” cannot be read") from problem


def _to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    """What JSON has no word for, in a log that an engine wrote: numpy's numbers and read-only mappings."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be saved")
