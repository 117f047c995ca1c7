"""The palettes at hand: those that ship with the program and those that the artist brought, kept as files."""

import logging
import shutil
from pathlib import Path

from editor_core.base import paths
from editor_core.base.errors import EditorError, ImageFileError
from editor_core.pixels.palettes import Palette, read_palette

log = logging.getLogger(__name__)

ENDING = ".gpl"


class Palettes:
    """By the stem of their file, the program's own first."""

    def __init__(self) -> None:
        self._own = paths.resources() / "palettes"
        self._brought = paths.state_folder() / "palettes"

    def load(self) -> dict[str, Palette]:
        """All palettes; a damaged file is left out."""
        found: dict[str, Palette] = {}
        for folder in (self._own, self._brought):
            for path in sorted(folder.glob(f"*{ENDING}")):
                try:
                    found[path.stem] = read_palette(path)
                except EditorError as error:
                    log.warning("A palette was left out: %s", error)
        return found

    def bring(self, path: Path) -> str:
        """Keep a copy of a palette; returns its key. Raises ImageFileError where it is none or cannot be kept."""
        read_palette(path)
        key = path.stem if not (self._own / path.name).exists() else f"{path.stem} 2"
        temporary = self._brought / f"{key}.tmp"
        try:
            self._brought.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, temporary)
            temporary.replace(self._brought / f"{key}{ENDING}")
        except OSError as error:
            raise ImageFileError(
                "{file} could not be read: {reason}", file=path.name, reason=str(error)
            ) from error
        return key

    def is_own(self, key: str) -> bool:
        """Whether it ships with the program."""
        return (self._own / f"{key}{ENDING}").exists()

    def remove(self, key: str) -> None:
        """Forget a palette that was brought."""
        (self._brought / f"{key}{ENDING}").unlink(missing_ok=True)
