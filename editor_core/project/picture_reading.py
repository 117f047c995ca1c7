"""Opening pictures from anywhere: 8-bit sRGB inside, whatever comes, and what the file says beside its pixels.

What is not kept as it was, 16 bits, further pictures of an animation, the end of a file that is cut off, is told.
"""

import io
import math
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from editor_core.base.errors import ImageFileError
from editor_core.base.limits import MAX_NOTE_BYTES, MAX_PICTURE_BYTES
from editor_core.base.message import Message
from editor_core.document.compositing import flatten
from editor_core.document.notes import NO_NOTES, PictureNotes
from editor_core.project.colour_profiles import is_srgb, to_srgb
from editor_core.project.deep_pixels import eight_bits_of, is_deep
from editor_core.project.pillow_limits import within_our_limits
from editor_core.project.png import DECODE_ERRORS, PictureDataError, Pixels, check_size
from editor_core.project.readable_formats import READABLE_NAMES, missing_library, pillow_names
from editor_core.project.safe_read import read_file
from editor_core.project.zip_reading import lists_too_much

_GREY = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N", "F"})
_FLATTENED = ("PSD",)  # other programs' layers, as one picture
_ZIP = b"PK\x03\x04"
_KRITA = b"application/x-krita"
_GIMP = b"gimp xcf "
_XMP_TAG = 700  # TIFF
_ORIENTATION = 0x0112
_NOT_ANIMATIONS = ("MPO", "PSD")  # several pictures in one file, of which the first is meant
_cut_off = threading.Lock()  # whether Pillow accepts cut-off files is one switch for all threads


@dataclass(frozen=True, eq=False)
class ReadPicture:
    """A picture that was opened."""

    pixels: Pixels
    """uint8 (H, W, 3), or (H, W, 4) where some of it is transparent."""
    notes: PictureNotes = NO_NOTES
    told: tuple[Message, ...] = ()
    """A sentence for each thing that is not as it was in the file."""
    kind: str = ""
    """What Pillow calls the format."""
    grey: bool = False
    """Whether the file has no colours, whatever it shows."""


@within_our_limits
def read_picture(path: Path) -> ReadPicture:
    """A picture as it is meant to be seen.

    Follows the Exif orientation, converts to sRGB and to 8 bits. Raises ImageFileError with a sentence.
    """
    path = Path(path)
    data = read_file(path, MAX_PICTURE_BYTES, ImageFileError)
    if data.startswith(_GIMP):
        return _flattened_of_gimp(data, path.name)
    if data.startswith(_ZIP):
        data = _merged_of_krita(data, path.name)
    image = _opened(data, path.name)
    grey = image.mode in _GREY
    try:
        pixels, notes, told = _decoded(image, data, path.name)
        return ReadPicture(pixels, notes, told, str(image.format), grey)
    except MemoryError as problem:
        raise _damaged(path.name) from problem
    except DECODE_ERRORS as problem:
        return _cut_off_picture(data, path.name, problem)


@within_our_limits
def picture_from(data: bytes, name: str) -> Pixels:
    """A picture in memory, uint8 (H, W, 3 or 4), called ``name`` where it cannot be read: ImageFileError."""
    image = _opened(data, name)
    try:
        return _decoded(image, data, name)[0]
    except (*DECODE_ERRORS, MemoryError) as problem:
        raise _damaged(name) from problem


def _opened(data: bytes, name: str) -> Image.Image:
    """The picture, its size checked and nothing decoded yet."""
    try:
        image = Image.open(io.BytesIO(data), formats=(*pillow_names(data), *_FLATTENED))
    except UnidentifiedImageError as problem:
        raise _foreign(data, name) from problem
    except DECODE_ERRORS as problem:
        raise ImageFileError(
            "“{file}” could not be read: it is damaged or much too large.", file=name
        ) from problem
    try:
        check_size(*image.size)
    except PictureDataError as problem:
        raise ImageFileError(
            "“{file}” is too large: {reason}.", file=name, reason=problem.reason
        ) from problem
    return image


def _foreign(data: bytes, name: str) -> ImageFileError:
    if missing := missing_library(data):
        return ImageFileError(
            "“{file}” is a picture of the kind {kind}; a library for those is not installed. Save it as PNG or JPEG.",
            file=name,
            kind=missing,
        )
    return ImageFileError(
        "“{file}” is no picture of a kind that can be opened ({kinds}).",
        file=name,
        kinds=READABLE_NAMES,
    )


def _damaged(name: str) -> ImageFileError:
    return ImageFileError("“{file}” could not be read: it is damaged or incomplete.", file=name)


def _flattened_of_gimp(data: bytes, name: str) -> ReadPicture:
    """GIMP's layers as one picture. Raises ImageFileError."""
    from editor_core.project.gimp.reading import gimp_layers  # at the first use: few pictures need it

    snapshot, told = gimp_layers(data, name, ImageFileError)
    pixels = flatten(snapshot.layers, snapshot.rect)
    return ReadPicture(_without_needless_alpha(pixels), snapshot.notes, told, "XCF")


