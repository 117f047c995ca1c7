"""Strategic stochastic sampling of trajectory consistency models (https://arxiv.org/abs/2402.19159, Algorithm 4).

A step goes down to s = (1 - gamma) t', with less noise than its end t', and up again with fresh noise:
x_s = sqrt(alpha_bar_s) x_0 + sqrt(1 - alpha_bar_s) eps, x' = sqrt(alpha_bar' / alpha_bar_s) x_s +
sqrt(1 - alpha_bar' / alpha_bar_s) noise. For models and LoRAs that were distilled for it (TCD, Hyper-SD): 1 to 8 steps.
"""

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from torch import Tensor

from editor_core.sampling.ddim import move, plan_of
from editor_core.sampling.few_steps import distilled_timesteps
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule

GAMMA = 0.3
"""How much of a step is noise; diffusers' `eta`, at its default."""


@dataclass(frozen=True)
class TCD:
    name: Literal["tcd"] = "tcd"
    label: Literal["TCD"] = "TCD"
    draws_noise: Literal[True] = True

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' TCDScheduler."""
        timesteps = distilled_timesteps(schedule, steps)
        plan = plan_of(schedule, [*pairwise(timesteps), (timesteps[-1], 0)])
        ends = [*timesteps[1:], 0]
        between = [schedule.alpha_bar_at(math.floor((1 - GAMMA) * end)) for end in ends]
        return [replace(at, alpha_bar_between=level) for at, level in zip(plan, between)]

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        assert at.alpha_bar_between is not None and noise is not None
        below = move(x, eps, at.alpha_bar, at.alpha_bar_between)
        if at.index == at.steps - 1:
            return below
        kept = at.alpha_bar_next / at.alpha_bar_between
        return math.sqrt(kept) * below + math.sqrt(1 - kept) * noise
