"""GroupNorm on rows, with statistics that follow the edit.

With the recorded statistics kept, as FISEdit and SIGE keep them, the inside of a region comes out several dB further
from the dense run; see `group_norm.py` for how they are brought up to date without looking at the rest of the map.
"""

from dataclasses import dataclass

import torch

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.unet.group_norm import (
    apply_statistics,
    follow,
    moments,
    sums_of_moments,
    sums_of_rows,
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
        known = step.norms[self.level]
        mean, variance, distance, square = (
            step.fitted(each, len(hidden))
            for each in (known.mean[self.index], known.variance[self.index], *known.rest(self.index))
        )
        if known.computed is None:
            now = sums_of_rows(self.norm, hidden, mean)
        else:
            own = moments(self.norm, hidden)
            now = sums_of_moments(*own, mean)
        followed = follow(mean, (distance, square), now, known.positions)
        if known.computed is not None:
            words = len(step.text.embeddings)
            known.computed.statistics.put(self.index, *(for_all_words(each, words) for each in followed))
            known.computed.moments.put(self.index, *(for_all_words(each, words) for each in own))
        return apply_statistics(self.norm, hidden, *(followed if self.fresh else (mean, variance)))
