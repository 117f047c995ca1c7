"""Spaces on top of one another: each holds whole tensors, or only the rows that differ from the space below.

A chain is a list of spaces, newest first. Under a key (item, slot), the newest space that has a row gives it. Every
space of a chain must hold every key that is read through it, if need be with no rows at all: where an entry is
missing nobody can say which rows it had, so the whole key is a miss and never a guess. The search ends at the
first space that holds a whole tensor, so a run that recomputed a key entirely just puts it. What cannot be read this
way (its row numbers are lost, nothing whole lies below it, it is of another size) is dropped, so that it is missed.

Entries may have several items, along a first dimension before the rows, and not every space as many: a reader asks for
the last so many, and a key of which some entry has fewer is a miss. Unless told, it gets what all of them have.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import torch
from cachetools import LRUCache
from torch import Tensor

from cache.copies import copy_of, join_rows, take_rows, take_words, write_rows
from cache.entry import Entry
from cache.key import CacheKey
from cache.spec import TensorSpec
from cache.store import ActivationCache

ROWS_ITEM = "@rows"  # where a space keeps the row numbers of its deltas, each set once, by digest
_NOTE = "delta"
_MAX_PLANS = 128


class RowNumbers:
    """Which rows a delta holds (int64, (n,), no two alike), worked out once for many deltas."""

    def __init__(self, rows: Tensor):
        self.tensor = rows.to("cpu", torch.int32).contiguous()
        self.digest = _digest(self.tensor)


def _digest(numbers: Tensor) -> str:
    return hashlib.blake2b(numbers.numpy().tobytes(), digest_size=8).hexdigest()


def put_rows(
    cache: ActivationCache,
    key: CacheKey,
    rows: RowNumbers,
    tensor: Tensor,
    total_rows: int,
    cost_seconds: float = 0.0,
    row_dim: int = -2,
    dtype: torch.dtype | None = None,
) -> bool:
    """Stores ``tensor``'s rows, as ``dtype`` if one is given, as those numbered ``rows`` of ``total_rows``.

    What the other rows are, the spaces below say. False when there is no room.
    """
    if tensor.shape[row_dim] != len(rows.tensor):
        raise ValueError(f"{tensor.shape[row_dim]} rows of values for {len(rows.tensor)} row numbers.")
    numbers_key = CacheKey(key.space, ROWS_ITEM, rows.digest)
    if cache.info(numbers_key) is None and not cache.put(numbers_key, rows.tensor, row_dim=None):
        return False
    return cache.put(key, tensor, cost_seconds, row_dim, f"{_NOTE} {rows.digest} {total_rows}", dtype)


@dataclass(frozen=True, slots=True)
class _Layer:
    """A key's entry in one space, as far as it is read; ``digest`` names its row numbers, None for a whole tensor."""

    key: CacheKey
    spec: TensorSpec
    digest: str | None
    total_rows: int


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Which rows (int64) to read from a layer's entry.

    ``near`` are the same on the cache's device; ``known`` says that the entry has them all.
    """

    layer: int
    rows: Tensor
    near: Tensor
    known: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """Where some rows come from: what to read, and which row of it all, in a line, is the n-th (int64)."""

    parts: list[_Part]
    order: Tensor


class LayeredReader:
    """Reads through a chain of spaces as if they were one."""

    def __init__(self, cache: ActivationCache, chain: Sequence[str]):
        self.cache = cache
        self.chain = tuple(chain)
        self._places: dict[tuple[str, str], Tensor] = {}
        self._plans: LRUCache[tuple[object, ...], tuple[Tensor, object, _Plan]] = LRUCache(_MAX_PLANS)
        self._held: dict[tuple[str, int | str], Mapping[str, Entry]] = {}
        self._held_reads = self._held_bytes = 0

    @contextmanager
    def holding(self, item: int | str) -> Iterator[None]:
        """While the body runs, what is in the cache's device's memory of an item stays there and is read at once."""
        with ExitStack() as stack:
            for space in self.chain:
                self._held[space, item] = stack.enter_context(self.cache.held(space, item))
            try:
                yield
            finally:
                self._held.clear()
                self.cache.count_held_reads(self._held_reads, self._held_bytes)
                self._held_reads = self._held_bytes = 0

    def get(
        self, item: int | str, slot: str, device: str | torch.device | None = None, last: int | None = None
    ) -> Tensor | None:
        """The whole tensor, or its ``last`` items; None when anything of it is missing."""
        whole = self._get(item, slot, device, last)
        if whole is None:
            self._drop_unreadable(item, slot)
        return whole

    def _get(
        self, item: int | str, slot: str, device: str | torch.device | None, last: int | None
    ) -> Tensor | None:
        layers = self._layers(item, slot, last)
        if layers is None or (whole := self._whole(layers[-1], device)) is None:
            return None
        for layer in reversed(layers[:-1]):
            numbers, rows = self._numbers(layer), self._whole(layer, device)
            if numbers is None or rows is None or layer.spec.row_dim is None:
                return None
            write_rows(layers[-1].spec, whole, numbers.to(torch.int64), rows)
        return whole

    def get_rows(
        self,
        item: int | str,
        slot: str,
        rows: Tensor,
        device: str | torch.device | None = None,
        last: int | None = None,
    ) -> Tensor | None:
        """The rows (int64, (n,)), of all items or the ``last``; None when anything of them is missing.

        Raises as ``ActivationCache.get_rows``.
        """
        found = self._get_rows(item, slot, rows, device, last)
        if found is None:
            self._drop_unreadable(item, slot)
        return found

    def _get_rows(
        self, item: int | str, slot: str, rows: Tensor, device: str | torch.device | None, last: int | None
    ) -> Tensor | None:
        layers = self._layers(item, slot, last)
        plan = self._plan(layers, rows) if layers is not None else None
        if layers is None or plan is None:
            return None
        found: list[Tensor] = []
        for part in plan.parts:
            part_rows = self._part(layers[part.layer], part, device)
            if part_rows is None:
                return None
            found.append(part_rows)
        return found[0] if len(found) == 1 else join_rows(layers[-1].spec, found, plan.order)

    def prefetch(self, wanted: Iterable[tuple[int | str, str] | tuple[int | str, str, Tensor]]) -> None:
        """Brings up (item, slot), or (item, slot, rows), as ``ActivationCache.prefetch`` does."""
        requests: list[CacheKey | tuple[CacheKey, Tensor]] = []
        near: dict[int | str, list[frozenset[str]]] = {}
        for item, slot, *rows in wanted:
            if item not in near:
                near[item] = [self.cache.near(space, item) for space in self.chain]
            if all(slot in slots for slots in near[item]):
                continue
            layers = self._layers(item, slot)
            if layers is not None and not rows:
                requests += [layer.key for layer in layers]
            elif layers is not None and (plan := self._plan(layers, rows[0])) is not None:
                requests += [(layers[part.layer].key, part.rows) for part in plan.parts]
        self.cache.prefetch(requests)

    def _whole(self, layer: _Layer, device: str | torch.device | None) -> Tensor | None:
        entry = self._entry(layer.key, device)
        if entry is None:
            return _last(self.cache.get(layer.key, device), layer.spec)
        return self._counted(copy_of(layer.spec.tensor(_read_part(entry, layer.spec))))

    def _part(self, layer: _Layer, part: _Part, device: str | torch.device | None) -> Tensor | None:
        entry, spec = self._entry(layer.key, device), layer.spec
        if entry is None:
            return _last(self.cache.get_rows(layer.key, part.rows, device), spec)
        if part.known:
            return self._counted(take_words(spec, entry.rows_as_words()[-spec.outer :], part.near))
        return self._counted(take_rows(spec, _read_part(entry, spec), part.rows))

    def _counted(self, tensor: Tensor) -> Tensor:
        self._held_reads += 1
        self._held_bytes += tensor.nbytes
        return tensor

    def _entry(self, key: CacheKey, device: str | torch.device | None) -> Entry | None:
        """The held entry, if it is to be read where it lies."""
        return self._held.get((key.space, key.item), {}).get(key.slot) if device is None else None

    def _layers(self, item: int | str, slot: str, last: int | None = None) -> list[_Layer] | None:
        """The key's entries from the newest space down to the first whole tensor; None when one is missing.

        Of each so many ``last`` items; None where one has fewer.
        """
        layers: list[_Layer] = []
        for space in self.chain:
            key = CacheKey(space, item, slot)
            entry = self._held.get((space, item), {}).get(slot)
            spec = self.cache.info(key) if entry is None else entry.spec
            if spec is None:
                return None
            layers.append(_layer(key, spec))
            if layers[-1].digest is None:
                return _cut(layers, last) if _fit(layers) else None
        return None

    def _drop_unreadable(self, item: int | str, slot: str) -> None:
        """After a miss: forget each entry of the key that nobody can read, so that all are computed again at once.

        What is held is looked at no more: it is not what will be put in its place.
        """
        self._held.clear()
        layers: list[_Layer] = []
        for space in self.chain:
            key = CacheKey(space, item, slot)
            spec = self.cache.info(key)
            if spec is None or self.cache.get(key, "cpu") is None:  # damage shows only here
                continue
            layer = _layer(key, spec)
            if layer.digest is None:
                layers.append(layer)
                break
            if space == self.chain[-1] or self._numbers(layer) is None:
                self.cache.drop(key)
            else:
                layers.append(layer)
        if layers and layers[-1].digest is None and not _fit(layers):
            for layer in layers:
                self.cache.drop(layer.key)

    def _plan(self, layers: list[_Layer], rows: Tensor) -> _Plan | None:
        """Where each row comes from; the same for all slots of one size, so it is remembered."""
        name = (id(rows), layers[-1].total_rows, *((layer.key.space, layer.digest) for layer in layers))
        known = self._plans.get(name)
        if known is not None and known[0] is rows and known[1] == _version(rows):
            return known[2]
        plan = self._new_plan(layers, rows.to("cpu", torch.int64))
        if plan is not None:
            self._plans[name] = (rows, _version(rows), plan)
        return plan

    def _new_plan(self, layers: list[_Layer], rows: Tensor) -> _Plan | None:
        parts: list[_Part] = []
        filled: list[Tensor] = []  # which rows of the result each part fills
        missing, open_rows = rows, torch.arange(len(rows))
        for number, layer in enumerate(layers[:-1]):
            places = self._row_places(layer)
            if places is None:
                return None
            there = places[missing]
            here = there >= 0
            if here.any():
                parts.append(self._new_part(number, there[here], True))
                filled.append(open_rows[here])
            missing, open_rows = missing[~here], open_rows[~here]
        if len(missing) or not parts:
            known = not len(missing) or 0 <= int(missing.min()) <= int(missing.max()) < layers[-1].total_rows
            parts.append(self._new_part(len(layers) - 1, missing, known))
            filled.append(open_rows)
        return _Plan(parts, torch.cat(filled).argsort().to(self.cache.device))

    def _new_part(self, layer: int, rows: Tensor, known: bool) -> _Part:
        return _Part(layer, rows, rows.to(self.cache.device), known)

    def _row_places(self, layer: _Layer) -> Tensor | None:
        """For each of the tensor's rows, its place in the delta, or -1 (int64, (total rows,))."""
        name = (layer.key.space, layer.digest or "")
        if name not in self._places:
            numbers = self._numbers(layer)
            if numbers is None:
                return None
            places = torch.full((layer.total_rows,), -1)
            places[numbers.to(torch.int64)] = torch.arange(len(numbers))
            self._places[name] = places
        return self._places[name]

    def _numbers(self, layer: _Layer) -> Tensor | None:
        """The row numbers that the layer's note names (int32, (n,)); None unless they are these and as many."""
        found = self.cache.get(CacheKey(layer.key.space, ROWS_ITEM, layer.digest or ""), "cpu")
        if found is None or found.dtype != torch.int32 or _digest(found.contiguous()) != layer.digest:
            return None
        return found if layer.spec.row_dim is None or len(found) == layer.spec.rows else None


