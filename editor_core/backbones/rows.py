"""A step at some positions only: what an engine hands to it and hears of it, whichever network computes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

import torch

from editor_core.backbones.attention.control import Injection
from editor_core.models.controlnet import ControlResiduals

Read = Callable[[str, torch.Tensor | None], torch.Tensor]
"""(site, positions (M,) or None for all) → recorded rows (batch, M, channels), or statistics (batch, 2, groups)."""
AsKept = Callable[[torch.Tensor], torch.Tensor]
"""What a record that keeps few digits gives back of numbers (batch, positions, channels) that are put into it."""
Emit = Callable[[str, torch.Tensor | None, torch.Tensor], None]
"""(site, positions (N,) or None for all, fresh tensor): what this step computed at a recorded site."""
Reads = list[tuple[str, torch.Tensor | None]]
"""What a step will ask of the record: site and positions, None for all."""
Levels = Sequence[Mapping[str, Any]]
"""Per level of the network, finest first: its size, the region's share, the way it is computed."""


class Keys(StrEnum):
    """Which keys and values the active positions attend to besides their own.

    FULL: all others, as recorded; exact, and the quality default, as in SIGE. STRIDED: on the larger maps every
    second one in both directions, each counted four times. ACTIVE: none, as in FISEdit's paper.
    """

    FULL = "full"
    STRIDED = "strided"
    ACTIVE = "active"


@dataclass(frozen=True)
class Sparsity:
    """What an incremental step leaves out; recorded in the turn's log."""

    margin: int = 1
    """Latent positions around the region that are computed with it and thrown away: they answer to the new words, where
    the base's rows do not, and the region's convolutions see them."""
    fresh_norms: bool = True
    """Let the group norms' statistics follow the edit."""
    keys: str = "full"
    """Which recorded keys and values are attended to: one of `Keys`."""
    level_growth: tuple[int, ...] = ()
    """By how many of its own positions each coarser level computes more on every side, finer levels first."""
    sparse_levels: int | None = None
    """So many of the finest levels are computed at the region only, the coarser ones everywhere; None: as many as save
    time on this machine."""
    captured: bool = True
    """On an NVIDIA card, fill regions up to few sizes and replay steps captured for these."""
    fused: bool = True
    """On an NVIDIA card, normalise and gather in kernels of this program's own, where they can be compiled."""

    def on(self, device: torch.device) -> "Sparsity":
        """Return what of it a device can do."""
        on_card = device.type == "cuda"
        return replace(self, captured=self.captured and on_card, fused=self.fused and on_card)

    def decisive(self) -> dict[str, Any]:
        """What decides what is computed, by name, for the name of a run's space; what is left to the machine is not."""
        return {name: value for name, value in asdict(self).items() if value is not None}


DEFAULT_SPARSITY = Sparsity()


class RowStep(Protocol):
    """The network bound to a region and to what it is told; called once per denoising step."""

    @property
    def active(self) -> torch.Tensor:
        """The latent positions that are computed, ascending, int64 (N,)."""

    @property
    def saves_nothing(self) -> bool:
        """Whether the region is so large that a dense step is expected to be quicker."""

    @property
    def levels(self) -> Levels:
        """How each level is computed, and what that was expected to cost, for the turn's log."""

    def reads(self) -> Reads:
        """What one call reads, in calling order, so that it can be fetched ahead."""

    def __call__(
        self,
        rows: torch.Tensor,
        timestep: float,
        read: Read,
        emit: Emit | None = None,
        injection: Injection | None = None,
        control: ControlResiduals | None = None,
    ) -> torch.Tensor:
        """Predict at the active positions: the raw output (batch, N, C), the batch being the words'.

        rows: (n, N, C), the latents there, in the network's precision; n pictures serve words that are n times as many
        as there are guidance halves, all unconditional ones first. `read` answers for the recorded step of the same
        timestep, one picture for all n; `emit` gets what this step computes at the recorded sites. injection: the
        base's whole maps, of one picture, that words which stay attend by; such a step is never captured.
        control: what a ControlNet adds, whole maps, of which the active positions are taken.
        """
