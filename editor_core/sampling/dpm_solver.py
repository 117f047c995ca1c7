"""DPM-Solver++(2M): a second-order multistep solver for few steps (https://arxiv.org/abs/2211.01095, Algorithm 2).

With lambda = log(sqrt(alpha_bar) / sqrt(1 - alpha_bar)), h = lambda' - lambda and r = h_before / h, a step is
x' = (sigma' / sigma) x - sqrt(alpha_bar') (exp(-h) - 1) D, D = (1 + 1 / 2r) x_0 - (1 / 2r) x_0_before.
The first step, and the last one where no noise is left, are of first order (diffusers' `lower_order_final`), which is
DDIM's.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from torch import Tensor

from editor_core.sampling.ddim import move
from editor_core.sampling.euler import plan_to_zero, with_some_signal
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule, x0_from_eps


@dataclass(frozen=True)
class DPMSolver2M:
    name: Literal["dpm++2m"] = "dpm++2m"
    label: Literal["DPM++ 2M"] = "DPM++ 2M"
    draws_noise: Literal[False] = False

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' DPMSolverMultistepScheduler, which spaces "leading" and "linspace" by steps + 1."""
        return plan_to_zero(schedule, [with_some_signal(schedule, t) for t in _timesteps(schedule, steps)])

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        return second_order(at, x, eps, x_0_before)


def second_order(at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None) -> Tensor:
    """The step that the head of this file prints."""
    if x_0_before is None or at.alpha_bar_before is None or at.alpha_bar_next >= 1:
        return move(x, eps, at.alpha_bar, at.alpha_bar_next)
    x_0 = x0_from_eps(eps, x, at.alpha_bar)
    h = _half_log_ratio(at.alpha_bar_next) - _half_log_ratio(at.alpha_bar)
    r = (_half_log_ratio(at.alpha_bar) - _half_log_ratio(at.alpha_bar_before)) / h
    slope = x_0 + (x_0 - x_0_before) / (2 * r)
    shrink = math.sqrt((1 - at.alpha_bar_next) / (1 - at.alpha_bar))
    return shrink * x - math.sqrt(at.alpha_bar_next) * math.expm1(-h) * slope


def _half_log_ratio(alpha_bar: float) -> float:
    """lambda: half the logarithm of the signal-to-noise ratio."""
    return 0.5 * math.log(alpha_bar / (1 - alpha_bar))


def _timesteps(schedule: NoiseSchedule, steps: int) -> list[int]:
    """Noisiest first. Raises ValueError when steps is not in 1..T - 1."""
    total = len(schedule)
    if not 1 <= steps < total:
        raise ValueError(f"steps must lie in 1..{total - 1}, not {steps}")
    if schedule.timestep_spacing == "trailing":
        return schedule.timesteps(steps)
    if schedule.timestep_spacing == "leading":
        ratio = total // (steps + 1)
        return [min(i * ratio + schedule.steps_offset, total - 1) for i in range(steps, 0, -1)]
    return [int(t) for t in np.linspace(0, total - 1, steps + 1).round()[::-1][:-1]]
