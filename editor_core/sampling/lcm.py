"""Multistep sampling of latent consistency models (https://arxiv.org/abs/2310.04378, Algorithm 3).

Each step predicts the clean latents, z = c_skip x + c_out x_0, and adds fresh noise: x' = sqrt(alpha_bar') z +
sqrt(1 - alpha_bar') noise. For models, and LoRAs, that were distilled for it: 1 to 8 steps, guidance off or little.
"""

import math
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from editor_core.sampling.euler import plan_to_zero
from editor_core.sampling.few_steps import distilled_timesteps
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule, x0_from_eps

_SIGMA_DATA, _SCALING = 0.5, 10.0


@dataclass(frozen=True)
class LCM:
    name: Literal["lcm"] = "lcm"
    label: Literal["LCM"] = "LCM"
    draws_noise: Literal[True] = True

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' LCMScheduler."""
        return plan_to_zero(schedule, distilled_timesteps(schedule, steps))

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        c_skip, c_out = boundary(at.t)
        clean = c_out * x0_from_eps(eps, x, at.alpha_bar) + c_skip * x
        if at.alpha_bar_next >= 1:
            return clean
        assert noise is not None
        return math.sqrt(at.alpha_bar_next) * clean + math.sqrt(1 - at.alpha_bar_next) * noise


def boundary(t: float) -> tuple[float, float]:
    """c_skip and c_out, so that at t = 0 the latents are the clean ones (equation 9, with the reference's numbers)."""
    scaled = (t * _SCALING) ** 2 + _SIGMA_DATA**2
    return _SIGMA_DATA**2 / scaled, t * _SCALING / math.sqrt(scaled)
