"""The disk tier: segments of entries in a folder that several processes may share (folder.py).

The index (index.py) says what lies where, the segments (segment.py) hold it and say so themselves; where the two do
not agree there is nothing. An index that proves damaged is moved aside with its segments, and begun anew while running.

Room is made before bytes are written: in one transaction a process evicts, deletes the evicted files and lists
the coming segment, so that all processes together keep the budget. A deleted file that another process has
mapped keeps its bytes until that process lets go of them (where the system refuses to delete it, as Windows does,
it stays listed and counted, and is tried again).
"""

import errno
import logging
import sqlite3
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar

from cachetools import LRUCache
from filelock import FileLock
from torch import Tensor

from cache import index as steps
from cache.budget import free_disk_bytes
from cache.directory import directory_of
from cache.entry import Entry
from cache.eviction import choose_spaces
from cache.folder import CacheFolder
from cache.index import Index, IndexedEntry, IndexedSpace, OldIndexError, is_damage
from cache.key import CacheKey
from cache.row_blocks import RowBlocks
from cache.segment import DamagedEntryError, MappedSegment, write_segment
from cache.sizes import aligned
from cache.spec import TensorSpec

_log = logging.getLogger(__name__)

INDEX_RESERVE = 4 * 2**20  # of the budget, for the index and its log
KEEP_FREE = 64 * 2**20  # of the disk, for everybody else
LOCK_SECONDS = 10.0  # the longest wait for a process that is starting, or was stopped while it did
PAUSE_SECONDS = 30.0  # before writing is tried again after it failed
MAX_MAPS = 64

DISK_FULL = "the cache's disk is full; new entries stay in memory"
WRITE_FAILED = "the cache folder cannot be written to; new entries stay in memory"
FOLDER_FAILED = "the cache folder cannot be used; the cache is in memory only"
INDEX_FAILED = "the cache's index on disk cannot be used; it is begun anew"

T = TypeVar("T")


