"""System calls that fail on demand: a small library (faults.c) that is loaded before the C library."""

import ctypes
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
LOADED = "PALIMPSEST_FAULTS"  # the library's path, in a process that has it
SHORT = 0
"""In the place of an error: a read or a write of half of it."""
STOP = -1
"""In the place of an error: Ctrl+C just before the call, which then does what it always does."""
ERRORS = (
    *(errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOMEM, errno.EINTR, errno.EBUSY),
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EMFILE, errno.ENOLCK, errno.ESTALE, SHORT),
)


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


def run_again(script: str) -> int:
    """Run a script by path once more with the library loaded, with this process's arguments; its exit code."""
    if not can_be_had():
        sys.stderr.write("This campaign wants Linux and a C compiler.\n")
        return 0
    with tempfile.TemporaryDirectory() as name:
        again = [sys.executable, script, *sys.argv[1:]]
        return subprocess.run(again, env=environment(built(Path(name))), check=False).returncode


class Faults:
    """The library in a process that was started with it."""

    def __init__(self, folder: Path) -> None:
        self._library = ctypes.CDLL(os.environ[LOADED])
        self._library.fault_folder(str(folder).encode())
        self._library.fault_name.restype = ctypes.c_char_p

    def count(self, work: Callable[[], object], allowed: type[Exception]) -> int:
        """How many calls some work makes, be it that it ends with an exception that is ``allowed``."""
        with self.failing(0, errno.EIO) as calls, suppress(allowed):
            work()
        return calls[0]

    @property
    def failed(self) -> str:
        """Which call failed last."""
        name: bytes = self._library.fault_name()
        return name.decode()

    @contextmanager
    def failing(self, nth: int, error: int) -> Iterator[list[int]]:
        """In the body the nth call fails; the list says afterwards how many there were."""
        calls: list[int] = []
        self._library.fault_arm(nth, error)
        try:
            yield calls
        finally:
            calls.append(self._library.fault_calls())
