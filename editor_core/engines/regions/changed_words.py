"""Where changed words look, a second witness of the region that an edit changes.

OTSU keeps the strongest differences of FISEdit's first steps: the middle of a thing, seldom its tips, and the half of a
background that changes most. The words know better how far the thing they name reaches: the cross-attention of the
words that an edit takes away, in the base's own run, covers what they stand for; where words are only put in, theirs
does in the edited run. A share of the strongest response marks a place, as Prompt-to-Prompt's local blending has it
(arXiv 2208.01626, released code), on maps of about 16 positions a side, where attention is best grounded.

Words without a place, such as articles, look anywhere. So their region counts only where the differences bear it out.
"""

from collections.abc import Sequence

import numpy as np

from editor_core.backbones.attention.sites import AttentionSite, Size
from editor_core.backbones.backbone import Attending
from editor_core.engines.incremental.reference import Maps
from editor_core.engines.regions.attention_mask import resized, stretch
from editor_core.engines.regions.thresholds import CHANGED_WORDS_CONTRAST, CHANGED_WORDS_SHARE
from editor_core.models.bundle import ModelBundle
from editor_core.models.prompts import TokenizedPrompt, align

_SIDE = 16
"""Positions of the maps that are read."""


class ChangedWords:
    """Adds up the maps of an edit's first steps."""

    def __init__(
        self,
        bundle: ModelBundle,
        backbone: Attending,
        base: TokenizedPrompt,
        edited: TokenizedPrompt,
        size: Size,
    ) -> None:
        """size: (h, w) of the latents."""
        self._size = size
        taken = unmatched(base, edited)
        self._in_base = bool(taken)
        self._tokens = taken or unmatched(edited, base)
        self._sites = best_sites(bundle, backbone)
        self._map_size = backbone.level_sizes(*size)[self._sites[0].level]
        self._heat = np.zeros(self._map_size, np.float32)

    def add(self, base: Maps, edited: Maps) -> None:
        """Take the maps of one step of both runs, each (heads, positions, tokens)."""
        maps = base if self._in_base else edited
        for site in self._sites:
            looks = maps[site.name][..., self._tokens].float().mean(0).sum(-1)
            self._heat += looks.view(self._map_size).cpu().numpy()

    def region(self, difference: np.ndarray) -> np.ndarray:
        """bool (h, w); empty where no word changed or the summed differences (h, w) are no larger there."""
        heat = stretch(resized(self._heat[None], self._size)[0])
        region: np.ndarray = heat > CHANGED_WORDS_SHARE
        if not region.any():
            return region
        borne_out = difference[region].mean() >= CHANGED_WORDS_CONTRAST * difference[~region].mean()
        return region if borne_out else np.zeros_like(region)


def unmatched(prompt: TokenizedPrompt, other: TokenizedPrompt) -> list[int]:
    """Positions of the tokens of whole words that the other prompt has not."""
    counterpart = align(other, prompt)
    return [token for word in prompt.words for token in word.tokens if counterpart[token] < 0]


def best_sites(bundle: ModelBundle, backbone: Attending) -> Sequence[AttentionSite]:
    """The cross-attention layers whose maps have nearest to 16 positions a side at the model's own size."""
    sites = [site for site in backbone.sites if site.is_cross]
    side = min(bundle.default_size) / bundle.downscale
    best = min({site.level for site in sites}, key=lambda level: (abs(np.log2(side / _SIDE) - level), level))
    return [site for site in sites if site.level == best]
