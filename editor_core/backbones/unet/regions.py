"""From a mask to the index plans of a sparse step, built once per mask.

Tiles pay for their halo, at every layer and most at low resolution (FISEdit's 2x2 tiles gather twice the dense area at
a 23 % mask). Rows do not: per level there are the `active` positions, whose rows are computed, and for every 3x3
convolution the positions just outside them, whose recorded rows are read. A convolution then is one gather over the
compact rows [active | read | one zero row for outside the picture] and one matrix product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.sites import Size
from editor_core.backbones.unet.buckets import bucket_size, filled, padded


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Where the nine taps of a 3x3 convolution lie.

    `read` (M,) are the positions whose recorded rows are needed besides the active ones; `index` (9·N,) points, tap
    after tap for each output, into the compact rows [active | read | zero row].
    """

    read: torch.Tensor
    index: torch.Tensor


@dataclass(frozen=True, eq=False)
class Box:
    """The active positions' bounding box with a margin of one, as a small picture cut out of the compact rows.

    `index` (height·width,) points into [active | read | zero row]; positions that no active one sees point at the zero
    row. `inside` (N,) are the active positions in the convolved box of (height - 2)·(width - 2), or None for all.
    """

    height: int
    width: int
    index: torch.Tensor
    inside: torch.Tensor | None


@dataclass(frozen=True, eq=False)
class LevelPlan:
    """One level of the U-Net: `active` (N,) and the `others` are its positions, row by row, ascending.

    `same` serves its stride-1 convolutions, `box` is another way to run them.
    """

    height: int
    width: int
    active: torch.Tensor
    others: torch.Tensor
    same: Neighbourhood
    box: Box

    @property
    def share(self) -> float:
        """The share of the level's positions that is active."""
        return len(self.active) / (self.height * self.width)

    @property
    def fewer(self) -> torch.Tensor:
        """The active positions or the others, whichever are fewer."""
        return min(self.active, self.others, key=len)


@dataclass(frozen=True, eq=False)
class Transition:
    """Between a level and the one below it (half its size).

    `down` serves the stride-2 convolution that makes the lower level's active rows, `up` the convolution after
    nearest-neighbour upsampling that makes the upper level's, and `up_from_map` (9·N,) the same where the lower
    level is a whole map, followed by a zero row.
    """

    down: Neighbourhood
    up: Neighbourhood
    up_from_map: torch.Tensor


@dataclass(frozen=True, eq=False)
class Region:
    """The plans of all levels, finest first, and of the `transitions` from each to the next."""

    levels: tuple[LevelPlan, ...]
    transitions: tuple[Transition, ...]

    @property
    def active(self) -> torch.Tensor:
        """The latent positions that are computed, ascending."""
        return self.levels[0].active


def plan_region(
    mask: torch.Tensor,
    levels: int,
    growth: Sequence[int] = (),
    device: torch.device | str = "cpu",
    bucketed: bool = False,
) -> Region:
    """Plan a sparse step for the bool `mask` (height, width) of latent positions.

    A position of a lower level is active when any position it covers is; `growth` (finest level first, missing
    levels 0) then widens the active set of each level by so many of its positions. `bucketed` fills active sets up, and
    pads what is read, to one of few sizes (`buckets.py`). The plans lie on `device`.
    """
    masks = _level_masks(mask.cpu().bool(), levels, growth, bucketed)
    plans = tuple(_plan_level(each, device, bucketed) for each in masks)
    transitions = tuple(_plan_transition(upper, lower, device, bucketed) for upper, lower in pairwise(masks))
    return Region(plans, transitions)


def _level_masks(
    mask: torch.Tensor, levels: int, growth: Sequence[int], bucketed: bool
) -> list[torch.Tensor]:
    masks: list[torch.Tensor] = []
    for by in [*growth, *[0] * levels][:levels]:
        level = F.max_pool2d(masks[-1][None].float(), 2, ceil_mode=True)[0] > 0 if masks else mask
        level = F.max_pool2d(level[None].float(), 2 * by + 1, 1, by)[0] > 0 if by else level
        masks.append(filled(level, bucket_size(int(level.sum()))) if bucketed else level)
    return masks


