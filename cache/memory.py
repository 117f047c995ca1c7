"""A tier in memory, of the host or of the device. Its caller holds a lock around every method."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from cache.arena import Block
from cache.entry import Entry, Saved
from cache.eviction import Candidate, order_items
from cache.key import CacheKey


@dataclass(slots=True)
class _Item:
    """The entries of one item; they leave memory together."""

    entries: dict[str, Entry] = field(default_factory=dict)
    last_used: int = 0  # on the tier's own clock


@dataclass(slots=True)
class _Space:
    """Sums over a space's entries, kept up to date: there are thousands of them, and every eviction asks."""

    entries: int = 0
    nbytes: int = 0
    cost_seconds: float = 0.0
    last_used: float = 0.0  # seconds since the epoch

    def add(self, entry: Entry, sign: int) -> None:
        self.entries += sign
        self.nbytes += sign * entry.block.nbytes
        self.cost_seconds += sign * entry.cost_seconds


class Allocator(Protocol):
    """Where the tier's memory comes from; ``held_bytes`` never exceeds ``limit``."""

    limit: int

    @property
    def held_bytes(self) -> int: ...
    def take(self, nbytes: int) -> Block | None: ...
    def give(self, block: Block) -> None: ...
    def shrink(self, limit: int) -> None: ...


class MemoryTier:
    """Entries in memory, never more than the allocator's limit."""

    def __init__(self, memory: Allocator):
        self.memory = memory
        self.evicted = 0
        self._items: dict[tuple[str, int | str], _Item] = {}
        self._spaces: dict[str, _Space] = {}
        self._clock = count(1)

    def __iter__(self) -> Iterator[Entry]:
        for item in self._items.values():
            yield from item.entries.values()

    def entries_of(self, space: str) -> list[Entry]:
        return [
            entry
            for (name, _), item in self._items.items()
            if name == space
            for entry in item.entries.values()
        ]

    def spaces(self) -> list[Candidate]:
        """The spaces of which something is here; last use in seconds since the epoch."""
        return [
            Candidate(name, space.nbytes, space.cost_seconds, space.last_used)
            for name, space in self._spaces.items()
        ]

    def find(self, key: CacheKey) -> Entry | None:
        """The entry, which counts as used now."""
        item = self._items.get((key.space, key.item))
        if item is None or (entry := item.entries.get(key.slot)) is None:
            return None
        self._use(key.space, item)
        return entry

    def slots(self, space: str, item: int | str) -> frozenset[str]:
        """The slots of an item that are here."""
        held = self._items.get((space, item))
        return frozenset(held.entries) if held is not None else frozenset()

    def hold(self, space: str, item: int | str) -> dict[str, Entry]:
        """The item's entries by slot, which count as used now; each is to be released."""
        held = self._items.get((space, item))
        if held is None:
            return {}
        self._use(space, held)
        for entry in held.entries.values():
            entry.readers += 1
        return dict(held.entries)

    def take_block(self, nbytes: int, key: CacheKey, spare_space: bool = False) -> Block | None:
        """Memory for an entry, made free by evicting; its space's own entries go last, or not at all."""
        while (block := self.memory.take(nbytes)) is None:
            if not self._evict_item(key.space, spare_space, key.item):
                return None
        return block

    def insert(self, entry: Entry) -> None:
        """Files the entry in place of one under the same key."""
        key = entry.key
        self.drop(key)
        item = self._items.setdefault((key.space, key.item), _Item())
        item.entries[key.slot] = entry
        self._spaces.setdefault(key.space, _Space()).add(entry, 1)
        self._use(key.space, item)

    def drop(self, key: CacheKey) -> None:
        item = self._items.get((key.space, key.item))
        if item is None or (entry := item.entries.pop(key.slot, None)) is None:
            return
        if not item.entries:
            del self._items[key.space, key.item]
        space = self._spaces[key.space]
        space.add(entry, -1)
        if not space.entries:
            del self._spaces[key.space]
        entry.dropped = True
        if entry.readers == 0:
            self._give(entry)

    def drop_space(self, space: str) -> None:
        for entry in self.entries_of(space):
            self.drop(entry.key)

    def clear(self) -> None:
        for space in self.spaces():
            self.drop_space(space.name)

    def release(self, entry: Entry) -> None:
        """A reader has finished; the last one of a dropped entry gives its memory back."""
        entry.readers -= 1
        if entry.readers == 0 and entry.dropped:
            self._give(entry)

    def trim(self, limit: int) -> None:
        """Evicts until a new limit is kept, as far as possible."""
        self.memory.shrink(limit)
        while self.memory.held_bytes > limit and self._evict_item("", spare_space=False):
            self.memory.shrink(limit)

    def _give(self, entry: Entry) -> None:
        """A copy that is still to come would write into what the next entry was given: it is waited for."""
        entry.wait()
        self.memory.give(entry.block)

    def _use(self, space: str, item: _Item) -> None:
        item.last_used = next(self._clock)
        self._spaces[space].last_used = time.time()

    def _evict_item(self, space: str, spare_space: bool, item: int | str | None = None) -> bool:
        """Evicts what may go of the item that is needed least; False when nothing may go."""
        items = [(name, number, held.last_used) for (name, number), held in self._items.items()]
        for name, number in order_items(self.spaces(), items, space, time.time(), item):
            if spare_space and name == space:
                continue
            going = [entry for entry in self._items[name, number].entries.values() if self.may_go(entry)]
            for entry in going:
                self.drop(entry.key)
            self.evicted += len(going)
            if going:
                return True
        return False

    def may_go(self, entry: Entry) -> bool:
        """Whether it can be evicted: nobody looks at it, and it is not on its way to the disk."""
        return entry.readers == 0 and entry.saved is not Saved.WAITING
