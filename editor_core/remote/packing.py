"""What pickle needs to be told of our messages, and how their large arrays are sent apart from the rest."""

import copyreg
import io
import pickle
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, cast

import numpy as np

_LARGE = 2**15  # bytes


def pack_read_only_mappings() -> None:
    """Let read-only mappings travel (a turn's latents and parameters are such); they arrive read-only."""
    copyreg.pickle(MappingProxyType, _packed)


def _packed(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(mapping),)


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """The class itself is under another name in `builtins`, where pickle looks for it."""
    return MappingProxyType(values)


def packed(message: object) -> tuple[bytes, list[np.ndarray]]:
    """A message without its large arrays, and these, each once."""
    pickled = io.BytesIO()
    packer = _Packer(pickled, pickle.HIGHEST_PROTOCOL)
    packer.dump(message)
    return pickled.getvalue(), packer.arrays


def unpacked(message: bytes, arrays: Sequence[np.ndarray]) -> Any:
    """The message with its arrays. Only for what came from the cluster's own processes: pickle runs what it reads."""
    return _Unpacker(io.BytesIO(message), arrays).load()


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, protocol: int) -> None:
        super().__init__(file, protocol)
        self.arrays: list[np.ndarray] = []
        self._places: dict[int, int] = {}

    def persistent_id(self, value: object) -> int | None:
        if type(value) is not np.ndarray or value.nbytes < _LARGE or value.dtype.hasobject:
            return None
        array = cast(np.ndarray, value)
        if id(array) not in self._places:
            self._places[id(array)] = len(self.arrays)
            self.arrays.append(array)
        return self._places[id(array)]


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, arrays: Sequence[np.ndarray]) -> None:
        super().__init__(file)
        self._arrays = arrays

    def persistent_load(self, pid: int) -> np.ndarray:
        return self._arrays[pid]
