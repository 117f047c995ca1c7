"""SDEdit (Meng et al., arXiv 2108.01073): noise the picture part of the way, sample back with the new words.

Strength 0.75, as FISEdit's and the usual image-to-image comparisons. diffusers' StableDiffusionImg2ImgPipeline does the
same but cannot use the default model's autoencoder.
"""

import numpy as np
import torch

from editor_core.baselines.task import Task

STRENGTH = 0.75


def edit(task: Task, strength: float = STRENGTH) -> np.ndarray:
    steps = task.base.steps
    first = steps - round(strength * steps)
    nothing, _, words = task.embeddings
    t_first = task.schedule.timesteps(steps)[first]
    x = task.schedule.add_noise(task.path[-1:], task.noise, t_first)

    def eps(step: int, t: int, x: torch.Tensor) -> torch.Tensor:
        out = task.unet(torch.cat([x, x]), t, torch.cat([nothing, words]))
        return task.guided(out[:1], out[1:], x, t)

    return task.walk(x, eps, first)
