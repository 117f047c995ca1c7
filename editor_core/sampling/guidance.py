"""Classifier-free guidance (https://arxiv.org/abs/2207.12598)."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from editor_core.models.conditioning import Conditioning
from editor_core.sampling.sampler import Denoiser, TimeStep
from editor_core.sampling.schedule import NoiseSchedule

_SETTLED = 0.3
"""Of the steps: from then on both halves differ from step to step about alike."""


class PredictOutput(Protocol):
    def __call__(self, x_t: Tensor, t: float, conditioning: Conditioning) -> Tensor:
        """The network's raw output (B, C, h, w) for latents (B, C, h, w), in the latents' precision."""


def guide(uncond: Tensor, cond: Tensor, scale: float) -> Tensor:
    """uncond + scale (cond - uncond): equation 6 with scale = 1 + w. Linear: eps and v are guided alike."""
    return uncond + scale * (cond - uncond)


def halves_at(scale: float) -> int:
    """How many guidance halves are computed: at scale 1 the conditional one is all that counts."""
    return 1 if scale == 1 else 2


@dataclass(frozen=True)
class Guidance:
    """How a run is guided."""

    scale: float
    every: int = 1
    """After the first steps the unconditional half is computed at every so many steps only."""


class GuidanceOfRun:
    """The guidance of one run, step by step, from the network's raw outputs.

    Where the unconditional half is left out, the difference of both is taken to be what it was when both were computed
    last, as in FasterCache's CFG-Cache (https://arxiv.org/abs/2410.19355), without its weights of frequencies. To leave
    guidance out altogether from a step on (Adaptive Guidance, https://arxiv.org/abs/2312.12487) loses more.
    """

    def __init__(self, guidance: Guidance, steps: int) -> None:
        self._guidance, self._first = guidance, round(_SETTLED * steps)
        self._difference: Tensor | None = None
        self.conditional: Tensor | None = None
        """What the network said last of the words alone, (n, …)."""

    def halves(self, step: int) -> int:
        """How many a step computes; both where there is no difference yet to go on with."""
        after = step - self._first
        if after > 0 and after % self._guidance.every and self._difference is not None:
            return 1
        return halves_at(self._guidance.scale)

    def guided(self, output: Tensor, halves: int) -> Tensor:
        """The guided output (n, …) from that of so many halves, (halves·n, …), the unconditional ones first."""
        scale = self._guidance.scale
        self.conditional = output
        if scale == 1:
            return output
        if halves > 1:
            uncond, cond = output.chunk(2)
            self._difference, self.conditional = cond - uncond, cond
            return guide(uncond, cond, scale)
        assert self._difference is not None
        return guide(output - self._difference, output, scale)


class GuidedSteps:
    """The noise prediction at the steps of a run: (x_t, step) → eps.

    Both halves run as one batch, the unconditional first; where one is computed, `uncond` may be None.
    """

    def __init__(
        self,
        predict: PredictOutput,
        schedule: NoiseSchedule,
        cond: Conditioning,
        uncond: Conditioning | None,
        guidance: Guidance,
        steps: int,
    ) -> None:
        """Predict by a network and what it is told of prompt and negative prompt, a row per picture each."""
        self._predict, self._schedule, self._run = predict, schedule, GuidanceOfRun(guidance, steps)
        self._told = {1: cond}
        if guidance.scale != 1:
            if uncond is None:
                raise ValueError("guidance other than 1 needs the embeddings of the negative prompt")
            self._told[2] = Conditioning.batch([uncond, cond])

    def halves(self, at: TimeStep) -> int:
        """How many guidance halves a step computes."""
        return self._run.halves(at.index)

    @property
    def conditional(self) -> Tensor | None:
        """What the network said last of the words alone, raw, (B, C, h, w)."""
        return self._run.conditional

    def __call__(self, x_t: Tensor, at: TimeStep) -> Tensor:
        return self._noise(x_t, at.t, self.halves(at))

    def at_any_step(self, x_t: Tensor, t: float) -> Tensor:
        """eps by all that guidance needs, whatever was predicted before."""
        return self._noise(x_t, t, max(self._told))

    def _noise(self, x_t: Tensor, t: float, halves: int) -> Tensor:
        output = self._predict(torch.cat([x_t] * halves), t, self._told[halves])
        return self._schedule.eps_from_output(self._run.guided(output, halves), x_t, t)


def guided_denoiser(
    predict: PredictOutput,
    schedule: NoiseSchedule,
    cond: Conditioning,
    uncond: Conditioning | None = None,
    scale: float = 1.0,
) -> Denoiser:
    """(x_t, t) → eps with the same guidance everywhere: see `GuidedSteps`."""
    return GuidedSteps(predict, schedule, cond, uncond, Guidance(scale), steps=1).at_any_step
