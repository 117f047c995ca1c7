"""An entry in memory."""

from dataclasses import dataclass
from enum import Enum, auto

import torch
from torch import Tensor

from cache.arena import Block
from cache.copies import words_of
from cache.finite import all_finite
from cache.key import CacheKey
from cache.spec import TensorSpec


class Saved(Enum):
    """Whether the disk has the entry too."""

    WAITING = auto()
    YES = auto()
    NO = auto()


@dataclass(slots=True, eq=False)
class Entry:
    """Bytes in memory; the fields below ``cost_seconds`` change under the owner's lock."""

    key: CacheKey
    spec: TensorSpec
    block: Block
    cost_seconds: float = 0.0
    saved: Saved = Saved.NO
    readers: int = 0  # threads looking at the block, which must not be handed out again meanwhile
    dropped: bool = False
    arriving: torch.cuda.Event | None = None  # the device's copy that fills the block

    words: Tensor | None = None  # the block as `copies.words_of` has it, once it was asked for

    def rows_as_words(self) -> Tensor:
        """The bytes as machine words, (outer, rows, words of a row)."""
        if self.words is None:
            self.words = words_of(self.spec, self.block.data)
        return self.words

    def is_finite(self) -> bool:
        """Whether all values are numbers; of an entry on the host that has arrived."""
        return all_finite(self.block.data[: self.spec.nbytes], self.spec.dtype)

    def wait(self) -> None:
        """From here on, the caller (in device memory: the caller's stream) finds the bytes in the block."""
        if self.arriving is None:
            return
        if self.block.data.is_cuda:
            torch.cuda.current_stream(self.block.data.device).wait_event(self.arriving)
        else:
            self.arriving.synchronize()
