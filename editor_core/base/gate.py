"""The gate for what comes from files: JSON and tables become typed, bounded values, or are left out and named.

What a value may be is said once, as a msgspec type with ranges; a value that is not so never gets further in.
"""

import functools
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from editor_core.base.limits import MAX_JSON_DEPTH

T = TypeVar("T", bound=msgspec.Struct)


def decode_json(data: bytes) -> Any:
    """What the bytes say, numbers that are none (NaN, infinities) as None; raises ValueError for what is no JSON."""
    if _is_shallow(data):
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(data)
    return decode_json_plainly(data)


def decode_json_plainly(data: bytes) -> Any:
    """The same for all that msgspec refuses or might not: the reference of what is read."""
    try:
        return plain(json.loads(data, parse_constant=lambda _name: None))
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem


def _is_shallow(data: bytes) -> bool:
    """Whether JSON has so few lists and objects that they cannot be nested too deeply."""
    return data.count(b"[") + data.count(b"{") <= MAX_JSON_DEPTH


def plain(value: Any, depth: int = MAX_JSON_DEPTH) -> Any:
    """``value`` with None for every number that is not finite, and all text such that it can be written.

    Raises ValueError where it is nested too deeply.
    """
    if isinstance(value, str):
        return _writable(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, list | dict):
        return value
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, list):
        return [plain(part, depth - 1) for part in value]
    return {_writable(name): plain(part, depth - 1) for name, part in value.items()}


def _writable(text: str) -> str:
    """The text, with a replacement character for each half of a surrogate pair."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def fits(value: object, kind: Any) -> bool:
    """Whether a value is of a msgspec type, ranges included."""
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError, UnicodeEncodeError):  # the last: half a surrogate pair
        return False
    return True


def fitting(kind: type[T], values: Mapping[str, Any]) -> tuple[T, tuple[str, ...]]:
    """A ``kind`` with those of ``values`` that fit its fields, and the names of those that do not.

    Fields that are missing or wrong get their default; raises ValueError, naming it, for one that has none.
    """
    with suppress(msgspec.ValidationError, OverflowError, UnicodeEncodeError):
        return msgspec.convert(values, kind), ()
    taken: dict[str, Any] = {}
    wrong: list[str] = []
    for field in _fields(kind):
        if field.name not in values:
            continue
        try:
            taken[field.name] = msgspec.convert(values[field.name], field.type)
        except (
            msgspec.ValidationError,
            OverflowError,
            UnicodeEncodeError,
        ):  # the last: half a surrogate pair
            wrong.append(field.name)
    for field in _fields(kind):
        if field.required and field.name not in taken:
            raise ValueError(field.name)
    return kind(**taken), tuple(wrong)


def fitting_json(kind: type[T], data: bytes) -> tuple[T, tuple[str, ...]]:
    """``fitting`` for a JSON object, without making values of it first where all of it fits; raises ValueError."""
    if _is_shallow(data):
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(data, type=kind), ()
    values = decode_json_plainly(data)
    if not isinstance(values, dict):
        raise ValueError("no object")
    return fitting(kind, values)


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)
