"""Bucketing: active sets that come in few sizes, so that one captured step serves many regions.

A set is filled up with the positions nearest to it, not with padding: they are computed like any others, and thrown
away with the margin.
"""

import torch
from torch.nn import functional as F

MIN_STEP = 16
PER_OCTAVE = 8  # at most an eighth more than asked for


def bucket_size(count: int) -> int:
    """Round up to the next of eight sizes per doubling; nothing stays nothing."""
    if count == 0:
        return 0
    step = max(MIN_STEP, (1 << (count.bit_length() - 1)) // PER_OCTAVE)
    return -(-count // step) * step


def filled(mask: torch.Tensor, count: int) -> torch.Tensor:
    """Add the nearest positions, ring by ring, to a bool mask (height, width) until `count`, or all, are set.

    Within a ring, the first in reading order come first. An empty mask stays empty.
    """
    while (missing := count - int(mask.sum())) > 0 and mask.any() and not mask.all():
        wider = F.max_pool2d(mask[None].float(), 3, 1, 1)[0] > 0
        ring = (wider & ~mask).flatten().nonzero()[:missing, 0]
        mask = mask.flatten().index_fill(0, ring, True).view_as(mask)
    return mask


def padded(positions: torch.Tensor) -> torch.Tensor:
    """Repeat the first of int64 positions (M,) until there are as many as in their bucket: they are read in vain."""
    missing = bucket_size(len(positions)) - len(positions)
    return torch.cat([positions, positions[:1].expand(missing)])
