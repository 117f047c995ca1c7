"""GroupNorm on rows, with statistics that follow the edit.

With the recorded statistics kept, as FISEdit and SIGE keep them, the inside of a region comes out several dB further
from the dense run; see `group_norm.py` for how they are brought up to date without looking at the rest of the map.
"""

from dataclasses import dataclass

import torch

from editor_core.unet.group_norm import (
    apply_statistics,
    change_of_moments,
    change_of_rows,
    moments,
    moments_site,
    update_statistics,
)
from editor_core.unet.regions import LevelPlan
from editor_core.unet.rows import Reads, StepContext
from editor_core.unet.sites import Module


@dataclass
class RowNorm:
    """A GroupNorm on the active rows of a map.

    `fresh` follows the edit; without it the recorded statistics are used. Either way the record is brought up to date.
    """

    site: str
    norm: Module
    level: LevelPlan
    fresh: bool = True

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        """Normalise rows (batch, N, channels); calculated in float32."""
        recorded = step.recorded(self.site, None, len(hidden))
        then = step.recorded(moments_site(self.site), self.level.active, len(hidden)).float()
        if step.emit is None:
            change = change_of_rows(self.norm, then, hidden)
        else:
            now = moments(self.norm, hidden)
            change = change_of_moments(then, now)
            step.computed(moments_site(self.site), self.level.active, now)
        updated = update_statistics(recorded, change, self.level.height * self.level.width)
        step.computed(self.site, None, updated)
        return apply_statistics(self.norm, hidden, updated if self.fresh else recorded)

    def reads(self) -> Reads:
        return [(self.site, None), (moments_site(self.site), self.level.active)]
