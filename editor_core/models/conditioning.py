"""What a network is told besides latents and timestep."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Reference:
    """A reference picture as the network sees it beside the words, one row per picture of the batch."""

    tokens: Tensor
    """(B, T, D)."""
    scales: Tensor
    """float32 (B,): how much of what attends to it is added; 0 for rows without a reference."""
    layers: Mapping[str, tuple[Tensor, Tensor]]
    """Cross-attention's name to the weights (C, D) of its keys and values."""

    def mapped(self, change: Callable[[Tensor], Tensor]) -> "Reference":
        return replace(self, tokens=change(self.tokens), scales=change(self.scales))


@dataclass(frozen=True, eq=False)
class Conditioning:
    """The words as the network sees them, one row per picture of the batch.

    Families with a second text encoder (SDXL, https://arxiv.org/abs/2307.01952) also take its pooled embedding and the
    size numbers; others leave both None.
    """

    hidden: Tensor
    """(B, L, D): a hidden state per token."""
    pooled: Tensor | None = None
    """(B, P): one embedding of the whole prompt."""
    sizes: Tensor | None = None
    """(B, 6): original height and width, top and left of the crop, target height and width, in pixels."""
    reference: Reference | None = None
    """An IP-Adapter's; None where no row has one."""

    def __len__(self) -> int:
        return len(self.hidden)

    @property
    def dtype(self) -> torch.dtype:
        return self.hidden.dtype

    @staticmethod
    def batch(parts: Sequence["Conditioning"]) -> "Conditioning":
        """All rows, one part after another."""
        return Conditioning(
            torch.cat([part.hidden for part in parts]),
            _joined([part.pooled for part in parts]),
            _joined([part.sizes for part in parts]),
            _joined_references(parts),
        )

    def chosen(self, rows: Sequence[int]) -> "Conditioning":
        """Some of the rows."""
        hidden, pooled, sizes = (
            None if part is None else part[list(rows)] for part in (self.hidden, self.pooled, self.sizes)
        )
        assert hidden is not None
        reference = self.reference and self.reference.mapped(lambda each: each[list(rows)])
        return Conditioning(hidden, pooled, sizes, reference)

    def repeated(self, times: int) -> "Conditioning":
        """Each row so many times, its copies beside each other."""
        hidden, pooled, sizes = (
            None if part is None else part.repeat_interleave(times, 0)
            for part in (self.hidden, self.pooled, self.sizes)
        )
        assert hidden is not None
        reference = self.reference and self.reference.mapped(lambda each: each.repeat_interleave(times, 0))
        return Conditioning(hidden, pooled, sizes, reference)

    def zeroed(self) -> "Conditioning":
        """The same shapes with nothing in them: no words, where a network was trained to be told so by zeros."""
        pooled = None if self.pooled is None else torch.zeros_like(self.pooled)
        return replace(self, hidden=torch.zeros_like(self.hidden), pooled=pooled)

    def with_reference(self, reference: Reference | None) -> "Conditioning":
        return replace(self, reference=reference)

    def of_size(self, height: int, width: int) -> "Conditioning":
        """The same for a picture of so many pixels, whole; of families that are not told sizes, itself."""
        if self.pooled is None:
            return self
        numbers = torch.tensor([[height, width, 0, 0, height, width]]).to(self.pooled)
        return replace(self, sizes=numbers.expand(len(self), -1))

    def with_hidden(self, hidden: Tensor) -> "Conditioning":
        """The same with other hidden states (B, L, D), in this one's precision and on its device.

        Where they are fewer than these, the last ones of these stay: empty chunks.
        """
        rest = self.hidden[:, hidden.shape[1] :]
        return replace(self, hidden=torch.cat([hidden.to(self.hidden), rest], 1))


def _joined_references(parts: Sequence[Conditioning]) -> Reference | None:
    """Rows of parts without one get nothing added."""
    first = next((part.reference for part in parts if part.reference is not None), None)
    if first is None:
        return None
    tokens, scales = first.tokens[:1], first.scales[:1]
    each = [
        part.reference
        or Reference(tokens.new_zeros(len(part), *tokens.shape[1:]), scales.new_zeros(len(part)), {})
        for part in parts
    ]
    joined = (torch.cat([one.tokens for one in each]), torch.cat([one.scales for one in each]))
    return Reference(*joined, first.layers)


def _joined(parts: Sequence[Tensor | None]) -> Tensor | None:
    given = [part for part in parts if part is not None]
    if given and len(given) < len(parts):
        raise ValueError("some rows have pooled text and sizes, others have none")
    return torch.cat(given) if given else None
