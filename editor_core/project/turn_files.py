"""One turn in the project file: ``editor/turns/<id>/`` with ``turn.json``, ``image.png``, ``mask.png`` and latents.

Images, masks and latents are read when they are looked at; what can be told without that is looked at on opening.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import safetensors.numpy
from msgspec import Meta
from safetensors import SafetensorError

from editor_core.base.errors import ProjectError
from editor_core.base.gate import decode_json, fits, fitting_json
from editor_core.base.limits import MAX_LATENT_ARRAYS, MAX_LATENTS_BYTES, MAX_TEXT
from editor_core.base.message import Message
from editor_core.document.stored import Array, StoredArray, StoredArrays
from editor_core.document.turns import Turn
from editor_core.messages.run import RunRecord, record_from
from editor_core.project.archive import Archive
from editor_core.project.migrations import recorded, with_todays_names
from editor_core.project.png import ENCODED
from editor_core.project.schema import Name, Place, Side, TurnRecord
from editor_core.project.zip_writer import ZipWriter, to_json

_FIELDS = tuple(field.name for field in msgspec.structs.fields(TurnRecord))
_NOTES = frozenset({"created", "seconds", "name", "starred", "model_source", "loras", "vae", "clip_skip"})
"""What an edit of the turn does not depend on."""
_DTYPES = {
    "F16": "float16",
    "F32": "float32",
    "F64": "float64",
    "BOOL": "bool",
    "U8": "uint8",
    "I8": "int8",
    "I16": "int16",
    "I32": "int32",
    "I64": "int64",
    "U16": "uint16",
    "U32": "uint32",
    "U64": "uint64",
}
_Window = tuple[Place, Place, Side, Side]
_MAX_HEADER = 2**20  # bytes
_MAX_DIMENSIONS = 8
_Count = Annotated[int, Meta(ge=0, lt=2**48)]


class _Header(msgspec.Struct):
    """Of one array in a safetensors file."""

    dtype: Literal[tuple(_DTYPES)]  # type: ignore[valid-type]
    shape: Annotated[tuple[_Count, ...], Meta(max_length=_MAX_DIMENSIONS)]
    data_offsets: tuple[_Count, _Count]


_Headers = Annotated[dict[Name, _Header], Meta(max_length=MAX_LATENT_ARRAYS)]
_DECODER = msgspec.json.Decoder(_Headers)


def write_turn(writer: ZipWriter, turn: Turn) -> None:
    """All of a turn; what lies in a file already is copied as it lies there."""
    folder = folder_of(turn.id)
    writer.deflated(f"{folder}/turn.json", to_json(turn_to_json(turn)))
    for name in ("image", "mask"):
        stored = turn.stored(name)
        if stored is not None and stored.encoded is not None:
            writer.stored(f"{folder}/{name}.png", stored.encoded())
        elif (array := getattr(turn, name)) is not None:
            writer.stored(f"{folder}/{name}.png", ENCODED.array(array))
    if isinstance(turn.latents, StoredArrays) and turn.latents.encoded is not None:
        writer.stored(f"{folder}/latents.safetensors", turn.latents.encoded())
    elif turn.latents:
        # safetensors stores memory as it lies, so the arrays must be contiguous
        latents = {name: np.asarray(array, order="C") for name, array in turn.latents.items()}
        writer.stored(f"{folder}/latents.safetensors", safetensors.numpy.save(latents))


def turn_to_json(turn: Turn) -> dict[str, Any]:
    """All of a turn but its arrays."""
    values = {name: getattr(turn, name) for name in _FIELDS}
    record = {name: value for name, value in vars(turn.record).items() if value}
    plain = {"parameters": dict(turn.parameters), "log": dict(turn.log), "record": record}
    return values | plain | {"loras": [asdict(lora) for lora in turn.loras]}


def folder_of(turn_id: str) -> str:
    return f"editor/turns/{turn_id}"


class TurnReader:
    """Reads turns, each for itself: what is wrong of one is left out and told in ``lost``."""

    def __init__(self, archive: Archive, saved: str, *, checked: bool = True) -> None:
        """``saved``, a date itself, stands in for dates that are none; unless ``checked``, no checksum is looked at."""
        self.lost: list[Message] = []
        self.without_way: set[str] = set()
        """Turns that cannot be gone on from in steps: those made from them stand alone, too."""
        self._archive = archive
        self._saved = saved
        self._checked = checked

    def read(self, turn_id: str, number: int) -> Turn | None:
        """The turn, the ``number``-th, counted from 1; None if there is no picture of it."""
        folder = folder_of(turn_id)
        try:
            record, left, wrong = self._record(folder, turn_id)
            image = self._archive.picture(f"{folder}/image.png", "RGB", checked=self._checked)
        except ProjectError:
            self.lost.append(Message("Turn {number} cannot be read.", number=number))
            return None
        called = Message("turn {number}", number=number)
        if record.prompt:
            called = Message("turn {number} (“{prompt}”)", number=number, prompt=record.prompt[:40])
        mask = self._mask(folder, called, image.shape[:2])
        latents = self._latents(f"{folder}/latents.safetensors", called)
        values = msgspec.structs.asdict(record) | {"record": left}
        turn = Turn(**values, image=image, mask=mask, latents=latents or {})
        if notes := sorted(_NOTES.intersection(wrong)):
            self.lost.append(
                Message(
                    "Some details of {turn} cannot be read: {details}.", turn=called, details=tuple(notes)
                )
            )
        if latents is None or not _NOTES.issuperset(wrong):
            self.lost.append(Message("Only the picture and the prompt of {turn} can be read.", turn=called))
            self.without_way.add(turn.id)
            return standing_alone(turn, turn.parent)
        return turn

    def _record(self, folder: str, turn_id: str) -> tuple[TurnRecord, RunRecord, tuple[str, ...]]:
        """What the JSON says, what it says of the run, and the names of what makes no sense."""
        try:
            record, wrong = fitting_json(TurnRecord, self._archive.read(f"{folder}/turn.json", MAX_TEXT))
        except ValueError as problem:
            raise self._archive.damaged(Message("a turn has no name")) from problem
        if record.id != turn_id:
            raise self._archive.damaged(Message("a turn lies in the wrong place"))
        if not is_date(record.created):
            record.created = self._saved
            wrong = (*wrong, "created")
        record.parameters = with_todays_names(record.parameters)
        left = _run_record(recorded(record.record, record.log))
        return record, left or RunRecord(), wrong if left is not None else (*wrong, "record")

    def _mask(self, folder: str, called: Message, size: tuple[int, ...]) -> StoredArray | None:
        name = f"{folder}/mask.png"
        if name not in self._archive:
            return None
        try:
            mask = self._archive.picture(name, "L", checked=self._checked)
        except ProjectError:
            mask = None
        if mask is None or mask.shape != size:
            self.lost.append(Message("The mask of {turn} cannot be read.", turn=called))
            return None
        return mask

    def _latents(self, name: str, called: Message) -> StoredArrays | dict[str, Array] | None:
        """The latents as far as their list tells; None if that makes no sense."""
        if name not in self._archive:
            return {}
        try:
            data = self._archive.read(name, MAX_LATENTS_BYTES, None if self._checked else _MAX_HEADER + 8)
            shapes = dict(_listed(data, self._archive.size_of(name)))
        except (ProjectError, ValueError):
            return None

        arrays: dict[str, StoredArray] = {}
        for key, (dtype, shape) in shapes.items():
            arrays[key] = StoredArray(shape, dtype, partial(self._loaded, name, called, key, arrays))
        return StoredArrays(arrays, lambda: self._archive.read(name, MAX_LATENTS_BYTES))

    def _loaded(self, name: str, called: Message, wanted: str, arrays: Mapping[str, StoredArray]) -> Array:
        """One of the arrays; the others of the file are read along with it."""
        try:
            found = safetensors.numpy.load(self._archive.read(name, MAX_LATENTS_BYTES))
        except (SafetensorError, KeyError, ValueError, TypeError) as problem:
            raise self._archive.damaged(
                Message("the data of {called} cannot be read", called=called)
            ) from problem
        if not all(np.isfinite(array).all() for array in found.values() if array.dtype.kind == "f"):
            raise self._archive.damaged(Message("the data of {called} is not valid", called=called))
        for key in found.keys() - {wanted}:
            arrays[key].offer(found[key])
        return found[wanted]


def standing_alone(turn: Turn, parent: str | None = None) -> Turn:
    """A turn as an opened picture: nothing before it is asked for when it is edited, only its own way there."""
    path = {"trajectory"} & set(turn.latents)
    if isinstance(turn.latents, StoredArrays):
        kept: Mapping[str, Array] = turn.latents.only(path)
    else:
        kept = MappingProxyType({name: turn.latents[name] for name in path})
    alone = turn.changed(method="open", parent=parent, latents=kept, cache_space="")
    return alone.changed(log=MappingProxyType({}), record=RunRecord())


def _run_record(told: Mapping[str, Any]) -> RunRecord | None:
    """The record, None where it makes no sense."""
    try:
        record = record_from(told)
        known = all(fits(space, Name) for space in record.cache_spaces)
    except (ValueError, TypeError, KeyError):
        return None
    return record if known and (record.window is None or fits(record.window, _Window)) else None


def is_date(text: object) -> bool:
    """Whether this is an ISO 8601 date that can be shown in any time zone."""
    try:
        return isinstance(text, str) and 1970 <= datetime.fromisoformat(text).year <= 9000
    except ValueError:
        return False


def _listed(data: bytes, size: int) -> Iterator[tuple[str, tuple[str, tuple[int, ...]]]]:
    """Names, dtypes and shapes of a safetensors file of ``size`` bytes by its header; raises ValueError."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(_MAX_HEADER, size - 8):
        raise ValueError("no header")
    for name, entry in _headers(data[8 : 8 + length]).items():
        dtype, (begin, end) = _DTYPES[entry.dtype], entry.data_offsets
        if end > size or end - begin != math.prod(entry.shape) * np.dtype(dtype).itemsize:
            raise ValueError(name)
        yield name, (dtype, entry.shape)


def _headers(data: bytes) -> _Headers:
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        header = decode_json(data)
    if isinstance(header, dict):
        header.pop("__metadata__", None)
    return msgspec.convert(header, _Headers)
