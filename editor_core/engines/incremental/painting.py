"""Painting a region: the sampler runs inside it, and outside the latents are the base's at every step.

Two executors give the same picture. The dense one runs the whole U-Net and re-imposes the base's latents; it is the
plain reference. The incremental one computes the region's rows only, from what the base's run left behind.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass
from typing import Protocol

import torch

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.backbones.rows import DEFAULT_SPARSITY, Levels, Sparsity
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import step_denoiser
from editor_core.engines.common.guides import NO_GUIDE, Guide
from editor_core.engines.common.strength import Beginnings, Entering, own_noise
from editor_core.engines.incremental.activations import (
    ActivationsMissing,
    IncrementalDenoiser,
    RecordedLineage,
)
from editor_core.engines.incremental.delta_chain import NO_ROOM, flatten_if_deep, why_whole
from editor_core.engines.incremental.recorder import recording_step
from editor_core.engines.incremental.recording_budget import fit_budget
from editor_core.engines.incremental.steering import Steering
from editor_core.messages.requests import BaseTurn
from editor_core.messages.run import RecordingMode
from editor_core.models.previews import preview
from editor_core.sampling.guidance import Guidance, halves_at
from editor_core.sampling.noise_of_path import noise_of_path
from editor_core.sampling.positions import rows_of, with_rows
from editor_core.sampling.sampler import Prediction, Step, TimeStep, run
from editor_core.sampling.samplers import sampler_called

_INVALID = Message(
    "The model computed values that cannot be kept in the cache, so the whole picture was computed."
)


@dataclass(frozen=True)
class Words:
    """What a run is told."""

    prompt: str
    negative: str
    guidance: float
    guidance_every: int = 1

    @property
    def guided(self) -> Guidance:
        return Guidance(self.guidance, self.guidance_every)


@dataclass(frozen=True, eq=False)
class Painted:
    path: list[torch.Tensor]
    """The latents at every step, each (n, C, h, w), noise first."""
    executor: str
    """"incremental" or "dense": the one that did the last step before the tail."""
    levels: Levels
    """How an incremental step computed each level of the U-Net; of a region that grew, stage after stage."""
    recomputed: int
    """Steps of the base that were not in the cache any more."""
    kept: RecordingMode
    """How much the lineage's runs keep of their activations."""
    sparsity: Sparsity
    """What incremental steps left out."""
    recorded: RecordedLineage | None = None
    """What rows were read of; None where none were computed."""


class _Executor(Protocol):
    name: str

    def predict(self, x_t: torch.Tensor, at: TimeStep) -> Prediction:
        """The noise in the latents (n, C, h, w), where this executor computes it."""

    def place(self, changed: torch.Tensor, base: torch.Tensor) -> torch.Tensor:
        """Lay what took part over the base's latents (1, C, h, w)."""


class _Dense:
    name = "dense"

    def __init__(
        self,
        context: EngineContext,
        words: Words,
        steps: int,
        region: torch.Tensor,
        spaces: Sequence[str],
        kept: RecordingMode,
        given: torch.Tensor | None,
        outside: Sequence[torch.Tensor] | None,
        steering: Steering | None,
        guide: Guide,
    ) -> None:
        """outside: each step's noise (1, C, h, w) taken outside the region; None lays the base's latents there."""
        self._context, self._spaces, self._outside = context, spaces, outside
        self._steering, self._kept = steering, kept
        self._denoise = step_denoiser(
            context,
            words.prompt,
            words.negative,
            words.guided,
            steps,
            len(spaces),
            given=given,
            control=guide.control,
            refer=guide.refer,
        )
        self._region = region.to(context.bundle.device)

    def of_region(self, region: torch.Tensor) -> "_Dense":
        """The same for another region, bool (h, w)."""
        other = copy(self)
        other._region = region.to(self._context.bundle.device)
        return other

    def predict(self, x_t: torch.Tensor, at: TimeStep) -> Prediction:
        eps = self._noise(x_t, at)
        if self._outside is not None:
            eps = torch.where(self._region, eps, self._outside[at.index])
        return Prediction(x_t, eps)

    def _noise(self, x_t: torch.Tensor, at: TimeStep) -> torch.Tensor:
        injection = None if self._steering is None else self._steering.at(at.index, at.t)
        with ExitStack() as attached:
            if injection is not None:
                guided = self._denoise.halves(at) > 1
                control = AttentionControl(MapControl(inject=injection, guided=guided))
                attached.enter_context(self._context.backbone.attending(control))
            if self._kept is not RecordingMode.NOTHING:
                size = (x_t.shape[-2], x_t.shape[-1])
                attached.enter_context(
                    recording_step(self._context, self._spaces, at.index, size, self._kept)
                )
            return self._denoise(x_t, at)

    def place(self, changed: torch.Tensor, base: torch.Tensor) -> torch.Tensor:
        return torch.where(self._region, changed, base) if self._outside is None else changed


