"""Looking through an operator's arguments, by place and by name; each call does so several times."""

from collections.abc import Callable, Iterable
from typing import Any

import torch


def tensors(*values: Any) -> list[torch.Tensor]:
    """Those in the values, and in what the values hold."""
    found: list[torch.Tensor] = []
    _add(values, found)
    return found


def _add(values: Iterable[Any], found: list[torch.Tensor]) -> None:
    for value in values:
        if isinstance(value, torch.Tensor):
            found.append(value)
        elif isinstance(value, tuple | list):
            _add(value, found)
        elif type(value) is dict:
            _add(value.values(), found)


def mapped(value: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    """The same with every tensor changed."""
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, tuple | list):
        return type(value)([mapped(item, change) for item in value])
    if type(value) is dict:
        return {name: mapped(item, change) for name, item in value.items()}
    return value
