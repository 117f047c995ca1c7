"""Host memory handed out in blocks from a few large chunks, page-locked when a GPU copies from them.

Fresh memory is slow: every first touch of a page goes through the operating system, and page-locking costs more
still. So chunks stay, and blocks given back are handed out again.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

import torch
from torch import Tensor

CHUNK_BYTES = 64 * 2**20
ALIGNMENT = 64


@dataclass(slots=True, eq=False)
class _Chunk:
    data: Tensor  # uint8
    free: list[tuple[int, int]] = field(default_factory=list)  # (offset, size), by offset, never touching

    def take(self, size: int) -> int | None:
        """First fit; returns the offset."""
        for place, (offset, room) in enumerate(self.free):
            if room >= size:
                if room == size:
                    del self.free[place]
                else:
                    self.free[place] = (offset + size, room - size)
                return offset
        return None

    def give(self, offset: int, size: int) -> None:
        """Back into the free list, joined with its neighbours."""
        place = bisect_left(self.free, (offset, 0))
        if place < len(self.free) and offset + size == self.free[place][0]:
            size += self.free.pop(place)[1]
        if place > 0 and sum(self.free[place - 1]) == offset:
            place -= 1
            before, room = self.free.pop(place)
            offset, size = before, room + size
        self.free.insert(place, (offset, size))

    @property
    def empty(self) -> bool:
        return self.free == [(0, len(self.data))]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Memory handed out; ``data`` is uint8 and at least as long as asked for."""

    data: Tensor
    nbytes: int
    chunk: _Chunk | None = None
    offset: int = 0


class Arena:
    """Never holds more than ``limit`` bytes, used and free together."""

    def __init__(self, limit: int, pinned: bool = False):
        self.limit = limit
        self._pinned = pinned
        self._chunks: list[_Chunk] = []

    @property
    def held_bytes(self) -> int:
        return sum(len(chunk.data) for chunk in self._chunks)

    def take(self, nbytes: int) -> Block | None:
        """A block of at least ``nbytes``; None when there is no room for it."""
        size = max(-(-nbytes // ALIGNMENT), 1) * ALIGNMENT
        for chunk in reversed(self._chunks):  # the newest first: there is room, mostly
            if (offset := chunk.take(size)) is not None:
                return Block(chunk.data[offset : offset + size], size, chunk, offset)
        return self.take(nbytes) if self._grow(size) else None

    def give(self, block: Block) -> None:
        """Takes the block back; nobody may look at it any more."""
        assert block.chunk is not None
        block.chunk.give(block.offset, block.nbytes)

    def shrink(self, limit: int) -> None:
        """A new limit; chunks without blocks are released until it is kept, if they suffice."""
        self.limit = limit
        self._release_empty(down_to=limit)

    def _grow(self, size: int) -> bool:
        if self.held_bytes + size > self.limit:
            self._release_empty(down_to=self.limit - size)
        room = (self.limit - self.held_bytes) // ALIGNMENT * ALIGNMENT
        nbytes = max(size, min(CHUNK_BYTES, room))
        if self._pinned:
            nbytes = _power_of_two(nbytes, room)
        if size > min(nbytes, room):
            return False
        try:
            with torch.inference_mode(False):  # or nobody could write to it outside of inference mode
                chunk = torch.empty(nbytes, dtype=torch.uint8, pin_memory=self._pinned)
        except (RuntimeError, MemoryError):  # no more can be had, or locked
            return False
        self._chunks.append(_Chunk(chunk, [(0, len(chunk))]))
        return True

    def _release_empty(self, down_to: int) -> None:
        for chunk in [chunk for chunk in self._chunks if chunk.empty]:
            if self.held_bytes <= down_to:
                break
            self._chunks.remove(chunk)


def _power_of_two(nbytes: int, room: int) -> int:
    """What torch makes of ``nbytes`` of page-locked memory, a power of two; the one below where it passes ``room``."""
    above = 1 << (nbytes - 1).bit_length()
    return above if above <= room else above // 2
