"""Cross-attention that shows, changes or masks its maps: processors for diffusers' `Attention`."""

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.control import MapControl, TokenMask
from editor_core.backbones.attention.heads import attend_by_map, join_heads, split_heads
from editor_core.backbones.attention.sites import AttentionSite, Module


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

    def __init__(self, site: AttentionSite, control: MapControl) -> None:
        self.site = site
        self.control = control

    def __call__(
        self,
        attn: Module,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        query, key, value = _projected(attn, hidden_states, encoder_hidden_states, attention_mask)
        half = len(query) // 2 if self.control.guided else 0
        attended = self._conditional(attn, query[half:], key[half:], value[half:])
        if half:
            plain = F.scaled_dot_product_attention(query[:half], key[:half], value[:half], scale=attn.scale)
            attended = torch.cat([plain, attended])
        out: torch.Tensor = attn.to_out[0](join_heads(attended))
        return out

    def _conditional(
        self, attn: Module, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> torch.Tensor:
        def seen(probs: torch.Tensor) -> torch.Tensor:
            if self.control.inject is not None:
                probs = self.control.inject(self.site, probs)
            if self.control.record is not None:
                self.control.record(self.site, probs)
            return probs

        return attend_by_map(query, key, value, attn.scale, seen)


class MaskedCrossAttention:
    """Cross-attention, fused, that does not see everything from everywhere."""

    def __init__(self, site: AttentionSite, token_mask: TokenMask) -> None:
        self.site = site
        self.token_mask = token_mask

    def __call__(
        self,
        attn: Module,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        query, key, value = _projected(attn, hidden_states, encoder_hidden_states, attention_mask)
        visible = self.token_mask.visible(self.site, key.shape[2])
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=visible, scale=attn.scale)
        out: torch.Tensor = attn.to_out[0](join_heads(attended))
        return out
