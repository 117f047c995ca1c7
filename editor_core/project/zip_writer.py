"""Writing the zips of projects and OpenRaster files: byte for byte as ``zipfile`` does."""

import json
import struct
import zlib
from collections.abc import Mapping
from types import TracebackType
from typing import BinaryIO

import msgspec
import numpy as np

from editor_core.project.zip_reading import (
    DEFLATED,
    END,
    END_64,
    EXTRA_64,
    LARGEST,
    LISTED,
    LOCAL,
    LOCATOR,
    STORED,
    UTF8,
)

_UNIX, _PLAIN, _LARGE = (
    3,
    20,
    45,
)  # who made it; the version that can unpack it, without and with eight-byte numbers
_DATE = 0x21  # 1980-01-01
_MODE = 0o644 << 16
_MOST = 2**16 - 1  # entries that an end record can count


class ZipWriter:
    """Puts entries into a zip: pictures stored, text deflated, always the same date.

    To be used as a context; the list of files is written at its end, unless that is an exception.
    """

    def __init__(self, file: BinaryIO, listed: bytes = b"", entries: int = 0) -> None:
        """``listed``: the list of the ``entries`` that are in the file already, which is gone on with at its end."""
        self._file = file
        self._at = file.tell()
        self._listed = [listed]
        self._entries = entries

    def __enter__(self) -> "ZipWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()

    def stored(self, name: str, data: bytes) -> None:
        self._put(name, data, data, STORED)

    def deflated(self, name: str, data: bytes) -> None:
        packer = zlib.compressobj(-1, zlib.DEFLATED, -15)
        self._put(name, data, packer.compress(data) + packer.flush(), DEFLATED)

    def _put(self, name: str, data: bytes, packed: bytes, method: int) -> None:
        raw = name.encode()
        flags = 0 if name.isascii() else UTF8
        sizes = (len(packed), len(data))
        extra = b""
        if max(sizes) >= LARGEST:
            extra, sizes = struct.pack("<2H2Q", EXTRA_64, 16, len(data), len(packed)), (LARGEST, LARGEST)
        known = (flags, method, 0, _DATE, zlib.crc32(data), *sizes, len(raw))
        needed = _LARGE if extra else _PLAIN
        self._write(LOCAL.pack(b"PK\3\4", needed, *known, len(extra)) + raw + extra)
        at = self._at - LOCAL.size - len(raw) - len(extra)
        self._write(packed)
        if at >= LARGEST:
            numbers = extra[4:] + at.to_bytes(8, "little")
            extra, at, needed = struct.pack("<2H", EXTRA_64, len(numbers)) + numbers, LARGEST, _LARGE
        made = _UNIX << 8 | needed
        self._listed.append(
            LISTED.pack(b"PK\1\2", made, needed, *known, len(extra), 0, 0, 0, _MODE, at) + raw + extra
        )
        self._entries += 1

    def _finish(self) -> None:
        at, listed = self._at, b"".join(self._listed)
        self._write(listed)
        entries, end = self._entries, self._at
        if entries > _MOST or max(at, len(listed)) >= LARGEST:
            made = (_LARGE, _LARGE, 0, 0)
            self._write(END_64.pack(b"PK\6\6", END_64.size - 12, *made, entries, entries, len(listed), at))
            self._write(LOCATOR.pack(b"PK\6\7", 0, end, 1))
        counted = (min(entries, _MOST),) * 2
        self._write(END.pack(b"PK\5\6", 0, 0, *counted, min(len(listed), LARGEST), min(at, LARGEST), 0))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


def to_json(value: object) -> bytes:
    """JSON as it is stored, an engine's numbers included."""
    told = json.dumps(value, ensure_ascii=False, default=_plain)  # with an indent Python's own is slow
    try:
        return msgspec.json.format(told, indent=1).encode()
    except (msgspec.DecodeError, UnicodeEncodeError):  # a number that is none, half a surrogate pair
        return told.encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    """What JSON has no word for, in a log that an engine wrote: numpy's numbers and read-only mappings."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be saved")
