"""PNG files written a band of rows at a time (PNG specification, third edition, sections 5, 9 and 11).

Pillow holds the interpreter while it fetches memory for a whole picture, which takes 0.3 s for 8192x8192 pixels; here
no step holds it for longer than a band takes.
"""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PERCEPTUAL = b"\0"  # rendering intent of sRGB
BAND = 128  # rows
FAST = 1  # zlib level: a sixth larger than the best, twice as quick
_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}  # by channels: grey, RGB, RGBA


def encode_png(pixels: Pixels) -> bytes:
    """8-bit sRGB PNG, not interlaced, of ``pixels`` (H, W), (H, W, 3) or (H, W, 4)."""
    height, width = pixels.shape[:2]
    channels = pixels[:1, :1].size
    file = io.BytesIO(SIGNATURE)
    file.seek(len(SIGNATURE))
    _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0))
    _chunk(file, b"sRGB", PERCEPTUAL)
    compressor = zlib.compressobj(FAST)
    above = np.zeros((1, width * channels), np.uint8)
    for top in range(0, height, BAND):
        rows = np.ascontiguousarray(pixels[top : top + BAND]).reshape(-1, width * channels)
        _chunk(file, b"IDAT", compressor.compress(_filtered(rows, above, channels).data))
        above = rows[-1:]
    _chunk(file, b"IDAT", compressor.flush())
    _chunk(file, b"IEND", b"")
    return file.getvalue()


def _chunk(file: io.BytesIO, kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + kind)
    file.write(data)
    file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))


def _filtered(rows: Pixels, above: Pixels, channels: int) -> Pixels:
    """Each row (n, bytes) less what the filter foresees that leaves the smallest numbers; ``above`` is (1, bytes).

    Returns (n, 1 + bytes), the filter's number first.
    """
    left, up_left = np.zeros_like(rows), np.zeros_like(rows)
    up = np.concatenate([above, rows[:-1]])
    left[:, channels:] = rows[:, :-channels]
    up_left[:, channels:] = up[:, :-channels]
    choices = {0: rows, 1: rows - left, 2: rows - up, 4: rows - _paeth(left, up, up_left)}
    sums = [np.minimum(less, -less).sum(axis=1, dtype=np.uint32) for less in choices.values()]
    best = np.array(list(choices), np.uint8)[np.argmin(sums, axis=0)]
    filtered = np.empty((rows.shape[0], 1 + rows.shape[1]), np.uint8)
    filtered[:, 0] = best
    for number, less in choices.items():
        filtered[best == number, 1:] = less[best == number]
    return filtered


def _paeth(left: Pixels, up: Pixels, up_left: Pixels) -> Pixels:
    """Whichever neighbour is nearest to left + up - up_left; of equals the first, as the arguments stand."""
    by_left, by_up = up.astype(np.int16) - up_left, left.astype(np.int16) - up_left
    off_left, off_up, off_both = np.abs(by_left), np.abs(by_up), np.abs(by_left + by_up)
    nearest: Pixels = np.where(off_up <= off_both, up, up_left)
    return np.where((off_left <= off_up) & (off_left <= off_both), left, nearest)