def _version(rows: Tensor) -> object:
    """What changes when somebody writes to the rows; to compare values, a device would have to be waited for."""
    return rows.tolist() if rows.is_inference() else rows._version


def _layer(key: CacheKey, spec: TensorSpec) -> _Layer:
    if spec.note.startswith(f"{_NOTE} "):
        _, digest, total_rows = spec.note.split()
        return _Layer(key, spec, digest, int(total_rows))
    return _Layer(key, spec, None, spec.rows if spec.row_dim is not None else 0)


def _fit(layers: list[_Layer]) -> bool:
    """Whether the deltas are of tensors like the whole one, perhaps of more or fewer items."""
    whole = layers[-1].spec
    return all(
        layer.total_rows == layers[-1].total_rows
        and layer.spec.row_dim is not None
        and layer.spec.row_dim == whole.row_dim
        and layer.spec.dtype == whole.dtype
        and layer.spec.shape_with(0)[_has_items(whole) :] == whole.shape_with(0)[_has_items(whole) :]
        for layer in layers[:-1]
    )


def _has_items(spec: TensorSpec) -> bool:
    """Whether there is a dimension before the rows, or before what is no rows."""
    return len(spec.shape) > 1 and spec.row_dim != 0


def _cut(layers: list[_Layer], last: int | None) -> list[_Layer] | None:
    """The same with so many last items of each entry, None: as many as all have; None where one has fewer."""
    if not _has_items(layers[-1].spec):
        return layers
    fewest = min(layer.spec.shape[0] for layer in layers)
    last = fewest if last is None else last
    if fewest < last:
        return None
    return [
        layer
        if layer.spec.shape[0] == last
        else replace(layer, spec=replace(layer.spec, shape=(last, *layer.spec.shape[1:])))
        for layer in layers
    ]


