"""A group norm on rows, whose statistics follow the edit, in two kernels of a card: what `row_norm.py` does in ten.

The first collects the rows' statistics, some rows at a time; the second puts them together, lets the map's follow
(`group_norm.py`) and normalises by these. Importing this needs Triton.
"""

from dataclasses import dataclass

import torch
import triton
import triton.language as tl

from editor_core.backbones.unet.group_norm import Pair, Rest

ELEMENTS = 4096
"""At most, that a program looks at in one go."""
PART = 256
"""Rows that one program collects statistics of; more take more programs."""
FEW, MANY = 8, 64
"""Parts that the second kernel is compiled for: each number takes a second, once."""


@triton.jit(do_not_specialize=["count"])
def _collect(
    rows, collected, means, deviations, count, channels, groups, item_stride, row_stride,
    MOMENTS: tl.constexpr, PART: tl.constexpr, ROWS: tl.constexpr, WIDTH: tl.constexpr,
):  # fmt: skip
    """Mean and squared distances from it of a group's numbers in a part of the rows; with MOMENTS, each row's own."""
    item, group = tl.program_id(0) // groups, tl.program_id(0) % groups
    width = channels // groups
    column = tl.arange(0, WIDTH)
    end = tl.minimum(count, (tl.program_id(1) + 1) * PART)
    known, centre, squares = 0.0, 0.0, 0.0
    for turn in range(PART // ROWS):
        first = tl.program_id(1) * PART + turn * ROWS
        row = first + tl.arange(0, ROWS)
        there = (row < end)[:, None] & (column < width)[None, :]
        places = item * item_stride + row[:, None] * row_stride + group * width + column[None, :]
        values = tl.load(rows + places, there, 0.0).to(tl.float32)
        here = (tl.maximum(tl.minimum(end - first, ROWS), 0) * width).to(tl.float32)
        sums = tl.sum(values, 1)
        if MOMENTS:
            mean = sums / width
            distances = tl.where(there, values - mean[:, None], 0.0)
            place = (item * count + row) * groups + group
            tl.store(means + place, mean, row < end)
            tl.store(deviations + place, tl.sqrt(tl.sum(distances * distances, 1) / width), row < end)
        average = tl.sum(sums, 0) / tl.maximum(here, 1.0)
        distances = tl.where(there, values - average, 0.0)
        total, distance = known + here, average - centre
        squares += tl.sum(tl.sum(distances * distances, 1), 0) + distance * distance * known * here / total
        centre += distance * here / total
        known = total
    place = collected + (tl.program_id(0) * tl.num_programs(1) + tl.program_id(1)) * 2
    tl.store(place, centre)
    tl.store(place + 1, squares)


@triton.jit(do_not_specialize=["count", "parts", "positions"])
def _normalise(
    rows, normalised, collected, rest_mean, rest_variance, weight, bias, statistics,
    count, channels, groups, parts, positions,
    item_stride, row_stride, mean_stride, mean_half, variance_stride,
    KEPT: tl.constexpr, SILU: tl.constexpr,
    PART: tl.constexpr, PARTS: tl.constexpr, ROWS: tl.constexpr, CHANNELS: tl.constexpr,
):  # fmt: skip
    """Put the statistics together, let the map's follow, and normalise some rows and channels by these."""
    item = tl.program_id(2)
    channel = tl.program_id(1) * CHANNELS + tl.arange(0, CHANNELS)
    width = channels // groups
    group = tl.minimum(channel // width, groups - 1)
    part = tl.arange(0, PARTS)[:, None]
    counted = (tl.maximum(tl.minimum(count - part * PART, PART), 0) * width).to(tl.float32)
    place = collected + ((item * groups + group)[None, :] * parts + part) * 2
    means = tl.load(place, part < parts, 0.0)
    centre = tl.sum(counted * means, 0) / (count * width)
    distances = means - centre[None, :]
    squares = tl.sum(tl.load(place + 1, part < parts, 0.0) + counted * distances * distances, 0)
    share = count.to(tl.float32) / positions
    mean_at = rest_mean + item * mean_stride + group
    mean = tl.load(mean_at) + share * centre
    distance = tl.load(mean_at + mean_half) + share * centre
    variance = tl.load(rest_variance + item * variance_stride + group) + squares / (positions * width)
    variance += distance * distance * (1 - share) / share
    inside = channel < channels
    if KEPT:
        first = (channel < tl.where(tl.program_id(0) == 0, channels, 0)) & (channel % width == 0)
        tl.store(statistics + item * 2 * groups + group, mean, first)
        tl.store(statistics + (item * 2 + 1) * groups + group, variance, first)
    scale = tl.load(weight + channel, inside, 0.0).to(tl.float32) * tl.rsqrt(variance)
    shift = tl.load(bias + channel, inside, 0.0).to(tl.float32) - mean * scale
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    there = (row < count)[:, None] & inside[None, :]
    places = item * item_stride + row[:, None] * row_stride + channel[None, :]
    values = tl.load(rows + places, there, 0.0).to(tl.float32) * scale[None, :] + shift[None, :]
    if SILU:
        values = values * tl.sigmoid(values)
    to = (item * count + row[:, None]) * channels + channel[None, :]
    tl.store(normalised + to, values.to(normalised.dtype.element_ty), there)


@dataclass(frozen=True)
class Normalised:
    """Rows (batch, N, channels); where asked for the map's statistics, (batch, groups) each, and the rows' moments,
    (batch, N, groups) each, all float32."""

    rows: torch.Tensor
    statistics: Pair | None = None
    moments: Pair | None = None


def normalise(
    norm: torch.nn.GroupNorm, rows: torch.Tensor, rest: Rest, positions: int, silu: bool, kept: bool
) -> Normalised:
    """Normalise rows (batch, N, channels) by the statistics of a map of so many positions with these rows in it.

    rest: the map without them, for this batch. `silu` applies that activation; `kept` returns what goes to the record.
    """
    if rows.stride(2) != 1:
        rows = rows.contiguous()
    (batch, count, channels), groups = rows.shape, norm.num_groups
    parts = triton.cdiv(count, PART)
    width, block = triton.next_power_of_2(channels // groups), min(128, triton.next_power_of_2(channels))
    collected = torch.empty(batch, groups, parts, 2, dtype=torch.float32, device=rows.device)
    means, deviations = (collected.new_empty((batch, count, groups) if kept else 0) for _ in range(2))
    statistics = collected.new_empty((batch, 2, groups) if kept else 0)
    normalised = rows.new_empty(batch, count, channels)
    with torch.cuda.device_of(rows):  # type: ignore[no-untyped-call]
        _collect[(batch * groups, parts)](
            rows, collected, means, deviations, count, channels, groups, *rows.stride()[:2],
            MOMENTS=kept, PART=PART, ROWS=min(PART, max(1, ELEMENTS // width)), WIDTH=width,
        )  # fmt: skip
        at_a_time = max(1, ELEMENTS // block)
        _normalise[(triton.cdiv(count, at_a_time), triton.cdiv(channels, block), batch)](
            rows, normalised, collected, rest.mean, rest.variance, norm.weight, norm.bias, statistics,
            count, channels, groups, parts, positions,
            *rows.stride()[:2], *rest.mean.stride()[:2], rest.variance.stride(0),
            KEPT=kept, SILU=silu,
            PART=PART, PARTS=_compiled_for(parts), ROWS=at_a_time, CHANNELS=block,
        )  # fmt: skip
    if not kept:
        return Normalised(normalised)
    mean, variance = statistics.unbind(1)
    return Normalised(normalised, (mean, variance), (means, deviations))


def _compiled_for(parts: int) -> int:
    return FEW if parts <= FEW else MANY if parts <= MANY else triton.next_power_of_2(parts)
