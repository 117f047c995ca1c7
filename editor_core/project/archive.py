"""Reading zips that may be damaged or hostile."""

import hashlib
import io
import os
import struct
import sys
import weakref
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath
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
from editor_core.project.zip_end import lists_too_much

IN_MEMORY_BYTES = 128 * 2**20
"""Files up to this size are read as a whole: they may then vanish, or be written over, while they are open."""


class Archive:
    """An open zip; every failure is a ProjectError that names the file.

    It stays open as long as something of it is used; reading is safe from any thread.
    """

    def __init__(self, path: Path, *, lasting: bool = True) -> None:
        """``lasting``: pictures in it will be asked for after other programs may have changed the file."""
        self.path = path
        self._layer_bytes = 0  # of all tiles made so far
        self._tiles: dict[tuple[str, int, int, int], Tiles] = {}
        file = open_file(path, ProjectError)
        try:
            self.size = os.fstat(file.fileno()).st_size
            if lists_too_much(file):
                raise self._far_too_much()
            if self.size <= IN_MEMORY_BYTES or (lasting and sys.platform == "win32"):
                file.seek(0)  # Windows replaces no open file, and zipfile takes some failures for damage
                with file:
                    whole = file.read()
                file = io.BytesIO(whole)
            self._close = weakref.finalize(self, _let_go, file)
            self._zip = zipfile.ZipFile(file)
        except OSError as problem:
            file.close()
            raise ProjectError.of(read_failure(path, problem)) from problem
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as problem:
            file.close()
            raise ProjectError(
                "“{file}” is not a Palimpsest or OpenRaster file.", file=path.name
            ) from problem
        except ProjectError:
            file.close()
            raise
        listed = self._zip.infolist()
        self._entries = {_plain(entry.filename): entry for entry in listed}
        self._entries |= {entry.filename: entry for entry in listed}
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

    def size_of(self, name: str) -> int:
        """Bytes of one entry, unpacked."""
        return self._entries[name].file_size

    @property
    def digest(self) -> str:
        """What the file holds, as far as names, sizes and checksums tell: another save has another one."""
        parts = (f"{entry.filename}\0{entry.file_size}\0{entry.CRC}" for entry in self._zip.infolist())
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def damaged(self, what: Message) -> ProjectError:
        """The error that says the file is damaged, and where."""
        return ProjectError("“{file}” is damaged: {what}.", file=self.path.name, what=what)

    def read(self, name: str, limit: int, first: int | None = None) -> bytes:
        """The bytes of one entry, or only its ``first`` ones, whose checksum is then not looked at."""
        name = _plain(name)
        if not _is_safe(name) or name not in self._entries:
            raise self.damaged(Message("its part “{name}” is missing", name=_short(name)))
        if self._entries[name].file_size > limit:
            raise self.damaged(Message("its part “{name}” is too large", name=_short(name)))
        try:
            if first is None:
                return self._zip.read(self._entries[name])
            with self._zip.open(self._entries[name]) as entry:
                return entry.read(first)
        except (
            OSError,
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
            ValueError,
            struct.error,
            zlib.error,
        ) as problem:
            raise self.damaged(Message("its part “{name}” cannot be read", name=_short(name))) from problem

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
        unpacked = sum(entry.file_size for entry in self._zip.infolist())
        if len(self._entries) > MAX_ENTRIES or unpacked > max(ALWAYS_UNPACKED, MAX_RATIO * self.size):
            self.close()
            raise self._far_too_much()

    def _far_too_much(self) -> ProjectError:
        return ProjectError(
            "“{file}” was not opened: its unpacked contents are too large.", file=self.path.name
        )


def _let_go(file: BinaryIO) -> None:
    with suppress(OSError):  # nothing was written
        file.close()


class TooLargeError(ProjectError):
    """The file as a whole needs more memory than any file may; no part of it can be left out for that."""


def max_layer_bytes(file_size: int) -> int:
    """What the layers of a file of that size may take in memory."""
    return max(MIN_LAYER_BYTES, MAX_PIXEL_RATIO * file_size)


def _plain(name: str) -> str:
    """A name as most programs write it: pyora begins with a stroke, some on Windows write backslashes."""
    return name.replace("\\", "/").removeprefix("./").lstrip("/")


def _is_safe(name: str) -> bool:
    """Whether an entry's name stays inside the archive."""
    return "\\" not in name and not name.startswith("/") and ".." not in PurePosixPath(name).parts


def _short(name: str) -> str:
    """A name from a file, fit for a sentence."""
    printable = "".join(sign if sign.isprintable() else "�" for sign in name[:81])
    return printable if len(printable) <= 80 else f"{printable[:80]}…"
