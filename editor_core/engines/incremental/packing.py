"""Four bits a number, for what rows read of a record.

The numbers of a row are taken 64 at a time; of these the least one and the step between two of sixteen levels
are kept, in half precision (uniform row-wise quantisation, Guan et al., arXiv 1911.02079). PyTorch has kernels for it,
which take no longer than a conversion to half precision does; `unpacked_plainly` is what they do.
"""

import torch
from torch.nn import functional as F

_AT_A_TIME = 64
_HEAD = 4
"""Bytes of the step and the least number."""
_LARGEST = torch.finfo(torch.float16).max


def pack(rows: torch.Tensor) -> torch.Tensor | None:
    """Rows (…, channels) as uint8 (…, bytes), on the processor; None for what half precision cannot say."""
    channels, near = rows.shape[-1], rows.detach().to("cpu", torch.float32)
    if near.numel():
        least, most = torch.aminmax(near)
        if not (least >= -_LARGEST and most <= _LARGEST):  # what is no number is neither
            return None
    together = _together(channels)
    if channels % together:  # the kernels are slow at a few numbers more or less
        near = F.pad(near, (0, together - channels % together))
    packed: torch.Tensor = torch.ops.quantized.embedding_bag_4bit_prepack(near.reshape(-1, together))
    return packed.view(*rows.shape[:-1], packed_bytes(channels))


def unpack(packed: torch.Tensor, channels: int) -> torch.Tensor:
    """The rows, float32 (…, channels), of what `pack` made of them."""
    groups = packed.reshape(-1, _together(channels) // 2 + _HEAD)
    rows: torch.Tensor = torch.ops.quantized.embedding_bag_4bit_unpack(groups)
    return _without_padding(rows, packed, channels)


def as_kept(rows: torch.Tensor) -> torch.Tensor:
    """What `unpack` gives back of rows (…, channels); they themselves where they cannot be packed."""
    packed = pack(rows)
    return rows if packed is None else unpack(packed, rows.shape[-1])


def unpacked_plainly(packed: torch.Tensor, channels: int) -> torch.Tensor:
    """`unpack`, written out."""
    groups = packed.reshape(-1, _together(channels) // 2 + _HEAD)
    head = groups[:, -_HEAD:].contiguous().view(torch.float16).float()
    pairs = groups[:, :-_HEAD]
    numbers = torch.stack([pairs & 15, pairs >> 4], -1).flatten(1)
    return _without_padding(numbers * head[:, :1] + head[:, 1:], packed, channels)


def packed_bytes(channels: int) -> int:
    """What a row of so many channels takes."""
    together = _together(channels)
    return -(-channels // together) * (together // 2 + _HEAD)


def _together(channels: int) -> int:
    """How many numbers share a step."""
    return min(_AT_A_TIME, channels + channels % 2)


def _without_padding(rows: torch.Tensor, packed: torch.Tensor, channels: int) -> torch.Tensor:
    count = -(-channels // _together(channels)) * _together(channels)
    return rows.view(*packed.shape[:-1], count)[..., :channels]
