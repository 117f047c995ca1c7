"""What the text encoder and the U-Net learn: the velocity of noised scenes, each word's attention on what it names."""

from typing import Any

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import CLIPTextModel, CLIPTokenizer

from grounding import AttentionRecorder, grounding_loss
from networks import build_text_encoder, build_unet
from noising import Noising
from replay import Samples
from runs import autocast


def empty_tokens(tokenizer: CLIPTokenizer, device: torch.device) -> Tensor:
    """The tokens of no words, int64 (L,)."""
    return torch.tensor(tokenizer("", padding="max_length")["input_ids"], device=device)


def painting_modules(
    settings: dict[str, Any], tokenizer: CLIPTokenizer, latent_channels: int
) -> nn.ModuleDict:
    """A text encoder and a U-Net as they are born."""
    return nn.ModuleDict(
        {
            "text_encoder": build_text_encoder(settings, tokenizer),
            "unet": build_unet(settings, latent_channels),
        }
    )


class Painting:
    """The weighted error of the predicted velocity, and the grounding loss."""

    names = ("error", "grounding")

    def __init__(self, settings: dict[str, Any], modules: nn.ModuleDict, empty: Tensor, device: torch.device):
        self.learned = modules
        self.text_encoder: CLIPTextModel = modules["text_encoder"]
        self.unet: UNet2DConditionModel = modules["unet"]
        self.weights = (1.0, settings["grounding"])
        self._dropout, self._empty = settings["caption_dropout"], empty
        self._recorder, self._noising, self._device = AttentionRecorder(self.unet), Noising(device), device

    def losses(self, batch: Samples) -> tuple[Tensor, ...]:
        """Both losses of a batch of latents, tokens, owners and masks."""
        latents = batch["latents"].float()
        dropped = torch.rand(len(latents), device=self._device) < self._dropout
        tokens = torch.where(dropped[:, None], self._empty, batch["tokens"])
        steps = torch.randint(self._noising.count, (len(latents),), device=self._device)
        noisy, velocity = self._noising.noised(latents, torch.randn_like(latents), steps)
        with autocast(self._device):
            predicted = self.unet(noisy, steps, self.text_encoder(tokens)[0]).sample
        error = F.mse_loss(predicted.float(), velocity, reduction="none").mean((1, 2, 3))
        grounding = grounding_loss(self._recorder.take(), batch["owners"], batch["masks"], ~dropped)
        return (self._noising.min_snr_weight(steps) * error).mean(), grounding
