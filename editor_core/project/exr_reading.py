"""OpenEXR's pictures through Pillow: linear light becomes sRGB, what is brighter than white is cut off.

The colours are taken as those of Rec. 709, the format's default. `pip install palimpsest-editor[formats]`.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from PIL import Image, ImageFile

from editor_core.project.png import Pixels, check_size

MAGIC = b"v/1\x01"
_MAX_BITS = 16
"""Of a channel: half precision is the least that the format has for colours."""

_BRIGHTEST = 65504.0
"""That half precision has; no transparency makes more of it than a float32 holds."""

Box = tuple[int, int, int, int]  # left, top, right, bottom


def register() -> None:
    """Tell Pillow."""
    Image.register_open(ExrImageFile.format, ExrImageFile, lambda prefix: prefix.startswith(MAGIC))


class ExrImageFile(ImageFile.ImageFile):
    """The first picture of a file, as far as its display window shows it."""

    format = "EXR"
    format_description = "OpenEXR"

    def _open(self) -> None:
        """Raises ValueError for what is damaged, has no colours, or is of a size that no picture has."""
        assert self.fp is not None
        self._data = self.fp.read()
        with _opened(self._data, header_only=True) as part:
            self._shown, self._stored = _box(part.header["displayWindow"]), _box(part.header["dataWindow"])
            names = {channel.name for channel in part.header["channels"]}
        check_size(*_size(self._stored))
        self._size = _size(self._shown)
        self._mode = "RGBA" if "A" in names or self._shown != self._stored else "RGB"
        self.info["bit_depth"] = _MAX_BITS
        self.tile = []

    def load(self) -> Any:
        if self._im is None:
            with _opened(self._data, header_only=False) as part:
                stored = _as_srgb({name: channel.pixels for name, channel in part.channels.items()})
            self.im = Image.fromarray(_placed(stored, self._stored, self._shown)).convert(self._mode).im
            self._data = b""
        return super().load()


@contextmanager
def _opened(data: bytes, *, header_only: bool) -> Iterator[Any]:
    """The first part of a file; the library reads from disk only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.exr"
        path.write_bytes(data)
        try:
            with OpenEXR.File(str(path), separate_channels=True, header_only=header_only) as file:
                yield file.parts[0]
        except (RuntimeError, LookupError, TypeError) as problem:
            raise ValueError(str(problem)) from problem


def _box(window: Any) -> Box:
    (left, top), (right, bottom) = ((int(x), int(y)) for x, y in window)
    return left, top, right + 1, bottom + 1


def _size(box: Box) -> tuple[int, int]:
    left, top, right, bottom = box
    return right - left, bottom - top


def _as_srgb(channels: dict[str, np.ndarray]) -> Pixels:
    """Linear, premultiplied channels (h, w) as uint8 (h, w, 4)."""
    names = ("R", "G", "B") if {"R", "G", "B"} <= channels.keys() else ("Y", "Y", "Y")
    light = np.dstack([channels[name].astype(np.float32) for name in names])
    alpha = channels["A"].astype(np.float32) if "A" in channels else np.ones(light.shape[:2], np.float32)
    light, alpha = np.nan_to_num(light).clip(0, _BRIGHTEST), np.nan_to_num(alpha).clip(0, 1)
    light = (light / np.maximum(alpha, 2.0**-24)[..., None]).clip(0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    pixels: Pixels = (np.dstack([curved, alpha]) * 255 + 0.5).astype(np.uint8)
    return pixels


def _placed(stored: Pixels, where: Box, shown: Box) -> Pixels:
    """What the display window shows of the pixels; transparent where there are none."""
    width, height = _size(shown)
    canvas = np.zeros((height, width, 4), np.uint8)
    left, top = max(where[0], shown[0]), max(where[1], shown[1])
    right, bottom = min(where[2], shown[2]), min(where[3], shown[3])
    if left < right and top < bottom:
        part = stored[top - where[1] : bottom - where[1], left - where[0] : right - where[0]]
        canvas[top - shown[1] : bottom - shown[1], left - shown[0] : right - shown[0]] = part
    return canvas
