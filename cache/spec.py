"""How the bytes of an entry become a tensor again."""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import torch
from torch import Tensor


@dataclass(frozen=True)
class TensorSpec:
    """Type and shape of an entry, its row dimension (None: no rows), and a word of the caller's own."""

    dtype: torch.dtype
    shape: tuple[int, ...]
    row_dim: int | None = None
    note: str = ""

    @classmethod
    def of(
        cls, tensor: Tensor, row_dim: int | None, note: str, dtype: torch.dtype | None = None
    ) -> "TensorSpec":
        """Describes ``tensor``, or its values in another type.

        ``row_dim`` may count from the end and is ignored where there are too few dimensions.
        """
        dim = None
        if row_dim is not None and -tensor.ndim <= row_dim < tensor.ndim:
            dim = row_dim % tensor.ndim
        return cls(dtype or tensor.dtype, tuple(tensor.shape), dim, note)

    @cached_property
    def nbytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize

    @cached_property
    def rows(self) -> int:
        return self.shape[self._rows_at()]

    @cached_property
    def row_bytes(self) -> int:
        """Bytes of one row in each of the dimensions before the rows."""
        return prod(self.shape[self._rows_at() + 1 :]) * self.dtype.itemsize

    @cached_property
    def outer(self) -> int:
        """How often the rows repeat: the product of the dimensions before them."""
        return prod(self.shape[: self._rows_at()])

    def tensor(self, data: Tensor) -> Tensor:
        """Bytes (uint8, at least nbytes long) seen as the tensor; shares memory."""
        return data[: self.nbytes].view(self.dtype).view(self.shape)

    def shape_with(self, rows: int) -> tuple[int, ...]:
        """The shape with so many rows."""
        return (*self.shape[: self._rows_at()], rows, *self.shape[self._rows_at() + 1 :])

    def _rows_at(self) -> int:
        if self.row_dim is None:
            raise ValueError("This entry was stored without a row dimension.")
        return self.row_dim


def dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def dtype_called(name: str) -> torch.dtype:
    """The type of that name; raises ValueError."""
    found = getattr(torch, name, None)
    if not isinstance(found, torch.dtype):
        raise ValueError(f"There is no tensor type {name}.")
    return found