def _last(tensor: Tensor | None, spec: TensorSpec) -> Tensor | None:
    """What ``spec`` says of an entry's items, or of some of their rows: the last ones."""
    if tensor is None or not _has_items(spec) or len(tensor) == spec.shape[0]:
        return tensor
    return tensor[-spec.shape[0] :]


def _read_part(entry: Entry, spec: TensorSpec) -> Tensor:
    """The bytes of a held entry's last items, as ``spec`` counts them."""
    return entry.block.data[entry.spec.nbytes - spec.nbytes : entry.spec.nbytes]


def flatten(
    cache: ActivationCache,
    chains: Mapping[int | str, Sequence[str]],
    into: str,
    cancelled: Callable[[], bool] = lambda: False,
    wanted: Callable[[CacheKey], bool] = lambda key: True,
) -> bool:
    """Puts what a chain of its own holds of each item, under ``wanted`` keys, as whole tensors into one space.

    An item of which the newest space of its chain lacks something is left out. False, with nothing left of it, when no
    item is there, it was cancelled, or something else was missing or found no room. The space is described once it is
    complete, so one without metadata is one that was not finished.
    """
    through = set().union(*chains.values())
    held: dict[tuple[str, int | str], set[str]] = defaultdict(set)
    for space in through:
        for key in filter(wanted, cache.keys(space)):
            held[space, key.item].add(key.slot)
    names = [
        (item, slot)
        for item, chain in chains.items()
        if held[chain[0], item] >= set().union(*(held[space, item] for space in chain))
        for slot in sorted(held[chain[0], item])
    ]
    cost = sum(space.cost_seconds for space in cache.spaces() if space.name in through) / max(len(names), 1)
    readers = {chain: LayeredReader(cache, chain) for chain in map(tuple, chains.values())}
    whole = bool(names) and all(
        not cancelled() and _flatten_entry(readers[tuple(chains[item])], item, slot, into, cost)
        for item, slot in names
    )
    if not whole:
        cache.drop_space(into)
        return False
    cache.flush()
    cache.describe_space(into, {})
    return True


def _flatten_entry(reader: LayeredReader, item: int | str, slot: str, into: str, cost_seconds: float) -> bool:
    cache = reader.cache
    tensor, spec = reader.get(item, slot, "cpu"), cache.info(CacheKey(reader.chain[0], item, slot))
    if tensor is None or spec is None:
        return False
    return cache.put(CacheKey(into, item, slot), tensor, cost_seconds, spec.row_dim)
