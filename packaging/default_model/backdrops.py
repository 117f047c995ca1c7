"""Backgrounds and weather on a device: banks painted once, from which batches take crops, turned and lit anew."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from banks import Bank, Painted, Painters
from device_draw import Dice
from device_parameters import TIME_NAMES, Parameters
from device_render import planes
from scenes import TIME_SHARES
from tables import Tables

MARGIN = 1 / 16
"""How much wider and higher than a picture its backgrounds are."""
LIGHT, TONE = 0.06, 0.02
"""How far the brightness of a background is changed, and that of each of its colours."""
VEILS = 32
"""Pictures of each kind of weather, at most."""
FULL = 256 * 256
"""The area at which as many backgrounds are painted as were asked for; larger ones are fewer."""


class Backdrops:
    """Backgrounds for scenes, by size; a bank comes to the device when its size is first asked for.

    They are painted by processes that begin at once, or were painted ahead into the folder `painted`.
    """

    def __init__(
        self,
        tables: Tables,
        sizes: Sequence[tuple[int, int]],
        count: int,
        seed: int,
        device: torch.device,
        workers: int | None = None,
        painted: Path | None = None,
    ):
        self._tables, self._device = tables, device
        self._numbers = {size: numbers_for(tables, size, count) for size in sizes}
        self._ready: dict[tuple[int, int], tuple[Tensor, Tensor, Tensor, Tensor | None]] = {}
        self._painters: Painted | Painters = (
            Painted(painted) if painted else Painters(banks_for(tables, sizes, count, seed), workers)
        )

    def _load(self, size: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        """A size's backgrounds as packed pixels, where those of each place and time begin and how many they are, and
        the weather's veils, the first of which hides nothing."""
        if size not in self._ready:
            name = f"{size[0]}x{size[1]}"
            pixels = torch.from_numpy(self._painters.take(name)).view(torch.int32)[..., 0]
            numbers = torch.tensor([self._numbers[size]] * len(self._tables.places))
            first = (numbers.flatten().cumsum(0) - numbers.flatten()).view_as(numbers)
            veils = None
            if self._tables.weathers:
                painted = torch.from_numpy(self._painters.take(f"veil-{name}"))
                veils = torch.cat([torch.zeros_like(painted[:1]), painted]).to(self._device)
            self._ready[size] = (
                pixels.to(self._device),
                first.to(self._device),
                numbers.to(self._device),
                veils,
            )
        return self._ready[size]

    def take(
        self, parameters: Parameters, size: tuple[int, int], dice: Dice, dtype: torch.dtype
    ) -> tuple[Tensor, Tensor | None]:
        """A background for each scene, (n, 3, H, W) in 0..1, and how much its weather hides, (n, H, W)."""
        bank, first, numbers, veils = self._load(size)
        height, width = size
        place, time = parameters.place, parameters.time
        picture = first[place, time] + dice.below(numbers[place, time])
        tall, wide = bank.shape[1:]
        rows = torch.arange(height, device=bank.device) + dice.below(tall - height + 1)[:, None]
        columns = torch.arange(width, device=bank.device)
        columns = torch.where(dice.uniform(1) < 0.5, width - 1 - columns, columns)
        columns = columns + dice.below(wide - width + 1)[:, None]
        start = ((picture[:, None] * tall + rows) * wide).int()
        index = start[:, :, None] + columns.int()[:, None, :]
        light = dice.between(1 - LIGHT, 1 + LIGHT, 1, 1, 1) * dice.between(1 - TONE, 1 + TONE, 3, 1, 1)
        canvas = planes(bank.flatten(), index, dtype)[:, :3].mul_((light / 255).to(dtype)).clamp_(max=1)
        if veils is None:
            return canvas, None
        each = (len(veils) - 1) // len(self._tables.weathers)
        veil = ((parameters.weather - 1) * each + 1 + dice.below(each)).clamp_min(0) * (
            parameters.weather > 0
        )
        chosen = veils.index_select(0, veil)
        turned = torch.where((dice.uniform(1, 1) < 0.5), chosen.flip(-1), chosen)
        return canvas, turned.to(dtype).div_(255)

    def close(self) -> None:
        """Stop painting."""
        self._painters.close()


def banks_for(tables: Tables, sizes: Sequence[tuple[int, int]], count: int, seed: int) -> list[Bank]:
    """What to paint for some sizes, size by size: so many backgrounds of one up to FULL."""
    banks: list[Bank] = []
    for index, size in enumerate(dict.fromkeys(sizes)):
        banks += _banks_of(tables, size, count, 1000 * seed + index)
    return banks


def numbers_for(tables: Tables, size: tuple[int, int], count: int) -> list[int]:
    """How many backgrounds of a size each place has by time of day."""
    total = _total(size, count)
    return [max(1, round(total * share / len(tables.places))) for share in TIME_SHARES]


def _total(size: tuple[int, int], count: int) -> float:
    height, width = size
    return count * min(1.0, FULL / (height * width)) * (1.0 if height == width else 0.25)


def _banks_of(tables: Tables, size: tuple[int, int], count: int, seed: int) -> list[Bank]:
    height, width = size
    rng = np.random.default_rng((5, seed))
    pictures = tuple(
        (place.word, time, int(rng.integers(2**31)))
        for place in tables.places
        for time, number in zip(TIME_NAMES, numbers_for(tables, size, count), strict=True)
        for _ in range(number)
    )
    name = f"{height}x{width}"
    banks = [Bank(name, height + round(height * MARGIN), width + round(width * MARGIN), pictures)]
    if tables.weathers:
        veils = tuple(
            (weather, "", number)
            for weather in tables.weathers
            for number in range(veils_for(_total(size, count)))
        )
        banks.append(Bank(f"veil-{name}", height, width, veils))
    return banks


def veils_for(backgrounds: float) -> int:
    """How many pictures of each kind of weather go with so many backgrounds."""
    return max(2, min(VEILS, round(backgrounds / 40)))