class DiskTier:
    """Entries on disk. No method raises for what the disk does; it warns and does without."""

    def __init__(self, folder: Path, limit: int, warn: Callable[[str], None]):
        """Opens the folder, sweeps what dead processes left; raises OSError or sqlite3.Error when it cannot."""
        self.limit = limit
        self.evicted_spaces = 0
        self.damaged = 0
        self.bytes_written = 0
        self._warn = warn
        self._files = CacheFolder(folder)
        self.folder = self._files.path
        self._name = uuid.uuid4().hex
        self._alive = self._files.owner_lock(self._name)
        self._row_blocks = RowBlocks()
        self._maps: LRUCache[str, MappedSegment] = LRUCache(MAX_MAPS)
        self._maps_lock = Lock()
        self._paused_until = 0.0
        self._used: dict[str, float] = {}
        self._renewing = RLock()
        with FileLock(self.folder / "lock", LOCK_SECONDS, mode=0o600):
            self._alive.acquire()
            self._open_index()
        self.trim(limit)

    def close(self) -> None:
        """Lets go of the folder."""
        with self._maps_lock:
            self._maps.clear()
        try:
            with self.index.transaction() as sql:
                self._note_use(sql)
                self._forget_owner(sql, self._name)
        except (OSError, sqlite3.Error):
            pass  # the next process to start sweeps after us
        self.index.close()
        self._alive.release()
        with suppress(OSError):
            Path(self._alive.lock_file).unlink(missing_ok=True)

    # -- starting, and starting anew

    def _open_index(self) -> None:
        try:
            self._begin()
            return
        except OldIndexError as error:
            if self._others_alive():
                raise
            _log.info("The cache in %s is emptied: %s", self.folder, error)
        except sqlite3.DatabaseError as error:
            if not is_damage(error) or self._others_alive():
                raise  # locked, read-only or full: the index itself may be sound
            _log.info("The index in %s is damaged: %s", self.folder, error)
            self._warn(INDEX_FAILED)
        self._files.move_aside()
        self._begin()

    def _begin(self) -> None:
        self.index = self._sound_index()
        try:
            self._sweep()
        except (OSError, sqlite3.Error):
            self.index.close()
            raise

    def _sound_index(self) -> Index:
        index = Index(self._files.index)
        try:
            index.check()
            index.check_segments()
        except sqlite3.Error:
            index.close()
            raise
        return index

    def _others_alive(self) -> bool:
        own = Path(self._alive.lock_file)
        return any(_is_locked(path) for path in self._files.owner_locks() if path != own)

    def _sweep(self) -> None:
        """Forgets dead processes, their half-written files, files nobody lists and listings without a file."""
        with self.index.transaction() as sql:
            for path in self._files.owner_locks():
                if path != Path(self._alive.lock_file) and not _is_locked(path):
                    self._forget_owner(sql, path.stem)
                    path.unlink(missing_ok=True)
            listed = {(owner,) for (owner,) in sql.execute("SELECT name FROM owners")}
            for (owner,) in listed:
                if not self._files.owner_lock_path(owner).exists():
                    self._forget_owner(sql, owner)
            sql.execute("INSERT INTO owners VALUES (?)", (self._name,))
            known = {name for (name,) in sql.execute("SELECT name FROM segments")}
            for path in self._files.segment_files():
                if path.stem not in known:
                    path.unlink(missing_ok=True)
            for name, owner in sql.execute("SELECT name, owner FROM segments").fetchall():
                if owner is None and not self._path(name).exists():
                    steps.forget_segment(sql, name)

    def _forget_owner(self, sql: sqlite3.Connection, owner: str) -> None:
        for (name,) in sql.execute("SELECT name FROM segments WHERE owner = ?", (owner,)).fetchall():
            self._path(name).with_suffix(".tmp").unlink(missing_ok=True)
            self._delete_segment(sql, name)
        sql.execute("DELETE FROM owners WHERE name = ?", (owner,))

    def _asked(self, question: Callable[[Index], T], otherwise: T, warning: str | None = None) -> T:
        """What the index answers; ``otherwise`` when it fails."""
        index = self.index
        try:
            return question(index)
        except sqlite3.Error as error:
            self._failed(index, error, warning)
            return otherwise

    def _failed(self, index: Index, error: sqlite3.Error, warning: str | None) -> None:
        """After an index failed: it is begun anew if it is damaged, or another process did that; else left alone."""
        with self._renewing:
            if self.index is not index:
                return  # another thread has begun it anew meanwhile
            if is_damage(error) or not index.is_current():
                _log.info("The index in %s failed: %s", self.folder, error)
                self._begin_anew()
            elif warning is not None:
                self._pause(warning)

    def _begin_anew(self) -> None:
        """Moves index and segments aside, unless another process did that already, and opens an empty index.

        Other processes on the folder notice that theirs is not the current one when they next write, or miss.
        """
        if time.monotonic() < self._paused_until:
            return
        try:
            self._files.make()
            with FileLock(self.folder / "lock", LOCK_SECONDS, mode=0o600):
                was_current = self.index.is_current()
                self.index.close()
                with self._maps_lock:
                    self._maps.clear()
                if was_current:
                    self._warn(INDEX_FAILED)
                    self._files.move_aside()
                index = self._sound_index()
                self._enter(index)
                self.index = index
        except (OSError, sqlite3.Error) as error:
            _log.info("The cache in %s cannot be begun anew: %s", self.folder, error)
            self._pause(FOLDER_FAILED)

    def _enter(self, index: Index) -> None:
        """This process becomes known to an index that another one, or nobody, has begun."""
        if not self._files.owner_lock_path(self._name).exists():
            self._alive.release()
            self._alive.acquire()
        with index.transaction() as sql:
            sql.execute("INSERT OR IGNORE INTO owners VALUES (?)", (self._name,))

    def _follow(self) -> None:
        """Goes over to the index that another process has begun anew, or begins one where all was deleted."""
        index = self.index
        if not index.is_current():
            with self._renewing:
                if self.index is index:
                    self._begin_anew()

    # -- writing

    def save(self, entries: Sequence[Entry]) -> bool:
        """Writes entries of one space as one segment; False when they found no place."""
        nbytes = sum(aligned(entry.spec.nbytes) for entry in entries)
        if time.monotonic() < self._paused_until:
            return False
        self._follow()
        index = self.index
        try:
            if free_disk_bytes(self.folder) < nbytes + KEEP_FREE:
                self._pause(DISK_FULL)
                return False
            return self._save(entries)
        except OSError as error:
            self._pause(DISK_FULL if _is_full(error) else WRITE_FAILED)
        except sqlite3.Error as error:
            self._failed(index, error, DISK_FULL if "full" in str(error) else WRITE_FAILED)
        return False

    def _save(self, entries: Sequence[Entry]) -> bool:
        name = uuid.uuid4().hex
        contents = [entry.block.data[: entry.spec.nbytes].numpy().data for entry in entries]
        directory, offsets = directory_of([(entry.key, entry.spec) for entry in entries], contents)
        nbytes = aligned(len(directory)) + sum(aligned(len(data)) for data in contents)
        space, cost = entries[0].key.space, sum(entry.cost_seconds for entry in entries)
        if not self._reserve(name, space, nbytes, cost):
            return False
        try:
            write_segment(self._path(name), directory, contents)
            with self.index.transaction() as sql:
                self._commit(sql, name, list(zip(entries, offsets, strict=True)))
            self.bytes_written += nbytes
            return True
        except (OSError, sqlite3.Error):
            self._give_up(name)
            raise

    def _reserve(self, name: str, space: str, nbytes: int, cost_seconds: float) -> bool:
        """Makes room, with other spaces' bytes if need be, and lists the segment; False when there is no room."""
        self._drop_stale_maps()
        with self.index.transaction() as sql:
            self._note_use(sql)
            number = steps.ensure_space(sql, space, time.time())
            if not self._make_room(sql, nbytes, keep=space):
                return False
            steps.reserve_segment(sql, name, number, nbytes, cost_seconds, self._name)
        return True

    def _make_room(self, sql: sqlite3.Connection, nbytes: int, keep: str = "") -> bool:
        over = steps.sum_of_segments(sql) + nbytes - self._allowed()
        if over <= 0:
            return True
        spaces = [space for space in steps.read_spaces(sql) if space.name != keep]
        victims = choose_spaces([space.candidate() for space in spaces], over, time.time())
        for victim in victims or []:
            self._delete_space(sql, victim)
            self.evicted_spaces += 1
        return victims is not None and steps.sum_of_segments(sql) + nbytes <= self._allowed()

    def _allowed(self) -> int:
        return self.limit - max(INDEX_RESERVE, self.index.file_bytes() + 2**20)

    def _commit(self, sql: sqlite3.Connection, name: str, written: list[tuple[Entry, int]]) -> None:
        space = steps.finish_segment(sql, name)
        if space is not None:
            kept = [
                (entry.key, IndexedEntry(entry.spec, name, offset))
                for entry, offset in written
                if not entry.dropped
            ]
            steps.add_entries(sql, space, kept)
        self._delete_unused(sql)

    def _give_up(self, name: str) -> None:
        try:
            with self.index.transaction() as sql:
                self._delete_segment(sql, name)
        except sqlite3.Error:
            pass  # it stays listed as ours and goes with the sweep after this process

    def _pause(self, warning: str) -> None:
        self._paused_until = time.monotonic() + PAUSE_SECONDS
        self._warn(warning)

    # -- deleting

    def _delete_space(self, sql: sqlite3.Connection, space: str) -> None:
        for segment in steps.remove_space(sql, space):
            self._delete_segment(sql, segment)

    def _delete_unused(self, sql: sqlite3.Connection) -> None:
        for segment in steps.unused_segments(sql):
            self._delete_segment(sql, segment)
        steps.remove_empty_spaces(sql)

    def _delete_segment(self, sql: sqlite3.Connection, name: str) -> None:
        with self._maps_lock:
            self._maps.pop(name, None)
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError:
            return  # mapped by another process on Windows: it stays counted, and is tried again
        steps.forget_segment(sql, name)

    def drop(self, key: CacheKey) -> None:
        """Forgets the entry."""

        def remove(sql: sqlite3.Connection) -> None:
            steps.remove_entry(sql, key)
            self._delete_unused(sql)

        if self.find(key) is not None:
            self._change(remove)

    def drop_space(self, space: str) -> None:
        """Forgets the space and deletes its files."""
        self._change(lambda sql: self._delete_space(sql, space))

    def trim(self, limit: int) -> None:
        """Evicts until a new budget is kept."""
        self.limit = limit
        self._change(lambda sql: self._make_room(sql, 0))

    # -- spaces

    def describe(self, space: str, metadata: Mapping[str, Any]) -> None:
        self._change(lambda sql: steps.describe(sql, space, metadata, time.time()))

    def metadata(self, space: str) -> dict[str, Any] | None:
        self._drop_stale_maps()
        return self._asked(lambda index: index.metadata(space), None)

    def keys(self, space: str) -> list[CacheKey]:
        return self._asked(lambda index: index.keys(space), [])

    def spaces(self) -> list[IndexedSpace]:
        return self._asked(Index.spaces, [])

    def room(self) -> int:
        """Bytes that could be written if every space went."""
        held = sum(space.nbytes for space in self.spaces())
        return max(min(self._allowed(), free_disk_bytes(self.folder) + held - KEEP_FREE), 0)

    def used_bytes(self) -> int:
        return self._asked(Index.used_bytes, 0)

    def _change(self, change: Callable[[sqlite3.Connection], object]) -> None:
        def changed(index: Index) -> None:
            with index.transaction() as sql:
                change(sql)

        self._follow()
        self._asked(changed, None, WRITE_FAILED)

    def _note_use(self, sql: sqlite3.Connection) -> None:
        used, self._used = self._used, {}
        sql.executemany(
            "UPDATE spaces SET last_used = ? WHERE name = ?", [(when, name) for name, when in used.items()]
        )

    # -- reading

    def find(self, key: CacheKey) -> IndexedEntry | None:
        """Whether the entry is listed; its bytes may still prove missing, damaged, or another entry's."""
        index = self.index
        try:
            return index.lookup(key)
        except sqlite3.Error as error:
            self._failed(index, error, None)
            self._warn(INDEX_FAILED)
            return None

    def read(self, key: CacheKey, rows: Tensor | None = None) -> tuple[TensorSpec, Tensor, int] | None:
        """The entry's bytes (uint8, shared with the map) and how many were looked at; None when not (all) there.

        With ``rows`` only the pages under those rows are touched and checked, and only they may be looked at.
        """
        found = self.find(key)
        if found is None:
            return None
        self._used[key.space] = time.time()
        try:
            blocks = None if rows is None else self._row_blocks.under(found.spec, rows)
            data, looked = self._map(found.segment).read(key, found.spec, found.offset, blocks)
        except (OSError, DamagedEntryError) as error:
            _log.info("Not read from the cache: %s: %s", key, error)
            self.damaged += 1
            self._drop_exactly(key, found)
            return None
        return found.spec, data, looked

    def _drop_exactly(self, key: CacheKey, damaged: IndexedEntry) -> None:
        """Drops a damaged entry unless another process has replaced it meanwhile."""
        self._follow()
        if self.find(key) == damaged:
            self.drop(key)

    def _map(self, name: str) -> MappedSegment:
        with self._maps_lock:
            segment = self._maps.get(name)
            if segment is None:
                segment = self._maps[name] = MappedSegment(self._path(name))
            return segment

    def _drop_stale_maps(self) -> None:
        """Lets go of files that other processes have deleted, so that their bytes come free."""
        with self._maps_lock:
            for name in [name for name in self._maps if not self._path(name).exists()]:
                del self._maps[name]

    def _path(self, name: str) -> Path:
        return self._files.segments / f"{name}.seg"


def _is_locked(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0, mode=0o600):
            return False
    except OSError:
        return True


def _is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
