"""Files of raw tensor bytes: many entries one after another, each from a page boundary, with block checksums.

A segment is written once under a temporary name and renamed; it is never changed afterwards. Where its entries
lie and what their checksums are is in the index (index.py). Bytes are checked block by block the first time a
process looks at them, so that reading some rows need not read the rest. No fsync is asked for: after a power cut
the file may lack bytes that the index speaks of, and the checksums tell.
"""

import mmap
import os
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

PAGE = 4096
BLOCK = 8192  # the smallest that zlib.crc32 works through without holding Python's lock


class DamagedEntryError(Exception):
    """The bytes on disk are not those written."""


@dataclass(frozen=True, slots=True, eq=False)
class Location:
    """Where an entry's bytes lie."""

    segment: str
    offset: int
    nbytes: int
    checksums: array  # type: ignore[type-arg]  # unsigned 32-bit, one per BLOCK


def checksums_of(data: memoryview) -> "array[int]":
    """CRC-32 of each BLOCK of the bytes."""
    return array("I", [zlib.crc32(data[at : at + BLOCK]) for at in range(0, len(data), BLOCK)])


def aligned(nbytes: int) -> int:
    """The bytes an entry takes in a segment."""
    return -(-nbytes // PAGE) * PAGE


def write_segment(path: Path, contents: Iterable[memoryview]) -> None:
    """Writes the entries in order, each padded to a page, under a temporary name, then renames.

    Raises OSError; nothing is left behind then.
    """
    temporary = path.with_suffix(".tmp")
    try:
        with open(temporary, "wb", buffering=0) as file:
            for data in contents:
                _write_all(file.fileno(), data)
                _write_all(file.fileno(), memoryview(bytes(aligned(len(data)) - len(data))))
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _write_all(handle: int, data: memoryview) -> None:
    while len(data) > 0:
        data = data[os.write(handle, data) :]


class MappedSegment:
    """A segment in memory as the operating system pages it in; lives on when the file's name is gone."""

    def __init__(self, path: Path):
        """Raises OSError when the file is not there, DamagedEntryError when it is empty."""
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            # A private writable map only because torch warns about read-only memory; nothing writes to it.
            self._map = mmap.mmap(handle, 0, access=mmap.ACCESS_COPY)
        except ValueError as error:
            raise DamagedEntryError(f"{path} is empty.") from error
        finally:
            os.close(handle)
        self._data = torch.frombuffer(self._map, dtype=torch.uint8)
        self._checked: dict[int, np.ndarray] = {}  # entry's offset → which of its blocks are known good

    def read(self, location: Location) -> tuple[Tensor, int]:
        """All bytes of the entry, shared with the map, and how many were looked at; raises DamagedEntryError."""
        blocks = np.arange(len(location.checksums))
        self._check(location, blocks)
        return self._entry(location), location.nbytes

    def read_blocks(self, location: Location, blocks: np.ndarray) -> tuple[Tensor, int]:
        """As ``read``, but only these blocks (int64, (n,)) may be looked at."""
        self._check(location, blocks)
        return self._entry(location), min(len(blocks) * BLOCK, location.nbytes)

    def _entry(self, location: Location) -> Tensor:
        return self._data[location.offset : location.offset + location.nbytes]

    def _check(self, location: Location, blocks: np.ndarray) -> None:
        # Reading a map beyond the end of a file cut short by someone else would end the process.
        if self._map.size() < location.offset + location.nbytes:
            raise DamagedEntryError(f"{location.segment} is cut short.")
        good = self._checked.setdefault(location.offset, np.zeros(len(location.checksums), bool))
        data = memoryview(self._map)[location.offset : location.offset + location.nbytes]
        for block in blocks[~good[blocks]].tolist():
            if zlib.crc32(data[block * BLOCK : (block + 1) * BLOCK]) != location.checksums[block]:
                raise DamagedEntryError(f"{location.segment} differs from what was written.")
            good[block] = True
