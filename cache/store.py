"""ActivationCache: the tiers together, and the only one that moves entries between them."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, RLock
from typing import Any, Self

import torch
from torch import Tensor

from cache.arena import Arena, Block
from cache.background import BackgroundWork
from cache.budget import Budget
from cache.copies import copy_into, copy_of, take_rows
from cache.device import DeviceMemory, Transfers
from cache.disk import FOLDER_FAILED, DiskTier
from cache.entry import Entry, Saved
from cache.key import CacheKey
from cache.memory import MemoryTier
from cache.prefetch import Prefetcher
from cache.spec import TensorSpec
from cache.stats import CacheStats, Counters
from cache.writer import Writer

_log = logging.getLogger(__name__)
UNWRITTEN_SHARE = 0.25  # of the host's budget that ``writing_later`` may keep from the disk


@dataclass(frozen=True, slots=True)
class SpaceInfo:
    """What the cache holds of a space."""

    name: str
    device_bytes: int
    ram_bytes: int
    disk_bytes: int
    cost_seconds: float  # to compute it again
    last_used: float  # seconds since the epoch


class ActivationCache:
    """Tensors by key, in device memory, host memory and, with a folder, on disk.

    ``put`` copies into memory and returns; one thread writes to disk, another reads ahead. Whatever the disk does
    (full, read-only, damaged, used by other processes) shows as misses and as one sentence per kind of trouble,
    given to ``on_warning`` (on whatever thread meets it) and kept in ``last_warning``; it never raises. All methods
    may be called from any thread, but the CUDA stream of a result is the caller's current one.
    """

    def __init__(
        self,
        folder: Path | None,
        budget: Budget,
        device: str | torch.device = "cpu",
        on_warning: Callable[[str], None] | None = None,
    ):
        self.budget = budget
        self.device = _numbered(torch.device(device))
        self.last_warning: str | None = None
        self._on_warning = on_warning
        self.background = BackgroundWork()
        self._warned: set[str] = set()
        self._counters = Counters()
        self._lock = RLock()
        self._saved = Condition(self._lock)
        self._unsaved_bytes = 0
        self._metadata: dict[str, dict[str, Any]] = {}
        self._transfers = Transfers(self.device)
        shares = _Shares.of(budget, self.device)
        self._vram = MemoryTier(DeviceMemory(shares.device, self.device))
        self._ram = MemoryTier(Arena(shares.ram, pinned=self._transfers.cuda))
        self._disk = self._open_disk(folder) if folder is not None and budget.disk_bytes > 0 else None
        self._writer = Writer(self._save) if self._disk is not None else None
        self._prefetcher = Prefetcher(self._read_ahead, shares.prefetch)

    def _open_disk(self, folder: Path) -> DiskTier | None:
        try:
            return DiskTier(folder, self.budget.disk_bytes, self._warn)
        except (OSError, sqlite3.Error) as error:
            _log.info("No disk tier in %s: %s", folder, error)
            self._warn(FOLDER_FAILED)
            return None

    def close(self) -> None:
        """Writes what is waiting and lets go of memory and folder."""
        self.background.close()
        self._prefetcher.close()
        if self._writer is not None:
            self._writer.close()
        if self._disk is not None:
            self._disk.close()
        with self._lock:
            for tier in (self._vram, self._ram):
                tier.clear()
            self._writer = self._disk = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- storing

    def put(
        self,
        key: CacheKey,
        tensor: Tensor,
        cost_seconds: float = 0.0,
        row_dim: int | None = -2,
        note: str = "",
        dtype: torch.dtype | None = None,
    ) -> bool:
        """Stores a copy, as ``dtype`` if one is given; rows can be read along ``row_dim``.

        False when no tier has room for it, and for values that are infinite or not a number: what they came from must
        not be gone on with, and a miss is computed again.

        ``cost_seconds`` is what computing it again would take, ``note`` anything short that ``info`` gives back.
        Waits for the disk when host memory is full of what is not written yet.
        """
        spec = TensorSpec.of(tensor, row_dim, note, dtype)
        with self._lock:
            entry = self._make_entry(key, spec, cost_seconds)
        if entry is None:
            self._counters.add(refused=1)
            self.drop(key)
            return False
        with self._given_back_if_it_fails(self._ram, entry.block):
            entry.arriving = self._transfers.download(tensor.detach(), spec.tensor(entry.block.data))
        if entry.arriving is None and not entry.is_finite():
            return self._refuse_numbers(entry)
        with self._lock:
            self._ram.insert(entry)
            self._submit(entry)
        if self._prefetcher.knows(key):
            self._prefetcher.forget(key)
        with self._lock:
            self._vram.drop(key)
        if tensor.device == self.device:
            self._keep_on_device(key, tensor.detach())
        self._counters.add(bytes_put=spec.nbytes)
        return True

    def _refuse_numbers(self, entry: Entry) -> bool:
        with self._lock:
            self._ram.memory.give(entry.block)
        self._counters.add(not_finite=1)
        self.drop(entry.key)
        return False

    def _make_entry(self, key: CacheKey, spec: TensorSpec, cost_seconds: float) -> Entry | None:
        while (block := self._ram.take_block(spec.nbytes, key)) is None:
            if self._writer is None or self._unsaved_bytes == 0:
                return None
            self._writer.hurry()
            start = time.perf_counter()
            self._saved.wait()
            self._counters.add(seconds_waited=time.perf_counter() - start)
        return Entry(key, spec, block, cost_seconds)

    @contextmanager
    def _given_back_if_it_fails(self, tier: MemoryTier, block: Block) -> Iterator[None]:
        """In the body a block is filled."""
        try:
            yield
        except BaseException:
            with self._lock:
                tier.memory.give(block)
            raise

    def _submit(self, entry: Entry) -> None:
        if self._writer is None:
            return
        entry.saved = Saved.WAITING
        entry.readers += 1
        self._unsaved_bytes += entry.spec.nbytes
        self._writer.submit(entry)

    def _save(self, batch: list[Entry]) -> None:
        """On the writer's thread."""
        assert self._disk is not None
        alive = [entry for entry in batch if not entry.dropped]
        for entry in alive:
            entry.wait()
            if (
                entry.arriving is not None and not entry.is_finite()
            ):  # only now can be told, without the card being waited for
                self._counters.add(not_finite=1)
                self.drop(entry.key)
        alive = [entry for entry in alive if not entry.dropped]
        written = bool(alive) and self._written(alive)
        with self._lock:
            for entry in batch:
                entry.saved = Saved.YES if written else Saved.NO
                self._unsaved_bytes -= entry.spec.nbytes
                self._ram.release(entry)
            self._saved.notify_all()
        if not written:
            for entry in alive:
                self._disk.drop(entry.key)  # an older value under this key must not come back

    def _written(self, entries: list[Entry]) -> bool:
        assert self._disk is not None
        try:
            return self._disk.save(entries)
        except Exception:  # noqa: BLE001 - the thread must go on, or whoever waits for it waits for ever
            _log.exception("A fault in writing to the cache")
            return False

    @contextmanager
    def writing_later(self) -> Iterator[None]:
        """While the body runs nothing is written, unless memory fills: a computation has the processor to itself."""
        writer = self._writer
        if writer is None:
            yield
            return
        writer.hold(int(UNWRITTEN_SHARE * self._ram.memory.limit))
        try:
            yield
        finally:
            writer.go_on()

    def flush(self) -> None:
        """Returns when everything put so far is on disk, or has found no place there."""
        if self._writer is not None:
            self._writer.flush()

    # -- reading

    def get(self, key: CacheKey, device: str | torch.device | None = None) -> Tensor | None:
        """A copy of the tensor on ``device`` (the cache's own by default); None on a miss."""
        return self._read(key, None, device)

    def get_rows(
        self, key: CacheKey, rows: Tensor, device: str | torch.device | None = None
    ) -> Tensor | None:
        """As ``get``, but only the rows (int64, (n,)) along the entry's row dimension.

        From disk only the pages under those rows are read. Raises IndexError for rows that are not there and
        ValueError for an entry without a row dimension.
        """
        return self._read(key, rows.to(torch.int64), device)

    def prefetch(self, wanted: Iterable[CacheKey | tuple[CacheKey, Tensor]]) -> None:
        """Brings up entries, or rows of them, that will be asked for soon, on a thread (and stream) of its own.

        The results lie on the cache's device, in an eighth of the host's budget or a quarter of the device's, until
        the same key and rows are asked for, once; what is still there after two more calls is let go. What lies in
        the cache's device's own memory already is left there: reading ahead could only get in the way.
        """
        requests = [(one, None) if isinstance(one, CacheKey) else one for one in wanted]
        self._prefetcher.request(
            (key, rows, size)
            for key, rows in requests
            if not self._is_near(key) and (size := self._size(key, rows)) is not None
        )

    @contextmanager
    def held(self, space: str, item: int | str) -> Iterator[Mapping[str, Entry]]:
        """What the cache's device's own memory has of an item, by slot; it stays there while the body runs.

        So many small reads need neither locks nor copies: the entries' bytes are for reading only, in the body only.
        """
        near = self._near()
        with self._lock:
            entries = near.hold(space, item)
        try:
            for entry in entries.values():
                entry.wait()
            yield entries
        finally:
            if near is not self._ram and self._transfers.cuda:
                for entry in entries.values():
                    entry.block.data.record_stream(torch.cuda.current_stream(self.device))
            with self._lock:
                for entry in entries.values():
                    near.release(entry)

    def near(self, space: str, item: int | str) -> frozenset[str]:
        """The slots of an item that lie in the cache's device's own memory, and need no reading ahead."""
        with self._lock:
            return self._near().slots(space, item)

    def count_held_reads(self, reads: int, nbytes: int) -> None:
        """Adds reads of what was ``held`` to the counters."""
        source = "hits_ram" if self._near() is self._ram else "hits_device"
        self._counters.add(**{source: reads}, bytes_read=nbytes)

    def _near(self) -> MemoryTier:
        return self._ram if self.device.type == "cpu" else self._vram

    def _is_near(self, key: CacheKey) -> bool:
        with self._lock:
            return self._near().find(key) is not None

    def _size(self, key: CacheKey, rows: Tensor | None) -> int | None:
        spec = self.info(key)
        if spec is None or rows is None:
            return None if spec is None else spec.nbytes
        return spec.outer * len(rows) * spec.row_bytes

    def _read_ahead(self, key: CacheKey, rows: Tensor | None) -> Tensor | None:
        """On the prefetching thread."""
        try:
            return self._read_tiers(key, rows, self.device)[0]
        except Exception as error:  # noqa: BLE001 - the caller meets it when asking for these rows
            _log.info("Not read ahead: %s: %s", key, error)
            return None

    def _read(self, key: CacheKey, rows: Tensor | None, device: str | torch.device | None) -> Tensor | None:
        target = self.device if device is None else _numbered(torch.device(device))
        found, source = self._take_prefetched(key, rows), "hits_prefetched"
        if found is None:
            found, source = self._read_tiers(key, rows, target)
        self._counters.add(**{source: 1}, bytes_read=found.nbytes if found is not None else 0)
        return found if found is None or found.device == target else found.to(target)

    def _take_prefetched(self, key: CacheKey, rows: Tensor | None) -> Tensor | None:
        if not self._prefetcher.knows(key):
            return None
        start = time.perf_counter()
        found = self._prefetcher.take(key, rows)
        self._counters.add(seconds_waited=time.perf_counter() - start)
        if found is not None and found.is_cuda:
            found.record_stream(torch.cuda.current_stream(found.device))
        return found

    def _read_tiers(
        self, key: CacheKey, rows: Tensor | None, target: torch.device
    ) -> tuple[Tensor | None, str]:
        """What the fastest tier that has the entry gives, and which counter says so."""
        near = target == self.device and self._vram.memory.limit > 0
        found = self._read_memory(self._vram, key, rows, target) if near else None
        if found is not None:
            return found, "hits_device"
        found, source = self._read_memory(self._ram, key, rows, target), "hits_ram"
        if found is None:
            found, source = self._read_disk(key, rows, target), "hits_disk"
        if found is not None and rows is None and near:
            self._keep_on_device(key, found)
        return found, source if found is not None else "misses"

    def _read_memory(
        self, tier: MemoryTier, key: CacheKey, rows: Tensor | None, target: torch.device
    ) -> Tensor | None:
        """Copies outside of the lock; the entry is kept from being evicted meanwhile."""
        with self._lock:
            entry = tier.find(key)
            if entry is None:
                return None
            entry.readers += 1
        try:
            entry.wait()
            return self._deliver(entry.spec, entry.block.data, rows, target)
        finally:
            with self._lock:
                tier.release(entry)

    def _read_disk(self, key: CacheKey, rows: Tensor | None, target: torch.device) -> Tensor | None:
        if self._disk is None:
            return None
        found = self._disk.read(key, None if rows is None else rows.cpu())
        if found is None:
            return None
        spec, data, looked = found
        self._counters.add(bytes_read_disk=looked)
        if rows is None:
            self._keep(self._ram, key, spec, spec.tensor(data))
        return self._deliver(spec, data, rows, target)

    def _deliver(self, spec: TensorSpec, data: Tensor, rows: Tensor | None, target: torch.device) -> Tensor:
        """A copy of the bytes, or of some rows of them, on ``target``."""
        if data.is_cuda:
            data.record_stream(torch.cuda.current_stream(data.device))
        if rows is not None:
            page_locked = target.type == "cuda" and not data.is_cuda
            taken = take_rows(spec, data, rows, page_locked)
            return taken if taken.device == target else self._transfers.upload(taken, target)
        whole = spec.tensor(data)
        return copy_of(whole) if whole.device == target else self._transfers.upload(whole, target)

    def _keep_on_device(self, key: CacheKey, tensor: Tensor) -> None:
        spec = self.info(key) if self._vram.memory.limit > 0 else None
        if spec is not None:
            self._keep(self._vram, key, spec, tensor)

    def _keep(self, tier: MemoryTier, key: CacheKey, spec: TensorSpec, tensor: Tensor) -> None:
        """Keeps a further copy in a faster tier, if no other item of its space must go for that."""
        with self._lock:
            block = tier.take_block(spec.nbytes, key, spare_space=True)
        if block is None:
            return
        with self._given_back_if_it_fails(tier, block):
            copy_into(spec.tensor(block.data), tensor)
            arriving = self._transfers.mark(block.data)
        with self._lock:
            if tier.find(key) is None:
                tier.insert(Entry(key, spec, block, saved=Saved.YES, arriving=arriving))
            else:
                tier.memory.give(block)

    def info(self, key: CacheKey) -> TensorSpec | None:
        """Type, shape, row dimension and note of an entry, without reading it; None when it is not there."""
        with self._lock:
            entry = self._ram.find(key)
        if entry is not None:
            return entry.spec
        found = self._disk.find(key) if self._disk is not None else None
        return found.spec if found is not None else None

    def keys(self, space: str) -> list[CacheKey]:
        """Every key of the space, in no order."""
        with self._lock:
            known = {entry.key for entry in self._ram.entries_of(space)}
        return list(known.union(self._disk.keys(space) if self._disk is not None else []))

    # -- dropping

    def drop(self, key: CacheKey) -> None:
        """Forgets the entry in every tier."""
        with self._lock:
            self._ram.drop(key)  # before the disk's, or the writer might bring it back
        if self._disk is not None:
            self._disk.drop(key)
        self._prefetcher.forget(key)
        with self._lock:
            self._ram.drop(key)  # the prefetching thread may have brought it back
            self._vram.drop(key)

    def drop_space(self, space: str) -> None:
        """Forgets all entries of the space and its metadata."""
        with self._lock:
            self._ram.drop_space(space)
            self._metadata.pop(space, None)
        if self._disk is not None:
            self._disk.drop_space(space)
        self._prefetcher.forget_space(space)
        with self._lock:
            self._ram.drop_space(space)
            self._vram.drop_space(space)

    def trim(self, budget: Budget) -> None:
        """Keeps a new budget from now on, evicting what is over it."""
        self.flush()
        self.budget = budget
        shares = _Shares.of(budget, self.device)
        self._prefetcher.trim(shares.prefetch)
        with self._lock:
            self._vram.trim(shares.device)
            self._ram.trim(shares.ram)
        if self._disk is not None:
            self._disk.trim(budget.disk_bytes)

    # -- spaces

    def describe_space(self, space: str, metadata: Mapping[str, Any]) -> None:
        """Keeps a JSON object with the space, in place of an earlier one."""
        with self._lock:
            self._metadata[space] = dict(metadata)
        if self._disk is not None:
            self._disk.describe(space, metadata)

    def space_metadata(self, space: str) -> dict[str, Any] | None:
        """What ``describe_space`` was given, in this process or another; None for an unknown space."""
        on_disk = self._disk.metadata(space) if self._disk is not None else None
        with self._lock:
            return on_disk if on_disk is not None else self._metadata.get(space)

    def spaces(self) -> list[SpaceInfo]:
        """Every space of which a tier holds something, or that is described."""
        on_disk = {space.name: space for space in self._disk.spaces()} if self._disk is not None else {}
        with self._lock:
            on_device = {space.name: space for space in self._vram.spaces()}
            in_ram = {space.name: space for space in self._ram.spaces()}
            described = set(self._metadata)
        found = []
        for name in sorted({*on_device, *in_ram, *on_disk, *described}):
            held = [tier[name] for tier in (in_ram, on_disk) if name in tier]
            found.append(
                SpaceInfo(
                    name,
                    device_bytes=on_device[name].nbytes if name in on_device else 0,
                    ram_bytes=in_ram[name].nbytes if name in in_ram else 0,
                    disk_bytes=on_disk[name].nbytes if name in on_disk else 0,
                    cost_seconds=max((space.cost_seconds for space in held), default=0.0),
                    last_used=max((space.last_used for space in held), default=0.0),
                )
            )
        return found

    def room(self) -> Budget:
        """The bytes that new entries could take in each tier if all went that may go."""
        with self._lock:
            held = sum(entry.block.nbytes for entry in self._ram if not self._ram.may_go(entry))
            return Budget(
                device_bytes=self._vram.memory.limit,
                ram_bytes=max(self._ram.memory.limit - held, 0),
                disk_bytes=self._disk.room() if self._disk is not None else 0,
            )

    # -- telling

    def stats(self) -> CacheStats:
        """Counters since the cache was opened, and bytes held now."""
        disk, ahead = self._disk, self._prefetcher.held_bytes
        with self._lock:
            return self._counters.snapshot(
                evicted_entries=self._vram.evicted + self._ram.evicted,
                evicted_spaces=disk.evicted_spaces if disk is not None else 0,
                damaged=disk.damaged if disk is not None else 0,
                bytes_written=disk.bytes_written if disk is not None else 0,
                device_bytes=self._vram.memory.held_bytes + (ahead if self._transfers.cuda else 0),
                ram_bytes=self._ram.memory.held_bytes + (0 if self._transfers.cuda else ahead),
                disk_bytes=disk.used_bytes() if disk is not None else 0,
                unsaved_bytes=self._unsaved_bytes,
            )

    def _warn(self, warning: str) -> None:
        """Gives each warning once."""
        with self._lock:
            if warning in self._warned:
                return
            self._warned.add(warning)
            self.last_warning = warning
        _log.info(warning)
        if self._on_warning is not None:
            self._on_warning(warning)


@dataclass(frozen=True, slots=True)
class _Shares:
    """The budget of the memory tiers, less what reading ahead may take of it."""

    device: int
    ram: int
    prefetch: int

    @classmethod
    def of(cls, budget: Budget, device: torch.device) -> "_Shares":
        if device.type == "cuda":
            ahead = budget.device_bytes // 4
            return cls(budget.device_bytes - ahead, budget.ram_bytes, ahead)
        ahead = budget.ram_bytes // 8
        return cls(budget.device_bytes, budget.ram_bytes - ahead, ahead)


def _numbered(device: torch.device) -> torch.device:
    """``cuda`` with the number that a tensor's device has."""
    if device.type == "cuda" and device.index is None:
        return torch.device("cuda", torch.cuda.current_device())
    return device
