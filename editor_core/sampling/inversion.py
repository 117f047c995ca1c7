"""DDIM inversion: from a picture's latent to the noise that a run would have begun with.

The approximation lies in eps, which is asked for at the latents that enter a step and the timestep it leads to.
It serves every sampler: the plan says which noise levels are visited, and the path is that of the same equation.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from editor_core.models.progress import Cancel
from editor_core.sampling.ddim import DDIM
from editor_core.sampling.sampler import Denoiser, OnStep, TimeStep, everywhere, run


def inverted_plan(plan: Sequence[TimeStep]) -> list[TimeStep]:
    """The steps of a plan backwards, cleanest first; the network is told the same timesteps."""
    return [
        TimeStep(index, at.steps, at.t, at.alpha_bar_next, at.alpha_bar)
        for index, at in enumerate(reversed(plan))
    ]


@torch.no_grad()
def invert(
    denoise: Denoiser,
    x_0: Tensor,
    plan: Sequence[TimeStep],
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> Tensor:
    """From a picture's latent x_0 (1, C, h, w) to its noise; returns the trajectory, noisiest first.

    plan: of the run to be undone. Raises JobCancelled between steps.
    """
    x = x_0.float()
    trajectory = [x]
    for step in run(DDIM(), inverted_plan(plan), x, everywhere(denoise), cancel=cancel):
        trajectory.append(step.x_next)
        if on_step is not None:
            on_step(step)
    return torch.cat(trajectory[::-1])
