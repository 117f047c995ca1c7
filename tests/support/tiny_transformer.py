"""A small diffusion transformer with cross-attention (as PixArt's, arXiv 2310.00426), and the backbone before it.

It shows what another architecture has to bring: nothing here is a U-Net's but the processors, which are any network's
that attends with diffusers' `Attention`. It records nothing, so every step of it runs densely.
"""

from contextlib import nullcontext
from functools import cached_property, partial

import torch
from diffusers.models.attention_processor import Attention, AttnProcessor2_0
from diffusers.models.embeddings import get_timestep_embedding
from torch import nn

from editor_core.backbones.attention.instrument import instrumented, processor_for
from editor_core.backbones.attention.sites import AttentionSite

PATCH = 2


class Block(nn.Module):
    def __init__(self, width: int, text_width: int, heads: int) -> None:
        super().__init__()
        shape = {"heads": heads, "dim_head": width // heads, "processor": AttnProcessor2_0()}
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.attn1 = Attention(width, **shape)
        self.attn2 = Attention(width, cross_attention_dim=text_width, **shape)
        self.feed_forward = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x, text):
        x = x + self.attn1(self.norms[0](x))
        x = x + self.attn2(self.norms[1](x), encoder_hidden_states=text)
        return x + self.feed_forward(self.norms[2](x))


class TinyTransformer(nn.Module):
    """(x_t (B, C, h, w), t, text (B, L, D)) → (B, C, h, w)."""

    def __init__(self, channels: int, text_width: int, width: int = 16, blocks: int = 2) -> None:
        super().__init__()
        self.width = width
        self.embed = nn.Conv2d(channels, width, PATCH, PATCH)
        self.blocks = nn.ModuleList(Block(width, text_width, 2) for _ in range(blocks))
        self.head = nn.Linear(width, channels * PATCH**2)

    def forward(self, x, t, text):
        height, width = (side // PATCH for side in x.shape[-2:])
        time = get_timestep_embedding(torch.tensor([float(t)]), self.width)
        rows = self.embed(x).flatten(2).mT + _places(height, width, self.width) + time
        for block in self.blocks:
            rows = block(rows, text)
        picture = self.head(rows).mT.unflatten(2, (height, width))
        return nn.functional.pixel_shuffle(picture, PATCH)


def _places(height, width, channels):
    """Where each position lies, by sines of rows and columns: (positions, channels)."""
    down, across = (get_timestep_embedding(torch.arange(n), channels // 2) for n in (height, width))
    grid = torch.cat([down[:, None].expand(-1, width, -1), across.expand(height, -1, -1)], -1)
    return grid.flatten(0, 1)


class TransformerBackbone:
    """Implements `Backbone`."""

    def __init__(self, network: TinyTransformer) -> None:
        self.network = network

    def predict(self, x_t, t, conditioning, residuals=None, control=None):
        assert residuals is None
        return self.network(x_t, t, conditioning.hidden)

    def gradient_checkpointing(self):
        return nullcontext()

    @cached_property
    def sites(self):
        return tuple(
            AttentionSite(
                f"blocks.{number}.{name}",
                getattr(block, name),
                1,
                "up",
                is_cross,
                number,
                self.network.width,
                2,
            )
            for number, block in enumerate(self.network.blocks)
            for name, is_cross in (("attn1", False), ("attn2", True))
        )

    def level_sizes(self, height, width):
        return (height, width), (height // PATCH, width // PATCH)

    def attending(self, control):
        return instrumented(self.network, self.sites, partial(processor_for, control))

    sites_without_positions = sites_before_words = frozenset()
    recorded_together = {}

    def recorded_positions(self, height, width, thinned=False):
        return {}

    def recorded_bytes(self, height, width, thinned=False, halves=2):
        return 0

    def recording(self, store, dtype, pictures, thin=None):
        return nullcontext()

    def row_step(self, region, told, sparsity, thinned=False, again=None, as_kept=None):
        return DenseOnly(torch.arange(region.numel()))

    def release(self):
        pass


class DenseOnly:
    """A `RowStep` that is never called."""

    saves_nothing, levels = True, ()

    def __init__(self, active) -> None:
        self.active = active

    def reads(self):
        return []
