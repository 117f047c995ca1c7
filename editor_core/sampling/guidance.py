"""Classifier-free guidance (https://arxiv.org/abs/2207.12598)."""

from typing import Protocol

import torch
from torch import Tensor

from editor_core.sampling.ddim import Denoiser
from editor_core.sampling.schedule import NoiseSchedule


class Predict(Protocol):
    def __call__(self, x_t: Tensor, t: int, context: Tensor) -> Tensor:
        """The network's raw output (B, C, h, w) for latents (B, C, h, w) and text embeddings (B, L, D)."""


def guide(uncond: Tensor, cond: Tensor, scale: float) -> Tensor:
    """uncond + scale (cond - uncond): equation 6 with scale = 1 + w. Linear: eps and v are guided alike."""
    return uncond + scale * (cond - uncond)


def guided_denoiser(
    predict: Predict, schedule: NoiseSchedule, cond: Tensor, uncond: Tensor | None = None, scale: float = 1.0
) -> Denoiser:
    """A denoiser from a network and the embeddings (1, L, D) of prompt and negative prompt.

    Both halves run as one batch, the unconditional first; at scale 1 only the conditional half runs and
    `uncond` may be None. Latents go to the network in the embeddings' precision; eps comes back in the
    latents'.
    """
    if scale != 1 and uncond is None:
        raise ValueError("guidance other than 1 needs the embeddings of the negative prompt")
    context = cond if scale == 1 or uncond is None else torch.cat([uncond, cond])

    def denoise(x_t: Tensor, t: int) -> Tensor:
        halves = x_t if scale == 1 else torch.cat([x_t, x_t])
        output = predict(halves.to(context.dtype), t, context).to(x_t.dtype)
        if scale != 1:
            uncond_half, cond_half = output.chunk(2)
            output = guide(uncond_half, cond_half, scale)
        return schedule.eps_from_output(output, x_t, t)

    return denoise
