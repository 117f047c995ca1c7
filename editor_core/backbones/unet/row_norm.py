"""GroupNorm on rows, with statistics that follow the edit.

With the recorded statistics kept, as FISEdit and SIGE keep them, the inside of a region comes out several dB further
from the dense run; see `group_norm.py` for how they are brought up to date without looking at the rest of the map.
"""

from dataclasses import dataclass

import torch
from torch import nn

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.unet.fused import FusedKernels
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
    """A GroupNorm on the active rows of a map: the one at `index` among those of its level, and its activation.

    `fresh` follows the edit; without it the recorded statistics are used. Either way the record is brought up to date.
    """

    norm: Module
    level: int
    index: int
    fresh: bool = True
    activation: Module | None = None

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        """Normalise rows (batch, N, channels), calculated in float32, and activate them."""
        if step.kernels is not None and self.fresh and self.norm.affine:
            return self._fused(hidden, step, step.kernels)
        hidden = self._normalised(hidden, step)
        return hidden if self.activation is None else self.activation(hidden)

    def _normalised(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
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
        known = step.norms[self.level]
        own = None if known.computed is None else moments(grouped)
        now = statistics_of_rows(grouped, own, known.positions)
        followed = follow(self._rest(len(grouped), step), now, known.share)
        if own is not None:
            self._hand_on(followed, own, step)
        return followed

    def _fused(self, hidden: torch.Tensor, step: StepContext, kernels: FusedKernels) -> torch.Tensor:
        """The same in a card's own kernels."""
        known, silu = step.norms[self.level], isinstance(self.activation, nn.SiLU)
        kept = known.computed is not None
        rest = self._rest(len(hidden), step)
        found = kernels.normalise(self.norm, hidden, rest, known.positions, silu=silu, kept=kept)
        if found.statistics is not None and found.moments is not None:
            self._hand_on(found.statistics, found.moments, step)
        return found.rows if silu or self.activation is None else self.activation(found.rows)

    def _rest(self, batch: int, step: StepContext) -> Rest:
        rest = step.norms[self.level].rest[self.index]
        return Rest(step.fitted(rest.mean, batch), step.fitted(rest.variance, batch))

    def _hand_on(self, statistics: Pair, own: Pair, step: StepContext) -> None:
        computed, words = step.norms[self.level].computed, len(step.text.embeddings)
        if computed is not None:
            computed.statistics.put(self.index, *(for_all_words(each, words) for each in statistics))
            computed.moments.put(self.index, *(for_all_words(each, words) for each in own))
