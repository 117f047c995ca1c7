"""The kinds of picture that can be written: what each can hold, and how it is encoded."""

import io
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from PIL import Image, features
from PIL.PngImagePlugin import PngInfo

from editor_core.base.errors import ImageFileError
from editor_core.project.metadata import EDIT_KEYWORD, Provenance
from editor_core.project.png import DECODE_ERRORS, Pixels, image_of

WHITE = (255, 255, 255)
Colour = tuple[int, int, int]

_JPEG_QUALITY = 95
_AVIF_QUALITY = 95
_MAX_IN_JPEG = 65_000  # bytes: a segment holds 65,533
_USER_COMMENT = 0x9286  # Exif
_EXIF_IFD = 0x8769
_EXIF_HEAD = b"Exif\0\0"
_UNDEFINED = 7
"""The type of what is bytes and no numbers."""
_XMP_TAG = 700  # TIFF
_ORIENTATION = 0x0112
_STALE = (0x0201, 0x0202, 0x8649)  # a thumbnail's place, Photoshop's own data


@dataclass(frozen=True)
class PictureFormat:
    """A kind of picture file."""

    name: str
    suffixes: tuple[str, ...]
    """Endings of names that tell it, the usual one first."""
    alpha: bool
    """Whether it keeps transparency."""
    has_quality: bool
    """Whether it can be written smaller and less exact."""
    encode: Callable[[Pixels, Provenance, int | None], bytes]
    """Bytes of pixels (H, W), (H, W, 3), or (H, W, 4) if there is alpha; None is the quality it is best known for.

    The pixels' colours are those of ``notes.profile``, if there is one.
    """
    has_profile: bool = True
    """Whether it can say which colours its numbers mean."""
    lossless: bool = True
    """Whether it is exact where no quality is asked for."""


def format_of(suffix: str) -> PictureFormat:
    """The format that an ending such as ".jpg" tells, in any case. Raises ImageFileError for any other."""
    found = next((each for each in FORMATS if suffix.lower() in each.suffixes), None)
    if found is None:
        endings = [each.suffixes[0] for each in FORMATS]
        raise ImageFileError(
            "This file type is not supported. Pictures can be saved as {endings}.", endings=tuple(endings)
        )
    return found


