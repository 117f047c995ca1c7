"""Euler's method from pure noise down in even steps: the "trailing" timesteps, whatever the model's own spacing.

Networks and LoRAs that were distilled for few steps (SDXL-Lightning, https://arxiv.org/abs/2402.13929; Hyper-SD) were
taught at these timesteps: 1 to 8 of them, without guidance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from torch import Tensor

from editor_core.sampling.ddim import move
from editor_core.sampling.euler import fractional_timesteps, plan_to_zero
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule


@dataclass(frozen=True)
class EulerTrailing:
    name: Literal["euler-trailing"] = "euler-trailing"
    label: Literal["Euler Trailing"] = "Euler Trailing"
    draws_noise: Literal[False] = False

    def plan(self, schedule: NoiseSchedule, steps: int) -> Sequence[TimeStep]:
        """As diffusers' EulerDiscreteScheduler with `timestep_spacing="trailing"`."""
        spaced = replace(schedule, timestep_spacing="trailing")
        return plan_to_zero(schedule, fractional_timesteps(spaced, steps))

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        return move(x, eps, at.alpha_bar, at.alpha_bar_next)
