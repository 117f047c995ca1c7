"""Blended latent diffusion (Avrahami et al., arXiv 2206.02779): outside the region the noised source at each step."""

import numpy as np
import torch

from editor_core.baselines.task import Task


def edit(task: Task) -> np.ndarray:
    inside, x_0 = task.region, task.path[-1:]
    nothing, _, words = task.embeddings
    pairs = task.schedule.step_pairs(task.base.steps)

    def eps(step: int, t: int, x: torch.Tensor) -> torch.Tensor:
        out = task.unet(torch.cat([x, x]), t, torch.cat([nothing, words]))
        return task.guided(out[:1], out[1:], x, t)

    def blended(step: int, x: torch.Tensor) -> torch.Tensor:
        t_next, fresh = pairs[step][1], task.noise_numbered(1000 + step)
        outside = x_0 if t_next < 0 else task.schedule.add_noise(x_0, fresh, t_next)
        return torch.where(inside, x, outside)

    return task.walk(task.noise, eps, after=blended)
