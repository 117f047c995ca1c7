"""Writing the zips of projects and OpenRaster files."""

import json
import zipfile
from collections.abc import Mapping

import numpy as np


class ZipWriter:
    """Puts entries into a new zip: pictures stored, text deflated, always the same date."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file

    def stored(self, name: str, data: bytes) -> None:
        self._put(name, data, zipfile.ZIP_STORED)

    def deflated(self, name: str, data: bytes) -> None:
        self._put(name, data, zipfile.ZIP_DEFLATED)

    def _put(self, name: str, data: bytes, method: int) -> None:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = method
        entry.external_attr = 0o644 << 16
        self._zip.writestr(entry, data)


def to_json(value: object) -> bytes:
    """JSON as it is stored, an engine's numbers included."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    """What JSON has no word for, in a log that an engine wrote: numpy's numbers and read-only mappings."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be saved")
