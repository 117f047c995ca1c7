"""Deterministic DDIM sampling and its inversion (https://arxiv.org/abs/2010.02502), in float32.

A **trajectory** is float32 (steps + 1, C, h, w), noisiest first: `trajectory[i]` enters step i,
`trajectory[-1]` is x_0. Sampling and inversion return it in the same order.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from editor_core.models.progress import Cancel
from editor_core.sampling.schedule import NoiseSchedule


class Denoiser(Protocol):
    def __call__(self, x_t: Tensor, t: int) -> Tensor:
        """The noise eps in x_t, both (B, C, h, w), at the integer timestep t."""


@dataclass(frozen=True, eq=False)
class Step:
    """What a run reports after each step."""

    index: int
    """0 for the noisiest step when sampling, for the cleanest when inverting."""
    steps: int
    t: int
    x_next: Tensor
    """(B, C, h, w) after the step."""
    x_0: Tensor
    """(B, C, h, w): the clean latent as predicted at this step; what a preview shows."""


OnStep = Callable[[Step], None]


def ddim_step(x_t: Tensor, eps: Tensor, t: int, t_prev: int, schedule: NoiseSchedule) -> Tensor:
    """x_{t-1} = sqrt(alpha_bar_{t-1}) x_0(x_t, eps) + sqrt(1 - alpha_bar_{t-1}) eps.

    DDIM, equation 12 with sigma = 0. A negative t_prev means after the last step. Any shapes that broadcast.
    """
    alpha_bar_prev = schedule.alpha_bar_at(t_prev)
    x_0 = schedule.x0_from_eps(eps, x_t, t)
    return math.sqrt(alpha_bar_prev) * x_0 + math.sqrt(1 - alpha_bar_prev) * eps


def ddim_invert_step(x_prev: Tensor, eps: Tensor, t: int, t_prev: int, schedule: NoiseSchedule) -> Tensor:
    """x_t from x_{t-1}: `ddim_step` solved for x_t with the same eps.

    DDIM, equation 14 read backwards; the approximation lies in eps, which inversion evaluates at (x_{t-1},
    t).
    """
    alpha_bar_t = schedule.alpha_bar_at(t)
    x_0 = schedule.x0_from_eps(eps, x_prev, t_prev)
    return math.sqrt(alpha_bar_t) * x_0 + math.sqrt(1 - alpha_bar_t) * eps


@torch.no_grad()
def sample(
    denoise: Denoiser,
    x_T: Tensor,
    schedule: NoiseSchedule,
    steps: int,
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> Tensor:
    """From noise x_T (1, C, h, w) to a picture; returns the trajectory. Raises JobCancelled between steps."""
    x = x_T.float()
    trajectory = [x]
    for index, (t, t_prev) in enumerate(schedule.step_pairs(steps)):
        if cancel is not None:
            cancel.raise_if_cancelled()
        eps = denoise(x, t).float()
        x_0 = schedule.x0_from_eps(eps, x, t)
        x = ddim_step(x, eps, t, t_prev, schedule)
        trajectory.append(x)
        if on_step is not None:
            on_step(Step(index, steps, t, x, x_0))
    return torch.cat(trajectory)


@torch.no_grad()
def invert(
    denoise: Denoiser,
    x_0: Tensor,
    schedule: NoiseSchedule,
    steps: int,
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> Tensor:
    """From a picture's latent x_0 (1, C, h, w) to its noise; returns the trajectory, noisiest first.

    Raises JobCancelled between steps.
    """
    x = x_0.float()
    trajectory = [x]
    for index, (t, t_prev) in enumerate(reversed(schedule.step_pairs(steps))):
        if cancel is not None:
            cancel.raise_if_cancelled()
        eps = denoise(x, t).float()
        predicted = schedule.x0_from_eps(eps, x, t_prev)
        x = ddim_invert_step(x, eps, t, t_prev, schedule)
        trajectory.append(x)
        if on_step is not None:
            on_step(Step(index, steps, t, x, predicted))
    return torch.cat(trajectory[::-1])
