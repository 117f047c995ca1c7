"""Locks between processes: an open file whose first byte is locked; the system lets go when the process ends."""

import os
import sys
from pathlib import Path
from typing import Self

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, wait: bool) -> None:
        # LK_LOCK gives up after ten tries a second apart.
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Held from ``acquire`` to ``release`` or the end of the process; not for threads of one process."""

    def __init__(self, path: Path):
        self.path = path
        self._handle: int | None = None

    def acquire(self, wait: bool = True) -> bool:
        """Takes the lock; False if another holds it. Raises OSError when the file cannot be made."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle, wait)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        if not self.acquire():
            raise OSError(f"{self.path} stays locked by another program.")
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
