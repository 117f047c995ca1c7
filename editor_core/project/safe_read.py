"""Opening files that an artist named: ordinary files only, and no more of them than is believed.

A pipe would be waited on for ever, and a device such as ``/dev/zero`` has no end.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from editor_core.base.errors import EditorError

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_file(path: Path, error: type[EditorError]) -> BinaryIO:
    """The file, open for reading; raises ``error`` with a sentence, also for what is no ordinary file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
    except (OSError, ValueError) as problem:  # ValueError: a name with a NUL
        raise error(read_failure(path, problem)) from problem
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise error(f"“{path}” is {'a folder, not a file' if stat.S_ISDIR(mode) else 'no ordinary file'}.")


def read_file(path: Path, limit: int, error: type[EditorError]) -> bytes:
    """All of a file of at most ``limit`` bytes; raises ``error`` with a sentence."""
    with open_file(path, error) as file:
        try:
            if os.fstat(file.fileno()).st_size > limit:
                raise error(f"“{path.name}” is too large to be opened: at most {limit // 10**6} MB can be.")
            return file.read(limit + 1)
        except OSError as problem:
            raise error(read_failure(path, problem)) from problem


def read_failure(path: Path, problem: Exception) -> str:
    """One sentence on why ``path`` could not be read."""
    number = problem.errno if isinstance(problem, OSError) else errno.ENOENT
    reasons = {
        errno.ENOENT: f"There is no file “{path}”.",
        errno.ENOTDIR: f"There is no file “{path}”.",
        errno.EISDIR: f"“{path}” is a folder, not a file.",
        errno.EACCES: f"Reading “{path}” is not allowed.",
    }
    detail = getattr(problem, "strerror", None) or "disk fault"
    return reasons.get(number or 0, f"“{path}” could not be read: {detail}.")
