"""Copying tensors and their rows, bit for bit whatever the type.

On the host numpy does it, on the calling thread: torch splits even a copy of a few hundred kilobytes among its
threads, and where other work keeps the cores busy, waiting for them costs far more than the copy (measured on two
busy cores, 100 tensors, 34 MB: 1160 ms, against 3 ms on one thread).
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from cache.spec import TensorSpec

_NUMPY_WORDS = {8: np.int64, 4: np.int32, 2: np.int16, 1: np.uint8}
_TORCH_WORDS = {8: torch.int64, 4: torch.int32, 2: torch.int16, 1: torch.uint8}


def copy_into(target: Tensor, source: Tensor) -> None:
    """Copies values between tensors of one shape; a target of another type is given them in its own."""
    if target.dtype is source.dtype and _plain(target) and _plain(source):
        np.copyto(_bytes(target), _bytes(source))
    else:
        target.copy_(source)


def copy_of(source: Tensor) -> Tensor:
    """A contiguous copy."""
    copy = torch.empty(source.shape, dtype=source.dtype, device=source.device)
    copy_into(copy, source)
    return copy


def take_rows(spec: TensorSpec, data: Tensor, rows: Tensor, page_locked: bool = False) -> Tensor:
    """Copies the rows (int64, (n,)) out of an entry's bytes (uint8); best is that they lie on the host.

    ``page_locked``: into host memory that a GPU copies from fast. Raises IndexError for rows that are not there.
    """
    count, row_bytes = len(rows), spec.row_bytes
    shape = (spec.outer, spec.rows, row_bytes)
    numbers = rows.cpu().numpy()
    if count and numbers.view(np.uint64).max() >= spec.rows:  # negative ones are large there
        raise IndexError(
            f"A row is not among the {spec.rows} of this entry."
        )  # a GPU would not work on after it
    if data.is_cuda:
        taken = _torch_words(data[: spec.nbytes], shape).index_select(1, rows.to(data.device))
    else:
        words = _numpy_words(data[: spec.nbytes], shape)
        there = np.empty((shape[0], count, words.shape[2]), words.dtype)
        np.take(words, numbers, axis=1, out=there, mode="clip")
        taken = torch.from_numpy(there)
        if page_locked:
            taken = taken.pin_memory()
    return taken.view(-1).view(spec.dtype).view(spec.shape_with(len(rows)))


def words_of(spec: TensorSpec, data: Tensor) -> Tensor:
    """An entry's bytes (uint8), shared, as the largest machine words its rows are made of: (outer, rows, words)."""
    return _torch_words(data[: spec.nbytes], (spec.outer, spec.rows, spec.row_bytes))


def take_words(spec: TensorSpec, words: Tensor, rows: Tensor) -> Tensor:
    """As ``take_rows``, of rows that are known to be there, on the words' device.

    Torch splits a copy among threads from 32768 elements on, which few are when counted in words.
    """
    taken = words.index_select(1, rows)
    return taken.view(-1).view(spec.dtype).view(spec.shape_with(rows.shape[0]))


def write_rows(spec: TensorSpec, whole: Tensor, rows: Tensor, values: Tensor) -> None:
    """Writes ``values`` over the rows (int64, (n,)) of ``whole``, a contiguous tensor of ``spec``."""
    if whole.is_cuda:
        whole.index_copy_(spec.row_dim or 0, rows.to(whole.device), values)
        return
    into = _numpy_words(whole.view(-1).view(torch.uint8), (spec.outer, spec.rows, spec.row_bytes))
    fresh = _numpy_words(values.reshape(-1).view(torch.uint8), (spec.outer, len(rows), spec.row_bytes))
    for outer in range(spec.outer):
        into[outer][rows.numpy()] = fresh[outer]


def join_rows(spec: TensorSpec, parts: Sequence[Tensor], order: Tensor) -> Tensor:
    """Rows from several tensors of ``spec``'s kind: the n-th is row ``order[n]`` (int64) of all parts in a line."""
    if parts[0].is_cuda:
        return torch.cat(list(parts), spec.row_dim or 0).index_select(
            spec.row_dim or 0, order.to(parts[0].device)
        )
    outer, row_bytes = spec.outer, spec.row_bytes
    words = [_numpy_words(part.view(-1).view(torch.uint8), (outer, -1, row_bytes)) for part in parts]
    joined = torch.empty(spec.shape_with(len(order)), dtype=spec.dtype)
    into = _numpy_words(joined.view(-1).view(torch.uint8), (outer, len(order), row_bytes))
    np.take(np.concatenate(words, axis=1), order.numpy(), axis=1, out=into, mode="clip")
    return joined


def _plain(tensor: Tensor) -> bool:
    """Whether the values are the bytes in memory, in order, on the host."""
    return (
        tensor.device.type == "cpu"
        and tensor.is_contiguous()
        and not tensor.is_conj()
        and not tensor.is_neg()
    )


def _bytes(tensor: Tensor) -> np.ndarray:
    return tensor.detach().reshape(-1).view(torch.uint8).numpy()


def _word(row_bytes: int) -> int:
    """The largest machine word that rows of so many bytes are made of."""
    return next(size for size in _NUMPY_WORDS if row_bytes % size == 0)


def _numpy_words(data: Tensor, shape: tuple[int, int, int]) -> np.ndarray:
    outer, rows, row_bytes = shape
    word = _word(row_bytes)
    return data.numpy().view(_NUMPY_WORDS[word]).reshape(outer, rows, row_bytes // word)


def _torch_words(data: Tensor, shape: tuple[int, int, int]) -> Tensor:
    outer, rows, row_bytes = shape
    word = _word(row_bytes)
    return data.view(_TORCH_WORDS[word]).view(outer, rows, row_bytes // word)
