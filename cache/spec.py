"""How the bytes of an entry become a tensor again, and how rows are taken from them."""

from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor

_WORDS = {8: torch.int64, 4: torch.int32, 2: torch.int16, 1: torch.uint8}


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """Type and shape of an entry, its row dimension (None: no rows), and a word of the caller's own."""

    dtype: torch.dtype
    shape: tuple[int, ...]
    row_dim: int | None = None
    note: str = ""

    @classmethod
    def of(cls, tensor: Tensor, row_dim: int | None, note: str) -> "TensorSpec":
        """Describes ``tensor``; ``row_dim`` may count from the end and is ignored where there are too few."""
        dim = None
        if row_dim is not None and -tensor.ndim <= row_dim < tensor.ndim:
            dim = row_dim % tensor.ndim
        return cls(tensor.dtype, tuple(tensor.shape), dim, note)

    @property
    def nbytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize

    @property
    def rows(self) -> int:
        return self.shape[self._rows_at()]

    @property
    def row_bytes(self) -> int:
        """Bytes of one row in each of the dimensions before the rows."""
        return prod(self.shape[self._rows_at() + 1 :]) * self.dtype.itemsize

    @property
    def outer(self) -> int:
        """How often the rows repeat: the product of the dimensions before them."""
        return prod(self.shape[: self._rows_at()])

    def tensor(self, data: Tensor) -> Tensor:
        """Bytes (uint8, at least nbytes long) seen as the tensor; shares memory."""
        return data[: self.nbytes].view(self.dtype).view(self.shape)

    def take_rows(self, data: Tensor, rows: Tensor, page_locked: bool = False) -> Tensor:
        """Copies the rows (int64, (n,)) out of the bytes (uint8), bit for bit whatever the type.

        ``page_locked``: into memory that a GPU copies from fast. Raises IndexError for rows that are not there.
        """
        at = self._rows_at()
        outer, row_bytes, count = self.outer, self.row_bytes, rows.shape[0]
        word = next(size for size in _WORDS if row_bytes % size == 0)
        words = data[: self.nbytes].view(_WORDS[word]).view(outer, self.shape[at], row_bytes // word)
        shape = (outer, count, row_bytes // word)
        taken = torch.empty(shape, dtype=words.dtype, device=data.device, pin_memory=page_locked)
        try:
            torch.index_select(words, 1, rows, out=taken)
            return taken.view(-1).view(self.dtype).view(*self.shape[:at], count, *self.shape[at + 1 :])
        except RuntimeError as error:
            raise IndexError(f"A row is not among the {self.rows} of this entry.") from error

    def _rows_at(self) -> int:
        if self.row_dim is None:
            raise ValueError("This entry was stored without a row dimension.")
        return self.row_dim


def as_bytes(tensor: Tensor) -> Tensor:
    """A contiguous tensor's memory as uint8, (nbytes,); shares memory."""
    return tensor.reshape(-1).view(torch.uint8)
