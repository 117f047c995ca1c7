"""Deterministic DDIM sampling (https://arxiv.org/abs/2010.02502), in float32."""

import math
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule, x0_from_eps


@dataclass(frozen=True)
class DDIM:
    """The sampler that most of the program's papers use."""

    name: Literal["ddim"] = "ddim"
    label: Literal["DDIM"] = "DDIM"
    draws_noise: Literal[False] = False

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' DDIMScheduler."""
        return plan_of(schedule, schedule.step_pairs(steps))

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        return move(x, eps, at.alpha_bar, at.alpha_bar_next)


def plan_of(schedule: NoiseSchedule, pairs: list[tuple[int, int]]) -> list[TimeStep]:
    """The plan that visits (t, t_prev), noisiest first; a negative t_prev means after the last step."""
    signal = [(schedule.alpha_bar_at(t), schedule.alpha_bar_at(t_prev)) for t, t_prev in pairs]
    before = [None, *(now for now, _ in signal)]
    return [
        TimeStep(index, len(pairs), t, *signal[index], before[index]) for index, (t, _) in enumerate(pairs)
    ]


def move(x: Tensor, eps: Tensor, alpha_bar: float, alpha_bar_next: float) -> Tensor:
    """x' = sqrt(alpha_bar') x_0(x, eps) + sqrt(1 - alpha_bar') eps: to another noise level along the same noise.

    DDIM, equation 12 with sigma = 0; towards less noise it samples, towards more it inverts (equation 14 backwards).
    """
    x_0 = x0_from_eps(eps, x, alpha_bar)
    return math.sqrt(alpha_bar_next) * x_0 + math.sqrt(1 - alpha_bar_next) * eps


def ddim_step(x_t: Tensor, eps: Tensor, t: float, t_prev: int, schedule: NoiseSchedule) -> Tensor:
    """`move` from timestep t to t_prev; a negative t_prev means after the last step. Any shapes that broadcast."""
    return move(x_t, eps, schedule.alpha_bar_at(t), schedule.alpha_bar_at(t_prev))
