"""Whether the program starts: a start is begun, and done once the window has worked for a while or was closed.

After two in a row that were never done, the next is a safe one.
"""

import os
from contextlib import suppress
from pathlib import Path

from editor_core.base import paths

SAFE = "--safe"
"""The argument that asks for safe mode."""
FAILED_BEFORE_SAFE = 2


class Start:
    """One start of the window, counted in a small file in the state folder."""

    def __init__(self, file: Path | None = None) -> None:
        """Begins; where nothing can be written nothing is counted."""
        self._file = file or paths.state_folder() / "starts"
        self.failed_before = self._count()
        """How many starts before this one, in a row, were never done."""
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._write(self.failed_before + 1)

    @property
    def should_be_safe(self) -> bool:
        return self.failed_before >= FAILED_BEFORE_SAFE

    def done(self) -> None:
        """It has started, or ended as it should."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _count(self) -> int:
        try:
            with self._file.open("rb") as file:
                return max(0, min(int(file.read(8)), 99))
        except (OSError, ValueError):
            return 0

    def _write(self, count: int) -> None:
        temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            temporary.write_text(str(count), encoding="ascii")
            temporary.replace(self._file)
        finally:
            with suppress(OSError):
                temporary.unlink()
