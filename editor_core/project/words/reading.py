"""Reads how a picture says that it was made, without its pixels."""

from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from editor_core.project.pillow_limits import within_our_limits
from editor_core.project.png import DECODE_ERRORS
from editor_core.project.words import automatic1111, comfyui, invokeai, novelai, own
from editor_core.project.words.found import FoundWords, Texts
from editor_core.project.words.hidden_alpha import hidden_texts

_PROGRAMS = (own, invokeai, novelai, automatic1111, comfyui)
"""In the order of trust: our own is exact, and where other programs' nodes add Automatic1111's line, it is theirs."""
_FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "TIFF")


@within_our_limits
def words_in(path: Path) -> FoundWords | None:
    """What a PNG, JPEG, WebP, AVIF or TIFF says of how it was made; None where it says nothing."""
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if (words := _words(texts_of(image))) is not None or image.format != "PNG":
                return words
            image.load()
            behind = image.text  # type: ignore[attr-defined]  # the pixels
            if (words := _words({**texts_of(image), **behind})) is not None or image.mode != "RGBA":
                return words
            return _words(hidden_texts(np.asarray(image.getchannel("A"))))
    except (*DECODE_ERRORS, MemoryError):
        return None


def _words(texts: Texts) -> FoundWords | None:
    found = (program.read(texts) for program in _PROGRAMS)
    return next((words for words in found if words is not None and words.prompt.strip()), None)


def texts_of(image: Image.Image) -> dict[str, str]:
    """The texts of a file that was opened, and not decoded yet. Raises one of `DECODE_ERRORS`."""
    texts = {
        key: value for key, value in image.info.items() if isinstance(key, str) and isinstance(value, str)
    }
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if packet:
        texts["XMP"] = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)
    return texts | _exif(image)


def _exif(image: Image.Image) -> dict[str, str]:
    """What Exif says: the user comment, and ComfyUI's texts, which it writes into the camera's maker and model."""
    if image.format == "PNG" and "exif" not in image.info:
        return {}  # it would be looked for behind the pixels
    exif = image.getexif()
    texts = {}
    for tag in (ExifTags.Base.Make, ExifTags.Base.Model):
        name, colon, text = str(exif.get(tag, "")).partition(":")
        if colon and name.lower() in ("prompt", "workflow"):
            texts[name.lower()] = text
    comment = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment)
    if comment:
        texts["UserComment"] = comment if isinstance(comment, str) else _comment(bytes(comment))
    return texts


def _comment(data: bytes) -> str:
    """A user comment: eight bytes that name its encoding, then the text (Exif 2.32, 4.6.5); UTF-16 in either order."""
    kind, text = data[:8], data[8:]
    if kind.startswith(b"UNICODE"):
        little = text[1::2].count(0) > text[::2].count(0)
        return text.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0\ufeff")
    return (
        (text if kind.rstrip(b"\0") in (b"ASCII", b"JIS", b"") else data)
        .decode("utf-8", "replace")
        .strip("\0")
    )
