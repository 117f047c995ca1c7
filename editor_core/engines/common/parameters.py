"""A method's parameters from what a request or a command gives: unknown names and wrong types are refused."""

import dataclasses
import types
import typing
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from editor_core.base.errors import EditorError

P = TypeVar("P")
_SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def parse_parameters(cls: type[P], given: Mapping[str, Any], besides: Collection[str] = ()) -> P:
    """An instance of a frozen dataclass whose fields are bool, int, float, str, tuples of these, or None.

    besides: names that are given for another dataclass. Raises EditorError with a sentence.
    """
    hints = typing.get_type_hints(cls)
    unknown = [name for name in given if name not in hints and name not in besides]
    if unknown:
        raise EditorError(
            "There is no setting called “{name}”. Available: {choices}.",
            name=unknown[0],
            choices=tuple(sorted(hints)),
        )
    return cls(**{name: _value(name, hints[name], given[name]) for name in hints if name in given})


def value_from_text(cls: type, name: str, text: str) -> Any:
    """The value of a field, from what somebody typed: "0.5", "on", "1,1". Raises EditorError."""
    hints = typing.get_type_hints(cls)
    if name not in hints:
        raise EditorError(
            "There is no setting called “{name}”. Available: {choices}.",
            name=name,
            choices=tuple(sorted(hints)),
        )
    for kind in _kinds(hints[name]):
        try:
            return _read(kind, text)
        except (ValueError, KeyError):
            continue
    raise _refused(name, text)


def _kinds(hint: Any) -> tuple[Any, ...]:
    """The types that a hint lets through, the narrower before the wider."""
    return typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


def _read(kind: Any, text: str) -> Any:
    if kind is bool:
        return _SWITCHES[text.strip().lower()]
    if typing.get_origin(kind) is tuple:
        return tuple(_read(typing.get_args(kind)[0], part) for part in text.split(",") if part.strip())
    if kind is types.NoneType:
        raise ValueError(text)
    return kind(text)


def _value(name: str, hint: Any, value: Any) -> Any:
    for kind in _kinds(hint):
        if kind is float and type(value) is int:
            return float(value)
        if typing.get_origin(kind) is tuple and isinstance(value, list | tuple):
            (inner, _) = typing.get_args(kind)
            if all(type(item) is inner for item in value):
                return tuple(value)
        elif isinstance(kind, type) and type(value) is kind:
            return value
        elif isinstance(kind, type) and kind is str and isinstance(value, str):
            return value  # an enumeration's member is its text
    raise _refused(name, value)


def _refused(name: str, value: Any) -> EditorError:
    return EditorError("“{value}” is not a valid value for “{name}”.", value=str(value), name=name)


def check_ranges(parameters: Any, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Raises EditorError where a number lies outside (lowest, highest); None and tuples of numbers are allowed."""
    for name, (lowest, highest) in ranges.items():
        value = getattr(parameters, name)
        numbers = value if isinstance(value, tuple) else () if value is None else (value,)
        if not all(lowest <= number <= highest for number in numbers):
            raise _refused(name, value)


def defaults(cls: type) -> dict[str, Any]:
    """Every field of a dataclass with its default."""
    return {field.name: field.default for field in dataclasses.fields(cls)}
