"""Heun's method in the noise level sigma (Karras et al., https://arxiv.org/abs/2206.00364, Algorithm 1 without churn).

In latents scaled by 1 / sqrt(alpha_bar), a step from sigma to sigma' is a step of Euler's, x' = x + (sigma' - sigma) d,
then, with d' the noise in x' at sigma', x'' = x + (sigma' - sigma) (d + d') / 2. Here these are two steps of the plan,
since the network is asked in each: the second one stays at its noise level. What entered the first is found again from
x' and from what the first predicted, d = (x' - x_0) / sigma'. The last step, to sigma' = 0, is Euler's.

So an odd number of steps 2n - 1 is what diffusers calls n steps; of an even number, the first is Euler's alone.
"""

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from torch import Tensor

from editor_core.sampling.ddim import move
from editor_core.sampling.euler import fractional_timesteps, plan_to_zero
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule


@dataclass(frozen=True)
class Heun:
    name: Literal["heun"] = "heun"
    label: Literal["Heun"] = "Heun"
    draws_noise: Literal[False] = False

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' HeunDiscreteScheduler with (steps + 1) / 2 steps; each of ours asks the network once."""
        if not 1 <= steps < len(schedule):
            raise ValueError(f"steps must lie in 1..{len(schedule) - 1}, not {steps}")
        first_order = plan_to_zero(schedule, fractional_timesteps(schedule, steps // 2 + 1))
        found = [first_order[0]]
        for before, at in pairwise(first_order):
            if steps % 2 or before.index:
                corrector = replace(at, alpha_bar_next=at.alpha_bar, alpha_bar_before=before.alpha_bar)
                found.append(corrector)
            found.append(replace(at, alpha_bar_before=None))
        return [replace(at, index=index, steps=len(found)) for index, at in enumerate(found)]

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        if at.alpha_bar_next != at.alpha_bar or x_0_before is None or at.alpha_bar_before is None:
            return move(x, eps, at.alpha_bar, at.alpha_bar_next)
        scale, sigma = math.sqrt(at.alpha_bar), _sigma(at.alpha_bar)
        slope = (x / scale - x_0_before) / sigma
        half = (sigma - _sigma(at.alpha_bar_before)) / 2
        return scale * (x / scale + half * (eps - slope))


def _sigma(alpha_bar: float) -> float:
    return math.sqrt((1 - alpha_bar) / alpha_bar)
