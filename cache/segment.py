"""Files of raw tensor bytes: many entries one after another, each from a page boundary, and what they are.

A segment begins with its directory (directory.py): for each entry its key, type and shape, and a checksum of each of
its blocks. So the bytes of a file say themselves what they are, whatever the index says: an entry is read only under
the key and as the tensor it was written as. A segment is written once under a temporary name and renamed; it is never
changed afterwards. Bytes are checked block by block the first time a process looks at them, so that reading some rows
need not read the rest. No fsync is asked for: after a power cut the file may lack bytes that the index speaks of, and
the checksums tell.
"""

import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from torch import Tensor

from cache.directory import Contents, DamagedDirectoryError, read_directory
from cache.key import CacheKey
from cache.sizes import BLOCK, aligned
from cache.spec import TensorSpec


class DamagedEntryError(Exception):
    """The bytes on disk are not those written."""


def write_segment(path: Path, directory: bytes, contents: Iterable[memoryview]) -> None:
    """Writes the directory and the entries in order, each padded to a page, under a temporary name, then renames.

    Raises OSError; nothing is left behind then.
    """
    temporary = path.with_suffix(".tmp")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        handle = os.open(temporary, flags, 0o600)
        try:
            for data in (memoryview(directory), *contents):
                _write_all(handle, data)
                _write_all(handle, memoryview(bytes(aligned(len(data)) - len(data))))
        finally:
            os.close(handle)
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
        """Raises OSError when the file is not there, DamagedEntryError when it does not say what it holds."""
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            # A private writable map only because torch warns about read-only memory; nothing writes to it.
            self._map = mmap.mmap(handle, 0, access=mmap.ACCESS_COPY)
        except ValueError as error:
            raise DamagedEntryError(f"{path} is empty.") from error
        finally:
            os.close(handle)
        self._data = torch.frombuffer(self._map, dtype=torch.uint8)
        try:
            self._contents = read_directory(memoryview(self._map))
        except DamagedDirectoryError as error:
            raise DamagedEntryError(f"{path} does not say what it holds.") from error
        self._good: dict[int, np.ndarray] = {}  # entry's offset → which of its blocks are known good

    def read(
        self, key: CacheKey, spec: TensorSpec, offset: int, blocks: np.ndarray | None = None
    ) -> tuple[Tensor, int]:
        """The entry's bytes (uint8), shared with the map, and how many were looked at.

        With ``blocks`` (int64, (n,)) only these may be looked at. Raises DamagedEntryError where another entry, or one
        of another kind, lies there, or where bytes differ from those written.
        """
        found = self._contents.get(offset)
        if found is None or found.key != key or (found.spec is not spec and found.spec != spec):
            raise DamagedEntryError("Another entry lies there than the index says.")
        found.spec = spec  # the index remembers it, too: next time they are the same object
        self._check(found, np.arange(len(found.checksums)) if blocks is None else blocks)
        looked = spec.nbytes if blocks is None else min(len(blocks) * BLOCK, spec.nbytes)
        return self._data[offset : offset + spec.nbytes], looked

    def _check(self, entry: Contents, blocks: np.ndarray) -> None:
        # Reading a map beyond the end of a file cut short by someone else would end the process.
        end = entry.offset + entry.spec.nbytes
        if self._map.size() < end:
            raise DamagedEntryError("The file is cut short.")
        good = self._good.setdefault(entry.offset, np.zeros(len(entry.checksums), bool))
        data = memoryview(self._map)[entry.offset : end]
        for block in blocks[~good[blocks]].tolist():
            if crc32(data[block * BLOCK : (block + 1) * BLOCK]) != entry.checksums[block]:
                raise DamagedEntryError("Bytes differ from those written.")
            good[block] = True