class _Incremental:
    name = "incremental"

    def __init__(
        self,
        context: EngineContext,
        words: Words,
        region: torch.Tensor,
        spaces: Sequence[str],
        recorded: RecordedLineage,
        sparsity: Sparsity,
        steering: Steering | None,
        guide: Guide,
    ) -> None:
        self.denoise = IncrementalDenoiser(
            context,
            recorded,
            region,
            words.prompt,
            words.negative,
            words.guided,
            spaces,
            sparsity,
            steering,
            guide,
        )

    def predict(self, x_t: torch.Tensor, at: TimeStep) -> Prediction:
        rows = rows_of(x_t, self.denoise.active)
        eps = self.denoise(rows, at.index, at.t, at.steps - 1, x_t)
        return Prediction(rows, eps, self.denoise.active)

    def place(self, changed: torch.Tensor, base: torch.Tensor) -> torch.Tensor:
        inside = self.denoise.inside
        return with_rows(base, self.denoise.active[inside], changed[:, inside])


class _Painting:
    """A run in a region: rows while the cache serves them and they save something, else dense steps.

    Where the region grows as steps pass, each of its stages has executors of its own.
    """

    def __init__(
        self,
        context: EngineContext,
        dense: _Dense,
        rows: Callable[[torch.Tensor], _Incremental] | None,
        spaces: Sequence[str],
        base_path: torch.Tensor,
        tail: int,
        begins: Beginnings,
        entering: Entering,
    ) -> None:
        self._context, self._spaces, self._tail = context, spaces, tail
        self._whole_region, self._rows_of = dense, rows
        self._base_path, self._begins, self._entering = base_path, begins, entering
        self.levels: Levels = []
        self._stage = -1
        self._executor: _Executor = dense
        self._dense: _Dense = dense
        self._runs: _Executor = dense

    @property
    def by_rows(self) -> bool:
        """Whether rows are computed, except in the tail."""
        return self._rows_of is not None

    def _enter(self, step: int) -> None:
        """Take the executors of the region as it is at a step."""
        stage = self._begins.stage(step)
        if stage == self._stage:
            return
        self._stage = stage
        region = self._begins.begun(stage)
        self._executor = self._dense = self._whole_region.of_region(region)
        if self._rows_of is not None:
            rows = self._executor = self._rows_of(region)
            told = {"begins": stage} if self._begins.is_soft else {}
            self.levels = [*self.levels, *({**level, **told} for level in rows.denoise.levels)]

    def predict(self, x_t: torch.Tensor, at: TimeStep) -> Prediction:
        self._context.progress("painting", at.index, at.steps)
        self._enter(at.index)
        self._runs = self._dense if at.index >= at.steps - self._tail else self._executor
        try:
            return self._runs.predict(x_t, at)
        except ActivationsMissing:
            refused = self._context.cache.stats().not_finite
            self._context.notice(_INVALID if refused else NO_ROOM)
            for space in self._spaces:  # a turn that ends densely counts as whole: rows would not do
                self._context.cache.drop_space(space)
            self._runs = self._executor = self._dense
            self._rows_of = None
            return self._runs.predict(x_t, at)

    def place(self, changed: torch.Tensor, _found: Prediction, at: TimeStep) -> torch.Tensor:
        reached = self._runs.place(changed, self._base_path[at.index + 1 : at.index + 2])
        return self._begins.entered(reached, at.index + 1, self._entering)

    def clean(self, step: Step) -> torch.Tensor:
        """The whole picture's latents as they are predicted at a step, (n, C, h, w)."""
        return self._runs.place(step.x_0, self._base_path[-1:])


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
    x_0_before: torch.Tensor | None = None,
    steering: Steering | None = None,
    begins: Beginnings | None = None,
    entering: Entering | None = None,
    guide: Guide = NO_GUIDE,
) -> Painted:
    """Go on from the latents in ``path`` to x_0 with new words, inside ``region``, bool (h, w), only.

    Several pictures, (n, C, h, w), go as one batch. ``spaces``, one for each, receive what their steps leave behind.
    The preview shows the first. ``given`` are the further channels (1, 1 + C, h, w) of a U-Net
    made for inpainting, which always runs densely. The last ``tail`` steps run densely, too; without ``reimpose`` all
    do, and outside the sampler goes on from the latents that are there with the noise that the base's run predicted.
    ``x_0_before`` is what the last step of ``path`` predicted; ``steering``, for one picture, what first steps take
    from the base's attention; ``guide`` a hint that is followed. ``begins`` says where positions of the region begin
    later than at the first step to come, and ``entering`` with what; None is with the base's latents. Falls back to
    dense steps when the cache cannot serve rows. Raises JobCancelled between steps.
    """
    base = lineage[-1]
    base_path = context.tensor(base.latents["trajectory"])
    kept = fit_budget(context, base_path, base.steps, halves_at(words.guidance), lineage)
    sparsity = sparsity.on(context.bundle.device)
    recorded = RecordedLineage(context, lineage, kept)
    plan, sampler = context.plan(base.sampler, base.steps, base.seed), sampler_called(base.sampler)
    outside = None if reimpose else noise_of_path(sampler, plan, base_path)
    dense = _Dense(context, words, base.steps, region, spaces, kept, given, outside, steering, guide)
    begins = begins or Beginnings(torch.where(region, len(path) - 1, base.steps), base.steps)
    rows: Callable[[torch.Tensor], _Incremental] | None = None
    levels: Levels = []
    by_rows = incremental and reimpose and not context.bundle.capabilities.inpainting
    if by_rows and kept is RecordingMode.NOTHING:
        if lineage[0].record.recording is not RecordingMode.NOTHING:
            context.notice(NO_ROOM)  # else it was said when that was made
    elif by_rows and (reason := why_whole(context.cache, recorded.chain)) is not None:
        context.notice(reason)
    elif by_rows:
        to = () if tail else spaces
        whole = _Incremental(context, words, region, to, recorded, sparsity, steering, guide)
        levels = whole.denoise.levels

        def rows_in(part: torch.Tensor) -> _Incremental:
            if torch.equal(part, region):
                return whole
            return _Incremental(context, words, part, to, recorded, sparsity, steering, guide)

        rows = None if whole.denoise.saves_nothing else rows_in
    entering = entering or own_noise(base_path)
    painting = _Painting(context, dense, rows, spaces, base_path, tail, begins, entering)
    path = list(path)
    if begins.is_soft and x_0_before is None:  # a multistep sampler asks for it where positions begin later
        x_0_before = base_path[-1:]
    for step in run(
        sampler, plan[len(path) - 1 :], path[-1], painting.predict, painting.place, x_0_before=x_0_before
    ):
        path.append(step.x_next)
        if context.live_preview:
            context.preview(preview(context.bundle, painting.clean(step)))
    context.progress("painting", base.steps, base.steps)
    if painting.by_rows and not tail:
        flatten_if_deep(context.cache, base.cache_space, recorded.chains)
    name = _Incremental.name if painting.by_rows else _Dense.name
    told = painting.levels if begins.is_soft and painting.by_rows else levels
    return Painted(
        path, name, told, len(recorded.recomputed), kept, sparsity, recorded if painting.by_rows else None
    )
