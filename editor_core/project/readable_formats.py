"""The kinds of picture that can be opened: how their files end, and what Pillow calls them.

HEIC, JPEG XL and OpenEXR need a library that is not always there (`pip install palimpsest-editor[formats]`).
"""

import importlib
import importlib.util
from dataclasses import dataclass

from PIL import features


@dataclass(frozen=True)
class ReadableFormat:
    """A kind of picture file."""

    name: str
    suffixes: tuple[str, ...]
    """Endings of names, the usual one first."""
    pillow: tuple[str, ...]
    """Pillow's names for it."""


_PLUGINS = {"HEIF": "pillow_heif", "JXL": "pillow_jxl", "EXR": "OpenEXR"}
"""What reads a kind that Pillow alone does not."""

_KNOWN = (
    ReadableFormat("PNG", (".png", ".apng"), ("PNG",)),
    ReadableFormat("JPEG", (".jpg", ".jpeg", ".jfif", ".jpe", ".mpo"), ("JPEG",)),
    ReadableFormat("WebP", (".webp",), ("WEBP",)),
    ReadableFormat("AVIF", (".avif",), ("AVIF",)),
    ReadableFormat("TIFF", (".tiff", ".tif"), ("TIFF",)),
    ReadableFormat("BMP", (".bmp", ".dib"), ("BMP", "DIB")),
    ReadableFormat("GIF", (".gif",), ("GIF",)),
    ReadableFormat("HEIC", (".heic", ".heif", ".hif"), ("HEIF",)),
    ReadableFormat("JPEG XL", (".jxl",), ("JXL",)),
    ReadableFormat("JPEG 2000", (".jp2", ".j2k", ".jpx"), ("JPEG2000",)),
    ReadableFormat("TGA", (".tga",), ("TGA",)),
    ReadableFormat("PPM", (".ppm", ".pgm", ".pbm", ".pnm"), ("PPM",)),
    ReadableFormat("OpenEXR", (".exr",), ("EXR",)),
    ReadableFormat("Krita", (".kra",), ()),
    ReadableFormat("GIMP", (".xcf",), ()),
)


def _is_there(kind: ReadableFormat) -> bool:
    if kind.pillow == ("AVIF",):
        return bool(features.check("avif"))
    if kind.pillow == ("JPEG2000",):
        return bool(features.check("jpg_2000"))
    plugin = _PLUGINS.get(next(iter(kind.pillow), ""))
    return plugin is None or importlib.util.find_spec(plugin) is not None


READABLE = tuple(kind for kind in _KNOWN if _is_there(kind))
"""Those that can be opened here."""

READABLE_SUFFIXES = tuple(suffix for kind in READABLE for suffix in kind.suffixes)
READABLE_NAMES = tuple(kind.name for kind in READABLE)


def missing_library(data: bytes) -> str:
    """The name of the kind that a file is of which could be opened with a library that is not there; else empty."""
    kind = _kind_with_plugin(data)
    return "" if kind is None or kind in READABLE else kind.name


def pillow_names(data: bytes) -> tuple[str, ...]:
    """What Pillow shall try for a file; it is told of the library that the file's beginning asks for."""
    kind = _kind_with_plugin(data)
    if kind is None or kind not in READABLE:
        return tuple(name for kind in READABLE for name in kind.pillow if name not in _PLUGINS)
    if kind.name == "OpenEXR":
        from editor_core.project import exr_reading

        exr_reading.register()
        return kind.pillow
    plugin = importlib.import_module(_PLUGINS[kind.pillow[0]])
    if kind.name == "HEIC":
        plugin.register_heif_opener(thumbnails=False)
    return kind.pillow


def _kind_with_plugin(data: bytes) -> ReadableFormat | None:
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
        avif = brand in (b"mif1", b"msf1") and b"avif" in data[:64]
        return None if avif else _named("HEIC")
    if data.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        return _named("JPEG XL")
    if data.startswith(b"v/1\x01"):
        return _named("OpenEXR")
    return None


def _named(name: str) -> ReadableFormat:
    return next(kind for kind in _KNOWN if kind.name == name)
