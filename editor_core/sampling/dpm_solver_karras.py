"""DPM-Solver++(2M) at the noise levels of Karras et al. (https://arxiv.org/abs/2206.00364, equation 5 with rho = 7).

sigma_i = (sigma_max^(1/rho) + i / (n - 1) (sigma_min^(1/rho) - sigma_max^(1/rho)))^rho, of which more lie where there
is little noise. The network is told the nearest timestep, as diffusers does; the model's own spacing does not count.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from torch import Tensor

from editor_core.sampling.dpm_solver import second_order
from editor_core.sampling.euler import plan_to_zero, sigmas_of
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule, Timestep

RHO = 7.0


@dataclass(frozen=True)
class DPMSolver2MKarras:
    name: Literal["dpm++2m-karras"] = "dpm++2m-karras"
    label: Literal["DPM++ 2M Karras"] = "DPM++ 2M Karras"
    draws_noise: Literal[False] = False

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' DPMSolverMultistepScheduler with `use_karras_sigmas`."""
        if not 1 <= steps < len(schedule):
            raise ValueError(f"steps must lie in 1..{len(schedule) - 1}, not {steps}")
        return plan_to_zero(schedule, karras_timesteps(schedule, steps))

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        return second_order(at, x, eps, x_0_before)


def karras_timesteps(schedule: NoiseSchedule, steps: int) -> list[Timestep]:
    """The timesteps nearest to so many noise levels, noisiest first, with those levels."""
    known = sigmas_of(schedule)
    low, high = known[0] ** (1 / RHO), known[-1] ** (1 / RHO)
    levels = (high + np.linspace(0, 1, steps) * (low - high)) ** RHO
    places = np.interp(np.log(levels), np.log(known), np.arange(len(known)))
    return [Timestep(float(round(t)), 1 / (1 + float(sigma) ** 2)) for t, sigma in zip(places, levels)]
