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


def change_of_moments(then: torch.Tensor, now: torch.Tensor) -> torch.Tensor:
    """How the sums over positions of means and of mean squares change: float32 (batch, 2, groups).

    then and now: the moments of positions (batch, N, 2·groups). Differences are taken position by position, where no
    large numbers cancel.
    """
    change = now - then
    return _summed(change, change * (now + then))


def change_of_rows(norm: Module, then: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """What `change_of_moments` says, for rows (batch, N, channels) whose moments nobody wants: far fewer numbers."""
    rows = rows.float()
    sums = torch.stack([rows.sum(1), rows.square().sum(1)], 1)
    return sums.view(len(rows), 2, norm.num_groups, -1).mean(-1) - _summed(then, then.square())


def update_statistics(recorded: torch.Tensor, change: torch.Tensor, positions: int) -> torch.Tensor:
    """Bring recorded mean and variance over all `positions` up to date with a `change` of their sums.

    All are float32 (batch, 2, groups).
    """
    mean, variance = recorded.unbind(1)
    moved, spread = (change / positions).unbind(1)
    spread = torch.addcmul(variance + spread, moved, 2 * mean + moved, value=-1)
    return torch.stack([mean + moved, spread.clamp_(min=0)], 1)


def apply_statistics(norm: Module, rows: torch.Tensor, statistics: torch.Tensor) -> torch.Tensor:
    """Normalise rows (batch, N, channels) by mean and variance, float32 (batch, 2, groups); calculated in float32."""
    weight, bias = (vector.float().view(norm.num_groups, -1) for vector in (norm.weight, norm.bias))
    mean, variance = statistics[..., None].unbind(1)
    scale = weight * (variance + norm.eps).rsqrt()
    shift = torch.addcmul(bias, mean, scale, value=-1)
    return torch.addcmul(shift.flatten(1)[:, None], rows.float(), scale.flatten(1)[:, None]).to(rows.dtype)


def _summed(moments: torch.Tensor, squares: torch.Tensor) -> torch.Tensor:
    """Sums over positions of means, and of squares of means and deviations together."""
    groups = moments.shape[2] // 2
    return torch.stack([moments[..., :groups].sum(1), squares.sum(1).view(-1, 2, groups).sum(1)], 1)


@cache
def _average(channels: int, device: torch.device) -> torch.Tensor:
    return torch.full((channels,), 1 / channels, device=device)
