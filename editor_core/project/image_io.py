"""Pictures as PNG, JPEG and WebP: 8-bit sRGB inside, whatever the file has."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from editor_core.base.errors import ImageFileError
from editor_core.base.limits import MAX_PICTURE_BYTES
from editor_core.project.metadata import EDIT_KEYWORD, Provenance
from editor_core.project.png import DECODE_ERRORS, PictureDataError, Pixels, check_size, image_of
from editor_core.project.safe_read import read_file
from editor_core.project.safe_write import replacing

FORMATS = ("PNG", "JPEG", "WEBP")
_USER_COMMENT = 0x9286  # Exif
_EXIF_IFD = 0x8769
_SIXTEEN_BIT = frozenset({"I;16", "I;16B", "I;16L", "I"})
_JPEG_QUALITY = 95


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


def write_image(path: Path, pixels: Pixels, provenance: Provenance | None = None) -> None:
    """Write ``pixels`` (H, W), (H, W, 3) or (H, W, 4) in the format that the name's ending tells.

    PNG and WebP are lossless. JPEG has no transparency: what shows through is white.
    Raises ImageFileError with a sentence; a file that was there is then untouched.
    """
    path = Path(path)
    encode = _ENCODERS.get(path.suffix.lower())
    if encode is None:
        raise ImageFileError(
            "“{file}” was not saved: pictures can be saved as .png, .jpg, or .webp.", file=path.name
        )
    try:
        data = encode(pixels, provenance or Provenance())
    except (OSError, ValueError) as problem:
        raise ImageFileError(
            "A picture of this size cannot be saved as {ending}.", ending=path.suffix.lower()
        ) from problem
    with replacing(path, ImageFileError) as file:
        file.write(data)


def write_png(path: Path, pixels: Pixels, provenance: Provenance | None = None) -> None:
    """Write ``pixels`` (H, W), (H, W, 3) or (H, W, 4) as PNG, whatever the name's ending; raises ImageFileError."""
    with replacing(Path(path), ImageFileError) as file:
        file.write(_encode_png(pixels, provenance or Provenance()))


def over_white(pixels: Pixels) -> Pixels:
    """The picture without its transparency, as it looks on white paper: (H, W) or (H, W, 3)."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    mixed = (pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)


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


def _encode_png(pixels: Pixels, provenance: Provenance) -> bytes:
    info = PngInfo()
    info.add(b"sRGB", b"\0")  # rendering intent: perceptual
    if provenance.parameters:
        info.add_text("parameters", provenance.parameters)  # before the pixels, as readers expect
    if provenance.edit:
        info.add_itxt(EDIT_KEYWORD, provenance.edit)
    if provenance.xmp:
        info.add_itxt("XML:com.adobe.xmp", provenance.xmp)
    file = io.BytesIO()
    image_of(pixels).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def _encode_jpeg(pixels: Pixels, provenance: Provenance) -> bytes:
    file = io.BytesIO()
    image_of(over_white(pixels)).save(
        file,
        "JPEG",
        quality=_JPEG_QUALITY,
        subsampling=0,
        exif=_exif(provenance),
        xmp=provenance.xmp.encode(),
    )
    return file.getvalue()


def _encode_webp(pixels: Pixels, provenance: Provenance) -> bytes:
    file = io.BytesIO()
    image_of(pixels).save(
        file, "WEBP", lossless=True, exact=True, exif=_exif(provenance), xmp=provenance.xmp.encode()
    )
    return file.getvalue()


_ENCODERS: Mapping[str, Callable[[Pixels, Provenance], bytes]] = {
    ".png": _encode_png,
    ".jpg": _encode_jpeg,
    ".jpeg": _encode_jpeg,
    ".webp": _encode_webp,
}


def _exif(provenance: Provenance) -> Image.Exif:
    """The parameters where readers look for them in JPEG and WebP: the user comment, UTF-16 big-endian."""
    exif = Image.Exif()
    if provenance.parameters:
        exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = b"UNICODE\0" + provenance.parameters.encode("utf-16-be")
    return exif
