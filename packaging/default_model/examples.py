"""Rendered scenes as a model takes them, one by one: latents, tokens, and what the named tokens should look at."""

from dataclasses import dataclass

import numpy as np
import torch
from diffusers import AutoencoderDC
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPTokenizer

from captions import Caption
from scenes import Picture


@dataclass(frozen=True)
class Example:
    """One scene: standardised latents, tokens, and what the named tokens should look at."""

    latents: Tensor
    tokens: Tensor
    named: tuple[tuple[int, int], ...]
    masks: Tensor


def to_unit(pixels: np.ndarray) -> Tensor:
    """Pictures uint8 (n, H, W, 3) as float32 (n, 3, H, W) in -1..1."""
    return torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)


class ExampleMaker:
    """Turns rendered scenes into examples."""

    def __init__(self, vae: AutoencoderDC, tokenizer: CLIPTokenizer):
        self._vae, self._tokenizer = vae, tokenizer

    @torch.no_grad()
    def examples(self, captions: list[Caption], pictures: list[Picture]) -> list[Example]:
        """Pictures encoded, and their captions tokenised."""
        inputs = to_unit(np.stack([picture.pixels for picture in pictures])).to(self._vae.device)
        latents = (self._vae.encode(inputs).latent * self._vae.config.scaling_factor).float().cpu()
        return [self._example(*parts) for parts in zip(latents, captions, pictures, strict=True)]

    def _example(self, latents: Tensor, caption: Caption, picture: Picture) -> Example:
        return Example(latents, *tokenised(self._tokenizer, caption), owners_masks(picture))


def tokenised(tokenizer: CLIPTokenizer, caption: Caption) -> tuple[Tensor, tuple[tuple[int, int], ...]]:
    """A caption's tokens, and which of them name something: (position, owner)."""
    encoded = tokenizer(
        caption.text,
        padding="max_length",
        truncation=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = encoded["offset_mapping"][0].tolist()
    named = tuple(
        (position, owner)
        for begin, end, owner in caption.spans
        for position, (first, last) in enumerate(offsets)
        if begin <= first < last <= end
    )
    return encoded["input_ids"][0], named


def owners_masks(picture: Picture) -> Tensor:
    """Masks at 1/16 of the pixels: groups of objects, what they wear, and last (PLACE, -1, finds it) the background."""
    background = ~picture.masks.any(0, keepdims=True)
    together = [
        masks[list(group)].any(0) for masks in (picture.masks, picture.worn) for group in picture.groups
    ]
    masks = np.stack([*together, *background]).astype(np.float32)
    return F.avg_pool2d(torch.from_numpy(masks)[:, None], 16)[:, 0]
