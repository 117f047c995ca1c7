"""Attention processors: recording and injecting the cross-attention maps of the conditional half.

Prompt-to-Prompt (Hertz et al., arXiv 2208.01626, section 3.2, "adding a new phrase") keeps a picture's layout
while its words change by giving the unchanged words the base run's maps. FISEdit (arXiv 2305.17423) does so
during the first, dense steps, so that the difference of the two runs shows only the edit.

Maps are probabilities after the softmax. They are made explicitly only where asked for, and only in the
conditional half; everything else runs fused. A batch holds [unconditional half, conditional half], as in
diffusers' pipelines.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch.nn import functional as F

from editor_core.backbones.unet.instrument import Attached, Processor, ProcessorFactory
from editor_core.backbones.unet.sites import AttentionSite, Module

MapCallback = Callable[[AttentionSite, torch.Tensor], None]
MapSource = Callable[[AttentionSite], torch.Tensor]
Inject = Callable[[AttentionSite, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Injection:
    """The base run's maps and where its words went.

    `base_maps` returns a site's map (items·heads, positions, base tokens). `alignment` (tokens,) holds,
    for each token of the edited prompt, the index of the same token in the base prompt, or -1 for a new one.
    """

    base_maps: MapSource
    alignment: torch.Tensor

    def __call__(self, site: AttentionSite, probs: torch.Tensor) -> torch.Tensor:
        """Replace the columns of unchanged words in `probs` (items·heads, positions, tokens).

        This is the Refine controller of Prompt-to-Prompt; like its authors, it does not normalise again.
        """
        if len(self.alignment) != probs.shape[-1]:
            raise ValueError(f"alignment of {len(self.alignment)} tokens for a map of {probs.shape[-1]}")
        alignment = self.alignment.to(probs.device)
        kept = alignment >= 0
        base = self.base_maps(site).to(probs)
        return torch.where(kept, base[..., alignment.clamp(min=0)], probs)


@dataclass(frozen=True)
class InjectionBeside:
    """As `Injection`, for a base that runs in the same batch: the first half of the conditional items is the base."""

    alignment: torch.Tensor

    def __call__(self, site: AttentionSite, probs: torch.Tensor) -> torch.Tensor:
        """Give the second half of `probs` (items·heads, positions, tokens) the first half's columns."""
        base, edited = probs.chunk(2)
        return torch.cat([base, Injection(lambda _site: base, self.alignment)(site, edited)])


@dataclass(frozen=True, eq=False)
class Unseen:
    """Tokens that some items do not look at from within a region: there the softmax is over the others."""

    tokens: tuple[int, ...]
    region: torch.Tensor
    """bool (h, w), on the latent grid."""
    items: tuple[bool, ...]
    """Which of the batch's items."""
    _seen: dict[tuple[int, int], torch.Tensor] = field(default_factory=dict, init=False)

    def seen(self, site: AttentionSite, token_count: int) -> torch.Tensor:
        """bool (items, 1, positions, tokens): what may be looked at from where; the same at all sites of a level."""
        known = site.level, token_count
        if known not in self._seen:
            self._seen[known] = self._seen_from(site, token_count)
        return self._seen[known]

    def _seen_from(self, site: AttentionSite, token_count: int) -> torch.Tensor:
        region = self.region.float()[None, None]
        for _ in range(site.level):
            region = F.max_pool2d(region, 2, ceil_mode=True)
        hidden = torch.zeros(token_count, dtype=torch.bool, device=region.device)
        hidden[list(self.tokens)] = True
        items = torch.tensor(self.items, device=region.device)
        return ~(items[:, None, None, None] & (region.flatten() > 0)[:, None] & hidden)


