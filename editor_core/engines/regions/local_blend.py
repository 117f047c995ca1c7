"""Where some words of the source's prompt look while it runs: Prompt-to-Prompt's local blend (arXiv 2208.01626, 4).

Their cross-attention maps of about 16x16 positions are averaged over layers, heads and steps; what reaches a share of
the strongest belongs to what the words name. Elsewhere an edit gives way to the source.
"""

from collections.abc import Sequence

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.sites import AttentionSite, at_ratio
from editor_core.backbones.backbone import Attending
from editor_core.engines.regions.find_mask import nearest_ratio
from editor_core.engines.regions.thresholds import BLEND_SHARE

_SIDE = 16
"""Positions of the maps that are read."""


class LocalBlend:
    """tokens: the words' places in the source's prompt; size: of the latents, (h, w)."""

    def __init__(self, backbone: Attending, tokens: Sequence[int], size: tuple[int, int]) -> None:
        ratio = nearest_ratio(backbone, max(1, round(min(size) / _SIDE)))
        self._where = at_ratio(ratio)
        self._tokens, self._size = list(tokens), size
        self._map_size = backbone.level_sizes(*size)[ratio.bit_length() - 1]
        self._total: torch.Tensor | None = None

    def record(self, site: AttentionSite, probs: torch.Tensor) -> None:
        """Take a site's map (heads, positions, tokens) of the source."""
        if self._where(site) and self._tokens:
            looks = probs[..., self._tokens].sum(-1).mean(0)
            self._total = looks if self._total is None else self._total + looks

    def inside(self) -> torch.Tensor:
        """bool (h, w): where the words looked so far, and one position around; everywhere if there are no words."""
        if self._total is None:
            return torch.ones(self._size, dtype=torch.bool)
        looks = F.interpolate(self._total.view(1, 1, *self._map_size), self._size, mode="bicubic")
        belongs = looks > BLEND_SHARE * self._total.max()
        return F.max_pool2d(belongs.float(), 3, stride=1, padding=1)[0, 0] > 0
