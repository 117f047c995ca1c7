"""A spatial transformer on rows: queries from the active positions, keys and values from all of them."""

import math
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch.nn import functional as F

from editor_core.unet.attention import join_heads, split_heads
from editor_core.unet.regions import LevelPlan
from editor_core.unet.rows import Reads, StepContext, TextKeys, affine_norm, project
from editor_core.unet.sites import Module, attention_sites


class Keys(StrEnum):
    """Which keys and values the active positions attend to besides their own.

    FULL: all others, as recorded; exact, and the quality default, as in SIGE. STRIDED: on the larger maps every
    second one in both directions, each counted four times. ACTIVE: none, as in FISEdit's paper.
    """

    FULL = "full"
    STRIDED = "strided"
    ACTIVE = "active"


STRIDED_SIDE = 16  # positions; maps no larger keep all their keys, which cost next to nothing


@dataclass(frozen=True, eq=False)
class KeyPlan:
    """The positions whose recorded keys and values are read.

    Each stands for `weight` positions of the picture, so log(weight) is added to its logits.
    """

    read: torch.Tensor
    weight: float = 1.0


def plan_keys(level: LevelPlan, keys: Keys) -> KeyPlan:
    """Choose the recorded keys of one level."""
    others = level.others
    if keys is Keys.ACTIVE:
        return KeyPlan(others[:0])
    if keys is Keys.FULL or min(level.height, level.width) <= STRIDED_SIDE:
        return KeyPlan(others)
    even = (others // level.width % 2 == 0) & (others % level.width % 2 == 0)
    read = others[even]
    return KeyPlan(read, len(others) / max(1, len(read)))


def encode_text(unet: Module, embeddings: torch.Tensor) -> TextKeys:
    """Project text embeddings (batch, tokens, channels) for every cross-attention layer, once for all steps."""
    keys = {}
    for site in attention_sites(unet):
        if site.is_cross:
            attn = site.module
            key, value = attn.to_k(embeddings), attn.to_v(embeddings)
            keys[site.name] = (split_heads(key, attn.heads), split_heads(value, attn.heads))
    return TextKeys(embeddings, keys)


@dataclass
class RowTransformer:
    """Norm, projection in, transformer blocks, projection out, all on rows (batch, N, channels)."""

    name: str
    module: Module
    active: torch.Tensor
    keys: KeyPlan

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        shortcut = hidden
        affine = step.recorded(f"{self.name}.norm", None, len(hidden))
        hidden = project(self.module.proj_in, affine_norm(hidden, affine))
        for number, block in enumerate(self.module.transformer_blocks):
            site = self._block_name(number)
            hidden = hidden + self._self_attention(f"{site}.attn1", block.attn1, block.norm1(hidden), step)
            hidden = hidden.expand(len(step.text.embeddings), -1, -1)  # here the halves part
            hidden = hidden + attend(block.attn2, block.norm2(hidden), *step.text.keys[f"{site}.attn2"])
            hidden = hidden + block.ff(block.norm3(hidden))
        return shortcut + project(self.module.proj_out, hidden)

    def _self_attention(
        self, site: str, attn: Module, hidden: torch.Tensor, step: StepContext
    ) -> torch.Tensor:
        key = self._with_recorded(f"{site}.to_k", attn.to_k(hidden), step)
        value = self._with_recorded(f"{site}.to_v", attn.to_v(hidden), step)
        return attend(
            attn, hidden, split_heads(key, attn.heads), split_heads(value, attn.heads), self._bias(key)
        )

    def _with_recorded(self, site: str, fresh: torch.Tensor, step: StepContext) -> torch.Tensor:
        step.computed(site, self.active, fresh)
        if not len(self.keys.read):
            return fresh
        recorded = step.recorded(site, self.keys.read, len(fresh)).to(fresh)
        return torch.cat([fresh, recorded], 1)

    def _bias(self, key: torch.Tensor) -> torch.Tensor | None:
        if self.keys.weight == 1:
            return None
        bias = key.new_zeros(1, 1, 1, key.shape[1])
        bias[..., len(self.active) :] = math.log(self.keys.weight)
        return bias

    def reads(self) -> Reads:
        found: Reads = [(f"{self.name}.norm", None)]
        if len(self.keys.read):
            for number in range(len(self.module.transformer_blocks)):
                site = f"{self._block_name(number)}.attn1"
                found += [(f"{site}.to_k", self.keys.read), (f"{site}.to_v", self.keys.read)]
        return found

    def _block_name(self, number: int) -> str:
        return f"{self.name}.transformer_blocks.{number}"


def attend(
    attn: Module,
    hidden: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    bias: torch.Tensor | None = None,
) -> torch.Tensor:
    """Attend from rows (batch, N, channels) to key and value (batch, heads, keys, dim), fused."""
    query = split_heads(attn.to_q(hidden), attn.heads)
    attended = F.scaled_dot_product_attention(query, key, value, bias, scale=attn.scale)
    out: torch.Tensor = attn.to_out[0](join_heads(attended))
    return out
