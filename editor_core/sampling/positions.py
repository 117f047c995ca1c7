"""Some positions of the latent grid, as rows, and back."""

from torch import Tensor


def rows_of(latents: Tensor, positions: Tensor) -> Tensor:
    """The rows (n, N, C) of latents (n, C, h, w) at int64 positions (N,)."""
    return latents.flatten(2).index_select(2, positions).mT


def with_rows(latents: Tensor, positions: Tensor, rows: Tensor) -> Tensor:
    """Copies of latents (1 or n, C, h, w), one for each of the rows (n, N, C), which lie at int64 positions (N,)."""
    copies = latents.expand(len(rows), -1, -1, -1)
    return copies.flatten(2).index_copy(2, positions, rows.mT).view(copies.shape)
