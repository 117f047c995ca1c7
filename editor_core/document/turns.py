"""One turn: what was asked, with what, and the picture that came of it."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from editor_core.base.loras import LoraChoice
from editor_core.base.words import PlacedWord, aligned, words_of
from editor_core.document.identity import new_id
from editor_core.document.stored import ArrayField, StoredArray, StoredArrays
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
    Any of them may lie in a file and be read when it is looked at (`stored.py`); that may raise EditorError.
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
    strength: float = 1.0
    model: str = ""
    model_source: str = ""
    """Where the model lay: "default", or a path; empty where that is not known."""
    loras: tuple[LoraChoice, ...] = ()
    vae: str = ""
    """Of an autoencoder instead of the model's own, the folder or file."""
    clip_skip: int = 1
    fingerprint: str = ""
    image: ArrayField = ArrayField()  # noqa: RUF009 - a descriptor
    mask: ArrayField = ArrayField(required=False)  # noqa: RUF009
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
        image, mask = self._as_kept("image"), self._as_kept("mask")
        if image is None or image.dtype != np.uint8 or len(image.shape) != 3 or image.shape[2] != 3:
            found = None if image is None else (image.dtype, image.shape)
            raise ValueError(f"a turn's image is uint8 (H, W, 3), not {found}")
        if mask is not None and (mask.dtype != np.uint8 or mask.shape != image.shape[:2]):
            raise ValueError(f"a turn's mask is uint8 {image.shape[:2]}, not {mask.dtype} {mask.shape}")
        self._set("image", _read_only(image))
        self._set("mask", None if mask is None else _read_only(mask))
        if not isinstance(self.latents, StoredArrays):
            latents = {name: _read_only(array) for name, array in self.latents.items()}
            self._set("latents", MappingProxyType(latents))
        self._set("parameters", MappingProxyType(dict(self.parameters)))
        self._set("log", MappingProxyType(dict(self.log)))

    def changed(self, **values: object) -> "Turn":
        """With other values; unlike ``dataclasses.replace`` it reads no array."""
        turn = copy.copy(self)
        for name, value in values.items():
            turn._set(name, value)
        return turn

    def stored(self, name: str) -> StoredArray | None:
        """The image or mask where it lies in a file, else None."""
        kept = self._as_kept(name)
        return kept if isinstance(kept, StoredArray) else None

    @property
    def nbytes(self) -> int:
        """Memory of the image, the mask and the latents, when they are read."""
        arrays = [self._as_kept("image"), self._as_kept("mask")]
        latents = self.latents
        inner = (
            latents.nbytes
            if isinstance(latents, StoredArrays)
            else sum(array.nbytes for array in latents.values())
        )
        return inner + sum(array.nbytes for array in arrays if array is not None)

    @property
    def width(self) -> int:
        return self.shape[1]

    @property
    def height(self) -> int:
        return self.shape[0]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, known without reading the image."""
        image = self._as_kept("image")
        assert image is not None
        return int(image.shape[0]), int(image.shape[1])

    @property
    def picture(self) -> object:
        """What stands for the image, known without reading it: the same object, the same pixels."""
        return self._as_kept("image")

    @property
    def is_painting(self) -> bool:
        """Whether it is what was painted on the turn before, read for an edit."""
        return self.parent is not None and self.method in ("paint", "open")

    @property
    def has_mask(self) -> bool:
        """Whether there is a mask, known without reading it."""
        return self._as_kept("mask") is not None

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _as_kept(self, name: str) -> Array | StoredArray | None:
        kept: Array | StoredArray | None = self.__dict__[name]
        return kept


@overload
def _read_only(array: StoredArray) -> StoredArray: ...
@overload
def _read_only(array: Array) -> Array: ...
def _read_only(array: Array | StoredArray) -> Array | StoredArray:
    """``array`` itself when nobody can write to it any more, else a copy that nobody can write to."""
    if isinstance(array, StoredArray) or (not array.flags.writeable and array.base is None):
        return array
    own = np.array(array, order="C")
    own.flags.writeable = False
    return own


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
