"""What lies where on disk: an SQLite database in WAL mode, shared by all processes on the folder.

Only SQL here; the files it speaks of are disk.py's. Every change is one transaction, so the index is whole after
a crash; a segment is listed before it is written (with its writer as owner) and its entries after.

SQLite does not notice every damaged bit. What a row says is therefore under a checksum of its own (seal.py), together
with the names it was written under; a row that does not agree with it is not there. Values of which sums are made are
looked at for their types.
"""

import json
import math
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

import msgspec

from cache.eviction import Candidate
from cache.key import CacheKey
from cache.seal import sealed, unsealed
from cache.spec import TensorSpec, dtype_called, dtype_name

VERSION = 2
BUSY_SECONDS = 10.0
MAX_PAGES = 256

_SCHEMA = """
CREATE TABLE spaces (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, metadata BLOB, last_used REAL NOT NULL);
CREATE TABLE segments (
    name TEXT PRIMARY KEY, space INTEGER, nbytes INTEGER NOT NULL, cost_seconds REAL NOT NULL, owner TEXT,
    seal BLOB NOT NULL);
CREATE INDEX segments_of_space ON segments (space);
CREATE TABLE entries (
    space INTEGER NOT NULL, item NOT NULL, slot TEXT NOT NULL, segment TEXT NOT NULL, place BLOB NOT NULL,
    PRIMARY KEY (space, item, slot)) WITHOUT ROWID;
CREATE INDEX entries_of_segment ON entries (segment);
CREATE TABLE owners (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""


_NOT_THE_FILE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_ABORT,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_MISUSE,
    sqlite3.SQLITE_AUTH,
}
"""What SQLite says where the system, another program or this one is at fault, and the file may be whole."""


class DamagedIndexError(sqlite3.DatabaseError):
    """What the file says cannot have been written by us."""


class OldIndexError(sqlite3.DatabaseError):
    """The file was written by an earlier version."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, so that it is of no use any more to anybody."""
    if isinstance(error, DamagedIndexError):
        return True
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF not in _NOT_THE_FILE


@dataclass(frozen=True, slots=True)
class IndexedEntry:
    """An entry on disk: in which segment, and where in it."""

    spec: TensorSpec
    segment: str
    offset: int


class _Place(msgspec.Struct, array_like=True):
    """What a row of ``entries`` says, beside its names."""

    offset: int
    dtype: str
    shape: tuple[int, ...]
    row_dim: int | None
    note: str


_places = msgspec.msgpack.Decoder(_Place)


@dataclass(frozen=True, slots=True)
class IndexedSpace:
    """A space on disk: its entries' bytes and cost, and when it was used last."""

    name: str
    nbytes: int
    cost_seconds: float
    last_used: float

    def candidate(self) -> Candidate:
        return Candidate(self.name, self.nbytes, self.cost_seconds, self.last_used)