def _merged_of_krita(data: bytes, name: str) -> bytes:
    """The flattened picture that Krita keeps in its own files. Raises ImageFileError for any other zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(b"" if lists_too_much(io.BytesIO(data)) else data)) as archive:
            if archive.getinfo("mimetype").file_size == len(_KRITA) and archive.read("mimetype") == _KRITA:
                entry = archive.getinfo("mergedimage.png")
                if entry.file_size <= MAX_PICTURE_BYTES:
                    return archive.read(entry)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, *DECODE_ERRORS):
        pass
    raise ImageFileError(
        "“{file}” is no picture of a kind that can be opened ({kinds}).",
        file=name,
        kinds=READABLE_NAMES,
    )


# -- pixels -------------------------------------------------------------------------------------------------------


def _decoded(image: Image.Image, data: bytes, name: str) -> tuple[Pixels, PictureNotes, tuple[Message, ...]]:
    """Pixels, notes and what is to be told. Raises one of `DECODE_ERRORS`."""
    told: list[Message] = []
    if image.format not in _NOT_ANIMATIONS and (count := getattr(image, "n_frames", 1)) > 1:
        told.append(
            Message("“{file}” holds {count} pictures; the first one was opened.", file=name, count=count)
        )
    image.load()
    notes, in_srgb = _notes(image), False
    if is_deep(image, data):
        told.append(
            Message(
                "“{file}” has more than 8 bits per colour; it was opened with 8, the file keeps the others.",
                file=name,
            )
        )
        image, in_srgb = eight_bits_of(image, data, notes.profile)
    upright = ImageOps.exif_transpose(_with_orientation(image, notes))
    pixels, fits = _srgb(upright, b"" if in_srgb else notes.profile)
    if not fits:
        told.append(
            Message(
                "The colour profile of “{file}” does not fit it; its colours were taken as sRGB.", file=name
            )
        )
    if not fits or is_srgb(notes.profile):
        notes = replace(notes, profile=b"")
    return _without_needless_alpha(pixels), notes, tuple(told)


def _with_orientation(image: Image.Image, notes: PictureNotes) -> Image.Image:
    """The picture, knowing of its Exif data where they came through another reader."""
    if notes.exif and "exif" not in image.info:
        image.info["exif"] = notes.exif
    return image


def _srgb(image: Image.Image, profile: bytes) -> tuple[Pixels, bool]:
    """The pixels, uint8 (H, W, 3 or 4), and whether the profile, if there is one, could be followed."""
    alpha = None
    if image.has_transparency_data:
        grey = image.mode in ("LA", "La", "L")
        with_alpha = image.convert("RGBA")
        alpha = with_alpha.getchannel("A")
        image = with_alpha.convert("L" if grey else "RGB")
    elif image.mode == "LAB":
        image, profile = _from_lab(image), b""
    elif image.mode not in ("RGB", "CMYK", "L"):
        image = image.convert("RGB")
    followed = to_srgb(image, profile) if profile else None
    pixels = np.array(followed or image.convert("RGB"))
    if alpha is not None:
        pixels = np.dstack([pixels, np.asarray(alpha)])
    return pixels, not profile or followed is not None


def _from_lab(image: Image.Image) -> Image.Image:
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or image


def _without_needless_alpha(pixels: Pixels) -> Pixels:
    opaque = pixels.shape[2] == 4 and bool((pixels[..., 3] == 255).all())
    return np.ascontiguousarray(pixels[..., :3]) if opaque else pixels


# -- files that are cut off ---------------------------------------------------------------------------------------


def _cut_off_picture(data: bytes, name: str, problem: Exception) -> ReadPicture:
    """What there is of a picture whose end is missing. Raises ImageFileError where that is nothing."""
    try:
        with _accepting_cut_off():
            pixels, notes, told = _decoded(_opened(data, name), data, name)
    except (*DECODE_ERRORS, MemoryError) as again:
        raise _damaged(name) from again
    colours = pixels[..., :3]
    if (colours == colours[0, 0]).all():  # nothing of it was there
        raise _damaged(name) from problem
    missing = Message("“{file}” is cut off or damaged; what could be read of it was opened.", file=name)
    return ReadPicture(pixels, notes, (missing, *told))


@contextmanager
def _accepting_cut_off() -> Iterator[None]:
    with _cut_off:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


# -- what stands beside the pixels --------------------------------------------------------------------------------


def _notes(image: Image.Image) -> PictureNotes:
    """The notes of a picture that was decoded; what is much too long is left out."""
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if not xmp and image.format == "TIFF":
        xmp = image.getexif().get(_XMP_TAG, b"")
    if isinstance(xmp, str):
        xmp = xmp.encode("utf-8", "replace")
    return PictureNotes(
        profile=_bounded(image.info.get("icc_profile")),
        dpi=_dpi(image.info.get("dpi")),
        exif=_exif(image),
        xmp=_bounded(xmp),
    )


def _exif(image: Image.Image) -> bytes:
    """The Exif data without what is true of the stored pixels only: their orientation, and thumbnails of them."""
    try:
        known = image.getexif()
        if not known or image.format in ("TIFF", "PSD"):  # there the tags are the file's own layout
            return b""
        return _bounded(known.tobytes())
    except DECODE_ERRORS:
        return b""


def _dpi(value: object) -> tuple[float, float] | None:
    """A resolution that makes sense."""
    try:
        across, down = (float(number) for number in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    sensible = all(math.isfinite(number) and 1 <= number <= 100_000 for number in (across, down))
    return (round(across, 3), round(down, 3)) if sensible else None


def _bounded(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray) and len(value) <= MAX_NOTE_BYTES else b""
