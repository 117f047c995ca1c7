"""What the adapter for sketches learns, a T2I-Adapter (Mou et al. 2023, arXiv 2302.08453) for white lines on black.

The U-Net and the text encoder stay as they are.
"""

from typing import Any

import torch
from diffusers import T2IAdapter
from torch import Tensor, nn
from torch.nn import functional as F

from grounding import AttentionRecorder, grounding_loss
from noising import Noising
from replay import Samples
from runs import autocast


class Sketching:
    """The error of the velocity predicted with a sketch, and the grounding loss.

    Noisy steps, where shapes are decided, are drawn more often. Grounding says where the drawn things are: words
    should look there although the noise does not show them yet.
    """

    names = ("error", "grounding")

    def __init__(
        self,
        settings: dict[str, Any],
        adapter: T2IAdapter,
        modules: nn.ModuleDict,
        empty: Tensor,
        device: torch.device,
    ):
        self.learned = adapter
        self.weights = (1.0, settings["grounding"])
        self._text_encoder, self._unet = modules["text_encoder"], modules["unet"]
        self._dropout, self._empty = settings["caption_dropout"], empty
        self._recorder, self._noising, self._device = AttentionRecorder(self._unet), Noising(device), device

    def losses(self, batch: Samples) -> tuple[Tensor, ...]:
        """Both losses of a batch of latents, tokens, owners, masks and sketches."""
        latents = batch["latents"].float()
        dropped = torch.rand(len(latents), device=self._device) < self._dropout
        tokens = torch.where(dropped[:, None], self._empty, batch["tokens"])
        share = 1 - torch.rand(len(latents), device=self._device) ** 3  # the paper's cubic sampling
        steps = (share * (self._noising.count - 1)).long()
        noisy, velocity = self._noising.noised(latents, torch.randn_like(latents), steps)
        with autocast(self._device):
            features = self.learned(batch["sketches"].float() / 255)
            predicted = self._unet(
                noisy,
                steps,
                self._text_encoder(tokens)[0],
                down_intrablock_additional_residuals=list(features),
            ).sample
        grounding = grounding_loss(self._recorder.take(), batch["owners"], batch["masks"], ~dropped)
        return F.mse_loss(predicted.float(), velocity), grounding
