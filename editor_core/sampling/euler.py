"""Euler's method in the noise level sigma (Karras et al., https://arxiv.org/abs/2206.00364, Algorithm 1 without churn).

In latents scaled by 1 / sqrt(alpha_bar), where sigma = sqrt((1 - alpha_bar) / alpha_bar), a step is
x' = x + (sigma' - sigma) eps. That is DDIM's step in other words; what differs is where the run ends, at sigma = 0,
and which timesteps it visits.
"""

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from editor_core.sampling.ddim import move
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule


@dataclass(frozen=True)
class Euler:
    name: Literal["euler"] = "euler"
    label: Literal["Euler"] = "Euler"

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' EulerDiscreteScheduler, but for "linspace", whose timesteps are rounded here."""
        return plan_to_zero(schedule, schedule.timesteps(steps))

    def step(self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None) -> Tensor:
        return move(x, eps, at.alpha_bar, at.alpha_bar_next)


def plan_to_zero(schedule: NoiseSchedule, timesteps: list[int]) -> list[TimeStep]:
    """The plan that visits these timesteps, noisiest first, and ends without any noise."""
    signal = [schedule.alpha_bar_at(t) for t in timesteps]
    following = [*signal[1:], 1.0]
    before = [None, *signal]
    return [
        TimeStep(index, len(timesteps), t, signal[index], following[index], before[index])
        for index, t in enumerate(timesteps)
    ]
