"""Reading zips that may be damaged or hostile."""

import json
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

from editor_core.base.errors import ProjectError
from editor_core.project.png import Pixels, decode_png
from editor_core.project.safe_write import read_failure

MAX_TOTAL_PIXELS = 2 * 2**30  # of all pictures read from one file
_MAX_ENTRIES = 100_000
MAX_ENTRY = 2 * 2**30  # bytes, unpacked
MAX_TEXT = 64 * 2**20  # bytes of one XML or JSON entry
_MAX_RATIO = 200  # unpacked to packed, of the whole file
_ALWAYS_FINE = 64 * 2**20  # bytes unpacked below which the ratio does not matter


class Archive:
    """An open zip; every failure is a ProjectError that names the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as problem:
            raise ProjectError(read_failure(path, problem)) from problem
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as problem:
            raise ProjectError(f"“{path.name}” is not a Palimpsest or OpenRaster file.") from problem
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        self._pixels = 0  # read so far
        self._refuse_bombs()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def damaged(self, what: str) -> ProjectError:
        """The error that says the file is damaged, and where."""
        return ProjectError(f"“{self.path.name}” is damaged: {what}.")

    def read(self, name: str, limit: int = MAX_ENTRY) -> bytes:
        """The bytes of one entry."""
        if not _is_safe(name) or name not in self._entries:
            raise self.damaged(f"its part “{name}” is missing")
        if self._entries[name].file_size > limit:
            raise self.damaged(f"its part “{name}” is too large")
        try:
            return self._zip.read(name)
        except (
            OSError,
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
            zlib.error,
        ) as problem:
            raise self.damaged(f"its part “{name}” cannot be read") from problem

    def read_json(self, name: str) -> dict[str, Any]:
        """One entry as a JSON object."""
        try:
            value = json.loads(self.read(name, MAX_TEXT))
        except (ValueError, RecursionError) as problem:
            raise self.damaged(f"its part “{name}” cannot be read") from problem
        if not isinstance(value, dict):
            raise self.damaged(f"its part “{name}” is not what it should be")
        return value

    def read_png(self, name: str, mode: str) -> tuple[Pixels, bytes]:
        """One entry as pixels, and its bytes as they lie in the file."""
        data = self.read(name)
        try:
            pixels = decode_png(data, mode)
        except ValueError as problem:
            raise self.damaged(f"its picture “{name}” cannot be read ({problem})") from problem
        self._pixels += pixels.shape[0] * pixels.shape[1]
        if self._pixels > MAX_TOTAL_PIXELS:
            raise ProjectError(f"“{self.path.name}” holds more pixels than this program can open.")
        return pixels, data

    def _refuse_bombs(self) -> None:
        unpacked = sum(entry.file_size for entry in self._entries.values())
        packed = self.path.stat().st_size
        if len(self._entries) > _MAX_ENTRIES or unpacked > max(_ALWAYS_FINE, _MAX_RATIO * packed):
            self._zip.close()
            raise ProjectError(
                f"“{self.path.name}” was not opened: it unpacks to far more than a picture can hold."
            )


def _is_safe(name: str) -> bool:
    """Whether an entry's name stays inside the archive."""
    return "\\" not in name and not name.startswith("/") and ".." not in PurePosixPath(name).parts
