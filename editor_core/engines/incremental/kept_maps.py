"""Attention maps as the cache keeps them: whole in half precision, or small, where a first turn has to be.

A small one is averaged down to about 16 positions a side, where words are told apart best (Prompt-to-Prompt, arXiv
2208.01626, stores no finer ones than twice that), and has eight bits a number.
"""

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.sites import Size
from editor_core.engines.incremental.recorder import COMPACT, STORED
from editor_core.messages.run import RecordingMode

_SIDE = 16
_LARGEST = torch.finfo(COMPACT).max
"""Probabilities are scaled to it, so that small ones have their digits."""


def small_size(size: Size) -> Size:
    """(h, w) of a small map of a map (h, w)."""
    factor = _factor(size)
    return -(-size[0] // factor), -(-size[1] // factor)


def map_to_keep(probs: torch.Tensor, size: Size, kept: RecordingMode) -> torch.Tensor:
    """What the cache gets of a map (heads, positions, tokens), whose positions are `size` (h, w)."""
    if kept is not RecordingMode.COMPACT:
        return probs.to(STORED)
    picture = probs.float().mT.reshape(len(probs), -1, *size)
    small = F.avg_pool2d(picture, _factor(size), ceil_mode=True, count_include_pad=False)
    return (small.flatten(-2).mT * _LARGEST).to(COMPACT)


def kept_map(found: torch.Tensor, size: Size) -> torch.Tensor:
    """The map (heads, positions, tokens) in half precision, of what `map_to_keep` gave the cache."""
    if found.dtype is not COMPACT:
        return found
    picture = (found.float() / _LARGEST).mT.reshape(len(found), -1, *small_size(size))
    whole = F.interpolate(picture, size=size, mode="bilinear", align_corners=False)
    return whole.flatten(-2).mT.to(STORED)


def _factor(size: Size) -> int:
    return max(1, min(size) // _SIDE)
