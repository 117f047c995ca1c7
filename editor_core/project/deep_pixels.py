"""Pictures of more than 8 bits a channel, rounded to 8: Pillow alone would cut the lower bits off."""

import numpy as np
from PIL import Image

from editor_core.project.colour_profiles import is_srgb
from editor_core.project.matrix_profiles import deep_to_srgb
from editor_core.project.png import Pixels

_DEEP_MODES = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I", "F"})
_BITS_PER_SAMPLE = 258  # TIFF
_PNG_DEPTH = 24  # where a PNG's header says it
_WHITE = 65535


def is_deep(image: Image.Image, data: bytes) -> bool:
    """Whether a picture that was opened from ``data`` has more than 8 bits a channel there."""
    if image.mode in _DEEP_MODES or int(image.info.get("bit_depth") or 8) > 8:
        return True
    if image.format == "PNG":
        return data[_PNG_DEPTH] == 16
    if image.format == "TIFF":
        bits = image.tag_v2.get(_BITS_PER_SAMPLE, (8,))  # type: ignore[attr-defined]
        return int(max(bits if isinstance(bits, tuple) else (bits,))) > 8
    return False


def eight_bits_of(image: Image.Image, data: bytes, profile: bytes = b"") -> tuple[Image.Image, bool]:
    """The same picture with 8 bits a channel, every value rounded; ``data`` is its file. And whether it is in sRGB now.

    Colours of another ``profile`` are brought there first where it can be followed in full precision. Grey stays grey.
    Where the deep values cannot be had, Pillow's are taken.
    """
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    if image.format == "EXR":
        return image, False  # its reader made 8 bits of linear light
    in_srgb = False
    if image.mode in _DEEP_MODES:
        result = Image.fromarray(_from_grey(np.asarray(image)))
    else:
        deep = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if deep is None or deep.dtype != np.uint16 or deep.shape[:2] != (image.height, image.width):
            return image, False
        result, in_srgb = _eight_bits(_in_order(deep), profile)
    result.info.update(image.info)
    result.format = image.format
    return result, in_srgb


def _eight_bits(deep: np.ndarray, profile: bytes) -> tuple[Image.Image, bool]:
    """A picture of 16-bit values (H, W), (H, W, 3 or 4), and whether it was brought to sRGB."""
    follows = bool(profile) and deep.ndim == 3 and not is_srgb(profile)
    colours = deep_to_srgb(deep[..., :3], profile) if follows else None
    if colours is None:
        return Image.fromarray(_rounded(deep)), False
    if deep.shape[2] == 4:
        colours = np.dstack([colours, _rounded(deep[..., 3])])
    return Image.fromarray(colours), True


def _from_grey(values: np.ndarray) -> Pixels:
    """Grey of 16 bits, or of floating point where 1 is white."""
    if values.dtype.kind == "f":
        grey: Pixels = (np.nan_to_num(values, nan=0.0).clip(0, 1) * 255 + 0.5).astype(np.uint8)
        return grey
    return _rounded(values.astype(np.int64).clip(0, _WHITE).astype(np.uint16))


def _in_order(deep: np.ndarray) -> np.ndarray:
    """OpenCV's blue, green, red as red, green, blue."""
    if deep.ndim == 2:
        return deep
    return deep[..., [2, 1, 0, *range(3, deep.shape[2])]]


def _rounded(values: np.ndarray) -> Pixels:
    rounded: Pixels = ((values.astype(np.uint32) * 255 + _WHITE // 2) // _WHITE).astype(np.uint8)
    return rounded
