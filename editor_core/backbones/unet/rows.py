"""Convolutional layers on rows: the active positions' features (batch, N, channels) instead of whole maps.

Everything that looks at one position at a time (1x1 convolutions, linear layers, LayerNorm, feed-forward, queries)
is exact on rows. What looks further reads recorded rows: 3x3 convolutions those just outside the active ones,
self-attention the other keys and values, GroupNorm its statistics. So, for the input that was recorded, rows are what
the dense call computes, up to rounding.

A layer on rows is called with (rows, step) and lists with `reads` what it will ask of the recorded step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.control import Injection
from editor_core.backbones.attention.reference import ReferenceKeys
from editor_core.backbones.attention.sites import Module
from editor_core.backbones.rows import Emit, Read, Reads
from editor_core.backbones.unet.fused import FusedKernels
from editor_core.backbones.unet.gather import gather_rows
from editor_core.backbones.unet.level_norms import LevelNorms
from editor_core.backbones.unet.regions import Box, Neighbourhood
from editor_core.models.conditioning import Conditioning

GATHERED_AT_A_TIME = 4_000_000  # elements


@dataclass(frozen=True)
class TextKeys:
    """The words as the network sees them: each cross-attention layer's keys and values, the same at all steps."""

    told: Conditioning
    keys: Mapping[str, tuple[torch.Tensor, torch.Tensor]]  # site → (batch, heads, tokens, dim) twice
    added: torch.Tensor | None = None
    """(batch, time channels): what a pooled text adds to the time embedding. Words then reach every layer."""
    reference: Mapping[str, ReferenceKeys] = field(default_factory=dict)
    """A reference picture's keys and values by site; empty without one."""

    @property
    def embeddings(self) -> torch.Tensor:
        """(batch, tokens, text channels)."""
        return self.told.hidden


