"""The folder of the disk tier, and what in it is the cache's own.

    CACHEDIR.TAG             marks it, for us and for programs that make backups (the Cache Directory Tagging standard)
    index.sqlite             what lies where (index.py)
    segments/*.seg           tensor bytes (segment.py); *.tmp while being written
    owners/*.lock            one per running process, locked as long as it lives
    lock                     held while a process starts

A folder that holds anything else is somebody's own: the cache then lies in a folder of its own inside it. Nothing is
deleted but files with names that the cache gives, in a marked folder, and none through a symbolic link.
"""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

OWN_NAME = "palimpsest-cache"
TAG = "CACHEDIR.TAG"
_MARK = """Signature: 8a477f597d28d172789f06886806bc55
# The activation cache of Palimpsest: it can be deleted at any time, and need not be backed up.
"""
_INDEX = ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "index.sqlite-journal")
_PARTS = frozenset((*_INDEX, TAG, "segments", "owners", "lock"))
_SEGMENT = re.compile(r"[0-9a-f]{32}\.(seg|tmp)")
_LOCK = re.compile(r"[0-9a-f]{32}\.lock")
_ASIDE = re.compile(r"damaged-[0-9a-f]{32}")


class CacheFolder:
    """The files of one cache; methods raise OSError."""

    def __init__(self, folder: Path):
        """Takes the folder, or makes one of its own in it."""
        self.path = folder if _may_be_taken(folder) else folder / OWN_NAME
        if self.path != folder and not _may_be_taken(self.path):
            raise FileExistsError(f"{self.path} holds what is not the cache's.")
        self.make()

    @property
    def index(self) -> Path:
        return self.path / _INDEX[0]

    @property
    def segments(self) -> Path:
        return self.path / "segments"

    def make(self) -> None:
        """What of the folder is not there; what stands in the way of its parts is moved aside."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        tag = self.path / TAG
        if not _is_marked(self.path):
            tag.write_text(_MARK, encoding="utf-8")
        for part in (self.segments, self.path / "owners"):
            if part.is_symlink() or (part.exists() and not part.is_dir()):
                part.rename(self._new_aside() / part.name)
            part.mkdir(exist_ok=True, mode=0o700)
        if self.index.is_symlink() or self.index.is_dir():
            self.index.rename(self._new_aside() / self.index.name)
        self._delete_asides()

    def move_aside(self) -> None:
        """Index and segments leave at once, whoever has them open; then what of them is ours is deleted."""
        aside = self._new_aside()
        for name in ("segments", *_INDEX):
            with suppress(FileNotFoundError):
                (self.path / name).rename(aside / name)
        self.make()

    def segment_files(self) -> Iterator[Path]:
        """Segments, finished or not."""
        return _ours(self.segments, _SEGMENT)

    def owner_locks(self) -> list[Path]:
        return list(_ours(self.path / "owners", _LOCK))

    def owner_lock_path(self, owner: str) -> Path:
        return self.path / "owners" / f"{owner}.lock"

    def owner_lock(self, owner: str) -> FileLock:
        return FileLock(self.owner_lock_path(owner), mode=0o600, thread_local=False)

    def _new_aside(self) -> Path:
        aside = self.path / f"damaged-{uuid.uuid4().hex}"
        aside.mkdir(mode=0o700)
        return aside

    def _delete_asides(self) -> None:
        for aside in self.path.iterdir():
            if not _ASIDE.fullmatch(aside.name) or aside.is_symlink() or not aside.is_dir():
                continue
            with suppress(OSError):  # open in another process, on Windows: it goes another time
                if not (aside / "segments").is_symlink():
                    for path in _ours(aside / "segments", _SEGMENT):
                        path.unlink()
                for name in _INDEX:
                    if (aside / name).is_file():
                        (aside / name).unlink()
                with suppress(FileNotFoundError, NotADirectoryError):
                    (aside / "segments").rmdir()
                aside.rmdir()


def _ours(folder: Path, names: re.Pattern[str]) -> Iterator[Path]:
    """Plain files with names that the cache gives."""
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in found:
        if names.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _may_be_taken(folder: Path) -> bool:
    """Whether the folder is the cache's, or there is nothing in it."""
    try:
        names = {entry.name for entry in os.scandir(folder)}
    except FileNotFoundError:
        return True
    return not names or _is_marked(folder) or _was_a_cache(folder, names)


def _is_marked(folder: Path) -> bool:
    tag = folder / TAG
    return tag.is_file() and tag.read_text(encoding="utf-8", errors="replace") == _MARK


def _was_a_cache(folder: Path, names: set[str]) -> bool:
    """Whether all of it is what the cache leaves: from before it marked its folders, or the mark was damaged."""
    ours = {name for name in names if name in _PARTS or _ASIDE.fullmatch(name)}
    return ours == names and _INDEX[0] in names and not any((folder / name).is_symlink() for name in names)
