"""Opening files that an artist named: ordinary files only, and no more of them than is believed.

A pipe would be waited on for ever, and a device such as ``/dev/zero`` has no end.
"""

import errno
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import EditorError
from editor_core.base.message import Message

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_file(path: Path, error: type[EditorError]) -> BinaryIO:
    """The file, open for reading; raises ``error`` with a sentence, also for what is no ordinary file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
    except (OSError, ValueError) as problem:  # ValueError: a name with a NUL
        raise error.of(read_failure(path, problem)) from problem
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISREG(mode):
            return os.fdopen(descriptor, "rb")
    except OSError as problem:
        os.close(descriptor)
        raise error.of(read_failure(path, problem)) from problem
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise error.of(Message("“{path}” is a folder, not a file.", path=str(path)))
    raise error.of(Message("“{path}” is not a regular file.", path=str(path)))


def read_file(path: Path, limit: int, error: type[EditorError]) -> bytes:
    """All of a file of at most ``limit`` bytes; raises ``error`` with a sentence."""
    try:
        with open_file(path, error) as file:
            if os.fstat(file.fileno()).st_size > limit:
                raise error.of(
                    Message(
                        "“{file}” is too large to be opened. The limit is {megabytes} MB.",
                        file=path.name,
                        megabytes=limit // 10**6,
                    )
                )
            return file.read(limit + 1)
    except OSError as problem:
        raise error.of(read_failure(path, problem)) from problem


def is_out_of_reach(problem: EditorError) -> bool:
    """Whether a file could not be read though it may be there, whole: a share that is away, a disk that fails once.

    A file that is not there, or whose contents are wrong, is none such.
    """
    cause = problem.__cause__ or problem.__context__
    while cause is not None:  # zipfile tells it only by the way
        if isinstance(cause, io.UnsupportedOperation):  # what Python makes of a seek that failed
            return True
        if isinstance(cause, OSError) and cause.errno is not None:
            return cause.errno not in (errno.ENOENT, errno.ENOTDIR)
        cause = cause.__cause__ or cause.__context__
    return False


def read_failure(path: Path, problem: Exception) -> Message:
    """One sentence on why ``path`` could not be read."""
    fault = problem if isinstance(problem, OSError) else OSError(errno.ENOENT, "")
    if fault.errno in (errno.ENOENT, errno.ENOTDIR):
        return Message("The file “{path}” does not exist.", path=str(path))
    if fault.errno == errno.EISDIR:
        return Message("“{path}” is a folder, not a file.", path=str(path))
    return Message("“{path}” could not be read: {reason}.", path=str(path), reason=reason_of(fault))
