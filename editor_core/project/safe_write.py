"""Files that are replaced as a whole or not at all."""

import errno
import glob
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from editor_core.base.errors import EditorError

_STALE_SECONDS = 3600.0  # a temporary file this old was left by a process that died


@contextmanager
def replacing(path: Path, error: type[EditorError], keep_backup: bool = False) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of ``path`` when the block ends without an exception.

    The new content is on the disk before the name changes hands, so a crash at any moment leaves the old file or
    the new one. Raises ``error`` with a sentence when the disk refuses; the old file is then untouched.
    With ``keep_backup`` the old file stays, named as ``backup_of`` says.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        _remove_stale(target)
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        if keep_backup:
            _keep_previous(target)
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as problem:
        raise error(write_failure(path, problem)) from problem
    finally:
        with suppress(OSError):
            temporary.unlink()  # there only if the renaming was not reached


def _keep_previous(target: Path) -> None:
    """Keep the present file as its backup, in place of an older one."""
    if not target.exists():
        return
    spare = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        os.link(target, spare)
    except OSError:  # a file system without links
        shutil.copy2(target, spare)
    os.replace(spare, backup_of(target))


def backup_of(path: Path) -> Path:
    """Where the previous save of ``path`` is kept: the same name with ``.bak`` added."""
    return path.with_name(f"{path.name}.bak")


def write_failure(path: Path, problem: OSError) -> str:
    """One sentence on why ``path`` could not be written."""
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk is full",
        errno.EFBIG: "the disk cannot hold a file this large",
        errno.EACCES: "writing there is not allowed",
        errno.EPERM: "writing there is not allowed",
        errno.EROFS: "the disk is read-only",
        errno.ENOENT: f"there is no folder “{path.parent}”",
        errno.ENOTDIR: f"there is no folder “{path.parent}”",
        errno.EISDIR: "there is a folder of that name",
        errno.ENAMETOOLONG: "the name is too long",
    }
    reason = reasons.get(problem.errno or 0, problem.strerror or "the disk reported a fault")
    return f"“{path.name}” was not saved: {reason}."


def read_failure(path: Path, problem: OSError) -> str:
    """One sentence on why ``path`` could not be read."""
    reasons = {
        errno.ENOENT: f"There is no file “{path}”.",
        errno.ENOTDIR: f"There is no file “{path}”.",
        errno.EISDIR: f"“{path}” is a folder, not a file.",
        errno.EACCES: f"Reading “{path}” is not allowed.",
    }
    return reasons.get(problem.errno or 0, f"“{path}” could not be read: {problem.strerror or 'disk fault'}.")


def _remove_stale(target: Path) -> None:
    """Remove what a save that was killed long ago left beside ``target``."""
    for leftover in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
        with suppress(OSError):
            if time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
                leftover.unlink()


def _sync_folder(folder: Path) -> None:
    """Bring a renaming itself to the disk, where the system can."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