def over(pixels: Pixels, matte: Colour = WHITE) -> Pixels:
    """The picture without its transparency, as it looks in front of a colour: (H, W) or (H, W, 3)."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    behind = np.array(matte, np.uint16)
    mixed = (pixels[..., :3] * alpha + behind * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)


def _png(pixels: Pixels, provenance: Provenance, quality: int | None) -> bytes:
    info = PngInfo()
    if not provenance.notes.profile:
        info.add(b"sRGB", b"\0")  # rendering intent: perceptual
    if provenance.parameters:
        info.add_text("parameters", provenance.parameters)  # before the pixels, as readers expect
    if provenance.edit:
        info.add_itxt(EDIT_KEYWORD, provenance.edit)
    if provenance.xmp:
        info.add_itxt("XML:com.adobe.xmp", provenance.xmp)
    exif = _exif(provenance, comment=False)
    return _saved(image_of(pixels), "PNG", pnginfo=info, exif=exif, **_beside(provenance))


def _jpeg(pixels: Pixels, provenance: Provenance, quality: int | None) -> bytes:
    return _saved(
        image_of(pixels),
        "JPEG",
        quality=quality or _JPEG_QUALITY,
        subsampling=0,
        exif=_short_exif(provenance),
        xmp=provenance.xmp_with_edit.encode(),
        **_beside(provenance),
    )


def _webp(pixels: Pixels, provenance: Provenance, quality: int | None) -> bytes:
    exactness = {"lossless": True, "exact": True} if quality is None else {"quality": quality}
    return _saved(
        image_of(pixels),
        "WEBP",
        **exactness,
        exif=_bytes_of(_exif(provenance)),
        xmp=provenance.xmp_with_edit.encode(),
        icc_profile=provenance.notes.profile,
    )


def _avif(pixels: Pixels, provenance: Provenance, quality: int | None) -> bytes:
    return _saved(
        image_of(pixels),
        "AVIF",
        quality=quality or _AVIF_QUALITY,
        subsampling="4:4:4",
        exif=_bytes_of(_exif(provenance)),
        xmp=provenance.xmp_with_edit.encode(),
        icc_profile=provenance.notes.profile,
    )


def _tiff(pixels: Pixels, provenance: Provenance, quality: int | None) -> bytes:
    exif = _exif(provenance)
    if packet := provenance.xmp_with_edit:
        exif[_XMP_TAG] = packet.encode()
    return _saved(
        image_of(pixels), "TIFF", compression="tiff_adobe_deflate", exif=exif, **_beside(provenance)
    )


def _bmp(pixels: Pixels, provenance: Provenance, quality: int | None) -> bytes:
    return _saved(image_of(pixels), "BMP", **({"dpi": dpi} if (dpi := provenance.notes.dpi) else {}))


FORMATS = (
    PictureFormat("PNG", (".png",), alpha=True, has_quality=False, encode=_png),
    PictureFormat(
        "JPEG", (".jpg", ".jpeg", ".jfif"), alpha=False, has_quality=True, encode=_jpeg, lossless=False
    ),
    PictureFormat("WebP", (".webp",), alpha=True, has_quality=True, encode=_webp),
    PictureFormat("TIFF", (".tiff", ".tif"), alpha=True, has_quality=False, encode=_tiff),
    PictureFormat("BMP", (".bmp",), alpha=False, has_quality=False, encode=_bmp, has_profile=False),
    *(
        [PictureFormat("AVIF", (".avif",), alpha=True, has_quality=True, encode=_avif, lossless=False)]
        if features.check("avif")  # Pillow can be built without
        else []
    ),
)


def _saved(image: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def _beside(provenance: Provenance) -> dict[str, object]:
    """Resolution and profile, for formats that have a place for both."""
    said: dict[str, object] = {"icc_profile": provenance.notes.profile}
    return said | ({"dpi": provenance.notes.dpi} if provenance.notes.dpi else {})


def _exif(provenance: Provenance, *, comment: bool = True) -> Image.Exif:
    """What the opened file said, and with ``comment`` the parameters where readers look for them beside PNG: the user
    comment, UTF-16 big-endian."""
    exif = Image.Exif()
    if provenance.notes.exif:
        with suppress(*DECODE_ERRORS):
            exif.load(provenance.notes.exif)
        for tag in (_ORIENTATION, *_STALE):
            exif.pop(tag, None)
        exif.get_ifd(_EXIF_IFD).pop(_USER_COMMENT, None)
    if comment and provenance.parameters:
        exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = b"UNICODE\0" + provenance.parameters.encode("utf-16-be")
    return exif


def _short_exif(provenance: Provenance) -> bytes:
    """As much of it as fits into a JPEG."""
    choices = (_exif(provenance), _exif(provenance, comment=False), Image.Exif())
    return next(data for data in map(_bytes_of, choices) if len(data) <= _MAX_IN_JPEG)


def _bytes_of(exif: Image.Exif) -> bytes:
    """With the user comment of the type that Exif has for it: Pillow's BYTE is a row of numbers to other readers."""
    data = bytearray(exif.tobytes())
    start = len(_EXIF_HEAD)  # places count from there
    if data[:start] != _EXIF_HEAD:
        return bytes(data)
    order = "<" if data[start : start + 2] == b"II" else ">"

    def entries(place: int) -> dict[int, int]:
        """Where a directory's entries are, by tag."""
        (count,) = struct.unpack_from(f"{order}H", data, start + place)
        places = [start + place + 2 + 12 * number for number in range(count)]
        return {struct.unpack_from(f"{order}H", data, at)[0]: at for at in places}

    (first,) = struct.unpack_from(f"{order}L", data, start + 4)
    if (entry := entries(first).get(_EXIF_IFD)) is not None:
        (inner,) = struct.unpack_from(f"{order}L", data, entry + 8)
        if (comment := entries(inner).get(_USER_COMMENT)) is not None:
            struct.pack_into(f"{order}H", data, comment + 2, _UNDEFINED)
    return bytes(data)
