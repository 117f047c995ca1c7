"""GroupNorm on rows, with statistics that follow the edit.

With the recorded statistics kept, as FISEdit and SIGE keep them, the inside of a region comes out several dB further
from the dense run; see `group_norm.py` for how they are brought up to date without looking at the rest of the map.
"""

from dataclasses import dataclass

import torch

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.unet.group_norm import (
    Pair,
    Rest,
    apply_statistics,
    by_group,
    follow,
    moments,
    statistics_of_rows,
)
from editor_core.backbones.unet.rows import StepContext, for_all_words


@dataclass
class RowNorm:
    """A GroupNorm on the active rows of a map: the one at `index` among those of its level.

    `fresh` follows the edit; without it the recorded statistics are used. Either way the record is brought up to date.
    """

    norm: Module
    level: int
    index: int
    fresh: bool = True

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        """Normalise rows (batch, N, channels); calculated in float32."""
        known, batch = step.norms[self.level], len(hidden)
        followed = None
        if self.fresh or known.computed is not None:
            followed = self._follow(by_group(self.norm, hidden), step)
        if followed is None or not self.fresh:
            followed = (
                step.fitted(known.mean[self.index], batch),
                step.fitted(known.variance[self.index], batch),
            )
        return apply_statistics(self.norm, hidden, *followed)

    def _follow(self, grouped: torch.Tensor, step: StepContext) -> Pair:
        """The statistics of the map with these rows in it; they and the rows' moments are handed on."""
        known, batch = step.norms[self.level], len(grouped)
        own = None if known.computed is None else moments(grouped)
        now = statistics_of_rows(grouped, own, known.positions)
        rest = known.rest[self.index]
        rest = Rest(step.fitted(rest.mean, batch), step.fitted(rest.variance, batch))
        followed = follow(rest, now, known.share)
        if known.computed is not None and own is not None:
            words = len(step.text.embeddings)
            known.computed.statistics.put(self.index, *(for_all_words(each, words) for each in followed))
            known.computed.moments.put(self.index, *(for_all_words(each, words) for each in own))
        return followed
