"""GIMP's brushes (.gbr, version 2), which Krita and MyPaint read, too: one grey or coloured picture with a name."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from editor_core.base.errors import ImageFileError

_HEADER = struct.Struct(">7I")
"""Of 28 bytes: header's size, version, width, height, bytes a pixel, "GIMP", spacing in per cent; then the name."""
_MAGIC = int.from_bytes(b"GIMP", "big")
PHOTOSHOPS = ".abr"
"""No format that is published whole, and no kept library reads it."""
MAX_SIDE = 2048
"""Pixels: larger brushes are refused."""


@dataclass(frozen=True, eq=False)
class BrushTip:
    """What a brush stamps: uint8 (h, w), 255 where it paints. spacing: of its size, from one dab to the next."""

    name: str
    picture: np.ndarray
    spacing: float


def read_brush(path: Path) -> BrushTip:
    """Read a .gbr file. Raises ImageFileError where it is none, or damaged."""
    if path.suffix.lower() == PHOTOSHOPS:
        raise ImageFileError(
            "Photoshop's brushes are not read: put {file} into GIMP's folder of brushes, paint one dab there, copy it, "
            "and Edit > Paste as > New Brush makes a .gbr of it.",
            file=path.name,
        )
    try:
        with path.open("rb") as file:
            data = file.read(_HEADER.size + 2**16 + 4 * MAX_SIDE * MAX_SIDE)
    except OSError as error:
        raise ImageFileError(
            "{file} could not be read: {reason}", file=path.name, reason=str(error)
        ) from error
    return brush_of(data, path.name)


def brush_of(data: bytes, file: str) -> BrushTip:
    """The brush in the bytes of a file of this name; raises ImageFileError."""
    if len(data) < _HEADER.size:
        raise ImageFileError("{file} is no GIMP brush.", file=file)
    header, version, width, height, depth, magic, spacing = _HEADER.unpack_from(data)
    if version != 2 or magic != _MAGIC or depth not in (1, 4) or header < _HEADER.size:
        raise ImageFileError("{file} is no GIMP brush.", file=file)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ImageFileError("The brush {file} is too large, or empty.", file=file)
    pixels = data[header : header + width * height * depth]
    if len(pixels) < width * height * depth:
        raise ImageFileError("The brush {file} is damaged.", file=file)
    shape = np.frombuffer(pixels, np.uint8).reshape(height, width, depth)
    if depth == 4:  # coloured: how dark and opaque it is
        dark = 255 - shape[..., :3].astype(np.uint16).mean(axis=2)
        picture = np.rint(dark * shape[..., 3] / 255).astype(np.uint8)
        picture = picture if picture.any() else shape[..., 3]
    else:
        picture = shape[..., 0]
    name = data[_HEADER.size : header].split(b"\0")[0].decode("utf-8", errors="replace").strip()
    return BrushTip(name or Path(file).stem, picture.copy(), min(2.0, max(0.02, spacing / 100)))
