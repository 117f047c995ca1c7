"""A spatial transformer on rows: queries from the active positions, keys and values from all of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.heads import attend_by_map, join_heads, split_heads
from editor_core.backbones.attention.reference import reference_keys
from editor_core.backbones.attention.sites import AttentionSite, Module
from editor_core.backbones.rows import Keys, Reads
from editor_core.backbones.unet.joined_weights import joined, self_projections
from editor_core.backbones.unet.network import added_to_time
from editor_core.backbones.unet.regions import LevelPlan
from editor_core.backbones.unet.rows import Norm, StepContext, TextKeys, for_all_words, project
from editor_core.backbones.unet.sites import attention_sites, is_strided
from editor_core.models.conditioning import Conditioning


@dataclass(frozen=True, eq=False)
class KeyPlan:
    """Which recorded keys and values are read, and where fresh ones belong in the record.

    `read` are the record's positions that are read. Each stands for `weight` positions of the picture, so log(weight)
    is added to its logits. Of the fresh rows, those in `kept` (None for all) go to the record's positions `places`.
    """

    read: torch.Tensor
    places: torch.Tensor
    kept: torch.Tensor | None = None
    weight: float = 1.0


def plan_keys(level: LevelPlan, keys: Keys, thinned: bool = False) -> KeyPlan:
    """Choose the recorded keys of one level; a `thinned` record holds no others than strided ones."""
    strided = is_strided((level.height, level.width))
    read, weight = level.others, 1.0
    if keys is Keys.ACTIVE:
        read = read[:0]
    elif keys is Keys.STRIDED and strided:
        read = read[_is_even(read, level.width)]
        weight = len(level.others) / max(1, len(read))
    if not (thinned and strided):
        return KeyPlan(read, level.active, None, weight)
    kept = _is_even(level.active, level.width).nonzero()[:, 0]
    places = _in_thinned(level.active[kept], level.width)
    return KeyPlan(_in_thinned(read, level.width), places, kept, weight)


def _is_even(positions: torch.Tensor, width: int) -> torch.Tensor:
    return (positions // width % 2 == 0) & (positions % width % 2 == 0)


def _in_thinned(positions: torch.Tensor, width: int) -> torch.Tensor:
    """Where even positions lie in a map of which only they were kept."""
    return positions // width // 2 * ((width + 1) // 2) + positions % width // 2


def encode_text(unet: Module, told: Conditioning) -> TextKeys:
    """Project the words for every cross-attention layer, and a pooled text for the time, once for all steps."""
    keys, embeddings = {}, told.hidden
    for site in attention_sites(unet):
        if site.is_cross:
            attn = site.module
            key, value = attn.to_k(embeddings), attn.to_v(embeddings)
            keys[site.name] = (split_heads(key, attn.heads), split_heads(value, attn.heads))
    reference = reference_keys(attention_sites(unet), told)
    return TextKeys(told, keys, added_to_time(unet, told), reference)


@dataclass
class RowTransformer:
    """Norm, projection in, transformer blocks, projection out, all on rows (batch, N, channels)."""

    name: str
    module: Module
    norm: Norm
    active: torch.Tensor
    keys: KeyPlan
    cross_sites: Sequence[AttentionSite] = ()
    """One per block, for steps that are steered."""
    joined: Sequence[torch.Tensor | None] = field(init=False)
    """Each block's weights of queries, keys and values as one, where they lie so."""

    def __post_init__(self) -> None:
        self.joined = [_joined_projections(block.attn1) for block in self.module.transformer_blocks]

    def __call__(self, hidden: torch.Tensor, step: StepContext) -> torch.Tensor:
        shortcut = hidden
        hidden = project(self.module.proj_in, self.norm(hidden, step))
        for number, block in enumerate(self.module.transformer_blocks):
            site = self._block_name(number)
            attended = self._self_attention(number, block.attn1, block.norm1(hidden), step)
            hidden = for_all_words(attended.add_(hidden), len(step.text.embeddings))  # here the halves part
            normed = block.norm2(hidden)
            attended = self._cross_attention(number, block.attn2, normed, step)
            reference = step.text.reference.get(f"{site}.attn2")
            if reference is not None:
                attended = attended.add_(reference.seen(block.attn2, normed))
            hidden = attended.add_(hidden)
            hidden = block.ff(block.norm3(hidden)).add_(hidden)
        return project(self.module.proj_out, hidden).add_(for_all_words(shortcut, len(hidden)))

    def _self_attention(
        self, number: int, attn: Module, hidden: torch.Tensor, step: StepContext
    ) -> torch.Tensor:
        site, weight = f"{self._block_name(number)}.attn1", self.joined[number]
        if weight is None:
            query, key, value = (layer(hidden) for layer in self_projections(attn))
        else:
            query, key, value = F.linear(hidden, weight).chunk(3, -1)
        key = self._with_recorded(f"{site}.to_k", key, step)
        value = self._with_recorded(f"{site}.to_v", value, step)
        return _attend(
            attn, query, split_heads(key, attn.heads), split_heads(value, attn.heads), self._bias(key)
        )

    def _cross_attention(
        self, number: int, attn: Module, hidden: torch.Tensor, step: StepContext
    ) -> torch.Tensor:
        key, value = step.text.keys[f"{self._block_name(number)}.attn2"]
        query = attn.to_q(hidden)
        if step.injection is None:
            return _attend(attn, query, key, value)
        site, inject, half = self.cross_sites[number], step.injection.at(self.active), len(hidden) // 2
        query = split_heads(query, attn.heads)
        attended = attend_by_map(
            query[half:], key[half:], value[half:], attn.scale, lambda probs: inject(site, probs)
        )
        if half:
            plain = F.scaled_dot_product_attention(query[:half], key[:half], value[:half], scale=attn.scale)
            attended = torch.cat([plain, attended])
        out: torch.Tensor = attn.to_out[0](join_heads(attended))
        return out

    def _with_recorded(self, site: str, fresh: torch.Tensor, step: StepContext) -> torch.Tensor:
        kept = self.keys.kept
        step.computed(site, self.keys.places, fresh if kept is None else fresh.index_select(1, kept))
        if not len(self.keys.read):
            return fresh
        recorded = step.recorded(site, self.keys.read, len(fresh))
        if step.kernels is not None:
            return step.kernels.gather(fresh, recorded)
        if recorded.dtype is fresh.dtype:
            return torch.cat([fresh, recorded], 1)
        both = fresh.new_empty(len(fresh), fresh.shape[1] + recorded.shape[1], fresh.shape[2])
        both[:, : fresh.shape[1]] = fresh
        both[:, fresh.shape[1] :] = recorded  # converted on the way, not before
        return both

    def _bias(self, key: torch.Tensor) -> torch.Tensor | None:
        if self.keys.weight == 1:
            return None
        bias = key.new_zeros(1, 1, 1, key.shape[1])
        bias[..., len(self.active) :] = math.log(self.keys.weight)
        return bias

    def reads(self) -> Reads:
        found: Reads = []
        if len(self.keys.read):
            for number in range(len(self.module.transformer_blocks)):
                site = f"{self._block_name(number)}.attn1"
                found += [(f"{site}.to_k", self.keys.read), (f"{site}.to_v", self.keys.read)]
        return found

    def _block_name(self, number: int) -> str:
        return f"{self.name}.transformer_blocks.{number}"


def _joined_projections(attn: Module) -> torch.Tensor | None:
    layers = self_projections(attn)
    if any(layer.bias is not None for layer in layers):
        return None
    return joined([layer.weight for layer in layers])


def _attend(
    attn: Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    bias: torch.Tensor | None = None,
) -> torch.Tensor:
    """Attend from query (batch, N, channels) to key and value (batch, heads, keys, dim), fused."""
    query = split_heads(query, attn.heads)
    attended = F.scaled_dot_product_attention(query, key, value, bias, scale=attn.scale)
    out: torch.Tensor = attn.to_out[0](join_heads(attended))
    return out
