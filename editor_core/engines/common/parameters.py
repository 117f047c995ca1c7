"""A method's parameters from what a request or a command gives: unknown names, wrong types and ranges are refused.

A field says beside itself what it is called, what it does and what it may be (`setting`); from that the window draws
its form, without knowing the engine.
"""

import dataclasses
import types
import typing
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, TypeVar

from editor_core.base.errors import EditorError
from editor_core.base.message import Message
from editor_core.messages.parameters import Kind, Parameter, Setting

P = TypeVar("P")
_SETTING = "setting"
_KINDS = {bool: Kind.SWITCH, int: Kind.WHOLE, float: Kind.NUMBER, str: Kind.TEXT}


def parse_parameters(cls: type[P], given: Mapping[str, Any], besides: Collection[str] = ()) -> P:
    """An instance of a frozen dataclass whose fields are bool, int, float, str, tuples of these, or None.

    besides: names that are given for another dataclass. Raises EditorError with a sentence, also for a value that the
    field's `setting` does not allow.
    """
    hints = typing.get_type_hints(cls)
    unknown = [name for name in given if name not in hints and name not in besides]
    if unknown:
        raise EditorError(
            "There is no setting called “{name}”. Available: {choices}.",
            name=unknown[0],
            choices=tuple(sorted(hints)),
        )
    values = {name: _value(name, hints[name], given[name]) for name in hints if name in given}
    for name, about in _settings(cls).items():
        if name in values and not about.allows(values[name]):
            raise _not_allowed(name, values[name], about)
    return cls(**values)


def setting(default: Any, label: Message, tip: Message, **about: Any) -> Any:
    """A field of a parameters dataclass that the window shows; ``about`` is the rest of a `Setting`."""
    return dataclasses.field(default=default, metadata={_SETTING: Setting(label, tip, **about)})


share = partial(setting, lowest=0, highest=1, unit="%")
"""A field between 0 and 1, shown in percent."""


def described(cls: type) -> tuple[Parameter, ...]:
    """The parameters that say what they are, as plain data for a form; those without `setting` are set elsewhere."""
    hints = typing.get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    return tuple(
        _parameter(name, hints[name], fields[name].default, about) for name, about in _settings(cls).items()
    )


def _settings(cls: type) -> dict[str, Setting]:
    return {f.name: f.metadata[_SETTING] for f in dataclasses.fields(cls) if _SETTING in f.metadata}


def _parameter(name: str, hint: Any, default: Any, about: Setting) -> Parameter:
    kinds = [kind for kind in _kinds(hint) if kind is not types.NoneType]
    kind = Kind.WHOLES if typing.get_origin(kinds[0]) is tuple else _KINDS[kinds[0]]
    as_json = list(default) if isinstance(default, tuple) else default
    return Parameter(name, kind, as_json, about, optional=len(kinds) < len(_kinds(hint)))


def _kinds(hint: Any) -> tuple[Any, ...]:
    """The types that a hint lets through, the narrower before the wider."""
    return typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


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


def _not_allowed(name: str, value: Any, about: Setting) -> EditorError:
    if not about.choices:
        return _refused(name, value)
    return EditorError(
        "“{value}” is not a valid value for “{name}”. Available: {choices}.",
        value=str(value),
        name=name,
        choices=tuple(choice.value for choice in about.choices),
    )


def defaults(cls: type) -> dict[str, Any]:
    """Every field of a dataclass with its default."""
    return {field.name: field.default for field in dataclasses.fields(cls)}
