"""The group norms of one level, recorded together: many small tensors of a step as two.

One entry holds the statistics of all of them, float32 (batch, 2, groups of all): means, then variances. The other holds
what each position puts into these, (batch, positions, 2·groups of all): means, then deviations (`group_norm.py`). The
norms stand in calling order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.backbone import Store
from editor_core.backbones.unet.group_norm import (
    Pair,
    Rest,
    follow,
    rest_of_map,
    rest_of_rows,
    statistics_of_moments,
)
from editor_core.backbones.unet.sites import Layer, LayerKind, layers, level_count


def statistics_site(level: int) -> str:
    """The name under which a level's statistics are recorded."""
    return f"norms.{level}"


def moments_site(level: int) -> str:
    """The name under which a level's moments are recorded."""
    return f"norms.{level}.moments"


def norms_by_level(unet: Module) -> tuple[tuple[Module, ...], ...]:
    """The group norms of each level, finest level first, in calling order."""
    found: list[list[Module]] = [[] for _ in range(level_count(unet))]
    for layer in layers(unet):
        found[layer.level] += _norms(unet, layer)
    return tuple(map(tuple, found))


def _norms(unet: Module, layer: Layer) -> Iterator[Module]:
    if layer.kind is LayerKind.RESNET:
        yield from (layer.module.norm1, layer.module.norm2)
    elif layer.kind is LayerKind.TRANSFORMER:
        yield layer.module.norm
    elif layer.kind is LayerKind.CONV_OUT:
        yield unet.conv_norm_out


class NormCollector:
    """Collects a pair of tensors from each of a level's norms and hands on all of them, joined."""

    def __init__(self, count: int, done: Callable[[torch.Tensor, torch.Tensor], None]) -> None:
        """`done` gets the first tensors of all norms, joined along the last dimension, and the second ones."""
        self._count, self._done = count, done
        self._pairs: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def put(self, index: int, first: torch.Tensor, second: torch.Tensor) -> None:
        """Take the pair of the norm that stands at `index` among the level's."""
        self._pairs[index] = first, second
        if len(self._pairs) == self._count:
            firsts, seconds = zip(*(self._pairs[number] for number in range(self._count)), strict=True)
            self._pairs = {}
            self._done(torch.cat(firsts, -1), torch.cat(seconds, -1))


def collect_statistics(
    level: int, count: int, store: Store, epsilon: torch.Tensor | float = 0.0
) -> NormCollector:
    """Collect means and variances (batch, groups) for the level's entry; the variances come with `epsilon` in them."""

    def done(mean: torch.Tensor, variance: torch.Tensor) -> None:
        store(statistics_site(level), torch.stack([mean, variance - epsilon], 1))

    return NormCollector(count, done)


def collect_moments(level: int, count: int, store: Store) -> NormCollector:
    """Collect means and deviations (batch, positions, groups) for the level's entry."""
    return NormCollector(
        count, lambda mean, deviation: store(moments_site(level), torch.cat([mean, deviation], -1))
    )


@dataclass(frozen=True)
class ComputedNorms:
    """Where a level's norms put what a step made of them."""

    statistics: NormCollector
    moments: NormCollector


class LevelNorms:
    """The recorded norms of one level, as a step sees them that computes some of its positions anew.

    Of the norm at an index: its recorded `mean` and `variance`, float32 (batch, groups), the latter with the norm's
    epsilon, and the `rest` of its map. What the step makes of them goes to `computed`.
    """

    def __init__(
        self,
        norms: Sequence[Module],
        statistics: torch.Tensor,
        moments: torch.Tensor | None,
        active: int,
        positions: int,
        epsilon: torch.Tensor,
    ) -> None:
        """Take the level's statistics, its moments, the number of active positions and of all, and `epsilons`.

        moments: at the active positions or at the others, whichever are fewer; None where that is nowhere.
        """
        groups = [norm.num_groups for norm in norms]
        mean, variance = statistics[:, 0], statistics[:, 1] + epsilon
        self.positions, self.share = positions, active / positions
        self.computed: ComputedNorms | None = None
        self._rest = rest = _rest((mean, variance), moments, self.share, positions, epsilon)
        self.mean, self.variance, means, variances = (
            each.split_with_sizes(groups, -1) for each in (mean, variance, rest.mean, rest.variance)
        )
        self.rest = [Rest(*each) for each in zip(means, variances, strict=True)]

    def with_rows(self, moments: torch.Tensor) -> Pair:
        """Mean and variance, epsilon included, (batch, groups of all), of maps whose active rows have these moments.

        moments: (batch, N, 2·groups of all); the batch may be one of several pictures.
        """
        mean, deviation = moments.float().chunk(2, -1)
        centre, spread = statistics_of_moments(mean, deviation, self.positions)
        pictures = len(moments) // len(self._rest.mean)
        rest = Rest(*(each.repeat_interleave(pictures, 0) for each in (self._rest.mean, self._rest.variance)))
        return follow(rest, (centre, spread.sqrt()), self.share)


def _rest(
    recorded: Pair, moments: torch.Tensor | None, share: float, positions: int, epsilon: torch.Tensor
) -> Rest:
    """The level's maps without their active rows, from the moments of the fewer rows."""
    if moments is None:
        nothing = torch.zeros_like(recorded[0])
        return rest_of_rows(nothing, nothing, share, epsilon)
    mean, deviation = moments.float().chunk(2, -1)
    those = statistics_of_moments(mean, deviation, positions)
    if 2 * share > 1:
        return rest_of_rows(*those, share, epsilon)
    return rest_of_map(recorded, those, share, epsilon)


def epsilons(norms: Sequence[Module], device: torch.device) -> torch.Tensor:
    """What each group's norm adds to a variance: float32 (groups of all,)."""
    each = [torch.full((norm.num_groups,), norm.eps) for norm in norms]
    return torch.cat(each).to(device)