class Index:
    """The database; every method may be called from any thread and may raise sqlite3.Error."""

    def __init__(self, path: Path):
        self.path = path
        self._write_lock = RLock()
        self._read_lock = RLock()
        self._file = _made(path)
        with ExitStack() as opened:  # one that is left open keeps its locks as long as this process lives
            self._writing = opened.enter_context(closing(_connect(path)))
            self._create()
            self._reading = opened.enter_context(closing(_connect(path)))
            opened.pop_all()
        self._seen_version = -1
        self._pages: dict[tuple[str, int | str], dict[str, IndexedEntry]] = {}

    def close(self) -> None:
        with self._read_lock, self._write_lock:
            self._reading.close()
            self._writing.close()

    def check(self) -> None:
        """Raises DamagedIndexError, or another of SQLite's, when the file is damaged, or its tables are others."""
        if _tables_of(self._reading) != _our_tables():
            raise DamagedIndexError("The index has other tables.")
        # quick_check takes rows out of order for whole; they are then never found. 60 ms for 80,000 entries.
        found = self._reading.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise DamagedIndexError(found)

    def is_current(self) -> bool:
        """Whether the file that was opened is the one that lies there now."""
        return _identity(self.path) == self._file

    def check_segments(self) -> None:
        """Raises DamagedIndexError where a segment's size or cost is not as it was written."""
        with self._read_lock:
            for name, nbytes, cost, seal in self._reading.execute(
                "SELECT name, nbytes, cost_seconds, seal FROM segments"
            ):
                if unsealed((name, nbytes, cost), seal) is None:
                    raise DamagedIndexError("A segment is listed wrongly.")

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
        elif 0 < found < VERSION:
            raise OldIndexError(f"The index has version {found}; this program writes {VERSION}.")
        elif found != VERSION:
            raise DamagedIndexError(f"The index has version {found}; this program knows {VERSION}.")

    # -- reading

    def lookup(self, key: CacheKey) -> IndexedEntry | None:
        """Where the entry lies, as of the last change by any process."""
        with self._read_lock:
            version = self._reading.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen_version or len(self._pages) > MAX_PAGES:
                self._pages.clear()
                self._seen_version = version
            page = self._pages.get((key.space, key.item))
            if page is None:
                page = self._pages[key.space, key.item] = self._load(key.space, key.item)
        return page.get(key.slot)

    def _load(self, space: str, item: int | str) -> dict[str, IndexedEntry]:
        rows = self._reading.execute(
            "SELECT slot, segment, place FROM entries JOIN spaces ON spaces.id = entries.space"
            " WHERE name = ? AND item = ?",
            (space, item),
        )
        found = {slot: _entry(space, item, slot, segment, place) for slot, segment, place in rows}
        return {slot: entry for slot, entry in found.items() if entry is not None}

    def keys(self, space: str) -> list[CacheKey]:
        """All keys of the space on disk."""
        with self._read_lock:
            rows = self._reading.execute(
                "SELECT item, slot FROM entries JOIN spaces ON spaces.id = entries.space WHERE name = ?",
                (space,),
            ).fetchall()
        return [
            CacheKey(space, item, slot)
            for item, slot in rows
            if isinstance(item, int | str) and isinstance(slot, str)
        ]

    def spaces(self) -> list[IndexedSpace]:
        with self._read_lock:
            return read_spaces(self._reading)

    def metadata(self, space: str) -> dict[str, Any] | None:
        with self._read_lock:
            row = self._reading.execute("SELECT metadata FROM spaces WHERE name = ?", (space,)).fetchone()
        packed = unsealed((space,), row[0]) if row is not None and row[0] is not None else None
        return json.loads(msgspec.msgpack.decode(packed)) if packed is not None else None

    def used_bytes(self) -> int:
        """Bytes of all segments, those being written included."""
        with self._read_lock:
            return sum_of_segments(self._reading)


