"""How many files a zip says that it holds, without reading the list of them: one of millions would take minutes."""

import os
import struct
from typing import BinaryIO

from editor_core.base.limits import MAX_ENTRIES

_DIRECTORY_BYTES = 128 * MAX_ENTRIES
_END, _END_64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
_COMMENT, _LOCATOR = 2**16, 20  # bytes that may lie behind the end record, and before it


def lists_too_much(file: BinaryIO) -> bool:
    """Whether the list of files is longer than any that is opened; False for what is no zip at all."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _COMMENT - _END.size - _END_64.size - _LOCATOR))
    tail = file.read()
    at, at_64 = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    if at < 0 or len(tail) < at + _END.size:
        return False
    entries, directory = _END.unpack_from(tail, at)[4:6]
    if 0 <= at_64 < at and len(tail) >= at_64 + _END_64.size:
        entries, directory = _END_64.unpack_from(tail, at_64)[7:9]
    return bool(entries > MAX_ENTRIES or directory > _DIRECTORY_BYTES)
