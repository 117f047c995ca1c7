"""Random scenes drawn on a device, a whole batch at a time: what scenes.draw_scene and its contents draw one by one."""

from dataclasses import replace

import torch
from torch import Tensor

from device_parameters import EXTENT_NAMES, ITEMS, RELATIONS, Parameters
from held_out import HeldOut
from scenes import (
    COLOURED_SHARE,
    COUNTS,
    EXTENTS,
    LARGEST,
    RIDER,
    SPOTS,
    SUPPORT,
    TIME_SHARES,
    WEATHER_SHARE,
    WORN_SHARE,
)
from tables import COLOURS, CONTENTS, Tables

LEFT, RIGHT, ON = (RELATIONS.index(name) for name in ("left of", "right of", "on"))
LIKE = {"number": (((0, 0, 0), (0, 0, 0))), "mixed": ((0, 0, 2), (0, 1, 1))}
"""Which object each object looks like, in one half of the scenes and in the other."""
GROUPS = {"number": (((0, 0, 0), (0, 0, 0))), "mixed": ((0, 0, 1), (0, 1, 1))}


class Dice:
    """Chance on a device, for a batch of n scenes."""

    def __init__(self, count: int, generator: torch.Generator):
        self.count, self._generator = count, generator

    def uniform(self, *shape: int) -> Tensor:
        """Numbers in 0..1, (n, *shape)."""
        return torch.rand(
            self.count, *shape, generator=self._generator, device=self._generator.device, dtype=torch.float32
        )

    def between(self, low: Tensor | float, high: Tensor | float, *shape: int) -> Tensor:
        """Numbers between two."""
        return low + (high - low) * self.uniform(*shape)

    def below(self, numbers: Tensor | int, *shape: int) -> Tensor:
        """Whole numbers from 0 to below a number, int64."""
        return (self.uniform(*shape) * numbers).long()

    def share(self, cumulative: Tensor) -> Tensor:
        """Which part of a whole, whose parts' ends are given, (parts,) or (n, parts): int64 (n,)."""
        return (self.uniform(1) >= cumulative[..., :-1]).sum(-1)

    def weighted(self, weights: Tensor, number: int) -> Tensor:
        """Different columns, int64 (n, number), as likely as their weights, (columns,) or (n, columns), say."""
        chance = self.uniform(weights.shape[-1]).clamp_min(1e-20)
        return (weights.log() - (-chance.log()).log()).topk(number, 1).indices  # Gumbel's trick


