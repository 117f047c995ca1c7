"""The statistics of a GroupNorm, and how a change of some positions changes them.

Mean and variance are taken over the whole map, but both come from sums over positions. With what each position puts
into them (its moments) recorded, an edited map's follow exactly from the recorded ones: without what the active rows
put in then, with what they put in now. Sums are taken about the recorded mean, where no large numbers cancel.
"""

from functools import cache

import torch

from editor_core.backbones.attention.sites import Module

Sums = tuple[torch.Tensor, torch.Tensor]
"""Of the distances from a centre, and of their squares, over some positions: float32 (batch, groups) each."""


def moments(norm: Module, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation of each group's channels at each position: float32 (batch, N, groups) each.

    rows: (batch, N, channels). The sums over groups are products with a vector, far quicker than a reduction over a few
    channels.
    """
    grouped = rows.float().view(*rows.shape[:2], norm.num_groups, -1)
    average = _average(grouped.shape[-1], rows.device)
    mean = grouped @ average
    variance = torch.addcmul(grouped.square() @ average, mean, mean, value=-1)
    return mean, variance.clamp_(min=0).sqrt_()


def sums_of_moments(mean: torch.Tensor, deviation: torch.Tensor, centre: torch.Tensor) -> Sums:
    """The sums over positions whose moments are (batch, N, groups), about a centre (batch, groups)."""
    distance = mean - centre[:, None]
    return distance.sum(1), torch.addcmul(deviation.square(), distance, distance).sum(1)


def sums_of_rows(norm: Module, rows: torch.Tensor, centre: torch.Tensor) -> Sums:
    """What `sums_of_moments` says, for rows (batch, N, channels) whose moments nobody wants: far fewer numbers."""
    batch, count = rows.shape[:2]
    rows = rows.float()
    sums = torch.stack([rows.sum(1), rows.square().sum(1)], 1)
    total, squares = sums.view(batch, 2, norm.num_groups, -1).mean(-1).unbind(1)
    distance = torch.sub(total, centre, alpha=count)
    return distance, torch.addcmul(squares, centre, total + distance, value=-1)


def follow(mean: torch.Tensor, rest: Sums, now: Sums, positions: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and variance over a map of so many `positions`, by what its active rows put in `now`.

    `rest`: averages over the whole map without them, of distances from the recorded `mean` and of their squares; `now`:
    sums about the same mean. All are float32 (batch, groups).
    """
    moved = torch.add(rest[0], now[0], alpha=1 / positions)
    square = torch.add(rest[1], now[1], alpha=1 / positions)
    return mean + moved, torch.addcmul(square, moved, moved, value=-1).clamp_(min=0)


def apply_statistics(
    norm: Module, rows: torch.Tensor, mean: torch.Tensor, variance: torch.Tensor
) -> torch.Tensor:
    """Normalise rows (batch, N, channels) by mean and variance, float32 (batch, groups); calculated in float32."""
    weight, bias = (vector.float().view(norm.num_groups, -1) for vector in (norm.weight, norm.bias))
    scale = weight * (variance + norm.eps).rsqrt_().unsqueeze(2)
    shift = torch.addcmul(bias, mean.unsqueeze(2), scale, value=-1)
    return torch.addcmul(shift.flatten(1)[:, None], rows.float(), scale.flatten(1)[:, None]).to(rows.dtype)


@cache
def _average(channels: int, device: torch.device) -> torch.Tensor:
    return torch.full((channels,), 1 / channels, device=device)
