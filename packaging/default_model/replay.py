"""Samples drawn again and again from a slowly renewed store, where making them takes longer than learning from them."""

from collections.abc import Callable

import torch
from torch import Tensor

Samples = dict[str, Tensor]
"""Tensors of one length, by name."""


class Replay:
    """The latest samples of a source; new ones take the place of the oldest before a draw, `fresh` a draw.

    Where the device waits for a few as long as for many, they are made `at_once`, at every so many draws.
    """

    def __init__(
        self, make: Callable[[int], Samples], capacity: int, start: int, fresh: int, at_once: int = 1
    ):
        """`make` returns so many new samples as it is asked for, which are never more than the capacity."""
        self._make, self._capacity, self._fresh, self._at_once = make, capacity, fresh, at_once
        self._store: Samples = {}
        self._next = self._filled = self._due = 0
        self._add(min(start, capacity))

    def _add(self, count: int) -> None:
        new = self._make(count)
        if not self._store:
            self._store = {
                name: part.new_empty((self._capacity, *part.shape[1:])) for name, part in new.items()
            }
        first = min(count, self._capacity - self._next)
        for name, part in new.items():
            self._store[name][self._next : self._next + first].copy_(part[:first])
            self._store[name][: count - first].copy_(part[first:])
        self._next = (self._next + count) % self._capacity
        self._filled = min(self._capacity, self._filled + count)

    def draw(self, count: int) -> Samples:
        """A random batch, after the renewal."""
        self._due += self._fresh
        if self._due >= max(1, self._at_once):
            self._add(self._due)
            self._due = 0
        device = next(iter(self._store.values())).device
        chosen = torch.randint(self._filled, (count,), device=device)
        return {name: part[chosen] for name, part in self._store.items()}
