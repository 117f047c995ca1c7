"""What the few-step version learns: in one step, without guidance, what the guided model does in several.

Progressive distillation (Salimans and Ho 2022, arXiv 2202.00512) of a guided model (Meng et al. 2023, arXiv
2210.03142) in one stage: the model paints a batch, each sample at a step of its own, and the changed weights learn each
step on the way. Used by DDIM with trailing steps and no guidance.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from low_rank import LowRank
from noising import Noising
from replay import Samples
from runs import autocast


class FewSteps:
    """The error of the velocity that leads in one step to where the guided model gets in several.

    A share of the samples begins on noised scenes rather than on noise alone, as edits of given pictures do.
    """

    names = ("error",)
    weights = (1.0,)

    def __init__(
        self,
        settings: dict[str, Any],
        change: LowRank,
        modules: nn.ModuleDict,
        empty: Tensor,
        device: torch.device,
    ):
        self.learned = change
        self._settings, self._text_encoder, self._unet = settings, modules["text_encoder"], modules["unet"]
        self._empty, self._noising, self._device = empty, Noising(device), device
        self._painted: dict[tuple[int, ...], Samples] = {}
        self._length = self._noising.count // settings["steps"]

    def losses(self, batch: Samples) -> tuple[Tensor, ...]:
        """The loss of one step on the samples that are being painted; finished ones give way to the batch's."""
        state = self._begun(batch)
        noisy = state["noisy"].clone()
        steps = self._noising.count - 1 - state["index"] * self._length
        with torch.no_grad(), autocast(self._device):
            empty = self._text_encoder(self._empty[None])[0].expand(len(steps), -1, -1)
            states = self._text_encoder(state["tokens"])[0]
            reached = self._guided(noisy, steps, torch.cat([empty, states]))
        wanted = self._noising.velocity_between(noisy, steps, reached, steps - self._length)
        with autocast(self._device):
            weights = self.learned.changed(self._unet)
            predicted = functional_call(self._unet, weights, (noisy, steps, states)).sample
        loss = F.mse_loss(predicted.float(), wanted)
        state["noisy"].copy_(reached)
        state["index"].add_(1)
        return (loss,)

    def _guided(self, noisy: Tensor, steps: Tensor, states: Tensor) -> Tensor:
        """The latents after one step's length in several steps of the guided model."""
        parts = self._settings["teacher_steps"]
        for part in range(parts):
            now, then = (steps - self._length * (part + i) // parts for i in (0, 1))
            predicted = self._unet(
                noisy.repeat(2, 1, 1, 1), now.clamp_min(0).repeat(2), states
            ).sample.float()
            without, with_text = predicted.chunk(2)
            velocity = without + self._settings["guidance"] * (with_text - without)
            noisy = self._noising.moved(noisy, velocity, now, then)
        return noisy

    def _begun(self, batch: Samples) -> Samples:
        """What is being painted at this batch's shape, finished samples replaced in place."""
        latents = batch["latents"].float()
        count = self._settings["steps"]
        fresh = self._start(latents, batch["tokens"])
        state = self._painted.setdefault(tuple(latents.shape), fresh)
        finished = state["index"] >= count
        for name, part in state.items():
            part.copy_(torch.where(finished.view(-1, *[1] * (part.dim() - 1)), fresh[name], part))
        return state

    def _start(self, latents: Tensor, tokens: Tensor) -> Samples:
        """Noise at the first step, or, for a share, noised latents at any."""
        noise = torch.randn_like(latents)
        index = torch.randint(self._settings["steps"], (len(latents),), device=self._device)
        given = torch.rand(len(latents), device=self._device) < self._settings["given"]
        index = torch.where(given, index, 0)
        noised, _ = self._noising.noised(latents, noise, self._noising.count - 1 - index * self._length)
        return {
            "noisy": torch.where(given.view(-1, 1, 1, 1), noised, noise),
            "tokens": tokens.clone(),
            "index": index,
        }
