"""The statistics of a GroupNorm, and how a change of some positions changes them.

Mean and variance are taken over the whole map, but both are sums over positions. With what each position puts into them
(its moments) recorded, an edited map's follow exactly from the recorded ones: minus what the active rows put in then,
plus what they put in now.
"""

from functools import cache

import torch
from torch.nn import functional as F

from editor_core.unet.sites import Module


def moments_site(norm: str) -> str:
    """The name under which a norm's moments are recorded."""
    return f"{norm}.moments"


def moments(norm: Module, rows: torch.Tensor) -> torch.Tensor:
    """Mean and standard deviation of each group's channels at each position: float32 (batch, N, 2·groups).

    rows: (batch, N, channels). The sums over groups are a matrix product, which is far quicker than a reduction over a
    few channels.
    """
    rows = rows.float()
    average = _averages(norm.num_channels, norm.num_groups, rows.device)
    mean = rows @ average
    square = rows.square() @ average
    return torch.cat([mean, (square - mean.square()).clamp_(min=0).sqrt_()], -1)


def update_statistics(
    recorded: torch.Tensor, then: torch.Tensor, now: torch.Tensor, positions: int
) -> torch.Tensor:
    """Replace what some of a map's positions put into its statistics.

    recorded: float32 (batch, 2, groups), mean and variance over all `positions`; then and now: those positions' moments
    (batch, N, 2·groups). Everything is taken about the recorded mean, where no large numbers cancel.
    """
    mean, variance = recorded[:, 0], recorded[:, 1]
    before, after = _sums_about(mean, then), _sums_about(mean, now)
    moved = (after[0] - before[0]) / positions
    spread = variance + (after[1] - before[1]) / positions - moved.square()
    return torch.stack([mean + moved, spread.clamp(min=0)], 1)


def apply_statistics(norm: Module, rows: torch.Tensor, statistics: torch.Tensor) -> torch.Tensor:
    """Normalise rows (batch, N, channels) by mean and variance, float32 (batch, 2, groups); calculated in float32."""
    per_group = norm.num_channels // norm.num_groups
    mean, variance = statistics.repeat_interleave(per_group, 2).unbind(1)
    scale = norm.weight.float() * (variance + norm.eps).rsqrt()
    shift = norm.bias.float() - mean * scale
    return torch.addcmul(shift[:, None], rows.float(), scale[:, None]).to(rows.dtype)


def _sums_about(mean: torch.Tensor, moments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Sums over positions of the first and second moments about `mean` (batch, groups), per channel of a group."""
    means, deviations = moments.chunk(2, -1)
    away = means - mean[:, None]
    return away.sum(1), (away.square() + deviations.square()).sum(1)


@cache
def _averages(channels: int, groups: int, device: torch.device) -> torch.Tensor:
    """The matrix (channels, groups) that averages over each group's channels."""
    per_group = channels // groups
    return F.one_hot(torch.arange(groups, device=device)).float().repeat_interleave(per_group, 0) / per_group
