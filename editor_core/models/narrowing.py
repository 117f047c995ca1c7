"""A decoder that drops, layer by layer, what the window behind it does not need.

A window is decoded with as much around it as the decoder sees. Most of this margin is for the first layers; the later
ones, which have most of the pixels, see little of it. So what enters a layer is cut to what the window still needs of
it: the same pixels, up to rounding.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

import torch
from torch import Tensor, nn

Box = tuple[int, int, int, int]
"""(top, left, bottom, right), the last two exclusive."""


@dataclass(frozen=True)
class Stage:
    """A layer of a decoder; its input has `scale` positions to a latent one, `margin` of them around what is wanted."""

    layer: nn.Module
    scale: int
    margin: int


def stages(decoder: nn.Module, probe: Callable[[], Tensor], positions: int) -> tuple[Tensor, list[Stage]]:
    """What `probe` decodes, and what each of the layers needs that run one after another.

    probe: decodes latents of so many positions a side, one of which is no number: this spreads as far as layers look,
    and how far it still has to go from a layer's input to the pixels (1, 3, H, W) is that layer's margin.
    """
    entered: list[tuple[nn.Module, Tensor]] = []
    with ExitStack() as hooks:
        for layer in _one_after_another(decoder):
            hook = layer.register_forward_pre_hook(lambda layer, args: entered.append((layer, args[0])))
            hooks.callback(hook.remove)
        pixels = probe()
    first, last = _spread(pixels)
    found = []
    for layer, hidden in entered:
        begin, end = _spread(hidden)
        size = pixels.shape[-2] // hidden.shape[-2]
        reach = max(begin * size - first, last + 1 - (end + 1) * size)
        found.append(Stage(layer, hidden.shape[-2] // positions, ceil(reach / size)))
    return pixels, found


@contextmanager
def narrowing(found: Sequence[Stage], box: Box) -> Iterator[Callable[[int], tuple[int, int]]]:
    """In the body a decoding of latents is narrowed to a box of them.

    What it yields gives, afterwards, the row and column at which the decoded pixels begin, told their scale.
    """
    origin = _Origin()
    with ExitStack() as hooks:
        for stage in found:
            hooks.callback(stage.layer.register_forward_pre_hook(_cutting(stage, box, origin)).remove)
        yield origin.at


@dataclass
class _Origin:
    """Where the map begins that is being decoded, in positions of a scale."""

    row: int = 0
    column: int = 0
    scale: int = 1

    def at(self, scale: int) -> tuple[int, int]:
        return self.row * scale // self.scale, self.column * scale // self.scale


def _cutting(stage: Stage, box: Box, origin: _Origin) -> Callable[..., tuple[Any, ...]]:
    def cut(_layer: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        hidden, scale, margin = args[0], stage.scale, stage.margin
        row, column = origin.at(scale)
        top, left = max(box[0] * scale - margin, row), max(box[1] * scale - margin, column)
        bottom, right = box[2] * scale + margin, box[3] * scale + margin
        origin.row, origin.column, origin.scale = top, left, scale
        return hidden[..., top - row : bottom - row, left - column : right - column].contiguous(), *args[1:]

    return cut


def _one_after_another(decoder: nn.Module) -> list[nn.Module]:
    """The layers of which each is fed by the one before it alone."""
    if isinstance(up := getattr(decoder, "up_blocks", None), nn.ModuleList):  # AutoencoderDC
        return [layer for block in reversed(up) for layer in block.children()]
    return list(getattr(decoder, "layers", []))  # AutoencoderTiny


def _spread(found: Tensor) -> tuple[int, int]:
    """The first and the last row in which something is no number."""
    rows = torch.nonzero(found.isnan().any(dim=1)[0].any(dim=1)).flatten()
    return int(rows[0]), int(rows[-1])
