"""Reading zips: the list of files at their end, and single files (APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16).

As ``zipfile`` reads them, whose list takes a multiple of the time, and which cannot be given a part of one: a project
of a thousand turns has four thousand files, and every save looks at them.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from editor_core.base.limits import MAX_ENTRIES

STORED, DEFLATED = 0, 8
UTF8, ENCRYPTED = 0x800, 0x1  # flags
LARGEST = 2**32 - 1  # in four bytes: the number itself stands elsewhere
END, END_64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
LISTED = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
EXTRA_64 = 1
_COMMENT = 2**16  # bytes that may lie behind the end record
_DIRECTORY_BYTES = 128 * MAX_ENTRIES


class BadZip(ValueError):
    """What is no zip, or not whole."""


class Directory(NamedTuple):
    """The list of files in a zip as it lies there."""

    data: bytes
    shift: int
    """Bytes before the zip itself."""


class Entry(NamedTuple):
    """One file in a zip, as the list tells of it."""

    name: str
    raw: bytes
    """The name as it lies there."""
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    """Where it begins, its own header first."""
    listed: int
    """Where it ends in the list."""

    @property
    def told(self) -> str:
        """What the digest of a zip is made of."""
        return f"{self.name}\0{self.size}\0{self.crc}"


def lists_too_much(file: BinaryIO) -> bool:
    """Whether the list of files is longer than any that is opened: one of millions would take minutes to read."""
    try:
        _, length, _, entries = _end(file)
    except BadZip:
        return False
    return entries > MAX_ENTRIES or length > _DIRECTORY_BYTES


def read_directory(file: BinaryIO) -> Directory:
    """Raises BadZip and OSError."""
    begin, length, offset, _ = _end(file)
    if begin < 0:
        raise BadZip("a list that is longer than the file")
    file.seek(begin)
    data = file.read(length)
    if len(data) != length:
        raise BadZip("cut off")
    return Directory(data, begin - offset)


def _end(file: BinaryIO) -> tuple[int, int, int, int]:
    """Where the list lies, its bytes, where it says that it lies, and how many files it has."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _COMMENT - END.size - END_64.size - LOCATOR.size)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + END.size:
        raise BadZip("no end record")
    entries, length, offset = END.unpack_from(tail, at)[4:7]
    at_64 = at - LOCATOR.size - END_64.size
    if at_64 >= 0 and tail.startswith(b"PK\6\7", at - LOCATOR.size) and tail.startswith(b"PK\6\6", at_64):
        entries, length, offset = END_64.unpack_from(tail, at_64)[7:10]
        at = at_64
    return start + at - length, length, offset, entries


def entries_of(directory: Directory, start: int = 0) -> Iterator[Entry]:
    """The files of a list, from byte ``start`` of it on; raises BadZip and UnicodeDecodeError."""
    data, shift = directory
    at, end = start, len(data)
    while at < end:
        if end - at < LISTED.size or not data.startswith(b"PK\1\2", at):
            raise BadZip("no entry")
        _, _, _, flags, method, _, _, crc, packed, size, named, extra, comment, _, _, _, offset = (
            LISTED.unpack_from(data, at)
        )
        at += LISTED.size
        raw = data[at : at + named]
        at += named
        if LARGEST in (packed, size, offset):
            size, packed, offset = _large(data[at : at + extra], (size, packed, offset))
        at += extra + comment
        name = raw.decode("utf-8" if flags & UTF8 else "cp437").partition("\0")[0]
        yield Entry(name, raw, flags, method, crc, packed, size, offset + shift, at)


def _large(extra: bytes, numbers: tuple[int, ...]) -> Iterator[int]:
    """Numbers that have no room in four bytes."""
    at = 0
    further = b""
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == EXTRA_64:
            further = extra[at + 4 : at + 4 + length]
        at += 4 + length
    for number in numbers:
        if number == LARGEST:
            if len(further) < 8:
                raise BadZip("no number")
            number, further = int.from_bytes(further[:8], "little"), further[8:]
        yield number


def read_entry(file: BinaryIO, entry: Entry, first: int | None = None) -> bytes:
    """What is in a file, or its ``first`` bytes, whose checksum is then not looked at.

    Raises BadZip, zlib.error and OSError; never makes more bytes than the list says.
    """
    if entry.flags & ENCRYPTED or entry.method not in (STORED, DEFLATED):
        raise BadZip("packed in an unknown way")
    if entry.offset < 0:
        raise BadZip("outside of the file")
    file.seek(entry.offset)
    header = file.read(LOCAL.size + len(entry.raw))
    if len(header) < LOCAL.size or not header.startswith(b"PK\3\4"):
        raise BadZip("no header")
    named, extra = LOCAL.unpack_from(header)[-2:]
    if named != len(entry.raw) or header[LOCAL.size :] != entry.raw:
        raise BadZip("another name")
    if extra:
        file.seek(extra, os.SEEK_CUR)
    if entry.method == STORED:
        data = file.read(min(entry.size if first is None else first, entry.packed))
    else:
        most = entry.size + 1 if first is None else first
        packed = file.read(min(2 * most + 1024, entry.packed))  # what does not get smaller grows little
        data = zlib.decompressobj(-15).decompress(packed, most)
    if first is None and zlib.crc32(data) != entry.crc:
        raise BadZip("another checksum")
    return data
