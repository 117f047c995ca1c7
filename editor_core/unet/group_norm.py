"""The statistics of a GroupNorm, and how a change of some positions changes them.

Mean and variance are taken over the whole map, but both are sums over positions. With what each position puts into them
(its moments) recorded, an edited map's follow exactly from the recorded ones: minus what the active rows put in then,
plus what they put in now.
"""

from functools import cache

import torch

from editor_core.unet.sites import Module


def moments_site(norm: str) -> str:
    """The name under which a norm's moments are recorded."""
    return f"{norm}.moments"


def moments(norm: Module, rows: torch.Tensor) -> torch.Tensor:
    """Mean and standard deviation of each group's channels at each position: float32 (batch, N, 2·groups).

    rows: (batch, N, channels). The sums over groups are products with a vector, far quicker than a reduction over a few
    channels.
    """
    grouped = rows.float().view(*rows.shape[:2], norm.num_groups, -1)
    average = _average(grouped.shape[-1], rows.device)
    mean = grouped @ average
    variance = torch.addcmul(grouped.square() @ average, mean, mean, value=-1)
    return torch.cat([mean, variance.clamp_(min=0).sqrt_()], -1)


def update_statistics(
    recorded: torch.Tensor, then: torch.Tensor, now: torch.Tensor, positions: int
) -> torch.Tensor:
    """Replace what some of a map's positions put into its statistics.

    recorded: float32 (batch, 2, groups), mean and variance over all `positions`; then and now: those positions' moments
    (batch, N, 2·groups). Changes are taken position by position, where no large numbers cancel.
    """
    mean, variance = recorded.unbind(1)
    change = now - then
    squares = change * (now + then)
    groups = mean.shape[1]
    moved = change[..., :groups].sum(1) / positions
    spread = squares.sum(1).view(-1, 2, groups).sum(1) / positions
    spread = torch.addcmul(variance + spread, moved, 2 * mean + moved, value=-1)
    return torch.stack([mean + moved, spread.clamp_(min=0)], 1)


def apply_statistics(norm: Module, rows: torch.Tensor, statistics: torch.Tensor) -> torch.Tensor:
    """Normalise rows (batch, N, channels) by mean and variance, float32 (batch, 2, groups); calculated in float32."""
    weight, bias = (vector.float().view(norm.num_groups, -1) for vector in (norm.weight, norm.bias))
    mean, variance = statistics[..., None].unbind(1)
    scale = weight * (variance + norm.eps).rsqrt()
    shift = torch.addcmul(bias, mean, scale, value=-1)
    return torch.addcmul(shift.flatten(1)[:, None], rows.float(), scale.flatten(1)[:, None]).to(rows.dtype)


@cache
def _average(channels: int, device: torch.device) -> torch.Tensor:
    return torch.full((channels,), 1 / channels, device=device)
