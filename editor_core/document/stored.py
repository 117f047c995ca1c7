"""Arrays that lie in a file and are read when somebody looks: a thousand turns then cost what one does.

Those looked at last stay in memory, as does whatever somebody still holds.
"""

import threading
import weakref
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

Array = NDArray[Any]

MAX_HELD_BYTES = 256 * 2**20  # of all arrays that nobody holds; a larger one is kept alone

_lock = threading.Lock()
_kept: LRUCache[int, Array] = LRUCache(MAX_HELD_BYTES, lambda array: min(array.nbytes, MAX_HELD_BYTES))
_gone: deque[int] = deque()  # whose files are closed; filled by the garbage collector, which may take no lock


def _keep(key: int, array: Array) -> None:
    with _lock:
        while _gone:
            _kept.pop(_gone.popleft(), None)
        _kept[key] = array


class StoredArray:
    """One array in a file; safe to be asked for from any thread."""

    __slots__ = ("_held", "_read", "_reading", "dtype", "encoded", "shape")

    def __init__(
        self,
        shape: tuple[int, ...],
        dtype: str,
        read: Callable[[], Array],
        encoded: Callable[[], bytes] | None = None,
    ) -> None:
        """``read`` makes the array, or raises EditorError; ``encoded`` gives the bytes of a file of its own."""
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self.encoded = encoded
        self._read = read
        self._reading = threading.Lock()
        self._held: weakref.ref[Array] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of the array once it is read."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    @property
    def is_at_hand(self) -> bool:
        """Whether it is in memory, so that nobody waits for it."""
        return self._held is not None and self._held() is not None

    def offer(self, array: Array) -> None:
        """Take the array, which was read along with another one, if it is not at hand yet."""
        with self._reading:
            if self._held is None or self._held() is None:
                array.flags.writeable = False
                self._held = weakref.ref(array)
        _keep(id(self), array)

    def array(self) -> Array:
        """The array, read-only. Raises EditorError when the file does not give it any more."""
        with self._reading:
            held = None if self._held is None else self._held()
            if held is None:
                held = self._read()
                held.flags.writeable = False
                self._held = weakref.ref(held)
        _keep(id(self), held)
        return held

    def __del__(self) -> None:
        _gone.append(id(self))


class ArrayField:
    """A field of a frozen dataclass that holds an array, a `StoredArray` that is read when looked at, or None."""

    def __init__(self, required: bool = True) -> None:
        self._required = required

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is None:  # dataclass looks for a default
            if self._required:
                raise AttributeError(self._name)
            return None
        value = instance.__dict__[self._name]
        return value.array() if isinstance(value, StoredArray) else value

    def __set__(self, instance: object, value: "Array | StoredArray | None") -> None:
        instance.__dict__[self._name] = value


class StoredArrays(Mapping[str, Array]):
    """Named arrays in a file; their names and sizes are known without reading."""

    def __init__(self, arrays: Mapping[str, StoredArray], encoded: Callable[[], bytes] | None = None) -> None:
        """``encoded`` gives the bytes of just these arrays as they lie in the file, where they do."""
        self.encoded = encoded
        self._arrays = dict(arrays)

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self._arrays.values())

    def only(self, names: Collection[str]) -> "StoredArrays":
        """Some of them."""
        return StoredArrays({name: array for name, array in self._arrays.items() if name in names})

    def renamed(self, rename: Callable[[str], str]) -> "StoredArrays":
        """The same under other names."""
        return StoredArrays({rename(name): array for name, array in self._arrays.items()})

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name].array()

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)
