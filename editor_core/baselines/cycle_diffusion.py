"""CycleDiffusion (Wu and De la Torre, arXiv 2210.05559): the noise that a stochastic run to the picture would draw.

Algorithm 1 with their DPM-encoder: the source's latents are sampled from the posterior q(x_t-1 | x_t, x_0) (DDIM's
equation 7, eta 0.1), the noise of each step is what takes the model's own step there, and the target takes the same
noise with its own words. Settings of diffusers' CycleDiffusionPipeline: strength 0.8, source without guidance. That
pipeline takes no other autoencoder than Stable Diffusion's and no model that predicts v.
"""

import math

import numpy as np
import torch
from torch import Tensor

from editor_core.baselines.task import Task

STRENGTH, ETA = 0.8, 0.1
SOURCE_GUIDANCE = 1.0


def edit(task: Task, strength: float = STRENGTH, eta: float = ETA) -> np.ndarray:
    steps, schedule, x_0 = task.base.steps, task.schedule, task.path[-1:]
    first = min(steps - 1, steps - round(strength * steps))
    nothing, source_words, words = task.embeddings
    pairs = schedule.step_pairs(steps)
    source = target = schedule.add_noise(x_0, task.noise, pairs[first][0])
    for step in range(first, steps):
        t, t_next = pairs[step]
        task.context.progress("painting", step, steps)
        now, after = schedule.alpha_bar_at(t), schedule.alpha_bar_at(t_next)
        sigma = eta * math.sqrt((1 - after) / (1 - now) * (1 - now / after))
        out = task.unet(torch.cat([source, target, target]), t, torch.cat([source_words, nothing, words]))
        eps_source = schedule.eps_from_output(out[:1], source, t)
        eps = task.guided(out[1:2], out[2:], target, t)
        drawn = task.noise_numbered(100 + step)
        source_next = posterior(x_0, source, now, after, sigma, drawn) if t_next >= 0 else x_0
        moved = source_next - mean(source, eps_source, now, after, sigma)
        source, target = source_next, mean(target, eps, now, after, sigma) + moved
    task.context.progress("painting", steps, steps)
    return task.picture(target)


def posterior(x_0: Tensor, x: Tensor, now: float, after: float, sigma: float, drawn: Tensor) -> Tensor:
    """A sample of q(x_t-1 | x_t, x_0), DDIM's equation 7."""
    eps = (x - math.sqrt(now) * x_0) / math.sqrt(1 - now)
    return math.sqrt(after) * x_0 + math.sqrt(max(0.0, 1 - after - sigma**2)) * eps + sigma * drawn


def mean(x: Tensor, eps: Tensor, now: float, after: float, sigma: float) -> Tensor:
    """The model's own step without its noise, DDIM's equation 12."""
    x_0 = (x - math.sqrt(1 - now) * eps) / math.sqrt(now)
    return math.sqrt(after) * x_0 + math.sqrt(max(0.0, 1 - after - sigma**2)) * eps
