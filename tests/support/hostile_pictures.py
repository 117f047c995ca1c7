"""Damaged pictures of every kind that can be opened, from a seed; and what is done with them."""

import io
import json
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from editor_core.base.errors import EditorError
from editor_core.project.picture_reading import read_picture
from editor_core.project.readable_formats import READABLE, pillow_names
from editor_core.project.words.reading import words_in
from support.damage import HOSTILE
from support.hostile_input import in_time, refused

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WORDS = (
    "a red fox\nNegative prompt: blurred\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 24x18"
)
_NODES = {
    "1": {
        "class_type": "KSampler",
        "inputs": {"seed": 3, "steps": 20, "positive": ["2", 0], "negative": ["2", 0]},
    },
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a red fox"}},
}


def whole_pictures() -> dict[str, bytes]:
    """A small picture of each kind, with what files say beside their pixels, by the ending of its name."""
    ramp = np.add.outer(np.arange(18) * 9, np.arange(24) * 4).astype(np.uint8)
    colours = Image.fromarray(np.dstack([ramp, ramp[::-1], ramp[:, ::-1]]))
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = f"prompt:{json.dumps(_NODES)}", 6
    for beginning in (b"\0\0\0\x18ftypheic", b"\xff\x0a"):
        pillow_names(beginning)  # brings its library where there is one
    Image.init()
    found = {}
    for kind in READABLE:
        if kind.pillow and kind.pillow[0] in Image.SAVE:  # OpenEXR's is read only
            found[kind.suffixes[0]] = _encoded(colours, kind.pillow[0], exif=exif.tobytes())
    said = PngImagePlugin.PngInfo()
    said.add_text("parameters", _WORDS)
    said.add_text("prompt", json.dumps(_NODES), zip=True)
    said.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    found[".said.png"] = _encoded(colours, "PNG", pnginfo=said, dpi=(300, 300), exif=exif.tobytes())
    found[".deep.png"] = _encoded(Image.fromarray(ramp.astype(np.uint16) * 257), "PNG")
    found[".palette.png"] = _encoded(colours.quantize(16), "PNG", transparency=3)
    found[".animated.gif"] = _encoded(
        colours.quantize(8), "GIF", save_all=True, append_images=[colours.rotate(90).quantize(8)]
    )
    return found


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    try:
        picture.save(file, kind, **options)
    except (OSError, TypeError, ValueError, KeyError):
        picture.save(file := io.BytesIO(), kind)
    return file.getvalue()


def damaged_picture(wholes: dict[str, bytes], seed: int) -> tuple[str, bytes]:
    """The ending of a name, and what the file holds."""
    chosen = random.Random(seed)
    ending = chosen.choice(sorted(wholes))
    data = wholes[ending]
    if data.startswith(_SIGNATURE) and chosen.random() < 0.7:
        return ending, _changed_chunks(data, chosen)
    ways: tuple[Callable[[bytes, random.Random], bytes], ...] = (_changed, _changed, _spliced, _cut)
    if chosen.random() < 0.05:
        ending = chosen.choice(sorted(wholes))  # under another kind's name
    return ending, chosen.choice(ways)(data, chosen)


def _changed(data: bytes, chosen: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chosen.choice((1, 1, 4, 20))):
        at = chosen.randrange(min(len(changed), chosen.choice((40, 200, len(changed)))))
        if chosen.random() < 0.3:
            changed[at : at + 4] = chosen.choice(
                (b"\xff\xff\xff\xff", bytes(4), b"\0\1\0\0", b"\x7f\xff\xff\xff")
            )
        else:
            changed[at] = chosen.randrange(256)
    return bytes(changed)


def _spliced(data: bytes, chosen: random.Random) -> bytes:
    """A piece of it left out, twice, or elsewhere."""
    one, other = sorted(chosen.randrange(len(data)) for _ in range(2))
    piece = data[one:other]
    return chosen.choice((data[:one] + data[other:], data[:other] + piece + data[other:], piece + data))


def _cut(data: bytes, chosen: random.Random) -> bytes:
    return data[: chosen.randrange(len(data))]


def _changed_chunks(data: bytes, chosen: random.Random) -> bytes:
    """A PNG whose chunks are changed, their checksums right."""
    chunks, at = [], len(_SIGNATURE)
    while at + 8 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    for _ in range(chosen.choice((1, 1, 3))):
        number = chosen.randrange(len(chunks))
        kind, content = chunks[number]
        how = chosen.randrange(7)
        if how == 0 and len(chunks) > 1:
            chunks.pop(number)
        elif how == 1:
            chunks.insert(chosen.randrange(len(chunks) + 1), (kind, content))
        elif how == 2:
            chunks[number] = (
                chosen.choice((b"IDAT", b"PLTE", b"tRNS", b"acTL", b"fdAT", b"zTXt", b"\0\0\0\0")),
                content,
            )
        elif how == 3:
            wide, high = (chosen.choice((0, 1, 24, 2**16, 2**31 - 1, 2**32 - 1)) for _ in range(2))
            fields = struct.pack(">II", wide, high) + bytes(chosen.randrange(256) for _ in range(5))
            chunks[0] = (b"IHDR", fields if chosen.random() < 0.5 else fields[:8] + chunks[0][1][8:])
        elif how == 4:
            chunks.insert(1, _hostile_text(chosen))
        elif content:
            chunks[number] = (kind, _changed(content, chosen))
    return _SIGNATURE + b"".join(_chunk(*each, chosen) for each in chunks)


def _hostile_text(chosen: random.Random) -> tuple[bytes, bytes]:
    """What a picture says of how it was made, as nobody would say it; or far more than anybody would."""
    key = chosen.choice(
        (b"parameters", b"prompt", b"workflow", b"invokeai_metadata", b"Comment", b"palimpsest")
    )
    how = chosen.randrange(6)
    if how == 0:
        value = json.dumps({"1": {"class_type": chosen.choice(HOSTILE), "inputs": chosen.choice(HOSTILE)}})
    elif how == 1:
        value = "[" * chosen.choice((50, 5000))
    elif how == 2:
        value = _WORDS.replace("20", str(chosen.choice(HOSTILE))).replace("24x18", "x" * chosen.randrange(99))
    elif how == 3:
        value = json.dumps(_NODES).replace('"2"', '"1"')  # nodes in a circle
    elif how == 4:
        return b"zTXt", key + b"\0\0" + zlib.compress(bytes(10**7), 9)
    else:
        return chosen.choice((b"iCCP", b"eXIf", b"iTXt", b"pHYs", b"gAMA")), chosen.randbytes(
            chosen.randrange(200)
        )
    return b"tEXt", key + b"\0" + value.encode("latin-1", "replace")


def _chunk(kind: bytes, content: bytes, chosen: random.Random) -> bytes:
    checksum = zlib.crc32(kind + content) if chosen.random() < 0.98 else chosen.randrange(2**32)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def tried_picture(path: Path) -> str:
    """Open it, and read what it says of how it was made."""
    with in_time():
        words = words_in(path)
        assert words is None or isinstance(words.prompt, str)
        try:
            read = read_picture(path)
        except EditorError as error:
            return refused(error)
        assert read.pixels.dtype == np.uint8 and read.pixels.ndim == 3 and read.pixels.shape[2] in (3, 4)
        return "in part" if read.told else "used"
