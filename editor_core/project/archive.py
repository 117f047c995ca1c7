"""Reading zips that may be damaged or hostile."""

import hashlib
import io
import os
import sys
import threading
import weakref
import zlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np

from editor_core.base.errors import ImageFileError, ProjectError
from editor_core.base.gate import decode_json
from editor_core.base.limits import (
    ALWAYS_UNPACKED,
    MAX_ENTRIES,
    MAX_PICTURE_BYTES,
    MAX_PIXEL_RATIO,
    MAX_RATIO,
    MAX_TEXT,
    MIN_LAYER_BYTES,
)
from editor_core.base.message import Message
from editor_core.document.origin import Layout
from editor_core.document.stored import StoredArray
from editor_core.document.tiles import Tiles
from editor_core.project.picture_reading import picture_from
from editor_core.project.png import (
    PNG_MODES,
    PictureDataError,
    check_size,
    decode_png,
    image_of,
    size_of_png,
)
from editor_core.project.safe_read import open_file, read_failure
from editor_core.project.zip_reading import (
    BadZip,
    Entry,
    entries_of,
    lists_too_much,
    read_directory,
    read_entry,
)

IN_MEMORY_BYTES = 128 * 2**20
"""Files up to this size are read as a whole: they may then vanish, or be written over, while they are open."""


