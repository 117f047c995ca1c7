"""Whether a file opens as layers or as one picture: known by how it begins, whatever it is called."""

from pathlib import Path

from editor_core.base.errors import ImageFileError
from editor_core.project.readable_formats import READABLE_SUFFIXES
from editor_core.project.safe_read import open_file

PROJECT_SUFFIX = ".palimpsest"
LAYER_SUFFIXES = (PROJECT_SUFFIX, ".ora", ".psd", ".psb", ".xcf")
"""Endings of files with layers, a project's first."""
OPENABLE_SUFFIXES = tuple(dict.fromkeys(LAYER_SUFFIXES + READABLE_SUFFIXES))

_ZIP = b"PK\x03\x04"
_KRITA = b"application/x-krita"  # a zip, too, of which only the flattened picture is read
_PHOTOSHOP = b"8BPS"
_GIMP = b"gimp xcf "
_HEAD = 128  # bytes


def holds_layers(path: Path) -> bool:
    """Whether a file begins as projects and other programs' layers do; False where it cannot be read."""
    head = _head(path)
    return head.startswith((_PHOTOSHOP, _GIMP)) or (head.startswith(_ZIP) and _KRITA not in head)


def is_photoshop(path: Path) -> bool:
    """Whether a file begins as PSD and PSB do; False where it cannot be read."""
    return _head(path).startswith(_PHOTOSHOP)


def is_gimp(path: Path) -> bool:
    """Whether a file begins as GIMP's own do; False where it cannot be read."""
    return _head(path).startswith(_GIMP)


def should_hold_layers(path: Path) -> bool:
    """The same, or whether it is called so."""
    return path.suffix.lower() in LAYER_SUFFIXES or holds_layers(path)


def _head(path: Path) -> bytes:
    """How a file begins; nothing where it cannot be read."""
    try:
        with open_file(path, ImageFileError) as file:
            return file.read(_HEAD)
    except (ImageFileError, OSError):
        return b""