@cache
def _our_tables() -> frozenset[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(_SCHEMA)
        return _tables_of(empty)


def _tables_of(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """How they were made: a changed letter in that is no damage to SQLite, only another name."""
    return frozenset(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


def _made(path: Path) -> tuple[int, int]:
    """The file, made if need be, for its owner alone; what tells it from another of its name."""
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    found = _identity(path)
    if found is None:
        raise sqlite3.OperationalError(f"There is no file {path}.")
    return found


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


class _Connection(sqlite3.Connection):
    """SQLite's messages repeat names of a damaged schema, which need not be text; Python then fails on the message."""

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        with _messages_of_any_bytes():
            return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        with _messages_of_any_bytes():
            return super().executemany(*arguments)

    def executescript(self, *arguments: Any) -> sqlite3.Cursor:
        with _messages_of_any_bytes():
            return super().executescript(*arguments)


@contextmanager
def _messages_of_any_bytes() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise DamagedIndexError("The index holds names that are no text.") from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=_Connection
    )
    try:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 256")
    except BaseException:
        connection.close()
        raise
    return connection


def _entry(space: str, item: int | str, slot: object, segment: object, place: object) -> IndexedEntry | None:
    """What a row says; None unless it is as it was written."""
    if not isinstance(slot, str) or not isinstance(segment, str):
        return None
    packed = unsealed((space, item, slot, segment), place)
    if packed is None:
        return None
    found = _places.decode(packed)
    spec = TensorSpec(dtype_called(found.dtype), found.shape, found.row_dim, found.note)
    return IndexedEntry(spec, segment, found.offset)


# -- steps of a transaction


def read_spaces(sql: sqlite3.Connection) -> list[IndexedSpace]:
    rows = sql.execute(
        "SELECT name, (SELECT coalesce(sum(nbytes), 0) FROM segments WHERE space = spaces.id),"
        " (SELECT coalesce(sum(cost_seconds), 0) FROM segments WHERE space = spaces.id), last_used FROM spaces"
    )
    return [_space(*columns) for columns in rows]


def _space(name: object, nbytes: object, cost: object, used: object) -> IndexedSpace:
    if not isinstance(name, str) or not isinstance(nbytes, int) or nbytes < 0:
        raise DamagedIndexError("A space is listed wrongly.")
    if not isinstance(cost, int | float) or not isinstance(used, int | float):
        raise DamagedIndexError("A space is listed wrongly.")
    if not math.isfinite(cost) or not math.isfinite(used):
        raise DamagedIndexError("A space is listed wrongly.")
    return IndexedSpace(name, nbytes, float(cost), float(used))


def sum_of_segments(sql: sqlite3.Connection) -> int:
    """Bytes of all segments, those being written included."""
    found = sql.execute("SELECT coalesce(sum(nbytes), 0) FROM segments").fetchone()[0]
    if not isinstance(found, int) or found < 0:
        raise DamagedIndexError("A segment is listed wrongly.")
    return found


def ensure_space(sql: sqlite3.Connection, name: str, now: float) -> int:
    """The space's number; makes the space."""
    sql.execute("INSERT OR IGNORE INTO spaces (name, last_used) VALUES (?, ?)", (name, now))
    return int(sql.execute("SELECT id FROM spaces WHERE name = ?", (name,)).fetchone()[0])


def describe(sql: sqlite3.Connection, name: str, metadata: Mapping[str, Any], now: float) -> None:
    ensure_space(sql, name, now)
    sql.execute(
        "UPDATE spaces SET metadata = ? WHERE name = ?", (sealed((name,), json.dumps(metadata)), name)
    )


def add_entries(
    sql: sqlite3.Connection, space: int, entries: Sequence[tuple[CacheKey, IndexedEntry]]
) -> None:
    """Lists entries; they take the place of older ones under the same keys."""
    rows = [(space, key.item, key.slot, entry.segment, _sealed(key, entry)) for key, entry in entries]
    sql.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", rows)


def _sealed(key: CacheKey, entry: IndexedEntry) -> bytes:
    spec = entry.spec
    place = _Place(entry.offset, dtype_name(spec.dtype), spec.shape, spec.row_dim, spec.note)
    return sealed((key.space, key.item, key.slot, entry.segment), place)


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
    sql.execute("DELETE FROM spaces WHERE id = ?", row)
    return segments


def reserve_segment(
    sql: sqlite3.Connection, name: str, space: int, nbytes: int, cost_seconds: float, owner: str
) -> None:
    """Lists a segment that ``owner`` is about to write."""
    cost = float(cost_seconds)
    row = (name, space, nbytes, cost, owner, sealed((name, nbytes, cost), None))
    sql.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?)", row)


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
    """Forgets spaces of which nothing is left: no segment, no metadata."""
    sql.execute(
        "DELETE FROM spaces WHERE metadata IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM segments WHERE space = spaces.id)"
    )


def forget_segment(sql: sqlite3.Connection, name: str) -> None:
    sql.execute("DELETE FROM entries WHERE segment = ?", (name,))
    sql.execute("DELETE FROM segments WHERE name = ?", (name,))
