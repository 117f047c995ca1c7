"""What lies where on disk: an SQLite database in WAL mode, shared by all processes on the folder.

Only SQL here; the files it speaks of are disk.py's. Every change is one transaction, so the index is whole after
a crash; a segment is listed before it is written (with its writer as owner) and its entries after.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import torch

from cache.eviction import Candidate
from cache.key import CacheKey
from cache.segment import Location
from cache.spec import TensorSpec

VERSION = 1
BUSY_SECONDS = 10.0
PAGES_KEPT = 256

_SCHEMA = """
CREATE TABLE spaces (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, metadata TEXT, last_used REAL NOT NULL);
CREATE TABLE segments (
    name TEXT PRIMARY KEY, space INTEGER, nbytes INTEGER NOT NULL, cost_seconds REAL NOT NULL, owner TEXT);
CREATE INDEX segments_of_space ON segments (space);
CREATE TABLE entries (
    space INTEGER NOT NULL, item NOT NULL, slot TEXT NOT NULL, segment TEXT NOT NULL, offset INTEGER NOT NULL,
    nbytes INTEGER NOT NULL, dtype TEXT NOT NULL, shape TEXT NOT NULL, row_dim INTEGER, note TEXT NOT NULL,
    checksums BLOB NOT NULL, PRIMARY KEY (space, item, slot)) WITHOUT ROWID;
CREATE INDEX entries_of_segment ON entries (segment);
CREATE TABLE pins (space INTEGER NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (space, owner)) WITHOUT ROWID;
CREATE TABLE owners (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class IndexedEntry:
    """An entry on disk."""

    spec: TensorSpec
    location: Location


@dataclass(frozen=True, slots=True)
class IndexedSpace:
    """A space on disk: its entries' bytes and cost, when it was used last, and whether a process holds on to it."""

    name: str
    nbytes: int
    cost_seconds: float
    last_used: float
    pinned: bool

    def candidate(self) -> Candidate:
        return Candidate(self.name, self.nbytes, self.cost_seconds, self.last_used, self.pinned)


class Index:
    """The database; every method may be called from any thread and may raise sqlite3.Error."""

    def __init__(self, path: Path):
        self.path = path
        self._write_lock = RLock()
        self._read_lock = RLock()
        self._writing = _connect(path)
        self._create()
        self._reading = _connect(path)
        self._seen_version = -1
        self._pages: dict[tuple[str, int | str], dict[str, IndexedEntry]] = {}

    def close(self) -> None:
        with self._read_lock, self._write_lock:
            self._reading.close()
            self._writing.close()

    def check(self) -> None:
        """Raises sqlite3.DatabaseError when the file is damaged."""
        found = self._reading.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    def file_bytes(self) -> int:
        """Size of the database with its log."""
        files = [self.path.with_name(self.path.name + suffix) for suffix in ("", "-wal", "-shm")]
        return sum(file.stat().st_size for file in files if file.exists())

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Alone among all processes; all or nothing."""
        with self._write_lock:
            self._writing.execute("BEGIN IMMEDIATE")
            try:
                yield self._writing
                self._writing.execute("COMMIT")
            except BaseException:
                if self._writing.in_transaction:
                    self._writing.execute("ROLLBACK")
                raise

    def _create(self) -> None:
        found = self._writing.execute("PRAGMA user_version").fetchone()[0]
        if found == 0:
            self._writing.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;"
            )
        elif found != VERSION:
            raise sqlite3.DatabaseError(f"The index has version {found}; this program knows {VERSION}.")

    # -- reading

    def lookup(self, key: CacheKey) -> IndexedEntry | None:
        """Where the entry lies, as of the last change by any process."""
        with self._read_lock:
            version = self._reading.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen_version or len(self._pages) > PAGES_KEPT:
                self._pages.clear()
                self._seen_version = version
            page = self._pages.get((key.space, key.item))
            if page is None:
                page = self._pages[key.space, key.item] = self._load(key.space, key.item)
        return page.get(key.slot)

    def _load(self, space: str, item: int | str) -> dict[str, IndexedEntry]:
        rows = self._reading.execute(
            "SELECT slot, segment, offset, entries.nbytes, dtype, shape, row_dim, note, checksums"
            " FROM entries JOIN spaces ON spaces.id = entries.space WHERE name = ? AND item = ?",
            (space, item),
        )
        return {slot: _entry(*columns) for slot, *columns in rows}

    def keys(self, space: str) -> list[CacheKey]:
        """All keys of the space on disk."""
        with self._read_lock:
            rows = self._reading.execute(
                "SELECT item, slot FROM entries JOIN spaces ON spaces.id = entries.space WHERE name = ?",
                (space,),
            ).fetchall()
        return [CacheKey(space, item, slot) for item, slot in rows]

    def spaces(self) -> list[IndexedSpace]:
        with self._read_lock:
            return read_spaces(self._reading)

    def metadata(self, space: str) -> dict[str, Any] | None:
        with self._read_lock:
            row = self._reading.execute("SELECT metadata FROM spaces WHERE name = ?", (space,)).fetchone()
        return json.loads(row[0]) if row is not None and row[0] is not None else None

    def used_bytes(self) -> int:
        """Bytes of all segments, those being written included."""
        with self._read_lock:
            return int(self._reading.execute("SELECT coalesce(sum(nbytes), 0) FROM segments").fetchone()[0])


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint = 256")
    return connection


def _entry(
    segment: str, offset: int, nbytes: int, dtype: str, shape: str, row_dim: int | None, note: str,
    checksums: bytes,
) -> IndexedEntry:  # fmt: skip
    spec = TensorSpec(getattr(torch, dtype), tuple(json.loads(shape)), row_dim, note)
    return IndexedEntry(spec, Location(segment, offset, nbytes, array("I", checksums)))


# -- steps of a transaction


def read_spaces(sql: sqlite3.Connection) -> list[IndexedSpace]:
    rows = sql.execute(
        "SELECT name, (SELECT coalesce(sum(nbytes), 0) FROM segments WHERE space = spaces.id),"
        " (SELECT coalesce(sum(cost_seconds), 0) FROM segments WHERE space = spaces.id), last_used,"
        " EXISTS (SELECT 1 FROM pins WHERE space = spaces.id) FROM spaces"
    )
    return [IndexedSpace(name, nbytes, cost, used, bool(pinned)) for name, nbytes, cost, used, pinned in rows]


def ensure_space(sql: sqlite3.Connection, name: str, now: float) -> int:
    """The space's number; makes the space."""
    sql.execute("INSERT OR IGNORE INTO spaces (name, last_used) VALUES (?, ?)", (name, now))
    return int(sql.execute("SELECT id FROM spaces WHERE name = ?", (name,)).fetchone()[0])


def describe(sql: sqlite3.Connection, name: str, metadata: Mapping[str, Any], now: float) -> None:
    ensure_space(sql, name, now)
    sql.execute("UPDATE spaces SET metadata = ? WHERE name = ?", (json.dumps(metadata), name))


def add_entries(
    sql: sqlite3.Connection, space: int, entries: Sequence[tuple[CacheKey, TensorSpec, Location]]
) -> None:
    """Lists entries; they take the place of older ones under the same keys."""
    sql.executemany(
        "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (space, key.item, key.slot, place.segment, place.offset, place.nbytes, _dtype_name(spec.dtype),
             json.dumps(spec.shape), spec.row_dim, spec.note, place.checksums.tobytes())
            for key, spec, place in entries
        ],
    )  # fmt: skip