class SceneDrawer:
    """Draws the parameters of scenes of a preset's tables, of the training split only."""

    def __init__(self, tables: Tables, device: torch.device):
        def column(values: list[float]) -> Tensor:
            return torch.tensor(values, dtype=torch.float32, device=device)

        self._held_out = HeldOut(tables, device)
        shares = dict(tables.contents)
        self._contents = column([shares.get(content, 0.0) for content in CONTENTS]).cumsum(0)
        self._counts = torch.stack([column(count_shares(content, tables)) for content in CONTENTS]).cumsum(1)
        halves = [LIKE.get(content, ((0, 1, 2),) * 2) for content in CONTENTS]
        self._like = torch.tensor(halves, device=device)
        halves = [GROUPS.get(content, ((0, 1, 2),) * 2) for content in CONTENTS]
        self._groups = torch.tensor(halves, device=device)
        objects = tables.objects
        weights = tables.weights or (1.0,) * len(objects)
        self._weights = column(list(weights))
        self._supports = column(
            [w * (kind.top is not None) for w, kind in zip(weights, objects, strict=True)]
        )
        self._rides = shares.get("on", 0.0) > 0
        self._sizes = column([0.0, *(kind.size for kind in objects)])
        self._recolourable = column([0.0, *(float(kind.colours) for kind in objects)]).bool()
        self._fits = torch.stack(
            [column([0.0] * (1 + len(tables.worn)))]
            + [
                column(
                    [0.0, *(float(bool(kind.eyes if worn.on_eyes else kind.head)) for worn in tables.worn)]
                )
                for kind in objects
            ]
        )
        self._times = column(list(TIME_SHARES)).cumsum(0)
        self._ground = torch.tensor([place.ground for place in tables.places], device=device)
        self._bad_weather = column([float(place.weather) for place in tables.places]).bool()
        self._weathers = len(tables.weathers)
        spots = [SPOTS[max(1, count)] for count in range(ITEMS + 1)]
        self._spots = torch.tensor([[*places, *(0.5,) * (ITEMS - len(places))] for places, _, _ in spots]).to(
            device
        )
        self._spread = column([spread for _, spread, _ in spots])
        self._usual = torch.tensor([sizes for _, _, sizes in spots], device=device)
        self._extents = torch.tensor([(1.0, 1.0), *EXTENTS.values()], device=device)
        self._slots = torch.arange(ITEMS, device=device)

    def draw(self, dice: Dice, scale: float) -> Parameters:
        """Random scenes; `scale` enlarges objects."""
        content = dice.share(self._contents)
        half = dice.below(2)
        like, groups = self._like[content, half], self._groups[content, half]
        count = dice.share(self._counts[content])
        relation = self._relation(content, half)
        words = self._words(dice, count, relation, like)
        place = dice.weighted((~self._held_out.places(words)).float(), 1)[:, 0]
        coloured = self._recolourable[words] & (dice.uniform(ITEMS) < COLOURED_SHARE)
        colours = ((1 + dice.below(len(COLOURS), ITEMS)) * coloured).gather(1, like)
        extents = (1 + dice.below(len(EXTENT_NAMES) - 1, ITEMS)) * (words > 0)
        extents = extents * (content == CONTENTS.index("size"))[:, None]
        rainy = self._bad_weather[place] & (dice.uniform() < WEATHER_SHARE)
        weather = (1 + dice.below(self._weathers)) * rainy if self._weathers else torch.zeros_like(place)
        drawn = Parameters(
            words,
            colours,
            self._worn(dice, words, groups, relation),
            extents,
            groups,
            *self._where(dice, count, relation, place),
            self._size(dice, words, count, relation, extents, scale),
            dice.uniform(ITEMS) < 0.5,
            place,
            dice.share(self._times),
            weather,
            relation,
        )
        return standing(drawn, dice)

    def _relation(self, content: Tensor, half: Tensor) -> Tensor:
        """What is said of the first two objects."""
        beside = (content == CONTENTS.index("beside")) * torch.where(half == 0, LEFT, RIGHT)
        return beside + (content == CONTENTS.index("on")) * ON

    def _words(self, dice: Dice, count: Tensor, relation: Tensor, like: Tensor) -> Tensor:
        """Which objects there are."""
        words = dice.weighted(self._weights, ITEMS)
        if self._rides:
            support = dice.weighted(self._supports, 1)[:, 0]
            rider = torch.where(words[:, 0] == support, words[:, 1], words[:, 0])
            riding = torch.stack([rider, support, words[:, 2]], 1)
            words = torch.where((relation == ON)[:, None], riding, words)
        words = (words + 1).gather(1, like)
        return words * (self._slots < count[:, None])

    def _worn(self, dice: Dice, words: Tensor, groups: Tensor, relation: Tensor) -> Tensor:
        """What they wear; those that are alike, and what bears another, wear nothing."""
        fits = self._fits[words]
        if fits.shape[-1] == 1:
            return torch.zeros_like(words)
        chance = dice.uniform(*fits.shape[1:]).clamp_min(1e-6) * fits
        worn = chance.argmax(-1) * (dice.uniform(ITEMS) < WORN_SHARE)
        alone = (groups[:, :, None] == groups[:, None]).sum(-1) == 1
        bears = (relation == ON)[:, None] & (self._slots == 1)
        return worn * (alone & ~bears)

    def _where(self, dice: Dice, count: Tensor, relation: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        """Where they stand, across and down."""
        spots = self._spots[count]
        turned = torch.stack([spots[:, 1], spots[:, 0], spots[:, 2]], 1)
        spots = torch.where((relation == RIGHT)[:, None], turned, spots)
        spread = self._spread[count][:, None]
        near, far = self._ground[place][:, None].unbind(-1)
        return spots + dice.between(-spread, spread, ITEMS), dice.between(near, far, ITEMS)

    def _size(
        self, dice: Dice, words: Tensor, count: Tensor, relation: Tensor, extents: Tensor, scale: float
    ) -> Tensor:
        """How large they are."""
        low, high = self._usual[count][:, None].unbind(-1)
        size = dice.between(low, high, ITEMS) * self._sizes[words] * scale
        factors = self._extents[extents]
        sized = (size * dice.between(factors[..., 0], factors[..., 1], ITEMS)).clamp_max(LARGEST)
        size = torch.where(extents > 0, sized, size)
        bearing = torch.where(self._slots == 0, RIDER, torch.where(self._slots == 1, SUPPORT, 1.0))
        return torch.where((relation == ON)[:, None], size * bearing, size)


def count_shares(content: str, tables: Tables) -> list[float]:
    """How likely a scene of a content has no, one, two and three objects."""
    if content not in COUNTS:
        return [*tables.counts, *(0.0,) * (ITEMS + 1 - len(tables.counts))]
    return [(count in COUNTS[content]) / len(COUNTS[content]) for count in range(ITEMS + 1)]


def standing(drawn: Parameters, dice: Dice) -> Parameters:
    """The scenes, with what stands on another above it."""
    ride = (drawn.relation == ON)[:, None]
    middle = dice.between(0.35, 0.65, 1).expand(-1, ITEMS)
    foot = drawn.foot[:, 1:2].expand(-1, ITEMS)
    return replace(drawn, x=torch.where(ride, middle, drawn.x), foot=torch.where(ride, foot, drawn.foot))
