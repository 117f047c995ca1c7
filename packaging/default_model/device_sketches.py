"""Line drawings of a batch of rendered scenes, drawn on a device as sketches.draw draws them one by one.

Edges are found as Canny's detector finds them (J. Canny 1986), with a bounded walk along weak edges.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from device_draw import Dice
from device_parameters import ITEMS, Parameters
from device_render import Drawn

EMPTY_SHARE = 0.05
"""Scenes without a line, so that an empty drawing asks for nothing."""
ONE_OBJECT_SHARE = 0.4
"""Scenes of several objects of which only one is drawn."""
WIDTHS = (0.004, 0.022)
WOBBLE, WOBBLE_SHARE = 0.012, 0.7
GAPS, GAPS_SHARE = (0.05, 0.35), 0.4
DETAILS_SHARE, BACKGROUND_SHARE = 0.6, 0.2
"""The hands of sketches.random_hand."""
WEAK, STRONG = 60 / 255, 160 / 255
WALK = 6
"""How many pixels a weak edge may lie from a strong one."""


def draw_lines(drawn: Drawn, parameters: Parameters, dice: Dice) -> Tensor:
    """Drawings by random hands of all objects of a scene, of one of them or, now and then, of nothing: white on black,
    (n, 1, H, W) in 0..1, of the canvas' type."""
    side = min(drawn.shown.shape[1:])
    objects = objects_of(drawn)
    chosen = chosen_objects(parameters, dice)
    any_chosen = chosen.any(1, keepdim=True)
    wanted = picked(objects, chosen)
    behind = (dice.uniform(1) < BACKGROUND_SHARE) & any_chosen
    inside = (dice.uniform(1) < DETAILS_SHARE)[..., None] | behind[..., None]
    seen = (wanted & inside) | ((objects == 0) & behind[..., None])
    lines = outlines(objects, wanted) | (edges(drawn.canvas, 0.006 * side) & seen)
    lines = with_gaps(wobbled(lines, side, dice), dice)
    return softened(stroked(lines, side, dice)[:, None].to(drawn.canvas.dtype))


def objects_of(drawn: Drawn) -> Tensor:
    """Which object, with what it wears, is seen at each pixel, uint8 (n, H, W); 0 is the background."""
    return torch.where(drawn.shown > ITEMS, drawn.shown - ITEMS, drawn.shown)


def chosen_objects(parameters: Parameters, dice: Dice) -> Tensor:
    """Which objects are drawn, bool (n, 3)."""
    present = parameters.words > 0
    several = present.sum(1, keepdim=True) > 1
    lot = dice.uniform(ITEMS) * present
    single = lot == lot.amax(1, keepdim=True)
    one = several & (dice.uniform(1) < ONE_OBJECT_SHARE)
    return present & (single | ~one) & (dice.uniform(1) >= EMPTY_SHARE)


def picked(objects: Tensor, chosen: Tensor) -> Tensor:
    """Where chosen objects are seen, bool (n, H, W)."""
    table = F.pad(chosen, (1, 0))
    return table.gather(1, objects.flatten(1).long()).view(objects.shape)


def outlines(objects: Tensor, wanted: Tensor) -> Tensor:
    """The outermost pixels of the wanted objects, bool (n, H, W)."""
    padded = F.pad(objects, (1, 1, 1, 1))
    height, width = objects.shape[1:]
    border = torch.zeros_like(wanted)
    for down, across in ((0, 1), (2, 1), (1, 0), (1, 2)):
        border |= padded[:, down : down + height, across : across + width] != objects
    return border & wanted


def edges(pictures: Tensor, blur: float) -> Tensor:
    """Thin edges of pictures (n, 3, H, W) in 0..1 after a Gaussian blur, bool (n, H, W)."""
    smooth = separable(pictures, gaussian(blur))
    across = filtered(filtered(smooth, (-1, 0, 1), 3), (1, 2, 1), 2)
    down = filtered(filtered(smooth, (1, 2, 1), 3), (-1, 0, 1), 2)
    strength, channel = (across.abs() + down.abs()).max(1, keepdim=True)
    across, down = across.gather(1, channel)[:, 0], down.gather(1, channel)[:, 0]
    ridge = is_ridge(strength[:, 0], across, down)
    weak = ridge & (strength[:, 0] > WEAK)
    found = ridge & (strength[:, 0] > STRONG)
    for _ in range(WALK):
        found = square(found) & weak
    return found


