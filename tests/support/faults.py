"""System calls that fail on demand: a small library (faults.c) that is loaded before the C library."""

import ctypes
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
LOADED = "PALIMPSEST_FAULTS"  # the library's path, in a process that has it
SHORT = 0
"""In the place of an error: a write that writes half."""
ERRORS = (errno.EIO, errno.ENOSPC, errno.EINTR, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EBUSY, SHORT)


def can_be_had() -> bool:
    return sys.platform == "linux" and shutil.which("cc") is not None


def built(folder: Path) -> Path:
    """The library, compiled."""
    library = folder / "faults.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return library


def environment(library: Path) -> dict[str, str]:
    """That of a process in which calls can be made to fail."""
    return {**os.environ, "LD_PRELOAD": str(library), LOADED: str(library)}


class Faults:
    """The library in a process that was started with it."""

    def __init__(self, folder: Path) -> None:
        self._library = ctypes.CDLL(os.environ[LOADED])
        self._library.fault_folder(str(folder).encode())

    def count(self, work: Callable[[], object]) -> int:
        """How many calls some work makes."""
        with self.failing(0, errno.EIO) as calls:
            work()
        return calls[0]

    @contextmanager
    def failing(self, nth: int, error: int) -> Iterator[list[int]]:
        """In the body the nth call fails; the list says afterwards how many there were."""
        calls: list[int] = []
        self._library.fault_arm(nth, error)
        try:
            yield calls
        finally:
            calls.append(self._library.fault_calls())
