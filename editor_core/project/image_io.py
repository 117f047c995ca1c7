"""Pictures into the formats of `picture_formats.py`, masks and sketches from any picture."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from editor_core.base.errors import ImageFileError
from editor_core.base.message import Message
from editor_core.pixels.marks import LOSSY_NOISE, Marks, drawn_on_paper, fitted, marks_in
from editor_core.project.colour_profiles import from_srgb
from editor_core.project.credentials import actions_of, signed
from editor_core.project.metadata import Provenance
from editor_core.project.picture_formats import WHITE, Colour, PictureFormat, format_of, over
from editor_core.project.picture_reading import read_picture
from editor_core.project.png import Pixels, image_of
from editor_core.project.safe_write import replacing

_EXACT = frozenset({"PNG", "TIFF", "BMP", "DIB", "GIF", "TGA", "PPM"})
"""Formats that change no pixel, as Pillow calls them."""


class Drawn(NamedTuple):
    """A mask or a sketch from a file."""

    pixels: Pixels
    told: tuple[Message, ...] = ()
    """What was done to it."""


def read_image(path: Path) -> Pixels:
    """The pixels of a picture, uint8 (H, W, 3), or (H, W, 4) when some of it is transparent; raises ImageFileError."""
    return read_picture(path).pixels


def read_mask(path: Path) -> Pixels:
    """A mask, uint8 (H, W): what is marked in any picture (`pixels/marks.py`). Raises ImageFileError."""
    return _marks(path).mask


def read_fitted_mask(path: Path, width: int, height: int) -> Drawn:
    """A mask in the size of a picture. Raises ImageFileError, also where nothing is marked."""
    marks = _marks(path)
    if not marks.mask.any():
        raise ImageFileError(
            "Nothing is marked in “{file}”; paint where the picture may change.", file=path.name
        )
    told = Message("The dark marks of “{file}” were taken, not the light around them.", file=path.name)
    return _fitted(marks.mask, path.name, width, height, (told,) if marks.dark else ())


def read_fitted_sketch(path: Path, width: int, height: int) -> Drawn:
    """A drawing in the size of a picture, (H, W, 3), on paper that shows its strokes. Raises ImageFileError."""
    read = read_picture(path)
    return _fitted(drawn_on_paper(read.pixels), path.name, width, height, read.told)


def _marks(path: Path) -> Marks:
    read = read_picture(path)
    noise = {} if read.kind in _EXACT else {"noise": LOSSY_NOISE}
    return marks_in(read.pixels, grey=read.grey, **noise)


def _fitted(pixels: Pixels, name: str, width: int, height: int, told: tuple[Message, ...]) -> Drawn:
    if pixels.shape[:2] == (height, width):
        return Drawn(pixels, told)
    scaled = Message(
        "“{file}” was scaled from {old_width} × {old_height} to {width} × {height} pixels.",
        file=name,
        old_width=pixels.shape[1],
        old_height=pixels.shape[0],
        width=width,
        height=height,
    )
    return Drawn(fitted(pixels, width, height), (*told, scaled))


def write_image(
    path: Path,
    pixels: Pixels,
    provenance: Provenance | None = None,
    *,
    kind: PictureFormat | None = None,
    quality: int | None = None,
    matte: Colour | None = None,
    original_colours: bool = False,
    sign: bool = False,
) -> None:
    """Write ``pixels`` (H, W), (H, W, 3) or (H, W, 4) in the format that the name's ending tells, or as ``kind``.

    quality: 1..100; None is lossless where the format can. matte: a colour behind what is transparent; a format
    without transparency has white there. original_colours: in the profile of the file that the picture was opened from,
    where that can be written; else sRGB. sign: with a manifest of the turns (`credentials.py`).
    Raises ImageFileError with a sentence; a file that was there stays as it was.
    """
    path = Path(path)
    kind = kind or format_of(path.suffix)
    if matte is not None or not kind.alpha:
        pixels = over(pixels, matte or WHITE)
    said = provenance or Provenance()
    profile = said.notes.profile if original_colours and kind.has_profile else b""
    pixels, profile = _in_profile(pixels, profile)
    try:
        data = kind.encode(pixels, replace(said, notes=replace(said.notes, profile=profile)), quality)
    except (OSError, ValueError) as problem:
        raise ImageFileError(
            "A picture of this size cannot be saved as {format}.", format=kind.name
        ) from problem
    if sign:
        actions = actions_of(said.turns, said.source_type, words=bool(said.edit))
        data = signed(data, kind.name, path.name, actions)
    with replacing(path, ImageFileError) as file:
        file.write(data)


def _in_profile(pixels: Pixels, profile: bytes) -> tuple[Pixels, bytes]:
    """The pixels in a profile's colours, and the profile; both as sRGB has them where that cannot be."""
    if not profile or pixels.ndim == 2:
        return pixels, b""
    converted = from_srgb(image_of(pixels[..., :3]), profile)
    if converted is None:
        return pixels, b""
    return np.dstack([np.asarray(converted), pixels[..., 3:]]), profile


def write_png(path: Path, pixels: Pixels, provenance: Provenance | None = None) -> None:
    """Write ``pixels`` (H, W), (H, W, 3) or (H, W, 4) as PNG, whatever the name's ending; raises ImageFileError."""
    write_image(path, pixels, provenance, kind=format_of(".png"))


def over_white(pixels: Pixels) -> Pixels:
    """The picture without its transparency, as it looks on white paper: (H, W) or (H, W, 3)."""
    return over(pixels, WHITE)
