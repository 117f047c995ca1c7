"""The noise that was predicted at each step of a run, from its trajectory alone."""

from collections.abc import Sequence

import torch
from torch import Tensor

from editor_core.sampling.sampler import Sampler, TimeStep
from editor_core.sampling.schedule import x0_from_eps


def noise_of_path(sampler: Sampler, plan: Sequence[TimeStep], trajectory: Tensor) -> list[Tensor]:
    """eps (1, C, h, w) of every step, for a trajectory (steps + 1, C, h, w) of that plan.

    A sampler's step is affine in eps with one factor for all positions, whatever came before: so two steps, with noise
    of zeros and of ones, tell the factor, and the latents that the run reached the noise. For an inverted trajectory it
    is the noise with which the sampler would have gone there.
    """
    found: list[Tensor] = []
    x_0_before: Tensor | None = None
    for at in plan:
        x, reached = trajectory[at.index : at.index + 1], trajectory[at.index + 1 : at.index + 2]
        drawn = at.noise_for(x) if sampler.draws_noise else None
        still = sampler.step(at, x, torch.zeros_like(x), x_0_before, drawn)
        factor = sampler.step(at, x, torch.ones_like(x), x_0_before, drawn) - still
        found.append((reached - still) / factor)
        x_0_before = x0_from_eps(found[-1], x, at.alpha_bar)
    return found
