"""Blended latent diffusion (Avrahami et al., arXiv 2206.02779): outside the region the noised source at each step."""

import torch

from baselines.common import Task
from editor_core.models.latents import decode, seeded_noise
from editor_core.sampling.ddim import ddim_step


def edit(task: Task):
    schedule, inside, x_0 = task.context.schedule, task.region, task.path[-1:]
    nothing, _, words = task.embeddings
    x = task.noise
    for step, (t, t_prev) in enumerate(schedule.step_pairs(task.base.steps)):
        out = task.unet(torch.cat([x, x]), t, torch.cat([nothing, words]))
        x = ddim_step(x, task.guided(out[:1], out[1:], x, t), t, t_prev, schedule)
        fresh = seeded_noise(1000 + step, tuple(x.shape))
        outside = x_0 if t_prev < 0 else schedule.add_noise(x_0, fresh, t_prev)
        x = torch.where(inside, x, outside)
    return decode(task.context.bundle, x)
