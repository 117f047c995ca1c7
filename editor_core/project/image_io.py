"""Pictures from PNG, JPEG and WebP, and into the formats of `picture_formats.py`: 8-bit sRGB inside, whatever comes."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from editor_core.base.errors import ImageFileError
from editor_core.base.limits import MAX_PICTURE_BYTES
from editor_core.project.metadata import Provenance
from editor_core.project.picture_formats import WHITE, Colour, PictureFormat, format_of, over
from editor_core.project.png import DECODE_ERRORS, PictureDataError, Pixels, check_size
from editor_core.project.safe_read import read_file
from editor_core.project.safe_write import replacing

FORMATS = ("PNG", "JPEG", "WEBP")
_SIXTEEN_BIT = frozenset({"I;16", "I;16B", "I;16L", "I"})


def read_image(path: Path) -> Pixels:
    """A picture as it is meant to be seen: uint8 (H, W, 3), or (H, W, 4) when some of it is transparent.

    Follows the Exif orientation, converts to sRGB and to 8 bits. Raises ImageFileError with a sentence.
    """
    image = _opened(Path(path))
    try:
        return _without_needless_alpha(np.array(_upright_srgb(image)))
    except (*DECODE_ERRORS, MemoryError) as problem:
        raise ImageFileError(
            "“{file}” could not be read: it is damaged or incomplete.", file=path.name
        ) from problem


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
) -> None:
    """Write ``pixels`` (H, W), (H, W, 3) or (H, W, 4) in the format that the name's ending tells, or as ``kind``.

    quality: 1..100; None is lossless where the format can. matte: a colour behind what is transparent; a format
    without transparency has white there. Raises ImageFileError with a sentence; a file that was there stays as it was.
    """
    path = Path(path)
    kind = kind or format_of(path.suffix)
    if matte is not None or not kind.alpha:
        pixels = over(pixels, matte or WHITE)
    try:
        data = kind.encode(pixels, provenance or Provenance(), quality)
    except (OSError, ValueError) as problem:
        raise ImageFileError(
            "A picture of this size cannot be saved as {format}.", format=kind.name
        ) from problem
    with replacing(path, ImageFileError) as file:
        file.write(data)


def write_png(path: Path, pixels: Pixels, provenance: Provenance | None = None) -> None:
    """Write ``pixels`` (H, W), (H, W, 3) or (H, W, 4) as PNG, whatever the name's ending; raises ImageFileError."""
    write_image(path, pixels, provenance, kind=format_of(".png"))


def over_white(pixels: Pixels) -> Pixels:
    """The picture without its transparency, as it looks on white paper: (H, W) or (H, W, 3)."""
    return over(pixels, WHITE)


def _opened(path: Path) -> Image.Image:
    """The file, its size checked and nothing decoded yet."""
    data = read_file(path, MAX_PICTURE_BYTES, ImageFileError)
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as problem:
        raise ImageFileError("“{file}” is not a PNG, JPEG or WebP picture.", file=path.name) from problem
    except DECODE_ERRORS as problem:
        raise ImageFileError(
            "“{file}” could not be read: it is damaged or much too large.", file=path.name
        ) from problem
    try:
        check_size(*image.size)
    except PictureDataError as problem:
        raise ImageFileError(
            "“{file}” is too large: {reason}.", file=path.name, reason=problem.reason
        ) from problem
    return image


def _upright_srgb(image: Image.Image) -> Image.Image:
    """The picture as RGB or RGBA, turned as the camera says."""
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode in _SIXTEEN_BIT:
        high = np.asarray(image).astype(np.uint32)
        image = Image.fromarray(((high.clip(0, 65535) * 255 + 32767) // 65535).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("RGB", "CMYK", "L"):
        image = image.convert("RGB")
    if profile:
        image = _to_srgb(image, profile)
    return image if image.mode in ("RGB", "RGBA") else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours from the file's own profile to sRGB; as they are when the profile does not fit."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        target = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _without_needless_alpha(pixels: Pixels) -> Pixels:
    opaque = pixels.shape[2] == 4 and bool((pixels[..., 3] == 255).all())
    return np.ascontiguousarray(pixels[..., :3]) if opaque else pixels
