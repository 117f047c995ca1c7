"""Pictures into the formats of `picture_formats.py`; reading them is in `picture_reading.py`."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from editor_core.base.errors import ImageFileError
from editor_core.project.colour_profiles import from_srgb
from editor_core.project.metadata import Provenance
from editor_core.project.picture_formats import WHITE, Colour, PictureFormat, format_of, over
from editor_core.project.picture_reading import read_picture
from editor_core.project.png import Pixels, image_of
from editor_core.project.safe_write import replacing


def read_image(path: Path) -> Pixels:
    """The pixels of a picture, uint8 (H, W, 3), or (H, W, 4) when some of it is transparent; raises ImageFileError."""
    return read_picture(path).pixels


def read_mask(path: Path) -> Pixels:
    """A mask, uint8 (H, W): the brightness of any picture, or its opacity where the paint itself is black.

    Raises ImageFileError with a sentence.
    """
    pixels = read_image(path)
    alpha = pixels[..., 3] if pixels.shape[2] == 4 else np.full(pixels.shape[:2], 255, np.uint8)
    brightness = np.array(Image.fromarray(pixels[..., :3]).convert("L"))
    seen = (brightness.astype(np.uint16) * alpha + 127) // 255
    return seen.astype(np.uint8) if seen.any() or (alpha == 255).all() else alpha.copy()


def write_image(
    path: Path,
    pixels: Pixels,
    provenance: Provenance | None = None,
    *,
    kind: PictureFormat | None = None,
    quality: int | None = None,
    matte: Colour | None = None,
    original_colours: bool = False,
) -> None:
    """Write ``pixels`` (H, W), (H, W, 3) or (H, W, 4) in the format that the name's ending tells, or as ``kind``.

    quality: 1..100; None is lossless where the format can. matte: a colour behind what is transparent; a format
    without transparency has white there. original_colours: in the profile of the file that the picture was opened from,
    where that can be written; else sRGB. Raises ImageFileError with a sentence; a file that was there stays as it was.
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
