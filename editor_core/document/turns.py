"""One turn: what was asked, with what, and the picture that came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from editor_core.base.words import PlacedWord, aligned, words_of
from editor_core.document.identity import new_id
from editor_core.messages.run import DEFAULT_SAMPLER, RunRecord

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
Array: TypeAlias = NDArray[Any]


def utc_now() -> str:
    """The present moment, ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, kw_only=True, eq=False)
class Turn:
    """One instruction with its result; arrays become read-only.

    image: uint8 (H, W, 3). mask: uint8 (H, W), 0..255, what changed against the parent, or None.
    latents: named arrays that the engines need again, opaque here.
    """

    id: str = field(default_factory=new_id)
    parent: str | None = None
    method: str = "generate"
    prompt: str = ""
    negative: str = ""
    seed: int = 0
    steps: int = 0
    guidance: float = 0.0
    sampler: str = DEFAULT_SAMPLER
    model: str = ""
    fingerprint: str = ""
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8] | None = None
    latents: Mapping[str, Array] = field(default_factory=dict)
    parameters: Mapping[str, JSON] = field(default_factory=dict)
    log: Mapping[str, JSON] = field(default_factory=dict)
    record: RunRecord = field(default_factory=RunRecord)
    cache_space: str = ""
    created: str = field(default_factory=utc_now)
    seconds: float = 0.0
    name: str = ""
    starred: bool = False

    def __post_init__(self) -> None:
        if self.image.dtype != np.uint8 or self.image.ndim != 3 or self.image.shape[2] != 3:
            raise ValueError(f"a turn's image is uint8 (H, W, 3), not {self.image.dtype} {self.image.shape}")
        size, mask = self.image.shape[:2], self.mask
        if mask is not None and (mask.dtype != np.uint8 or mask.shape != size):
            raise ValueError(f"a turn's mask is uint8 {size}, not {mask.dtype} {mask.shape}")
        self._set("image", _read_only(self.image))
        self._set("mask", None if self.mask is None else _read_only(self.mask))
        self._set(
            "latents", MappingProxyType({name: _read_only(array) for name, array in self.latents.items()})
        )
        self._set("parameters", MappingProxyType(dict(self.parameters)))
        self._set("log", MappingProxyType(dict(self.log)))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def nbytes(self) -> int:
        """Memory of the image, the mask and the latents."""
        arrays = [self.image, *self.latents.values()] + ([] if self.mask is None else [self.mask])
        return sum(array.nbytes for array in arrays)

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        return int(self.image.shape[0])


def _read_only(array: Array) -> Array:
    """``array`` itself when nobody can write to it any more, else a copy that nobody can write to."""
    if not array.flags.writeable and array.base is None:
        return array
    copy = np.array(array, order="C")
    copy.flags.writeable = False
    return copy


Kind = Literal["keep", "insert", "delete", "replace"]


@dataclass(frozen=True)
class WordChange:
    """A run of words that two prompts share or not; offsets count characters, end excluded."""

    kind: Kind
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def word_changes(old: str, new: str) -> tuple[WordChange, ...]:
    """Word by word, what was kept, inserted, deleted and replaced between two prompts, as the engines will see it."""
    old_words, new_words = words_of(old), words_of(new)
    kept = aligned([word.key for word in old_words], [word.key for word in new_words])
    changes: list[WordChange] = []

    def add(kind: Kind, i: int, j: int, k: int, m: int) -> None:
        changes.append(WordChange(kind, *_span(old_words, i, j, len(old)), *_span(new_words, k, m, len(new))))

    i = k = 0
    runs = [*_runs(kept), (len(old_words), len(new_words), 0)]
    for first_old, first_new, length in runs:
        if first_old > i or first_new > k:
            kind: Kind = "insert" if first_old == i else "delete" if first_new == k else "replace"
            add(kind, i, first_old, k, first_new)
        if length:
            add("keep", first_old, first_old + length, first_new, first_new + length)
        i, k = first_old + length, first_new + length
    return tuple(changes)


def _runs(pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(first old, first new, how many) of words that stay beside each other in both."""
    runs: list[tuple[int, int, int]] = []
    for i, k in pairs:
        if runs and (i, k) == (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]):
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((i, k, 1))
    return runs


def _span(words: list[PlacedWord], first: int, last: int, end: int) -> tuple[int, int]:
    """Character range of words ``first`` to ``last`` (excluded); an empty one lies before word ``first``."""
    if first == last:
        at = words[first].start if first < len(words) else end
        return at, at
    return words[first].start, words[last - 1].end