def _plan_level(mask: torch.Tensor, device: torch.device | str, bucketed: bool) -> LevelPlan:
    height, width = mask.shape
    active, others = mask.flatten().nonzero()[:, 0], (~mask.flatten()).nonzero()[:, 0]
    compact = _Compact(mask, _taps(active, (height, width), (height, width)), bucketed)
    box = _box(mask, active, compact, device)
    return LevelPlan(height, width, active.to(device), others.to(device), compact.neighbourhood(device), box)


def _plan_transition(
    upper: torch.Tensor, lower: torch.Tensor, device: torch.device | str, bucketed: bool
) -> Transition:
    height, width = upper.shape
    lower_height, lower_width = lower.shape
    lower_active, upper_active = lower.flatten().nonzero()[:, 0], upper.flatten().nonzero()[:, 0]
    down = _taps(lower_active, (lower_height, lower_width), (height, width), stride=2)
    taps = _taps(upper_active, (height, width), (height, width))
    parents = torch.where(taps >= 0, (taps // width // 2) * lower_width + taps % width // 2, -1)
    return Transition(
        _Compact(upper, down, bucketed).neighbourhood(device),
        _Compact(lower, parents, bucketed).neighbourhood(device),
        torch.where(parents >= 0, parents, lower.numel()).flatten().to(device),
    )


def _taps(positions: torch.Tensor, size: Size, source: Size, stride: int = 1) -> torch.Tensor:
    """The (N, 9) source positions under a 3x3 kernel with padding 1 at output `positions`; -1 is outside."""
    offsets = torch.arange(-1, 2)
    rows = (positions // size[1] * stride)[:, None, None] + offsets[:, None]
    columns = (positions % size[1] * stride)[:, None, None] + offsets
    return _positions(rows, columns, source).flatten(1)


def _positions(rows: torch.Tensor, columns: torch.Tensor, size: Size) -> torch.Tensor:
    inside = (rows >= 0) & (rows < size[0]) & (columns >= 0) & (columns < size[1])
    return torch.where(inside, rows * size[1] + columns, -1)


class _Compact:
    """The compact rows that `taps` (N, 9) need of a map whose active positions are `mask`."""

    def __init__(self, mask: torch.Tensor, taps: torch.Tensor, bucketed: bool) -> None:
        flat = mask.flatten()
        wanted = torch.zeros_like(flat)
        wanted[taps[taps >= 0]] = True
        self.taps = taps
        self.read = (wanted & ~flat).nonzero()[:, 0]
        if bucketed:
            self.read = padded(self.read)
        rows = torch.cat([flat.nonzero()[:, 0], self.read])
        self.lookup = torch.full((len(flat) + 1,), len(rows))  # the last entry serves -1: the zero row
        self.lookup[rows] = torch.arange(len(rows))

    def neighbourhood(self, device: torch.device | str) -> Neighbourhood:
        return Neighbourhood(self.read.to(device), self.lookup[self.taps].flatten().to(device))


def _box(mask: torch.Tensor, active: torch.Tensor, compact: _Compact, device: torch.device | str) -> Box:
    height, width = mask.shape
    rows, columns = active // width, active % width
    top, bottom = (int(rows.min()), int(rows.max())) if len(active) else (0, 0)
    left, right = (int(columns.min()), int(columns.max())) if len(active) else (0, 0)
    box_rows, box_columns = torch.arange(top - 1, bottom + 2), torch.arange(left - 1, right + 2)
    index = compact.lookup[_positions(box_rows[:, None], box_columns, (height, width))].flatten().to(device)
    inside = (rows - top) * (right - left + 1) + columns - left
    whole = len(active) == (bottom - top + 1) * (right - left + 1)
    return Box(len(box_rows), len(box_columns), index, None if whole else inside.to(device))