@dataclass(frozen=True)
class StepContext:
    """What all layers of one sparse step share: the recorded step, where fresh rows go, time, text, levels' norms."""

    read: Read
    emit: Emit | None
    time: torch.Tensor  # (batch, time channels), after the time embedding
    text: TextKeys
    norms: Sequence[LevelNorms]
    biases: Mapping[Module, torch.Tensor] = field(default_factory=dict)
    """Of residual blocks' convolutions, as `BlockBiases` says."""
    injection: Injection | None = None
    """Maps of the base that the conditional half attends by for words that stay, of one picture."""
    kernels: FusedKernels | None = None
    """The device's own, in place of several of PyTorch's."""

    def recorded(self, site: str, positions: torch.Tensor | None, batch: int) -> torch.Tensor:
        """Return what was recorded, for a batch of so many."""
        return self.fitted(self.read(site, positions), batch)

    def fitted(self, found: torch.Tensor, batch: int) -> torch.Tensor:
        """Fit part of the record to a batch of so many: it may hold one half where both are alike.

        A batch before the first words, smaller than the text's, is one of pictures: the record is the same for all.
        """
        recorded = found.shape[0]
        if recorded == batch:
            return found
        if batch < self.text.embeddings.shape[0]:
            found, recorded = found[:1], 1
        if recorded > 1:  # both halves, each for several pictures
            return found.repeat_interleave(batch // recorded, 0)
        return found.expand(batch, *found.shape[1:])

    def computed(self, site: str, positions: torch.Tensor | None, fresh: torch.Tensor) -> None:
        """Offer fresh rows to whoever records this step."""
        if self.emit is not None:
            self.emit(site, positions, fresh)


Norm = Callable[[torch.Tensor, StepContext], torch.Tensor]
"""A norm on rows and the activation after it, if one follows; what it reads is the step's already."""


class RowLayer(Protocol):
    """What the sparse step runs, one after another."""

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor: ...

    def reads(self) -> Reads: ...


@dataclass
class RowConv:
    """A 3x3 convolution on rows: one gather and one matrix product with the (C_out, 9·C_in) weight.

    With a `box`, the rows are laid out as a small picture and convolved there: the same result, a little faster
    where the active set is large and compact. `active` are the positions of the rows that come in.
    """

    site: str
    conv: Module
    active: torch.Tensor
    hood: Neighbourhood
    box: Box | None = None
    weight: torch.Tensor = field(init=False)
    outside: torch.Tensor = field(init=False)
    """The zero row."""

    def __post_init__(self) -> None:
        self.weight = matrix_weight(self.conv)
        self.outside = self.weight.new_zeros(1, 1, self.conv.in_channels)

    def __call__(
        self, hidden: torch.Tensor, step: StepContext, bias: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Turn rows (batch, N, C_in) into rows (batch, outputs, C_out); `bias` (C_out,) stands in for its own."""
        step.computed(self.site, self.active, hidden)
        around = step.recorded(self.site, self.hood.read, len(hidden))
        bias = self.conv.bias if bias is None else bias
        if step.kernels is not None:
            return self._fused(hidden, around, bias, step.kernels)
        around = around.to(hidden)
        outside = self.outside.expand(len(hidden), 1, -1)
        if (
            hidden.device.type == "cpu"
        ):  # it joins quicker what is contiguous; a card would have to be asked for zeros
            outside = outside.contiguous()
        compact = torch.cat([hidden, around, outside], 1)
        if self.box is None:
            return convolve_gathered(self.weight, bias, compact, self.hood.index)
        rows = _convolve_box(self.conv.weight, bias, gather_rows(compact, self.box.index), self.box)
        return rows if self.box.inside is None else rows.index_select(1, self.box.inside)

    def _fused(
        self, hidden: torch.Tensor, around: torch.Tensor, bias: torch.Tensor | None, kernels: FusedKernels
    ) -> torch.Tensor:
        """The same, gathered in a card's own kernels; fresh rows, those around and zeros are joined on the way."""
        if self.box is None:
            taps = kernels.gather(hidden, around, self.hood.index)
            return F.linear(taps.view(len(hidden), -1, self.weight.shape[1]), self.weight, bias)
        picture = kernels.gather(hidden, around, self.box.index)
        rows = _convolve_box(self.conv.weight, bias, picture, self.box)
        return rows if self.box.inside is None else kernels.gather(rows, None, self.box.inside)

    def reads(self) -> Reads:
        return [(self.site, self.hood.read)]


@dataclass
class RowResnet:
    """A residual block on rows: twice norm with activation, 3x3 convolution; time in between, a shortcut around."""

    block: Module
    norm1: Norm
    conv1: RowConv
    norm2: Norm
    conv2: RowConv

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        block, shortcut = self.block, hidden
        time = step.biases[block.conv1]
        hidden = self.norm1(hidden, step)
        hidden = (
            self.conv1(hidden, step, time[0])
            if len(time) == 1
            else self.conv1(hidden, step).add_(time[:, None])
        )
        hidden = self.norm2(hidden, step)
        hidden = self.conv2(hidden, step, step.biases.get(block.conv2))
        if block.conv_shortcut is None:
            hidden = hidden.add_(shortcut)
        else:
            hidden = _add_product(hidden, shortcut, block.conv_shortcut.weight.flatten(1))
        return hidden if block.output_scale_factor == 1 else hidden / block.output_scale_factor

    def reads(self) -> Reads:
        return [*self.conv1.reads(), *self.conv2.reads()]


@dataclass
class RowDownsample:
    """The stride-2 convolution: rows of one level in, rows of the level below out."""

    site: str
    conv: RowConv
    below: torch.Tensor  # the active positions of the level below

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        rows = self.conv(hidden, step)
        step.computed(self.site, self.below, rows)
        return rows

    def reads(self) -> Reads:
        return self.conv.reads()


@dataclass
class RowOutput:
    """The last norm, activation and convolution on rows."""

    norm: Norm
    conv: RowConv

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        return self.conv(self.norm(hidden, step), step)

    def reads(self) -> Reads:
        return self.conv.reads()


def for_all_words(hidden: torch.Tensor, batch: int) -> torch.Tensor:
    """Pictures (n, …), alike until the first words, once for each half of a batch: [n, n], unconditional first."""
    pictures = hidden.shape[0]
    if pictures == batch:
        return hidden
    if pictures == 1:
        return hidden.expand(batch, *hidden.shape[1:])
    return hidden.repeat(batch // pictures, *(1,) * (hidden.ndim - 1))


def project(layer: Module, rows: torch.Tensor) -> torch.Tensor:
    """A linear layer or a 1x1 convolution on rows."""
    weight: torch.Tensor = layer.weight
    return F.linear(rows, weight.flatten(1), layer.bias)


def _add_product(sums: torch.Tensor, rows: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Add rows (batch, N, C_in) times a weight (C_out, C_in) to sums (batch, N, C_out), whose memory may be used."""
    return sums.reshape(-1, len(weight)).addmm_(rows.flatten(0, 1), weight.mT).view_as(sums)


def matrix_weight(conv: Module) -> torch.Tensor:
    """The 3x3 weight as (C_out, 9·C_in): a view of a channels-last weight, a copy of any other."""
    matrix: torch.Tensor = conv.weight.permute(0, 2, 3, 1).reshape(conv.out_channels, -1)
    return matrix


def convolve_gathered(
    weight: torch.Tensor, bias: torch.Tensor | None, compact: torch.Tensor, index: torch.Tensor
) -> torch.Tensor:
    """Gather nine taps per output from compact rows (batch, rows, C_in) and multiply: (batch, outputs, C_out)."""
    at_a_time = len(index)
    if compact.device.type == "cpu":  # much fresh memory at once costs more in page faults than the product
        at_a_time = max(1, GATHERED_AT_A_TIME // (len(compact) * weight.shape[1])) * 9
    outputs = [
        F.linear(gather_rows(compact, part).view(len(compact), -1, weight.shape[1]), weight, bias)
        for part in torch.split(index, at_a_time)
    ]
    return outputs[0] if len(outputs) == 1 else torch.cat(outputs, 1)


def _convolve_box(
    weight: torch.Tensor, bias: torch.Tensor | None, rows: torch.Tensor, box: Box
) -> torch.Tensor:
    """Convolve a box's rows (batch, height·width, C_in) as a picture: (batch, its inner positions, C_out)."""
    picture = rows.view(len(rows), box.height, box.width, -1).permute(0, 3, 1, 2)
    return F.conv2d(picture, weight, bias).permute(0, 2, 3, 1).flatten(1, 2)
