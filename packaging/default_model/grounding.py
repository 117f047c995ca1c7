"""The grounding loss: each word's cross-attention is drawn to where the thing it names is.

Joint training alone leaves an object's meaning on the last tokens, and the word's own attention useless. With the
true masks of the scenes, KL(mask ‖ attention of the word), both normalised to sum 1 over the picture, repairs it; the
start token is drawn to the background, as it behaves in Stable Diffusion.
"""

from collections import defaultdict

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention
from torch import Tensor
from torch.nn import functional as F

GROUNDED_BLOCKS = {"down_blocks.1": 2, "down_blocks.2": 4, "up_blocks.1": 4, "up_blocks.2": 2}
"""The blocks whose cross-attention is grounded, and by how much their resolution is below the latents'."""


class RecordingProcessor:
    """Cross-attention with an explicit softmax, whose probabilities, averaged over the heads, are kept."""

    def __init__(self, factor: int, records: dict[int, list[Tensor]]):
        self._factor, self._records = factor, records

    def __call__(
        self,
        attn: Attention,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        query, key, value = (
            layer(states).unflatten(-1, (attn.heads, -1)).transpose(1, 2)
            for layer, states in (
                (attn.to_q, hidden_states),
                (attn.to_k, encoder_hidden_states),
                (attn.to_v, encoder_hidden_states),
            )
        )
        probabilities = (query @ key.transpose(-1, -2) * attn.scale).float().softmax(-1)
        self._records[self._factor].append(probabilities.mean(1))
        mixed = (probabilities.to(value.dtype) @ value).transpose(1, 2).flatten(2)
        return attn.to_out[1](attn.to_out[0](mixed))


class AttentionRecorder:
    """Keeps the cross-attention of the grounded blocks during each forward pass."""

    def __init__(self, unet: UNet2DConditionModel):
        self._records: dict[int, list[Tensor]] = defaultdict(list)
        processors = dict(unet.attn_processors)
        for name in processors:
            block = ".".join(name.split(".")[:2])
            if block in GROUNDED_BLOCKS and ".attn2." in name:
                processors[name] = RecordingProcessor(GROUNDED_BLOCKS[block], self._records)
        unet.set_attn_processor(processors)

    def take(self) -> dict[int, Tensor]:
        """The maps since the last call, averaged over layers: for each factor, (samples, positions, tokens)."""
        maps = {factor: torch.stack(records).mean(0) for factor, records in self._records.items()}
        self._records.clear()
        return maps


def grounding_loss(maps: dict[int, Tensor], owners: Tensor, masks: Tensor, kept: Tensor) -> Tensor:
    """Mean of KL(mask ‖ word's attention) over words and resolutions, both normalised to sum 1.

    `masks` (n, M, h/2, w/2) are at half the latents' resolution; `owners` (n, tokens) says which of them each token
    names, -1 for none; samples that are not `kept` (n,), and masks that show nothing, do not count. All shapes are
    fixed and nothing is read back, so that the device never waits.
    """
    chosen = owners.clamp_min(0)
    shown = masks.flatten(2).amax(-1) > 0
    counts = ((owners >= 0) & kept[:, None] & shown.gather(1, chosen)).float()
    losses = []
    for factor, attention in maps.items():
        wanted = (F.avg_pool2d(masks, factor // 2) if factor > 2 else masks).flatten(2).float()
        wanted = wanted / wanted.sum(-1, keepdim=True).clamp_min(1e-8)
        negative_entropy = (wanted * wanted.clamp_min(1e-8).log()).sum(-1).gather(1, chosen)
        words = attention.transpose(1, 2)
        predicted = words / words.sum(-1, keepdim=True).clamp_min(1e-8)
        crossed = predicted.clamp_min(1e-8).log() @ wanted.transpose(1, 2)  # each token with each mask
        divergence = negative_entropy - crossed.gather(2, chosen[..., None])[..., 0]
        losses.append((divergence * counts).sum() / counts.sum().clamp_min(1))
    return torch.stack(losses).mean()
