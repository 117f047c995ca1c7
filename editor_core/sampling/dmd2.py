"""Sampling of networks distilled by distribution matching (DMD2, https://arxiv.org/abs/2405.14867, section 4.4).

As latent consistency models are sampled, at other timesteps: even ones from pure noise down, 999, 749, 499 and 249 for
four steps, without guidance.
"""

from dataclasses import dataclass, replace
from typing import Literal

from torch import Tensor

from editor_core.sampling.euler import plan_to_zero
from editor_core.sampling.lcm import LCM
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule

_LCM = LCM()


@dataclass(frozen=True)
class DMD2:
    name: Literal["dmd2"] = "dmd2"
    label: Literal["DMD2"] = "DMD2"
    draws_noise: Literal[True] = True

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' LCMScheduler with these timesteps."""
        return plan_to_zero(schedule, replace(schedule, timestep_spacing="trailing").timesteps(steps))

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        return _LCM.step(at, x, eps, x_0_before, noise)
