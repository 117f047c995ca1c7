"""Painting a region: the sampler runs inside it, and outside the latents are the base's at every step.

Two executors give the same picture. The dense one runs the whole U-Net and re-imposes the base's latents; it is the
plain reference. The incremental one computes the region's rows only, from what the base's run left behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch

from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.incremental.activations import (
    DEFAULT_SPARSITY,
    ActivationsMissing,
    IncrementalDenoiser,
    Levels,
    RecordedLineage,
    Sparsity,
    rows_of,
    with_rows,
)
from editor_core.engines.incremental.keeping import Kept, fit_budget, flatten_if_deep, recording_step
from editor_core.messages.requests import BaseTurn
from editor_core.models.latents import preview
from editor_core.sampling.ddim import ddim_step

_NO_ROOM = "The cache is full, so the whole picture is computed; more room for it is in the settings."


@dataclass(frozen=True)
class Words:
    """What a run is told."""

    prompt: str
    negative: str
    guidance: float


@dataclass(frozen=True, eq=False)
class Painted:
    path: list[torch.Tensor]
    """The latents at every step, each (n, C, h, w), noise first."""
    executor: str
    """"incremental" or "dense": the one that did the last step before the tail."""
    levels: Levels
    """How an incremental step computed each level of the U-Net."""
    recomputed: int
    """Steps of the base that were not in the cache any more."""
    kept: Kept
    """How much the lineage's runs keep of their activations."""
    sparsity: Sparsity
    """What incremental steps left out."""


class _Executor(Protocol):
    name: str

    def noise(self, x_t: torch.Tensor, step: int, t: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The latents that take part, and eps there, as two tensors of equal shape."""

    def place(self, changed: torch.Tensor, base: torch.Tensor) -> torch.Tensor:
        """Lay what took part over the base's latents (1, C, h, w)."""


class _Dense:
    name = "dense"

    def __init__(
        self,
        context: EngineContext,
        words: Words,
        region: torch.Tensor,
        spaces: Sequence[str],
        kept: Kept,
        given: torch.Tensor | None,
        reimpose: bool,
    ) -> None:
        self._context, self._spaces, self._reimpose = context, spaces, reimpose
        self._kept = kept if words.guidance != 1 else Kept.NOTHING
        self._denoise = denoiser(
            context, words.prompt, words.negative, words.guidance, len(spaces), given=given
        )
        self._region = region.to(context.bundle.device)

    def noise(self, x_t: torch.Tensor, step: int, t: int) -> tuple[torch.Tensor, torch.Tensor]:
        if self._kept is Kept.NOTHING:
            return x_t, self._denoise(x_t, t)
        height, width = x_t.shape[-2:]
        thin = (height, width) if self._kept is Kept.THINNED else None
        with recording_step(self._context, self._spaces, step, thin):
            return x_t, self._denoise(x_t, t)

    def place(self, changed: torch.Tensor, base: torch.Tensor) -> torch.Tensor:
        return torch.where(self._region, changed, base) if self._reimpose else changed


class _Incremental:
    name = "incremental"

    def __init__(
        self,
        context: EngineContext,
        words: Words,
        region: torch.Tensor,
        spaces: Sequence[str],
        recorded: RecordedLineage,
        last: int,
        sparsity: Sparsity,
    ) -> None:
        self._last = last
        self.denoise = IncrementalDenoiser(
            context, recorded, region, words.prompt, words.negative, words.guidance, spaces, sparsity
        )

    def noise(self, x_t: torch.Tensor, step: int, t: int) -> tuple[torch.Tensor, torch.Tensor]:
        rows = rows_of(x_t, self.denoise.active)
        return rows, self.denoise(rows, step, t, self._last)

    def place(self, changed: torch.Tensor, base: torch.Tensor) -> torch.Tensor:
        inside = self.denoise.inside
        return with_rows(base, self.denoise.active[inside], changed[:, inside])


def paint_region(
    context: EngineContext,
    lineage: Sequence[BaseTurn],
    region: torch.Tensor,
    words: Words,
    spaces: Sequence[str],
    path: list[torch.Tensor],
    incremental: bool,
    given: torch.Tensor | None = None,
    sparsity: Sparsity = DEFAULT_SPARSITY,
    tail: int = 0,
    reimpose: bool = True,
) -> Painted:
    """Go on from the latents in ``path`` to x_0 with new words, inside ``region``, bool (h, w), only.

    Several pictures, (n, C, h, w), go as one batch. ``spaces``, one for each, receive what their steps leave behind.
    The preview shows the first. ``given`` are the further channels (1, 1 + C, h, w) of a U-Net
    made for inpainting, which always runs densely. The last ``tail`` steps run densely, too; without ``reimpose`` all
    do, and the latents outside go where they will. Falls back to dense steps when the cache cannot serve rows. Raises
    JobCancelled between steps.
    """
    base = lineage[-1]
    base_path = context.tensor(base.latents["trajectory"])
    pairs = context.schedule.step_pairs(base.steps)
    kept = fit_budget(context, base_path, base.steps, lineage)
    sparsity = sparsity.on(context.bundle.device)
    recorded = RecordedLineage(context, lineage, kept)
    dense = _Dense(context, words, region, spaces, kept, given, reimpose)
    executor: _Executor = dense
    levels: Levels = []
    by_rows = incremental and reimpose and not context.bundle.capabilities.inpainting
    if by_rows and kept is not Kept.NOTHING:
        own = () if tail else spaces
        rows = _Incremental(context, words, region, own, recorded, base.steps - 1, sparsity)
        levels = rows.denoise.levels
        executor = dense if rows.denoise.saves_nothing else rows
    elif by_rows and lineage[0].log.get("kept") != Kept.NOTHING:  # else it was said when that was made
        context.notice(_NO_ROOM)
    path = list(path)
    for step in range(len(path) - 1, base.steps):
        context.progress("painting", step, base.steps)
        t, t_prev = pairs[step]
        runs = dense if step >= base.steps - tail else executor
        try:
            changed, eps = runs.noise(path[-1], step, t)
        except ActivationsMissing:
            context.notice(_NO_ROOM)
            for space in spaces:  # a turn that ends densely counts as whole: rows would not do
                context.cache.drop_space(space)
            runs = executor = dense
            changed, eps = runs.noise(path[-1], step, t)
        x_t = ddim_step(changed, eps, t, t_prev, context.schedule)
        path.append(runs.place(x_t, base_path[step + 1 : step + 2]))
        if context.live_preview:
            clean = runs.place(context.schedule.x0_from_eps(eps, changed, t), base_path[-1:])
            context.preview(preview(context.bundle, clean))
    context.progress("painting", base.steps, base.steps)
    if executor is not dense and not tail:
        for space in spaces:
            flatten_if_deep(context.cache, space, recorded.chain)
    return Painted(path, executor.name, levels, len(recorded.recomputed), kept, sparsity)
