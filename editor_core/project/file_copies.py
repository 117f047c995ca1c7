"""Copying bytes of files by the system, which may share or move them without reading them (btrfs, XFS, NFS, Samba)."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_CHUNK = 2**20


def copy_bytes(source: BinaryIO, target: BinaryIO, count: int) -> None:
    """Fill the empty ``target`` with the first ``count`` bytes of ``source``.

    Raises OSError, and EOFError where there are fewer.
    """
    done = 0
    if hasattr(os, "copy_file_range"):
        with suppress(OSError):  # between such files it cannot, or it failed: plain copying will tell
            while done < count and (
                copied := os.copy_file_range(source.fileno(), target.fileno(), count - done, done, done)
            ):
                done += copied
    source.seek(done)
    target.seek(done)
    while done < count:
        data = source.read(min(_CHUNK, count - done))
        if not data:
            raise EOFError
        target.write(data)
        done += len(data)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new one, for its owner alone; raises OSError."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as new, source.open("rb") as old:
        copy_bytes(old, new, os.fstat(old.fileno()).st_size)
