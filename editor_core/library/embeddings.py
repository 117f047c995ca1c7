"""Files that may be textual inversions: small ones, beside the model and in watched folders."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from editor_core.library.entry import Kind
from editor_core.library.inspect import inspect
from editor_core.library.places import watched
from editor_core.library.scan import weights_in

_FOLDERS = ("embeddings", "embedding", "textual_inversion")
_LARGEST = 8_000_000  # bytes


def inversion_files(model: Path, library_folders: tuple[str, ...]) -> list[Path]:
    """Each name once, those nearest to the model first; hardly a header of anything larger is read."""
    found: dict[str, Path] = {}
    for file in _files(model, library_folders):
        found.setdefault(file.stem.casefold(), file)
    return list(found.values())


def _files(model: Path, library_folders: tuple[str, ...]) -> Iterator[Path]:
    home = model if model.is_dir() else model.parent
    beside = [place / name for place in (home, home.parent, home.parent.parent) for name in _FOLDERS]
    for path, kind in weights_in([*beside, *watched(library_folders)]):
        with suppress(OSError):
            if kind is None and path.stat().st_size <= _LARGEST and inspect(path).kind is Kind.EMBEDDING:
                yield path
