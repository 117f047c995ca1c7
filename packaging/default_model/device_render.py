"""Scenes put together on a device, a whole batch at a time: the same pictures as scenes.render, layer by layer."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

import weather
from atlas import Atlas
from device_parameters import ITEMS, RELATIONS, TIME_NAMES, Parameters
from scenes import OBJECT_TINTS
from tables import Tables

CELL = 16
"""Pixels of one side of a cell of the masks."""
OUTSIDE = -(2**29)
"""An index so small that no column's can lift it above zero, the atlas' clear pixel."""
ON = RELATIONS.index("on")


@dataclass(frozen=True)
class Layers:
    """Sprites to lay, one for each object of each scene, int32 (n, 3): first pixel in the atlas, height, width, first
    row and column in the picture; and whether it is turned, bool (n, 3)."""

    start: Tensor
    height: Tensor
    width: Tensor
    top: Tensor
    left: Tensor
    flip: Tensor

    def at(self, chosen: Tensor) -> "Layers":
        """One of them for each scene, by number, (n, 1)."""
        return Layers(*(value.gather(1, chosen) for value in vars(self).values()))


@dataclass(frozen=True)
class Drawn:
    """A batch of pictures: `canvas`, (n, 3, H, W) in 0..1; `shown`, uint8 (n, H, W): what is seen at each pixel, 0 the
    background, from 1 the objects, after them what each wears."""

    canvas: Tensor
    shown: Tensor


class DeviceRenderer:
    """Renders parameters over backgrounds."""

    def __init__(self, tables: Tables, atlas: Atlas, device: torch.device):
        def column(values: list[float]) -> Tensor:
            return torch.tensor(values, device=device)

        self.atlas, self._wears = atlas, bool(tables.worn)
        self._floats = column([0.0, *(float(kind.floats) for kind in tables.objects)])
        self._tops = column([0.0, *(kind.top or 0.0 for kind in tables.objects)])
        self._anchors = torch.tensor(
            [[(0.0, 0.0, 0.0)] * (len(tables.worn) + 1)]
            + [
                [(0.0, 0.0, 0.0)]
                + [(kind.eyes if worn.on_eyes else kind.head) or (0.0, 0.0, 0.0) for worn in tables.worn]
                for kind in tables.objects
            ],
            device=device,
        )
        self._on_eyes = column([0.0, *(float(worn.on_eyes) for worn in tables.worn)])
        self._tints = torch.tensor([[*OBJECT_TINTS[time], 1.0] for time in TIME_NAMES], device=device)
        self._veils = torch.tensor(
            [[[0.0] * 3] * len(TIME_NAMES)]
            + [[weather.colour(name, time) for time in TIME_NAMES] for name in tables.weathers],
            device=device,
        )
        rains = [name == "rain" for name in ("", *tables.weathers)]
        self._greying = column([weather.GREYING * rain for rain in rains])

    def render(self, parameters: Parameters, backgrounds: Tensor, veils: Tensor | None = None) -> Drawn:
        """Render over backgrounds, (n, 3, H, W) in 0..1, which are painted upon; `veils`, (n, H, W), is how much the
        weather hides, for tables that have weather."""
        canvas = backgrounds
        count, _, height, width = canvas.shape
        items, worn, lifted = self._layers(parameters, height, width)
        ride = (parameters.relation == ON).float()
        nearness = parameters.foot.clone()
        nearness[:, 0] += 1e-3 * ride
        order = nearness.argsort(1)
        shade = torch.where(lifted, 0.22, 0.45) * (parameters.words > 0)
        shade[:, 0] *= 1 - ride
        tints = (self._tints[parameters.time] / 255).to(canvas.dtype)[..., None, None]
        shown = torch.zeros(count, height, width, dtype=torch.uint8, device=canvas.device)
        for step in range(ITEMS):
            chosen = order[:, step : step + 1]
            item = items.at(chosen)
            x, foot, depth = (value.gather(1, chosen) for value in (parameters.x, parameters.foot, shade))
            cast_shadow(canvas, x * width, foot * height, item.width, depth)
            self._lay(canvas, shown, item, tints, chosen + 1)
            if self._wears:
                self._lay(canvas, shown, worn.at(chosen), tints, chosen + 1 + ITEMS)
        if veils is not None:
            self._cover(canvas, parameters, veils)
        return Drawn(canvas.clamp_(0, 1), shown)

    def middles(self, parameters: Parameters, height: int, width: int) -> Tensor:
        """The middles of objects, float32 (n, 3, 2): shares of the width and of the height."""
        items, _, _ = self._layers(parameters, height, width)
        x = (items.left + items.width / 2) / width
        return torch.stack([x, (items.top + items.height / 2) / height], -1)

    def _layers(self, parameters: Parameters, height: int, width: int) -> tuple[Layers, Layers, Tensor]:
        """Where the sprites of objects and of what they wear lie, and which objects are lifted, bool (n, 3)."""
        short = min(height, width)
        rows = self.atlas.row_of[parameters.words, parameters.colours]
        found = self.atlas.find(rows, (parameters.size * short).round())
        tall, wide = found[..., 1], found[..., 2]
        ride = (parameters.relation == ON).float()
        lifted = self._floats[parameters.words].bool()
        lifted[:, 0] &= ride == 0
        foot = parameters.foot * height - 0.30 * short * parameters.size * lifted
        foot[:, 0] -= ride * (1 - self._tops[parameters.words[:, 1]]) * tall[:, 1]
        x = parameters.x * width
        items = placed(found, x, foot, parameters.flip)
        anchor = self._anchors[parameters.words, parameters.worn]
        sides = (anchor[..., 2] * wide).round().clamp_min(2)
        put = self.atlas.find(self.atlas.worn_row[parameters.worn], sides)
        across = torch.where(parameters.flip, 0.5 - anchor[..., 0], anchor[..., 0] - 0.5) * wide
        down = (anchor[..., 1] - 1) * tall + self._on_eyes[parameters.worn] * put[..., 1] / 2
        return items, placed(put, x + across, foot + down, parameters.flip), lifted

    def _lay(self, canvas: Tensor, shown: Tensor, layer: Layers, tints: Tensor, number: Tensor) -> None:
        """Lay a sprite over each picture, in place; where it hides what was there, `number`, (n, 1), is shown."""
        height, width = shown.shape[1:]
        v = torch.arange(height, dtype=torch.int32, device=shown.device) - layer.top
        u = torch.arange(width, dtype=torch.int32, device=shown.device) - layer.left
        u = torch.where(layer.flip, layer.width - 1 - u, u)
        row = torch.where((v >= 0) & (v < layer.height), layer.start + v * layer.width, OUTSIDE)
        column = torch.where((u >= 0) & (u < layer.width), u, OUTSIDE)
        index = (row[:, :, None] + column[:, None, :]).clamp_(min=0)
        paint = planes(self.atlas.pixels, index, canvas.dtype).mul_(tints)
        torch.where(paint[:, 3] > 0.5, number[:, None].to(torch.uint8), shown, out=shown)
        canvas.addcmul_(canvas, paint[:, 3:], value=-1).add_(paint[:, :3])

    def _cover(self, canvas: Tensor, parameters: Parameters, veils: Tensor) -> None:
        """Lay the weather over the pictures, in place."""
        greying = self._greying[parameters.weather].to(canvas.dtype)[:, None, None, None]
        grey = canvas.mean(1, keepdim=True).mul_(0.85 * greying)
        canvas.mul_(1 - greying).add_(grey)
        colours = self._veils[parameters.weather, parameters.time].to(canvas.dtype)[..., None, None]
        canvas.addcmul_(canvas, veils[:, None], value=-1).addcmul_(colours, veils[:, None])


def planes(pixels: Tensor, index: Tensor, dtype: torch.dtype) -> Tensor:
    """Packed pixels, int32 (P,), picked by an index, int32 (n, H, W), as planes of 0..255, (n, 4, H, W)."""
    picked = pixels.index_select(0, index.flatten()).view(torch.uint8).view(*index.shape, 4)
    count, height, width = index.shape
    empty = torch.empty(count, 4, height, width, dtype=dtype, device=pixels.device)
    return empty.copy_(picked.permute(0, 3, 1, 2))


def placed(found: Tensor, x: Tensor, foot: Tensor, flip: Tensor) -> Layers:
    """Layers whose feet's middles stand at (x, foot), in pixels."""
    start, tall, wide = found.unbind(-1)
    top = foot.round().int() - tall
    left = (x - wide / 2).round().int()
    return Layers(start, tall, wide, top, left, flip)


