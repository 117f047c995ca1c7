"""The linear multistep method in the noise level sigma, as k-diffusion and diffusers' LMSDiscreteScheduler have it.

In latents scaled by 1 / sqrt(alpha_bar), where sigma = sqrt((1 - alpha_bar) / alpha_bar), the noise d of the last four
steps is interpolated by a polynomial in sigma, which is integrated to the next level (Adams and Bashforth, for steps of
any length): x' = x + sum_j d_j int_sigma^sigma' prod_{k != j} (tau - sigma_k) / (sigma_j - sigma_k) dtau.

Unlike other samplers it keeps what came before itself, so one serves one run of all positions: InstDiffEdit's search.
"""

import math
from collections import deque
from typing import Literal

import numpy as np
from torch import Tensor

from editor_core.sampling.euler import fractional_timesteps, plan_to_zero
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import NoiseSchedule

ORDER = 4


class LMS:
    """Implements `Sampler` for one run."""

    name: Literal["lms"] = "lms"
    label: Literal["LMS"] = "LMS"
    draws_noise: Literal[False] = False

    def __init__(self) -> None:
        self._past: deque[tuple[float, Tensor]] = deque(maxlen=ORDER)
        """Noise levels and the noise there, newest first."""

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """As diffusers' LMSDiscreteScheduler."""
        return plan_to_zero(schedule, fractional_timesteps(schedule, steps))

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        """The latents after a step; those before it are remembered."""
        self._past.appendleft((_sigma(at.alpha_bar), eps))
        weights = _weights([sigma for sigma, _ in self._past], _sigma(at.alpha_bar_next))
        moved = x / math.sqrt(at.alpha_bar)
        for weight, (_, slope) in zip(weights, self._past, strict=True):
            moved = moved + weight * slope
        return moved * math.sqrt(at.alpha_bar_next)


def _weights(sigmas: list[float], end: float) -> list[float]:
    """The integral from the first of some levels to ``end`` of each level's Lagrange polynomial."""
    found = []
    for j, own in enumerate(sigmas):
        others = [sigma for k, sigma in enumerate(sigmas) if k != j]
        scale = math.prod(own - other for other in others)
        integral = np.polynomial.Polynomial.fromroots(others).integ() if others else None
        area = end - sigmas[0] if integral is None else float(integral(end) - integral(sigmas[0]))
        found.append(area / scale)
    return found


def _sigma(alpha_bar: float) -> float:
    return math.sqrt((1 - alpha_bar) / alpha_bar)
