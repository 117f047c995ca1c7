"""The statistics of a GroupNorm, and how a change of some positions changes them.

Mean and variance are taken over the whole map, but both come from sums over positions. With what each position puts
into them (its moments) recorded, an edited map's follow exactly from the recorded ones: the active rows' share is taken
out as it was then, and put in again as it is now. Sums are taken about a mean, where no large numbers cancel. Where
most positions are active, what is left is added up instead: what a record lacks in digits would count for much, and be
handed on from turn to turn.

A graphics card spends more on starting a kernel than on these few numbers, and has one for a mean and a variance over
any dimensions. A processor is slow at that one and quick at products and at sums of whole rows.
"""

from dataclasses import dataclass
from functools import cache

import torch

from editor_core.backbones.attention.sites import Module

Pair = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Rest:
    """A map without its active rows, by its share of the map; all float32.

    `mean` (batch, 2, groups): its mean times that share, and less its mean times the active rows' share. `variance`
    (batch, groups): its variance times its share, and the norm's epsilon.
    """

    mean: torch.Tensor
    variance: torch.Tensor


def reduces_slowly(tensor: torch.Tensor) -> bool:
    """Whether a mean and a variance over inner dimensions take long where the tensor lies, on a processor."""
    return tensor.device.type == "cpu"


def by_group(norm: Module, rows: torch.Tensor) -> torch.Tensor:
    """Rows (batch, N, channels) as (batch, N, groups, channels of a group) that can be reduced, else in float32.

    A card reduces float16 in float32, and what comes out needs no more digits than float16 has; bfloat16 has too few.
    """
    reducible = rows.dtype is torch.float16 and not reduces_slowly(rows)
    return (rows if reducible else rows.float()).view(*rows.shape[:2], norm.num_groups, -1)


def moments(grouped: torch.Tensor) -> Pair:
    """Mean and standard deviation of each group's channels at each position: (batch, N, groups) each."""
    if not reduces_slowly(grouped):
        deviation, mean = torch.std_mean(grouped, -1, correction=0)
        return mean, deviation
    average = _average(grouped.shape[-1], grouped.device)
    mean = grouped @ average
    variance = torch.addcmul(grouped.square() @ average, mean, mean, value=-1)
    return mean, variance.clamp_(min=0).sqrt_()


def statistics_of_rows(grouped: torch.Tensor, own: Pair | None, positions: int) -> Pair:
    """Mean and deviation (batch, groups) of the rows, the latter by their share of a map of so many positions.

    That is the root of their sum of squared distances over the map's numbers. own: their moments, if they are known.
    """
    batch, count, groups, channels = grouped.shape
    if not reduces_slowly(grouped):  # the correction makes it divide by the map's size
        deviation, mean = torch.std_mean(grouped, (1, 3), correction=(count - positions) * channels)
        return mean, deviation
    if own is not None:  # far fewer numbers
        mean, spread = statistics_of_moments(*own, positions)
        return mean, spread.sqrt_()
    rows = grouped.flatten(2)
    sums = torch.stack([rows.sum(1), rows.square().sum(1)], 1).view(batch, 2, groups, channels)
    mean, squares = sums.mean(-1).mul_(1 / count).unbind(1)
    spread = torch.addcmul(squares, mean, mean, value=-1).clamp_(min=0)
    return mean, spread.mul_(count / positions).sqrt_()


def statistics_of_moments(mean: torch.Tensor, deviation: torch.Tensor, positions: int) -> Pair:
    """Mean and variance (batch, groups), by their share of the map, of rows whose moments are these, float32."""
    if not reduces_slowly(mean):
        spread, centre = torch.var_mean(mean, 1, correction=mean.shape[1] - positions)
        norm = torch.linalg.vector_norm(deviation, dim=1)
        return centre, torch.addcmul(spread, norm, norm, value=1 / positions)
    centre = mean.mean(1)
    distance = mean - centre[:, None]
    return centre, torch.addcmul(deviation.square(), distance, distance).sum(1).div_(positions)


def rest_of_map(recorded: Pair, then: Pair, share: float, epsilon: torch.Tensor) -> Rest:
    """The map without its active rows: `recorded` are its statistics, epsilon in the variance, `then` those rows'.

    All are means and variances; the rows are such a `share` of the map. epsilon: (groups,), what the norm adds.
    """
    (mean, variance), (theirs, spread) = recorded, then
    others = 1 - share or 1.0  # without others, what is divided by their share is nothing
    distance = theirs - mean
    variance = torch.addcmul(variance - spread, distance, distance, value=-share / others)
    mean = torch.sub(mean, theirs, alpha=share)
    return Rest(torch.stack([mean, mean * (-share / others)], 1), torch.maximum(variance, epsilon))


def rest_of_rows(mean: torch.Tensor, variance: torch.Tensor, share: float, epsilon: torch.Tensor) -> Rest:
    """The same of the rest's own rows: their mean and, by their share of the map, their variance, (batch, groups)."""
    return Rest(torch.stack([mean * (1 - share), mean * -share], 1), variance + epsilon)


def follow(rest: Rest, now: Pair, share: float) -> Pair:
    """Mean and variance, epsilon included, over a map whose active rows, such a `share` of it, have these now.

    Two parts of a sample put together (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for
    computing sample variances", 1979, equation 2.1).
    """
    mean, distance = torch.add(rest.mean, now[0][:, None], alpha=share).unbind(1)
    within = torch.addcmul(rest.variance, now[1], now[1])
    return mean, torch.addcmul(within, distance, distance, value=(1 - share) / share)


def apply_statistics(
    norm: Module, rows: torch.Tensor, mean: torch.Tensor, variance: torch.Tensor
) -> torch.Tensor:
    """Normalise rows (batch, N, channels) by mean and variance, (batch, groups), epsilon included, both float32.

    Calculated in float32.
    """
    weight, bias = (vector.view(norm.num_groups, -1) for vector in (norm.weight, norm.bias))
    scale = weight * variance.rsqrt().unsqueeze(2)
    shift = torch.addcmul(bias, mean.unsqueeze(2), scale, value=-1)
    shift, scale = (each.flatten(1)[:, None] for each in (shift, scale))
    return torch.addcmul(shift, rows, scale, out=torch.empty_like(rows))


@cache
def _average(channels: int, device: torch.device) -> torch.Tensor:
    return torch.full((channels,), 1 / channels, device=device)