def at_ratio(ratio: int, parts: tuple[str, ...] = ("down", "up")) -> Callable[[AttentionSite], bool]:
    """Choose the cross-attention layers whose map is `ratio` times smaller than the latent grid on each side.

    InstDiffEdit (arXiv 2401.07709) reads ratio 4 in the encoder and the decoder: five layers in SD 1.x.
    """
    return lambda site: site.is_cross and site.ratio == ratio and site.part in parts


def control_cross_attention(
    *,
    record: MapCallback | None = None,
    inject: Inject | None = None,
    guided: bool = True,
    where: Callable[[AttentionSite], bool] = lambda site: site.is_cross,
) -> ProcessorFactory:
    """Return the factory for `instrumented` that records or injects maps at the layers that `where` picks.

    `record` gets (items·heads, positions, tokens) as used, after any injection. With `guided` false the whole
    batch is conditional.
    """

    def make(site: AttentionSite, _attached: Attached) -> Processor | None:
        if not (site.is_cross and where(site)):
            return None
        return ControlledCrossAttention(site, record, inject, guided)

    return make


def _projected(
    attn: Module, hidden: torch.Tensor, text: torch.Tensor, mask: torch.Tensor | None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Queries of hidden (batch, positions, channels), keys and values of text (batch, tokens, text channels)."""
    if mask is not None:
        raise ValueError("masked cross-attention is not supported")
    query, key, value = attn.to_q(hidden), attn.to_k(text), attn.to_v(text)
    return split_heads(query, attn.heads), split_heads(key, attn.heads), split_heads(value, attn.heads)


class ControlledCrossAttention:
    """Cross-attention that makes the conditional half's map explicit, changes it and shows it."""

    def __init__(
        self, site: AttentionSite, record: MapCallback | None, inject: Inject | None, guided: bool
    ) -> None:
        self.site = site
        self.record = record
        self.inject = inject
        self.guided = guided

    def __call__(
        self,
        attn: Module,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        query, key, value = _projected(attn, hidden_states, encoder_hidden_states, attention_mask)
        half = len(query) // 2 if self.guided else 0
        attended = self._conditional(attn, query[half:], key[half:], value[half:])
        if half:
            plain = F.scaled_dot_product_attention(query[:half], key[:half], value[:half], scale=attn.scale)
            attended = torch.cat([plain, attended])
        out: torch.Tensor = attn.to_out[0](join_heads(attended))
        return out

    def _conditional(
        self, attn: Module, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> torch.Tensor:
        probs = attention_probs(query, key, attn.scale).flatten(0, 1)
        if self.inject is not None:
            probs = self.inject(self.site, probs)
        if self.record is not None:
            self.record(self.site, probs)
        return probs.to(value.dtype).view(*value.shape[:2], *probs.shape[1:]) @ value


class HidingCrossAttention:
    """Cross-attention, fused, that does not see everything from everywhere."""

    def __init__(self, site: AttentionSite, unseen: Unseen) -> None:
        self.site = site
        self.unseen = unseen

    def __call__(
        self,
        attn: Module,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        query, key, value = _projected(attn, hidden_states, encoder_hidden_states, attention_mask)
        seen = self.unseen.seen(self.site, key.shape[2])
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=seen, scale=attn.scale)
        out: torch.Tensor = attn.to_out[0](join_heads(attended))
        return out


def attention_probs(query: torch.Tensor, key: torch.Tensor, scale: float) -> torch.Tensor:
    """Return the attention map (batch, heads, queries, keys), computed in float32 whatever the precision."""
    scores = (query.float() * scale) @ key.float().transpose(-1, -2)
    return scores.softmax(-1)


def split_heads(states: torch.Tensor, heads: int) -> torch.Tensor:
    """Turn (batch, positions, channels) into (batch, heads, positions, channels / heads)."""
    return states.reshape(*states.shape[:2], heads, -1).transpose(1, 2)


def join_heads(states: torch.Tensor) -> torch.Tensor:
    """Turn (batch, heads, positions, dim) into (batch, positions, heads · dim)."""
    return states.transpose(1, 2).flatten(2)
