"""Files that are replaced as a whole or not at all."""

import errno
import hashlib
import logging
import os
import platform
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import EditorError
from editor_core.base.message import Message

_STALE_SECONDS = 3600.0  # a temporary file this old was left by a process that died
_LOCK_SECONDS = 60.0
_MAX_NAME = 255  # bytes, on most file systems
_PRIVATE = 0o600
_ANYBODY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_UMASK = os.umask(0o077)  # there is no way to ask for it but to set it; nothing runs yet that would notice
os.umask(_UMASK)
_HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:6]

log = logging.getLogger(__name__)


@contextmanager
def replacing(
    path: Path,
    error: type[EditorError],
    *,
    keep_backup: bool = False,
    private: bool = False,
    protected_too: bool = False,
    check: Callable[[Path], None] = lambda temporary: None,
) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of ``path`` when the block ends without an exception.

    The new content is on the disk before the name changes hands, so a crash at any moment leaves the old file or
    the new one. ``check`` is called with the finished file before that and may refuse it.
    Permissions of the file before stay; a new ``private`` one is for its owner alone, as any is while it is written.
    Raises ``error`` with a sentence when the disk refuses, when ``path`` is no ordinary file, or when it is
    write-protected and not ``protected_too``; the old file is then untouched.
    With ``keep_backup`` the old file stays, named as ``backup_of`` says.
    """
    target = _resolved(path, error)
    try:
        before = _replaceable(path, target, error, protected_too)
        temporary = _temporary(target)
        _remove_stale(target)
        try:
            with _created(temporary) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            check(temporary)
            if before is not None:
                _take_over(temporary, before)
            elif not private:
                _open_up(temporary)
            if keep_backup and before is not None:
                _keep_previous(target)
            os.replace(temporary, target)
        finally:
            with suppress(OSError):
                temporary.unlink()  # there only if the renaming was not reached
    except OSError as problem:
        raise error.of(write_failure(path, problem)) from problem
    _sync_folder(target.parent)


@contextmanager
def locked(path: Path, error: type[EditorError]) -> Iterator[None]:
    """Alone with ``path`` among all programs that ask in this way, on network shares, too; raises ``error``.

    The lock is a hidden file beside it, there only as long as somebody saves.
    """
    target = _resolved(path, error)
    lock = FileLock(target.with_name(f"{_hidden_name(target)}.lock"), mode=_PRIVATE, thread_local=False)
    try:
        if not target.parent.is_dir():  # the lock would make it
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        lock.acquire(timeout=_LOCK_SECONDS)
    except Timeout as problem:
        raise error.of(
            Message("“{file}” was not saved: another program is saving it.", file=path.name)
        ) from problem
    except (OSError, NotImplementedError) as problem:
        reason = (
            problem if isinstance(problem, OSError) else OSError(errno.ENOLCK, "no locks can be had there")
        )
        raise error.of(write_failure(path, reason)) from problem
    try:
        yield
    finally:
        with suppress(
            OSError
        ):  # Windows keeps it; whoever waits looks whether it is still the file of that name
            os.unlink(lock.lock_file)
        lock.release()


def backup_of(path: Path) -> Path:
    """Where the previous save of ``path`` is kept: the same name with ``.bak`` added.

    One that is too long for that is cut, and gets a mark of its own, for others may begin as it does.
    """
    name, ending = path.name, ".bak"
    if len(_bytes_of(name + ending)) > _MAX_NAME:
        ending = f"~{hashlib.sha256(_bytes_of(name)).hexdigest()[:8]}.bak"
    while len(_bytes_of(name + ending)) > _MAX_NAME:
        name = name[:-1]
    return path.with_name(name + ending)


def _bytes_of(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def write_failure(path: Path, problem: OSError) -> Message:
    """One sentence on why ``path`` could not be written."""
    if problem.errno in (errno.ENOENT, errno.ENOTDIR):
        return Message(
            "“{file}” was not saved: the folder “{folder}” does not exist.",
            file=path.name,
            folder=str(path.parent),
        )
    return Message("“{file}” was not saved: {reason}.", file=path.name, reason=reason_of(problem))


def remove_temporary_files(folder: Path) -> None:
    """Remove what saves that were killed left in a folder of our own."""
    for leftover in folder.glob(".palimpsest-*.tmp"):
        _remove_if_abandoned(leftover)


def _resolved(path: Path, error: type[EditorError]) -> Path:
    """The file itself, a link followed: it stays a link."""
    try:
        target = Path(os.path.realpath(path))
        os.fsencode(target)
    except (OSError, ValueError) as problem:  # a circle of links; a NUL, half a surrogate pair
        raise error.of(Message("The file was not saved: its name is not valid.")) from problem
    return target


def _replaceable(
    path: Path, target: Path, error: type[EditorError], protected_too: bool
) -> os.stat_result | None:
    """What is known of the file that is there, None without one; raises ``error`` for what must not be replaced."""
    if len(os.fsencode(target.name)) > _MAX_NAME:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    try:
        before = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(before.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(before.st_mode):
        raise error.of(Message("“{file}” was not saved: it is not a regular file.", file=path.name))
    if not protected_too and not (before.st_mode & _ANYBODY_WRITES and os.access(target, os.W_OK)):
        raise error.of(Message("“{file}” was not saved: it is write-protected.", file=path.name))
    return before


def _created(temporary: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.fdopen(os.open(temporary, flags, _PRIVATE), "wb")


def _take_over(temporary: Path, before: os.stat_result) -> None:
    """Give the new file the owner, as far as this user may, and the permissions of the one before."""
    with suppress(OSError):
        if sys.platform != "win32" and (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
            os.chown(temporary, before.st_uid, before.st_gid)
    with suppress(OSError):  # a file system without permissions
        os.chmod(temporary, stat.S_IMODE(before.st_mode))


def _open_up(temporary: Path) -> None:
    """Give a new file the permissions that any new file of this user has."""
    with suppress(OSError):  # a file system without permissions
        os.chmod(temporary, 0o666 & ~_UMASK)


def _keep_previous(target: Path) -> None:
    """Keep the present file as its backup, in place of an older one."""
    spare = _temporary(target)
    try:
        os.link(target, spare)
    except OSError:  # a file system without links
        shutil.copy2(target, spare)
    try:
        os.replace(spare, backup_of(target))
    finally:
        with suppress(OSError):
            spare.unlink()


def _hidden_name(target: Path) -> str:
    """A short name beside ``target`` that belongs to it, however long its own is."""
    return f".palimpsest-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}"


def _temporary(target: Path) -> Path:
    return target.with_name(f"{_hidden_name(target)}-{_HOST}-{os.getpid()}-{secrets.token_hex(4)}.tmp")


def _remove_stale(target: Path) -> None:
    """Remove what a save that was killed left beside ``target``."""
    for leftover in target.parent.glob(f"{_hidden_name(target)}-*.tmp"):
        _remove_if_abandoned(leftover)


def _remove_if_abandoned(leftover: Path) -> None:
    """Remove a temporary file whose process is gone; what another machine may be writing, only when it is old."""
    with suppress(OSError):
        host, process = leftover.name.split("-")[-3:-1]
        import psutil  # at the first use: the window starts without it

        dead = host == _HOST and process.isdigit() and not psutil.pid_exists(int(process))
        if dead or time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
            leftover.unlink()


def _sync_folder(folder: Path) -> None:
    """Bring a renaming itself to the disk, where the system can; the file is saved either way."""
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as problem:
        log.info("The folder %s could not be synced: %s", folder, problem)
