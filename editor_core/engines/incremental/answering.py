"""What two sentences make of the same latents in a region, asked on rows only.

Both are told of the edit's own latents; what lies around the region is the base's, as while it was painted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from editor_core.backbones.attention.control import Injection
from editor_core.backbones.rows import DEFAULT_SPARSITY
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import sized
from editor_core.engines.incremental.activations import RecordedLineage
from editor_core.models.conditioning import Conditioning
from editor_core.sampling.positions import rows_of, with_rows
from editor_core.sampling.sampler import TimeStep

Told = tuple[Conditioning, Sequence[int]]
"""A sentence, and the tokens of it that are not looked at."""


@dataclass(frozen=True, eq=False)
class Said:
    """What a run said of its own words alone at a step on rows."""

    active: torch.Tensor
    """The positions that were computed, int64 (N,)."""
    output: torch.Tensor
    """Raw, float32 (n, N, C)."""

    def noise(self, context: EngineContext, x_t: torch.Tensor, at: TimeStep) -> torch.Tensor:
        """The noise (1, C, h, w) that it saw in its latents then, (1, C, h, w); 0 where nothing was computed."""
        eps = context.schedule.eps_from_output(self.output[:1], rows_of(x_t, self.active), at.t)
        return with_rows(torch.zeros_like(x_t), self.active, eps)


def answers_on_rows(
    context: EngineContext,
    recorded: RecordedLineage,
    region: torch.Tensor,
    x_t: torch.Tensor,
    at: TimeStep,
    sentences: Sequence[Told],
) -> tuple[torch.Tensor, torch.Tensor]:
    """The noise (n, C, h, w) that each sentence sees in latents (1, C, h, w), 0 where nothing is computed.

    Also where it is, bool (h, w): in the region, bool (h, w), and its margin. Raises ActivationsMissing.
    """
    height, width = region.shape
    sparsity = replace(DEFAULT_SPARSITY.on(x_t.device), captured=False)  # a graph is not worth a single call
    hides = any(hidden for _, hidden in sentences)
    found = []
    for asked in [[sentence] for sentence in sentences] if hides else [sentences]:
        told = sized(context.bundle, Conditioning.batch([words for words, _ in asked]), height, width)
        step = context.backbone.row_step(region, told, sparsity, recorded.thinned)
        tokens = torch.arange(told.hidden.shape[1], device=x_t.device)
        injection = Injection(None, tokens, tuple(asked[0][1])) if hides else None
        rows = rows_of(x_t, step.active).expand(len(asked), -1, -1)
        with recorded.reading(at.index, 1) as read:
            output = step(rows.to(context.bundle.dtype), at.t, read, injection=injection).float()
        found.append(
            with_rows(
                torch.zeros_like(x_t), step.active, context.schedule.eps_from_output(output, rows, at.t)
            )
        )
    computed = torch.zeros(height * width, dtype=torch.bool, device=x_t.device)
    computed[step.active] = True
    return torch.cat(found), computed.view(height, width)
