"""A card's memory: how much of it is taken, what is freed and when, and the pools of captured graphs."""

import weakref
from contextlib import contextmanager

import torch

POISON = 0xFF  # not a number in every floating type, -1 in every whole one


@contextmanager
def unseen():
    """What is done in the body is the machine's own doing, of which its modes need not hear."""
    with torch._C.DisableTorchFunction(), torch._C._DisableTorchDispatch():
        yield


class Memory:
    """Counts one card's bytes. Freed ones stay `reserved`, as by torch's allocator, until `empty`."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.used = self.reserved = self.peak = 0
        self.refused = 0
        """How often there was no room."""

    @property
    def free(self) -> int:
        """What the driver says is free: without what torch's allocator keeps."""
        return self.capacity - self.reserved

    def has_room(self, nbytes: int) -> bool:
        return self.used + nbytes <= self.capacity

    def take(self, nbytes: int) -> None:
        if not self.has_room(nbytes):
            self.refused += 1
            raise torch.OutOfMemoryError(
                f"CUDA out of memory. Tried to allocate {nbytes} bytes of {self.capacity - self.used}."
            )
        self.used += nbytes
        self.reserved = max(self.reserved, self.used)
        self.peak = max(self.peak, self.used)

    def give(self, nbytes: int) -> None:
        self.used -= nbytes

    def empty(self) -> None:
        self.reserved = self.used


class Pool:
    """The memory of captured graphs: what one of them frees serves the next, and none of it goes back before all do."""

    def __init__(self, memory: Memory) -> None:
        self.handle = (0, id(self))
        self.size = self._live = 0
        self._memory = memory
        self._closed = weakref.finalize(self, _give_all, memory, sizes := [0])
        self._sizes = sizes

    def _missing(self, nbytes: int) -> int:
        return max(self._live + nbytes - self.size, 0)

    def has_room(self, nbytes: int) -> bool:
        return self._memory.has_room(self._missing(nbytes))

    def take(self, nbytes: int) -> None:
        more = self._missing(nbytes)
        self._memory.take(more)
        self.size += more
        self._sizes[0] = self.size
        self._live += nbytes

    def give(self, nbytes: int) -> None:
        self._live -= nbytes


def _give_all(memory: Memory, sizes: list[int]) -> None:
    memory.give(sizes[0])


class Allocation:
    """The memory of a tensor and its views; it is freed with the last of them."""

    def __init__(self, machine, tensor: torch.Tensor, stream) -> None:
        """``tensor``: a plain one over the memory. Raises OutOfMemoryError."""
        self.machine, self.stream = machine, stream
        self.key = tensor.untyped_storage()._cdata
        with unseen():
            self.bytes = torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage())
        self.source = stream.capture.pool if stream.capture else machine.memory[stream.device.index]
        self.recording = stream.capture
        if not self.source.has_room(self.bytes.numel()):
            machine.settle()  # torch's allocator waits, too, before it gives up
        self.source.take(self.bytes.numel())
        self.written: tuple[object, int, str] | None = None
        """Which stream wrote it last, at what count of its own, by what."""
        self.read: dict[object, tuple[int, str]] = {}
        self.kept_for = {stream}
        """The streams that freeing waits for: its own, and those of ``record_stream``."""

    def touch(self, stream, what: str, writes: bool) -> None:
        """A kernel of a stream uses the memory. Notes a hazard where that stream did not wait for another one."""
        if self.written is not None:
            other, count, how = self.written
            if stream.seen.get(other, 0) < count:
                self._hazard(f"{what} on {stream} uses what {how} on {other} writes, without waiting for it")
        if writes:
            for other, (count, how) in self.read.items():
                if stream.seen.get(other, 0) < count:
                    self._hazard(f"{what} on {stream} writes what {how} on {other} reads, without waiting")
            self.written, self.read = (stream, stream.count, what), {}
        else:
            self.read[stream] = stream.count, what

    def _hazard(self, sentence: str) -> None:
        self.machine.hazards.append(sentence)

    def __del__(self) -> None:
        if not hasattr(self, "kept_for"):
            return  # there was no room for it
        with self.machine.lock:
            uses = [(other, count, what) for other, (count, what) in self.read.items()]
            uses += [self.written] if self.written else []
            for other, count, what in uses:
                pooled = isinstance(
                    self.source, Pool
                )  # reused by other captures only, before which the host waits
                if not pooled and other not in self.kept_for and self.stream.seen.get(other, 0) < count:
                    self._hazard(f"memory of {self.stream} is freed while {what} on {other} uses it")
            _Release(self.source, self.bytes).after([stream for stream in self.kept_for if stream.is_behind])


class _Release:
    """Gives memory back once the streams that it is kept for have come so far."""

    def __init__(self, source: Memory | Pool, memory: torch.Tensor) -> None:
        self._source, self._memory, self._waits = source, memory, 0

    def after(self, streams: list) -> None:
        self._waits = len(streams)
        for stream in streams:
            stream.later(self._one_less)
        if not streams:
            self._now()

    def _one_less(self) -> None:
        self._waits -= 1
        if not self._waits:
            self._now()

    def _now(self) -> None:
        self._source.give(self._memory.numel())
        with unseen():
            self._memory.fill_(POISON)
