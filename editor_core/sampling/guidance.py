"""Classifier-free guidance (https://arxiv.org/abs/2207.12598)."""

from typing import Protocol

import torch
from torch import Tensor

from editor_core.models.conditioning import Conditioning
from editor_core.sampling.sampler import Denoiser
from editor_core.sampling.schedule import NoiseSchedule


class PredictOutput(Protocol):
    def __call__(self, x_t: Tensor, t: float, conditioning: Conditioning) -> Tensor:
        """The network's raw output (B, C, h, w) for latents (B, C, h, w), in the latents' precision."""


def guide(uncond: Tensor, cond: Tensor, scale: float) -> Tensor:
    """uncond + scale (cond - uncond): equation 6 with scale = 1 + w. Linear: eps and v are guided alike."""
    return uncond + scale * (cond - uncond)


def halves_at(scale: float) -> int:
    """How many guidance halves are computed: at scale 1 the conditional one is all that counts."""
    return 1 if scale == 1 else 2


def guided_denoiser(
    predict: PredictOutput,
    schedule: NoiseSchedule,
    cond: Conditioning,
    uncond: Conditioning | None = None,
    scale: float = 1.0,
) -> Denoiser:
    """A denoiser from a network and what it is told of prompt and negative prompt, a row per picture each.

    Both halves run as one batch, the unconditional first; at scale 1 only the conditional half runs and
    `uncond` may be None.
    """
    if scale == 1:
        conditioning = cond
    elif uncond is None:
        raise ValueError("guidance other than 1 needs the embeddings of the negative prompt")
    else:
        conditioning = Conditioning.batch([uncond, cond])

    def denoise(x_t: Tensor, t: float) -> Tensor:
        output = predict(x_t if scale == 1 else torch.cat([x_t, x_t]), t, conditioning)
        if scale != 1:
            uncond_half, cond_half = output.chunk(2)
            output = guide(uncond_half, cond_half, scale)
        return schedule.eps_from_output(output, x_t, t)

    return denoise
