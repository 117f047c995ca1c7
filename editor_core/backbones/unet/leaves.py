"""Walking nested data: dataclasses, dictionaries and sequences that hold tensors and plain values."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

import torch

T = TypeVar("T")


def leaves(value: Any) -> list[Any]:
    """List tensors and plain values, depth first, in a fixed order."""
    found: list[Any] = []
    _add(value, found)
    return found


def _add(value: Any, found: list[Any]) -> None:
    """Asked at every step of what may hold hundreds of tensors, while a card waits."""
    if isinstance(value, torch.Tensor):
        found.append(value)
    elif isinstance(value, dict):
        for item in value.values():
            _add(item, found)
    elif isinstance(value, tuple | list):
        for item in value:
            _add(item, found)
    elif (names := _fields(value.__class__)) is not None:
        for name in names:
            _add(getattr(value, name), found)
    else:
        found.append(value)


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """The names of a dataclass's fields; None for any other class."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def tensors(value: Any) -> list[torch.Tensor]:
    """The tensors among the leaves."""
    return [leaf for leaf in leaves(value) if isinstance(leaf, torch.Tensor)]


def signature(value: Any) -> tuple[Any, ...]:
    """What two values must share for one to stand in for the other: shapes, precisions, and all plain values."""
    return tuple(
        [(leaf.shape, leaf.dtype) if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves(value)]
    )


def with_tensors(value: T, change: Callable[[torch.Tensor], torch.Tensor]) -> T:
    """Return the same structure with every tensor changed."""
    changed: Any = value
    if isinstance(value, torch.Tensor):
        changed = change(value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(
            value, **{field.name: with_tensors(getattr(value, field.name), change) for field in fields(value)}
        )
    elif isinstance(value, dict):
        changed = {key: with_tensors(item, change) for key, item in value.items()}
    elif isinstance(value, tuple | list):
        changed = type(value)(with_tensors(item, change) for item in value)
    found: T = changed
    return found
