"""Direct inversion (https://arxiv.org/abs/2310.01506): an edit's source branch follows the inverted trajectory.

The paper adds, after each step, the difference between the inverted latent and the source branch's own to the
source branch (Algorithm 2). That sum is the inverted latent itself, so here the source branch simply reads it
at each step, which saves the passes that would only compute the difference.
"""

import torch
from torch import Tensor

from editor_core.models.progress import Cancel
from editor_core.sampling.ddim import Denoiser, OnStep, Step, ddim_step
from editor_core.sampling.schedule import NoiseSchedule


@torch.no_grad()
def sample_beside(
    denoise: Denoiser,
    source: Tensor,
    x_T: Tensor,
    schedule: NoiseSchedule,
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> Tensor:
    """Sample a target beside the source that it may draw on; returns the target's trajectory.

    `source` is a trajectory (steps + 1, C, h, w), `x_T` the target's noise (1, C, h, w), often `source[:1]`.
    `denoise` sees both as one batch (2, C, h, w), the source first, as attention control needs it; its eps
    for the source is not used. Raises JobCancelled between steps.
    """
    steps = len(source) - 1
    x = x_T.float()
    trajectory = [x]
    for index, (t, t_prev) in enumerate(schedule.step_pairs(steps)):
        if cancel is not None:
            cancel.raise_if_cancelled()
        eps = denoise(torch.cat([source[index : index + 1], x]), t)[1:].float()
        x_0 = schedule.x0_from_eps(eps, x, t)
        x = ddim_step(x, eps, t, t_prev, schedule)
        trajectory.append(x)
        if on_step is not None:
            on_step(Step(index, steps, t, x, x_0))
    return torch.cat(trajectory)
