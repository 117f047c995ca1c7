"""A model's U-Net with attention as the papers print it, softmax(Q K^T / sqrt(d)) V, one evaluation a call.

Nothing of the editor's own U-Net, attention or sampling code takes part: what is compared with it was written twice.
"""

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import torch
from diffusers import DDIMScheduler

from editor_core.models.bundle import ModelBundle

Triple = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
SelfAttention = Callable[[int, Triple], Triple]
"""From a self-attention layer's number in calling order and its own Q, K and V to those that are used."""
CrossAttention = Callable[[str, torch.Tensor], torch.Tensor]
"""From a cross-attention layer's name and its map (heads, positions, tokens) to the one that is used."""


class WrittenNetwork:
    """The U-Net's raw output, (1, C, h, w), for one latent and one text (1, L, D)."""

    def __init__(self, bundle: ModelBundle) -> None:
        self.unet = deepcopy(bundle.unet)
        self.unet.set_attn_processor({name: _Attention(self, name) for name in self.unet.attn_processors})
        self.self_attention: SelfAttention | None = None
        self.cross_attention: CrossAttention | None = None
        self.calls = 0

    @property
    def self_attention_layers(self) -> int:
        return sum("attn1" in name for name in self.unet.attn_processors)

    @torch.no_grad()
    def __call__(
        self,
        x: torch.Tensor,
        t: torch.Tensor | int,
        text: torch.Tensor,
        features: list[torch.Tensor] | None = None,
        self_attention: SelfAttention | None = None,
        cross_attention: CrossAttention | None = None,
    ) -> torch.Tensor:
        self.self_attention, self.cross_attention, self.calls = self_attention, cross_attention, 0
        given = None if features is None else list(features)  # the U-Net empties the list
        return self.unet(x, t, text, down_intrablock_additional_residuals=given, return_dict=False)[0]


class _Attention:
    def __init__(self, network: WrittenNetwork, name: str) -> None:
        self.network, self.name = network, name

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, attention_mask=None, **_):
        network, crossing = self.network, encoder_hidden_states is not None
        context = encoder_hidden_states if crossing else hidden_states
        triple = attn.to_q(hidden_states), attn.to_k(context), attn.to_v(context)
        if not crossing:
            if network.self_attention is not None:
                triple = network.self_attention(network.calls, triple)
            network.calls += 1
        heads = [tensor[0].chunk(attn.heads, -1) for tensor in triple]
        maps = torch.stack(
            [torch.softmax(q @ k.T / math.sqrt(q.shape[-1]), -1) for q, k in zip(*heads[:2], strict=True)]
        )
        if crossing and network.cross_attention is not None:
            maps = network.cross_attention(self.name, maps)
        out = torch.cat([map_ @ v for map_, v in zip(maps, heads[2], strict=True)], -1)
        return attn.to_out[0](out[None])


def scheduler_of(bundle: ModelBundle, steps: int) -> DDIMScheduler:
    """diffusers' DDIM sampler with the numbers in the model's folder, set to so many steps."""
    scheduler = DDIMScheduler.from_pretrained(Path(bundle.source) / "scheduler")
    scheduler.set_timesteps(steps)
    return scheduler


@torch.no_grad()
def text_of(bundle: ModelBundle, words: str) -> torch.Tensor:
    """The text encoder's last hidden state (1, L, D)."""
    length = bundle.text_encoder.config.max_position_embeddings
    ids = bundle.tokenizer(words, padding="max_length", max_length=length, return_tensors="pt").input_ids
    return bundle.text_encoder(ids).last_hidden_state


def attentive(bundle: ModelBundle, by: float = 4.0) -> ModelBundle:
    """The bundle with a U-Net whose attention is sharper: random weights look at everything almost alike."""
    unet = deepcopy(bundle.unet)
    with torch.no_grad():
        for name, weight in unet.named_parameters():
            if name.endswith("to_q.weight"):
                weight.mul_(by)
    return replace(bundle, unet=unet)