class Archive:
    """An open zip; every failure is a ProjectError that names the file.

    It stays open as long as something of it is used; reading is safe from any thread.
    """

    def __init__(self, path: Path, *, lasting: bool = True, after: Layout | None = None) -> None:
        """``lasting``: pictures in it will be asked for after other programs may have changed the file.

        ``after``: what is known of its beginning, whose files are not looked at; what begins otherwise is refused.
        """
        self.path = path
        self._reading = threading.Lock()
        self._layer_bytes = 0  # of all tiles made so far
        self._tiles: dict[tuple[str, int, int, int], Tiles] = {}
        self.after = after or Layout()
        file = open_file(path, ProjectError)
        try:
            self.stamp = stamp_of(file)
            self.size = self.stamp[0]
            if lists_too_much(file):
                raise self._far_too_much()
            if lasting and (self.size <= IN_MEMORY_BYTES or sys.platform == "win32"):
                file.seek(0)  # Windows replaces no open file
                with file:
                    whole = file.read()
                file = io.BytesIO(whole)
            self._close = weakref.finalize(self, _let_go, file)
            self._file = file
            directory = read_directory(file)
            self.listed, self.shift = directory
            if not self.listed.startswith(self.after.listed):
                raise BadZip("another beginning")
            self._listed = list(entries_of(directory, len(self.after.listed)))
        except OSError as problem:
            file.close()
            raise ProjectError.of(read_failure(path, problem)) from problem
        except ValueError as problem:
            file.close()
            raise ProjectError(
                "“{file}” is not a Palimpsest or OpenRaster file.", file=path.name
            ) from problem
        except ProjectError:
            file.close()
            raise
        self._entries = {plain_name(entry.name): entry for entry in self._listed}
        self._entries |= {entry.name: entry for entry in self._listed}
        self._refuse_bombs()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file now; nothing of it may be used any more."""
        self._close()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All files, in the order of the list."""
        return tuple(self._listed)

    def size_of(self, name: str) -> int:
        """Bytes of one entry, unpacked."""
        return self._entries[name].size

    @property
    def digest(self) -> str:
        """What the file holds, as far as names, sizes and checksums tell: another save has another one."""
        told = self.after.told + "\n".join(entry.told for entry in self._listed)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def damaged(self, what: Message) -> ProjectError:
        """The error that says the file is damaged, and where."""
        return ProjectError("“{file}” is damaged: {what}.", file=self.path.name, what=what)

    def read(self, name: str, limit: int, first: int | None = None) -> bytes:
        """The bytes of one entry, or only its ``first`` ones, whose checksum is then not looked at."""
        name = plain_name(name)
        entry = self._entries.get(name)
        if entry is None or ".." in name.split("/"):
            raise self.damaged(Message("its part “{name}” is missing", name=_short(name)))
        if entry.size > limit:
            raise self.damaged(Message("its part “{name}” is too large", name=_short(name)))
        try:
            return self.unpacked(entry, first)
        except (OSError, ValueError, OverflowError, zlib.error) as problem:
            raise self.damaged(Message("its part “{name}” cannot be read", name=_short(name))) from problem

    def unpacked(self, entry: Entry, first: int | None = None) -> bytes:
        """As ``read``; raises ValueError, OverflowError, zlib.error and OSError."""
        if entry.offset + entry.packed > self.size:
            raise BadZip("cut off")
        with self._reading:
            return read_entry(self._file, entry, first)

    def read_json(self, name: str) -> dict[str, Any]:
        """One entry as a JSON object."""
        try:
            value = decode_json(self.read(name, MAX_TEXT))
        except ValueError as problem:
            raise self.damaged(Message("its part “{name}” cannot be read", name=_short(name))) from problem
        if not isinstance(value, dict):
            raise self.damaged(Message("its part “{name}” is not valid", name=_short(name)))
        return value

    def picture(self, name: str, mode: str, *, checked: bool = True) -> StoredArray:
        """A PNG that is decoded when it is looked at; its size, and where ``checked`` its bytes, are looked at now."""
        data = self.read(name, MAX_PICTURE_BYTES, None if checked else 64)
        try:
            width, height = size_of_png(data)
            check_size(width, height)
        except PictureDataError as problem:
            raise self.damaged(
                Message(
                    "its picture “{name}” cannot be read ({reason})", name=_short(name), reason=problem.reason
                )
            ) from problem
        shape = (height, width) if PNG_MODES[mode] == 1 else (height, width, PNG_MODES[mode])

        def encoded() -> bytes:
            return self.read(name, MAX_PICTURE_BYTES)

        return StoredArray(shape, "uint8", lambda: self._decoded(name, mode), encoded)

    def tiles(self, name: str, channels: int, left: int, top: int) -> Tiles:
        """The pixels of a layer, its first one at (left, top).

        What is named twice is held once. Raises ProjectError when all layers together need too much memory.
        """
        key = (name, channels, left, top)
        if key not in self._tiles:
            pixels = self._layer(name, "RGBA" if channels == 4 else "L")
            self._tiles[key] = Tiles.from_array(pixels, left, top)
            self._layer_bytes += self._tiles[key].nbytes
            if self._layer_bytes > max_layer_bytes(self.size):
                raise TooLargeError(
                    "“{file}” has more pixels than this program can open.", file=self.path.name
                )
        return self._tiles[key]

    def _layer(self, name: str, mode: str) -> Any:
        """A layer's pixels; other programs also write others than PNG."""
        if name.lower().endswith(".png"):
            return self._decoded(name, mode)
        try:
            pixels = picture_from(self.read(name, MAX_PICTURE_BYTES), _short(name))
        except ImageFileError as problem:
            reason = Message("its picture “{name}” cannot be read", name=_short(name))
            raise self.damaged(reason) from problem
        return np.asarray(image_of(pixels).convert(mode))

    def _decoded(self, name: str, mode: str) -> Any:
        try:
            return decode_png(self.read(name, MAX_PICTURE_BYTES), mode)
        except PictureDataError as problem:
            raise self.damaged(
                Message(
                    "its picture “{name}” cannot be read ({reason})", name=_short(name), reason=problem.reason
                )
            ) from problem

    def _refuse_bombs(self) -> None:
        unpacked = self.after.unpacked + sum(entry.size for entry in self._listed)
        if len(self._entries) + self.after.entries > MAX_ENTRIES or unpacked > max(
            ALWAYS_UNPACKED, MAX_RATIO * self.size
        ):
            self.close()
            raise self._far_too_much()

    def _far_too_much(self) -> ProjectError:
        return ProjectError(
            "“{file}” was not opened: its unpacked contents are too large.", file=self.path.name
        )


def stamp_of(file: BinaryIO) -> tuple[int, int]:
    """Bytes of an open file, and when it was written, in nanoseconds."""
    about = os.fstat(file.fileno())
    return about.st_size, about.st_mtime_ns


def _let_go(file: BinaryIO) -> None:
    with suppress(OSError):  # nothing was written
        file.close()


class TooLargeError(ProjectError):
    """The file as a whole needs more memory than any file may; no part of it can be left out for that."""


def max_layer_bytes(file_size: int) -> int:
    """What the layers of a file of that size may take in memory."""
    return max(MIN_LAYER_BYTES, MAX_PIXEL_RATIO * file_size)


def plain_name(name: str) -> str:
    """A name as most programs write it: pyora begins with a stroke, some on Windows write backslashes."""
    if "\\" not in name and not name.startswith((".", "/")):
        return name
    return name.replace("\\", "/").removeprefix("./").lstrip("/")


def _short(name: str) -> str:
    """A name from a file, fit for a sentence."""
    printable = "".join(sign if sign.isprintable() else "�" for sign in name[:81])
    return printable if len(printable) <= 80 else f"{printable[:80]}…"