def cast_shadow(canvas: Tensor, x: Tensor, foot: Tensor, width: Tensor, depth: Tensor) -> None:
    """Darken the ground under an object of each picture, in place; all but the canvas are (n, 1), in pixels."""
    rows, columns = canvas.shape[2:]
    width = width.clamp_min(1)
    across = ((torch.arange(columns, device=canvas.device) + 0.5 - x) / (0.5 * width)).square()
    down = ((torch.arange(rows, device=canvas.device) + 0.5 - foot) / (0.13 * width)).square()
    distance = (down[:, :, None] + across[:, None, :]).sqrt_()
    light = distance.neg_().add_(1.25).clamp_(0, 1).mul_(-depth[..., None]).add_(1)
    canvas.mul_(light[:, None].to(canvas.dtype))


def cell_masks(drawn: Drawn, parameters: Parameters, groups: int, worn: bool) -> Tensor:
    """What share of each cell of 16x16 pixels is covered by each group of objects, what each wears and the background,
    in this order, float32 (n, masks, H/16, W/16)."""
    numbers = range(1 + ITEMS * (1 + worn))
    cells = [F.avg_pool2d((drawn.shown == number).float(), CELL) for number in numbers]
    shares = torch.stack(cells, 1)
    member = parameters.groups[:, None] == torch.arange(groups, device=shares.device)[:, None]
    member = (member & (parameters.words > 0)[:, None]).float()  # (n, groups, objects)
    objects = shares[:, 1 : 1 + ITEMS]
    masks = []
    if worn:
        things = shares[:, 1 + ITEMS :]
        objects = objects + things
        masks.append(torch.einsum("ngi,nihw->nghw", member, things))
    masks.insert(0, torch.einsum("ngi,nihw->nghw", member, objects))
    return torch.cat([*masks, shares[:, :1]], 1)