def remove_entry(sql: sqlite3.Connection, key: CacheKey) -> None:
    sql.execute(
        "DELETE FROM entries WHERE space = (SELECT id FROM spaces WHERE name = ?) AND item = ? AND slot = ?",
        (key.space, key.item, key.slot),
    )


def remove_space(sql: sqlite3.Connection, name: str) -> list[str]:
    """Forgets the space; returns its finished segments, which stay listed until ``forget_segment``.

    Those still being written lose their space, which their writer finds out when it is done.
    """
    row = sql.execute("SELECT id FROM spaces WHERE name = ?", (name,)).fetchone()
    if row is None:
        return []
    finished = sql.execute("SELECT name FROM segments WHERE space = ? AND owner IS NULL", row)
    segments = [segment for (segment,) in finished]
    sql.execute("DELETE FROM entries WHERE space = ?", row)
    sql.execute("UPDATE segments SET space = NULL WHERE space = ?", row)
    sql.execute("DELETE FROM pins WHERE space = ?", row)
    sql.execute("DELETE FROM spaces WHERE id = ?", row)
    return segments


def reserve_segment(
    sql: sqlite3.Connection, name: str, space: int, nbytes: int, cost_seconds: float, owner: str
) -> None:
    """Lists a segment that ``owner`` is about to write."""
    sql.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?)", (name, space, nbytes, cost_seconds, owner))


def finish_segment(sql: sqlite3.Connection, name: str) -> int | None:
    """Marks it written; returns its space, or None when that was removed meanwhile."""
    sql.execute("UPDATE segments SET owner = NULL WHERE name = ?", (name,))
    row = sql.execute("SELECT space FROM segments WHERE name = ?", (name,)).fetchone()
    return row[0] if row is not None else None


def unused_segments(sql: sqlite3.Connection) -> list[str]:
    """Finished segments that no entry lies in any more."""
    rows = sql.execute(
        "SELECT name FROM segments WHERE owner IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM entries WHERE segment = segments.name)"
    )
    return [name for (name,) in rows]


def remove_empty_spaces(sql: sqlite3.Connection) -> None:
    """Forgets spaces of which nothing is left: no segment, no metadata, no pin."""
    sql.execute(
        "DELETE FROM spaces WHERE metadata IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM segments WHERE space = spaces.id)"
        " AND NOT EXISTS (SELECT 1 FROM pins WHERE space = spaces.id)"
    )


def forget_segment(sql: sqlite3.Connection, name: str) -> None:
    sql.execute("DELETE FROM entries WHERE segment = ?", (name,))
    sql.execute("DELETE FROM segments WHERE name = ?", (name,))


def _dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
