"""Walking nested data: dataclasses, dictionaries and sequences that hold tensors and plain values."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import torch

T = TypeVar("T")


def leaves(value: Any) -> Iterator[Any]:
    """Yield tensors and plain values, depth first, in a fixed order."""
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def tensors(value: Any) -> list[torch.Tensor]:
    """The tensors among the leaves."""
    return [leaf for leaf in leaves(value) if isinstance(leaf, torch.Tensor)]


def signature(value: Any) -> tuple[Any, ...]:
    """What two values must share for one to stand in for the other: shapes, precisions, and all plain values."""
    return tuple(
        (tuple(leaf.shape), leaf.dtype) if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves(value)
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
