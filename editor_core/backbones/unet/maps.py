"""The levels that an edit runs densely: how rows become a map, and a map rows again.

A dense level starts from the recorded map of its entry with the active rows written over it and runs the network's
own layers, with statistics of its own. What it computes is recorded like a recording step's, whole.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch

from editor_core.backbones.attention.control import Injection, MapControl
from editor_core.backbones.attention.cross_attention import ControlledCrossAttention
from editor_core.backbones.attention.reference import referring
from editor_core.backbones.attention.sites import AttentionSite, Module, Size
from editor_core.backbones.rows import Reads
from editor_core.backbones.unet.recording import position_major
from editor_core.backbones.unet.regions import LevelPlan
from editor_core.backbones.unet.rows import (
    RowDownsample,
    StepContext,
    convolve_gathered,
    for_all_words,
    matrix_weight,
)
from editor_core.backbones.unet.sites import Layer, LayerKind


@dataclass
class EnterMap:
    """The downsampler into the first dense level: rows in, a map (batch, channels, height, width) out."""

    downsample: RowDownsample
    below: LevelPlan

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        rows = self.downsample(hidden, step)
        recorded = step.recorded(self.downsample.site, None, len(rows))
        return rows_over_recorded(rows, recorded, self.below)

    def reads(self) -> Reads:
        return [*self.downsample.reads(), (self.downsample.site, None)]


@dataclass
class LeaveMap:
    """The upsampler out of the first dense level: a map in, rows out."""

    site: str
    conv: Module
    index: torch.Tensor  # (9·N,) into the map's rows and a zero row

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        rows = position_major(hidden, hidden.dtype)
        step.computed(self.site, None, rows)
        compact = torch.cat([rows, rows.new_zeros(len(rows), 1, rows.shape[2])], 1)
        return convolve_gathered(matrix_weight(self.conv), self.conv.bias, compact, self.index)

    def reads(self) -> Reads:
        return []


@dataclass
class MapLayer:
    """The network's own layer on a map; `size` is that of an upsampler's output."""

    layer: Layer
    size: Size | None
    cross_sites: Sequence[AttentionSite] = ()
    """Of a transformer, one per block."""

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        module, kind = self.layer.module, self.layer.kind
        out: torch.Tensor
        if kind is LayerKind.RESNET:
            out = module(hidden, step.time)
        elif kind is LayerKind.TRANSFORMER:
            text = step.text.embeddings
            hidden = for_all_words(hidden, len(text))
            with (
                steered(self.cross_sites, step.injection, guided=len(text) > 1),
                referring(self.cross_sites, step.text.reference),
            ):
                out = module(hidden, encoder_hidden_states=text, return_dict=False)[0]
        elif kind is LayerKind.UPSAMPLE:
            out = module(hidden, self.size)
        else:
            out = module(hidden)
        return out

    def reads(self) -> Reads:
        return []


@contextmanager
def steered(sites: Sequence[AttentionSite], injection: Injection | None, guided: bool) -> Iterator[None]:
    """Within the body, words that stay attend by the base's maps at these sites of cross-attention."""
    with ExitStack() as restore:
        for site in sites if injection is not None else ():
            restore.callback(site.module.set_processor, site.module.get_processor())
            site.module.set_processor(
                ControlledCrossAttention(site, MapControl(inject=injection, guided=guided))
            )
        yield


def rows_over_recorded(rows: torch.Tensor, recorded: torch.Tensor, level: LevelPlan) -> torch.Tensor:
    """Write rows (batch, N, channels) over recorded ones (batch, positions, channels); return them as a map."""
    whole = recorded.to(rows, copy=True).index_copy_(1, level.active, rows)
    return whole.view(len(rows), level.height, level.width, -1).permute(0, 3, 1, 2)
