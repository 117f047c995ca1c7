"""A model, LoRA or VAE as it is sent to a worker that lacks it: which files, and one name for all of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from editor_core.base.errors import ModelError
from editor_core.library.hashes import hash_of
from editor_core.models.inspection import inspect_model
from editor_core.models.progress import Cancel

_SMALL = (".json", ".txt", ".model")
"""Configurations and tokenizers."""
_WEIGHTS = ".safetensors"
_MOST_SMALL = 64_000_000  # bytes
_MOST_FILES = 500
_KEY = re.compile(r"[0-9a-f]{32,64}")


def is_key(text: str) -> bool:
    """Whether something can be called that."""
    return _KEY.fullmatch(text) is not None


@dataclass(frozen=True)
class Parcel:
    """What is sent; checked by who receives it."""

    key: str
    """A model's fingerprint, else the digest of its files: hex digits."""
    name: str
    """Of the file or folder."""
    files: tuple[tuple[str, int], ...]
    """Path inside the folder, with slashes, and bytes; of a single file its name."""
    is_model: bool

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(size for _, size in self.files)

    @property
    def is_one_file(self) -> bool:
        """Else a folder's."""
        return self.files[0][0] == self.name

    def require_sane(self) -> None:
        """Raises ModelError for what could lie elsewhere than in its folder, or is no model's file."""
        names = [PurePosixPath(self.name), *(PurePosixPath(name) for name, _ in self.files)]
        endings = {path.suffix for path in names[1:]}
        if (
            not is_key(self.key)
            or len(names[0].parts) != 1
            or not 0 < len(self.files) <= _MOST_FILES
            or any(_leaves_its_folder(path) for path in names)
            or not endings <= {_WEIGHTS, *_SMALL}
            or any(size < 0 for _, size in self.files)
        ):
            raise ModelError("What was sent is no model.")


def _leaves_its_folder(path: PurePosixPath) -> bool:
    return path.is_absolute() or not path.parts or ".." in path.parts or "\\" in str(path) or ":" in str(path)


@dataclass(frozen=True)
class Sendable:
    """A parcel with where its files lie here."""

    parcel: Parcel
    home: Path

    @property
    def paths(self) -> list[Path]:
        return [self.home / name for name, _ in self.parcel.files]


def sendable_model(path: Path, fingerprint: str) -> Sendable:
    """Raises ModelError where a part of it lies beside it, in another model."""
    layout = inspect_model(path)
    weights = {file for each in layout.weights.values() for file in each.parts}
    if layout.path.is_file():
        home, card = layout.path.parent, layout.path.with_name(f"{layout.path.stem}.palimpsest.json")
        files = [layout.path, *([card] if card.is_file() else [])]
        name = layout.path.name
    else:
        home, name = layout.path, re.sub(r"[^\w.-]+", "-", layout.name).strip(".-") or "model"
        files = [file for file in _files_in(home) if file in weights or _is_beside_weights(file, home)]
    if not weights <= set(files):
        raise ModelError(
            "{name} uses parts of another model and cannot be sent; copy both to the computer that does the work.",
            name=path.name,
        )
    return Sendable(Parcel(fingerprint, name, _sizes(home, files), is_model=True), home)


def sendable_files(path: Path, key: str) -> Sendable:
    """A LoRA or a VAE, a file or a folder. key: its `digest_of`."""
    home, files = (path.parent, [path]) if path.is_file() else (path, list(_files_in(path)))
    return Sendable(Parcel(key, path.name, _sizes(home, files), is_model=False), home)


def digest_of(path: Path, cancel: Cancel | None = None) -> str:
    """SHA-256 of a file, or of a folder's names and digests; 64 hex digits. Raises OSError and JobCancelled."""
    if path.is_file():
        return hash_of(path, cancel)
    found = sha256()
    for file in _files_in(path):
        found.update(f"{file.relative_to(path).as_posix()}\0{hash_of(file, cancel)}\n".encode())
    return found.hexdigest()


def _sizes(home: Path, files: Iterable[Path]) -> tuple[tuple[str, int], ...]:
    return tuple((file.relative_to(home).as_posix(), file.stat().st_size) for file in files)


def _files_in(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if any(part.startswith(".") for part in inside.parts) or not file.is_file():
            continue
        if file.suffix == _WEIGHTS or (file.suffix in _SMALL and file.stat().st_size <= _MOST_SMALL):
            yield file


def _is_beside_weights(file: Path, home: Path) -> bool:
    """Whether a file that is none of the networks' weights belongs to the model: its configurations, its adapters."""
    return file.suffix in _SMALL or file.relative_to(home).parts[0].startswith("adapter")
