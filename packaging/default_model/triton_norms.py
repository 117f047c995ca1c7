"""A group norm for training, with the activation after it, in two kernels of a card each way.

PyTorch's own takes float32 and channels first where autocast and channels-last convolutions are around it: ten times
the bytes, and bytes are what training on a card waits for. Importing this needs Triton.
"""

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

PART = 128
"""Positions that one program looks at."""
ELEMENTS = 4096
"""At most, that it looks at in one go."""


@triton.jit
def _value(number, slope, scale, shift, FORWARD: tl.constexpr, SILU: tl.constexpr):
    """Forwards the activated number; backwards the slope of what goes into the activation."""
    normal = number * scale + shift
    if FORWARD:
        return normal * tl.sigmoid(normal) if SILU else normal
    share = tl.sigmoid(normal)
    return slope * share * (1 + normal * (1 - share)) if SILU else slope


@triton.jit(do_not_specialize=["positions"])
def _sums(
    numbers, slopes, scales, shifts, sums, positions, channels,
    FORWARD: tl.constexpr, SILU: tl.constexpr, PART: tl.constexpr, ROWS: tl.constexpr, WIDTH: tl.constexpr,
):  # fmt: skip
    """By channel, over a part of the positions: forwards x and x², backwards the slope and its product with x."""
    item, part = tl.program_id(1).to(tl.int64), tl.program_id(0)
    column = tl.arange(0, WIDTH)
    inside = column < channels
    scale, shift = column * 0.0, column * 0.0
    if not FORWARD:
        scale = tl.load(scales + item * channels + column, inside, 0.0)
        shift = tl.load(shifts + item * channels + column, inside, 0.0)
    first, second = column * 0.0, column * 0.0
    for turn in range(PART // ROWS):
        row = part * PART + turn * ROWS + tl.arange(0, ROWS)
        there = (row < positions)[:, None] & inside[None, :]
        place = (item * positions + row[:, None]) * channels + column[None, :]
        number = tl.load(numbers + place, there, 0.0).to(tl.float32)
        one = number
        if not FORWARD:
            slope = tl.load(slopes + place, there, 0.0).to(tl.float32)
            one = _value(number, slope, scale[None, :], shift[None, :], FORWARD, SILU)
        first += tl.sum(one, 0)
        second += tl.sum(one * number, 0)
    to = sums + (item * tl.num_programs(0) + part) * 2 * channels + column
    tl.store(to, first, inside)
    tl.store(to + channels, second, inside)


@triton.jit(do_not_specialize=["positions"])
def _map(
    numbers, slopes, scales, shifts, factors, offsets, mapped, positions, channels,
    FORWARD: tl.constexpr, SILU: tl.constexpr, PART: tl.constexpr, ROWS: tl.constexpr, WIDTH: tl.constexpr,
):  # fmt: skip
    """Forwards normalised and activated numbers; backwards their slopes."""
    item, part = tl.program_id(1).to(tl.int64), tl.program_id(0)
    column = tl.arange(0, WIDTH)
    inside = column < channels
    scale = tl.load(scales + item * channels + column, inside, 0.0)
    shift = tl.load(shifts + item * channels + column, inside, 0.0)
    factor, offset = scale, shift
    if not FORWARD:
        factor = tl.load(factors + item * channels + column, inside, 0.0)
        offset = tl.load(offsets + item * channels + column, inside, 0.0)
    for turn in range(PART // ROWS):
        row = part * PART + turn * ROWS + tl.arange(0, ROWS)
        there = (row < positions)[:, None] & inside[None, :]
        place = (item * positions + row[:, None]) * channels + column[None, :]
        number = tl.load(numbers + place, there, 0.0).to(tl.float32)
        slope = number
        if not FORWARD:
            slope = tl.load(slopes + place, there, 0.0).to(tl.float32)
        value = _value(number, slope, scale[None, :], shift[None, :], FORWARD, SILU)
        if not FORWARD:
            value = value * scale[None, :] + number * factor[None, :] + offset[None, :]
        tl.store(mapped + place, value.to(mapped.dtype.element_ty), there)


class GroupNorm(torch.autograd.Function):
    """Maps (n, C, h, w), channels last in memory, normalised by group and, where asked for, through SiLU."""

    @staticmethod
    def forward(
        ctx: Any, maps: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float, silu: bool
    ) -> Tensor:
        maps = maps.contiguous(memory_format=torch.channels_last)
        count = maps[0].numel() // groups  # numbers of a group
        sums = _summed(maps, None, None, None, silu)
        mean, square = (_by_group(each, groups) / count for each in sums.unbind(1))
        inverse = (square - mean * mean).clamp_min(0).add(eps).rsqrt()
        scale = _by_channel(inverse, weight) * weight.float()
        shift = bias.float() - _by_channel(mean, weight) * scale
        ctx.save_for_backward(maps, weight, mean, inverse, scale, shift)
        ctx.groups, ctx.silu = groups, silu
        return _mapped(maps, None, scale, shift, None, None, silu)

    @staticmethod
    def backward(ctx: Any, slopes: Tensor) -> Any:  # type: ignore[override]
        """With x̂ = (x - mean)·inverse and the slopes d of what goes into the activation: the mean over the group of
        weight·d, and of weight·d·x̂ times x̂, are taken from weight·d, all times inverse."""
        maps, weight, mean, inverse, scale, shift = ctx.saved_tensors
        slopes = slopes.to(maps.dtype).contiguous(memory_format=torch.channels_last)
        count = maps[0].numel() // ctx.groups
        plain, product = _summed(maps, slopes, scale, shift, ctx.silu).unbind(1)
        product = (product - _by_channel(mean, weight) * plain) * _by_channel(inverse, weight)
        along = _by_group(plain * weight.float(), ctx.groups) / count
        across = _by_group(product * weight.float(), ctx.groups) / count * inverse * inverse
        factor = _by_channel(-across, weight)
        offset = _by_channel(mean * across - inverse * along, weight)
        passed = _mapped(maps, slopes, scale, shift, factor, offset, ctx.silu)
        return passed, product.sum(0).to(weight.dtype), plain.sum(0).to(weight.dtype), None, None, None


def _by_group(numbers: Tensor, groups: int) -> Tensor:
    """(n, C) summed to (n, groups)."""
    return numbers.unflatten(1, (groups, -1)).sum(-1)


def _by_channel(numbers: Tensor, weight: Tensor) -> Tensor:
    """(n, groups) to (n, C)."""
    return numbers[..., None].expand(-1, -1, len(weight) // numbers.shape[1]).flatten(1)


def _summed(maps: Tensor, slopes: Tensor | None, scale: Any, shift: Any, silu: bool) -> Tensor:
    """Both sums of `_sums` over all positions, float32 (n, 2, C)."""
    n, channels, height, width = maps.shape
    parts = triton.cdiv(height * width, PART)
    sums = torch.empty(n, parts, 2, channels, dtype=torch.float32, device=maps.device)
    _sums[(parts, n)](
        maps, slopes, scale, shift, sums, height * width, channels,
        FORWARD=slopes is None, SILU=silu, **_tiles(channels),
    )  # fmt: skip
    return sums.sum(1)


def _mapped(
    maps: Tensor, slopes: Tensor | None, scale: Tensor, shift: Tensor, factor: Any, offset: Any, silu: bool
) -> Tensor:
    """What `_map` makes of maps or, where slopes are given, of these."""
    n, channels, height, width = maps.shape
    mapped = torch.empty_like(maps)
    _map[(triton.cdiv(height * width, PART), n)](
        maps, slopes, scale, shift, factor, offset, mapped, height * width, channels,
        FORWARD=slopes is None, SILU=silu, **_tiles(channels),
    )  # fmt: skip
    return mapped


def _tiles(channels: int) -> dict[str, int]:
    width = triton.next_power_of_2(channels)
    return {"PART": PART, "ROWS": max(1, min(PART, ELEMENTS // width)), "WIDTH": width}
