"""Pix2pix-zero (Parmar et al., arXiv 2302.03027): an edit direction, and cross-attention guided to the source's maps.

Equation 3: at every step the latents go down the gradient of || M_edit - M_source ||^2, the maps with the source's
words and those with the direction added, before the guided step with the latter. Their rate 0.1 on latents of 64x64.
The direction is the difference of the two sentences' embeddings, so that the source's words with it are the target's:
theirs is a mean over a thousand sentences that GPT-3 wrote about two words. The source follows the inverted latents, so
the noise regularisation of their inversion (section 3.2) has nothing to do. diffusers' pipeline takes no other
autoencoder than Stable Diffusion's.
"""

import numpy as np
import torch
from torch import Tensor

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.backbones.attention.sites import AttentionSite
from editor_core.baselines.task import Task

AMOUNT = 0.1


def edit(task: Task, amount: float = AMOUNT) -> np.ndarray:
    nothing, source_words, words = task.embeddings
    path = task.path

    def eps(step: int, t: int, x: Tensor) -> Tensor:
        reference: dict[str, Tensor] = {}

        def keep(site: AttentionSite, probs: Tensor) -> None:
            reference[site.name] = probs.detach()

        with task.context.backbone.attending(AttentionControl(MapControl(record=keep, guided=False))):
            task.unet(path[step : step + 1], t, source_words)
        moved = _towards(task, x, t, words, reference, amount)
        out = task.unet(torch.cat([moved, moved]), t, torch.cat([nothing, words]))
        return task.guided(out[:1], out[1:], x, t)

    return task.walk(path[:1], eps)


@torch.enable_grad()
def _towards(
    task: Task, x: Tensor, t: int, words: Tensor, reference: dict[str, Tensor], amount: float
) -> Tensor:
    """The latents one step down the gradient of the maps' distance."""
    moved = x.detach().clone().requires_grad_()
    losses: list[Tensor] = []

    def compare(site: AttentionSite, probs: Tensor) -> None:
        losses.append(((probs - reference[site.name]) ** 2).sum((1, 2)).mean(0))

    with task.context.backbone.attending(AttentionControl(MapControl(record=compare, guided=False))):
        task.unet(moved, t, words)
    (gradient,) = torch.autograd.grad(torch.stack(losses).sum(), moved)
    return (moved - amount * gradient).detach()
