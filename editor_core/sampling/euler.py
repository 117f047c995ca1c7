"""Euler's method in the noise level sigma (Karras et al., https://arxiv.org/abs/2206.00364, Algorithm 1 without churn).

In latents scaled by 1 / sqrt(alpha_bar), where sigma = sqrt((1 - alpha_bar) / alpha_bar), a step is
x' = x + (sigma' - sigma) eps. That is DDIM's step in other words; what differs is where the run ends, at sigma = 0,
and which timesteps it visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from editor_core.sampling.ddim import move
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule, Timestep

MIN_SIGNAL = 2.0**-24


@dataclass(frozen=True)
class Euler:
    name: Literal["euler"] = "euler"
    label: Literal["Euler"] = "Euler"
    draws_noise: Literal[False] = False

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' EulerDiscreteScheduler."""
        return plan_to_zero(schedule, fractional_timesteps(schedule, steps))

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        return move(x, eps, at.alpha_bar, at.alpha_bar_next)


def fractional_timesteps(schedule: NoiseSchedule, steps: int) -> Sequence[float]:
    """As `NoiseSchedule.timesteps`, but "linspace" is not rounded: sigma is linear between two timesteps there."""
    if schedule.timestep_spacing != "linspace":
        return [with_some_signal(schedule, t) for t in schedule.timesteps(steps)]
    sigmas = sigmas_of(schedule)
    spaced = np.linspace(0, len(schedule) - 1, steps, dtype=np.float32)[::-1]
    levels = np.interp(spaced, np.arange(len(sigmas)), sigmas)
    return [Timestep(float(t), 1 / (1 + float(sigma) ** 2)) for t, sigma in zip(spaced, levels)]


def with_some_signal(schedule: NoiseSchedule, t: int) -> float:
    """The timestep, at a level whose sigma is finite: samplers that count in sigma begin there, as diffusers' do."""
    return t if schedule.alpha_bar_at(t) >= MIN_SIGNAL else Timestep(t, MIN_SIGNAL)


def sigmas_of(schedule: NoiseSchedule) -> NDArray[np.float64]:
    """sigma = sqrt((1 - alpha_bar) / alpha_bar) of every training timestep, cleanest first."""
    alpha_bar = schedule.alpha_bar.double().clamp(min=MIN_SIGNAL).numpy()
    sigmas: NDArray[np.float64] = np.sqrt((1 - alpha_bar) / alpha_bar)
    return sigmas


def plan_to_zero(schedule: NoiseSchedule, timesteps: Sequence[float]) -> list[TimeStep]:
    """The plan that visits these timesteps, noisiest first, and ends without any noise."""
    signal = [schedule.alpha_bar_at(t) for t in timesteps]
    following = [*signal[1:], 1.0]
    before = [None, *signal]
    return [
        TimeStep(index, len(timesteps), t, signal[index], following[index], before[index])
        for index, t in enumerate(timesteps)
    ]
