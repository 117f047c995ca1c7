"""What an engine asks of a network that predicts the noise: the one door to it.

A kind of network is a folder beside this file and a row in `registry.py`. What it can do falls into four parts, and an
engine's helper names the one that it needs.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import torch

from editor_core.backbones.attention.control import AttentionControl
from editor_core.backbones.attention.sites import AttentionSite, Size
from editor_core.backbones.rows import AsKept, Levels, RowStep, Sparsity
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals

Store = Callable[[str, torch.Tensor], None]
"""(site, what was recorded there)."""


class Predicting(Protocol):
    """The plain call."""

    def predict(
        self,
        x_t: torch.Tensor,
        t: float,
        conditioning: Conditioning,
        residuals: Sequence[torch.Tensor] | None = None,
        control: ControlResiduals | None = None,
    ) -> torch.Tensor:
        """The raw output (B, C, h, w) for latents (B, C', h, w) in the network's precision.

        C' counts what a network made for inpainting takes besides the latents. residuals: an adapter's features, one
        map (B or 1, C, h, w) per level. control: what a ControlNet adds to the skip connections and the middle.
        """

    def gradient_checkpointing(self) -> AbstractContextManager[None]:
        """Within the body, backward passes compute activations again rather than keep them."""


class Attending(Protocol):
    """Where the network attends, and how it is told to do so otherwise."""

    @property
    def sites(self) -> tuple[AttentionSite, ...]:
        """All attention layers in calling order."""

    def level_sizes(self, height: int, width: int) -> tuple[Size, ...]:
        """(height, width) of the maps of every level for latents of this size, the latent grid first."""

    def attending(self, control: AttentionControl) -> AbstractContextManager[Counter[str]]:
        """Run the body with attention as `control` has it; yields how often each site that it changes was called."""


class Recorded(Protocol):
    """What a dense step leaves behind for steps that compute rows only; names are the network's own."""

    @property
    def sites_without_positions(self) -> frozenset[str]:
        """Names of what is recorded once for a whole map, such as a norm's statistics."""

    @property
    def sites_before_words(self) -> frozenset[str]:
        """Names of what is recorded before any word is heard: once for both guidance halves, alike there."""

    @property
    def recorded_together(self) -> Mapping[str, Mapping[str, int]]:
        """Names of sites with their channels, by the name of a record that can hold them side by side.

        They have the same positions and guidance halves, and a step reads the same rows of them.
        """

    def recorded_positions(self, height: int, width: int, thinned: bool = False) -> Mapping[str, int]:
        """How many positions the record of each other site has, for latents of this size."""

    def recorded_bytes(self, height: int, width: int, thinned: bool = False, halves: int = 2) -> int:
        """What one step of one picture, of so many guidance halves, leaves behind in half precision."""

    def recording(
        self, store: Store, dtype: torch.dtype, pictures: int, thin: Size | None = None
    ) -> AbstractContextManager[None]:
        """Hand `store` what the body's calls leave behind; their output is unchanged.

        A batch holds so many `pictures`, the unconditional halves first, or the conditional halves alone: of what no
        word has reached yet the first half is recorded. thin: the latents' (height, width), where the keys and values
        of larger maps are thinned out to every second position both ways.
        """


class RowComputing(Protocol):
    """Steps at some positions only."""

    def row_step(
        self,
        region: torch.Tensor,
        told: Conditioning,
        sparsity: Sparsity,
        thinned: bool = False,
        again: Levels | None = None,
        as_kept: AsKept | None = None,
    ) -> RowStep:
        """Bind the network to a region, bool (h, w) on the latent grid, and to what it is told.

        thinned: the record holds every second key only, so full ones cannot be had. again: how an earlier run computed
        each level, to repeat it, uncaptured; None chooses by this machine's costs. as_kept: where a record has few
        digits, so that what a step takes out of sums is what the one before put in.
        """

    def release(self) -> None:
        """Give back memory that only makes later steps quicker."""


class Backbone(Predicting, Attending, Recorded, RowComputing, Protocol):
    """A network that predicts the noise, instrumented."""