def is_ridge(strength: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Where a gradient is the largest along its own direction, of four."""
    height, width = strength.shape[1:]
    padded = F.pad(strength, (1, 1, 1, 1))

    def highest(rows: int, columns: int) -> Tensor:
        ahead = padded[:, 1 + rows : 1 + rows + height, 1 + columns : 1 + columns + width]
        behind = padded[:, 1 - rows : 1 - rows + height, 1 - columns : 1 - columns + width]
        return (strength > behind) & (strength >= ahead)

    flat, steep = down.abs() < 0.414 * across.abs(), down.abs() > 2.414 * across.abs()
    rising = across * down > 0
    diagonal = torch.where(rising, highest(1, 1), highest(1, -1))
    return torch.where(flat, highest(0, 1), torch.where(steep, highest(1, 0), diagonal))


def wobbled(lines: Tensor, side: int, dice: Dice) -> Tensor:
    """Lines, bool (n, H, W), pushed about smoothly."""
    height, width = lines.shape[1:]
    far = dice.between(0, WOBBLE * side, 1, 1, 1) * (dice.uniform(1, 1, 1) < WOBBLE_SHARE)
    grid = (dice.uniform(2, 8, 8) * 2 - 1) * 3**0.5 * far  # as spread as normal numbers of deviation `far`
    push = F.interpolate(grid, (height, width), mode="bicubic", align_corners=False).round().int()
    y = torch.arange(height, dtype=torch.int32, device=lines.device)[:, None] + push[:, 0]
    x = torch.arange(width, dtype=torch.int32, device=lines.device) + push[:, 1]
    index = y.clamp_(0, height - 1).mul_(width).add_(x.clamp_(0, width - 1)).long()
    thick = torch.where(far[..., 0] > 0, doubled(lines), lines)  # so that no line falls between the pixels
    return thick.flatten(1).gather(1, index.flatten(1)).view(lines.shape)


def with_gaps(lines: Tensor, dice: Dice) -> Tensor:
    """Lines without a share of their length, taken away in pieces."""
    noise = F.interpolate(dice.uniform(1, 14, 14), (28, 28), mode="bicubic", align_corners=False)
    share = dice.between(*GAPS, 1) * (dice.uniform(1) < GAPS_SHARE)
    ranked = noise.flatten(1).sort(1).values
    least = ranked.gather(1, (share * (ranked.shape[1] - 1)).long())
    smooth = F.interpolate(noise, lines.shape[1:], mode="bilinear", align_corners=False)[:, 0]
    return lines & ((smooth >= least[..., None]) | (share == 0)[..., None])


def stroked(lines: Tensor, side: int, dice: Dice) -> Tensor:
    """Thin lines as round strokes of different widths."""
    width = (dice.between(*WIDTHS, 1, 1) * side).round().clamp_min(1).int()
    lines = torch.where((width - 1) % 2 > 0, doubled(lines), lines)
    for radius in range(1, (round(WIDTHS[1] * side) - 1) // 2 + 1):
        grown = square(lines) if radius % 2 == 0 else cross(lines)  # by turns, which makes an octagon
        lines = torch.where((width - 1) // 2 >= radius, grown, lines)
    return lines


def softened(strokes: Tensor) -> Tensor:
    """Strokes (n, 1, H, W) with soft edges; the middle of the thinnest is white still."""
    return separable(strokes, (0.25, 0.5, 0.25)).mul_(2).clamp_(max=1)


def cross(lines: Tensor) -> Tensor:
    """Lines, bool (n, H, W), thicker by a pixel to each of four sides."""
    return thicker(lines, 1) | thicker(lines, 2)


def square(lines: Tensor) -> Tensor:
    """Lines, bool (n, H, W), thicker by a pixel to all sides and corners."""
    return thicker(thicker(lines, 1), 2)


def thicker(lines: Tensor, axis: int) -> Tensor:
    """Lines, bool (n, H, W), thicker by a pixel to both sides along an axis."""
    grown = lines.clone()
    length = lines.shape[axis] - 1
    grown.narrow(axis, 0, length).logical_or_(lines.narrow(axis, 1, length))
    grown.narrow(axis, 1, length).logical_or_(lines.narrow(axis, 0, length))
    return grown


def doubled(lines: Tensor) -> Tensor:
    """Lines, bool (n, H, W), thicker by a pixel downwards and to the right."""
    grown = lines.clone()
    grown[:, 1:] |= lines[:, :-1]
    grown[:, :, 1:] |= grown.clone()[:, :, :-1]
    return grown


def gaussian(deviation: float) -> tuple[float, ...]:
    """A row of a Gaussian's weights, of sum 1."""
    reach = max(1, round(3 * deviation))
    weights = [math.exp(-(place**2) / (2 * deviation**2)) for place in range(-reach, reach + 1)]
    return tuple(weight / sum(weights) for weight in weights)


def separable(pictures: Tensor, weights: Sequence[float]) -> Tensor:
    """Pictures (n, c, H, W) filtered across and down."""
    return filtered(filtered(pictures, weights, 3), weights, 2)


def filtered(pictures: Tensor, weights: Sequence[float], axis: int) -> Tensor:
    """Pictures (n, c, H, W) filtered along one axis, their border repeated; a few slices are faster than a
    convolution of one channel."""
    reach, length = len(weights) // 2, pictures.shape[axis]
    padded = F.pad(pictures, (reach, reach, 0, 0) if axis == 3 else (0, 0, reach, reach), mode="replicate")
    total = torch.zeros_like(pictures)
    for place, weight in enumerate(weights):
        if weight:
            total.add_(padded.narrow(axis, place, length), alpha=weight)
    return total
