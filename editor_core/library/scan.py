"""Watched folders, walked: every file and folder of weights in them, once."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from editor_core.library.entry import Entry, Kind
from editor_core.library.inspect import inspect, kind_of_folder
from editor_core.library.places import watched
from editor_core.models.segmenter_files import is_pickled_segmenter
from editor_core.models.upscaler_files import is_upscaler

ENDING = ".safetensors"
_DEEPEST = 8  # folders below a watched one
_MOST = 20_000  # entries
_NEVER = frozenset({"blobs", "node_modules", "venv", "__pycache__", "site-packages", "outputs", "input"})


def scan(folders: Iterable[Path], cancelled: Callable[[], bool] = lambda: False) -> list[Entry]:
    """All that lies in the folders, by name; an empty list where it was cancelled.

    A link and what it leads to count once. What cannot be read is passed over: folders of other programs are theirs.
    """
    found: dict[Path, Entry] = {}
    for path, kind in weights_in(folders):
        if cancelled():
            return []
        with suppress(OSError):
            found.setdefault(path.resolve(), inspect(path, kind))
    return sorted(found.values(), key=lambda entry: (entry.name.casefold(), entry.path))


def weights_in(folders: Iterable[Path]) -> Iterator[tuple[Path, Kind | None]]:
    """Files, with None, and folders that are one thing as a whole, with what they are. Reads hardly any of them."""
    seen: set[Path] = set()
    number = 0
    for folder in folders:
        for found in _walk(folder, seen, 0):
            yield found
            number += 1
            if number == _MOST:
                return


def finder(library_folders: tuple[str, ...]) -> Callable[[str], Iterator[Path]]:
    """Finds what in the library has a name, with or without its ending, capitals aside."""

    def called(name: str) -> Iterator[Path]:
        wanted = name.removesuffix(ENDING).casefold()
        everything = weights_in(watched(library_folders))
        return (path for path, _ in everything if path.name.removesuffix(ENDING).casefold() == wanted)

    return called


def _walk(folder: Path, seen: set[Path], depth: int) -> Iterator[tuple[Path, Kind | None]]:
    try:
        real = folder.resolve()
        if real in seen or depth > _DEEPEST or not folder.is_dir():
            return
        seen.add(real)
        if (kind := kind_of_folder(folder)) is not None:
            yield folder, kind
            return
        with os.scandir(folder) as inside:
            items = sorted(inside, key=lambda item: item.name.casefold())
    except OSError:
        return
    for item in items:
        if item.name.startswith(".") or item.name in _NEVER:
            continue
        path = Path(item.path)
        with suppress(OSError):
            if item.is_dir():
                yield from _walk(path, seen, depth + 1)
            elif is_upscaler(path):
                yield path, Kind.UPSCALER
            elif path.suffix.lower() == ENDING:
                yield path, None
            elif is_pickled_segmenter(path):
                yield path, Kind.SEGMENTER
