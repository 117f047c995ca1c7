"""Texts that NovelAI, and others after it, hide in the lowest bit of a picture's transparency, column by column.

A signature, the length of what follows in bits (32 bits, big-endian), and the texts as JSON, packed with gzip.
"""

import gzip
import io
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from editor_core.project.words.found import object_of

_SIGNATURE = b"stealth_pngcomp"
_LENGTH = 4  # bytes
_MAX_BYTES = 4 * 2**20


def hidden_texts(alpha: NDArray[np.uint8]) -> Mapping[str, str]:
    """The texts in a transparency uint8 (H, W), by their keywords; empty where there are none."""
    head = len(_SIGNATURE) + _LENGTH
    begin = _bytes_of(alpha, 0, head)
    if not begin.startswith(_SIGNATURE) or len(begin) < head:
        return {}
    length = int.from_bytes(begin[len(_SIGNATURE) :]) // 8
    if not 0 < length <= _MAX_BYTES:
        return {}
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(_bytes_of(alpha, head, length))) as packed:
            text = packed.read(_MAX_BYTES).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        return {}
    return {key: value for key, value in object_of(text).items() if isinstance(value, str)}


def _bytes_of(alpha: NDArray[np.uint8], first: int, count: int) -> bytes:
    """Some bytes of what is hidden; only the columns that hold them are looked at."""
    height = alpha.shape[0]
    column, past = 8 * first // height, -(-8 * (first + count) // height)
    bits = alpha[:, column:past].T.reshape(-1) & 1
    offset = 8 * first - column * height
    return np.packbits(bits[offset : offset + 8 * count]).tobytes()
