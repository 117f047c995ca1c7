"""Self-attention whose queries, keys and values may come from other rows of the batch: a processor for diffusers'
`Attention`. Maps are never made: what is shared goes into the fused kernel as it is."""

from collections.abc import Sequence

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.control import Sharing
from editor_core.backbones.attention.heads import join_heads, split_heads
from editor_core.backbones.attention.sites import AttentionSite, Module


class SharedSelfAttention:
    """Self-attention over the rows that a `Sharing` names; rows with the same choice are computed once."""

    def __init__(self, site: AttentionSite, sharing: Sharing) -> None:
        self.site = site
        self.sharing = sharing

    def __call__(
        self,
        attn: Module,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        # hidden_states: (batch, positions, channels)
        if encoder_hidden_states is not None or attention_mask is not None:
            raise ValueError("only unmasked self-attention can be shared")
        sharing = self.sharing
        if len(sharing.rows) != len(hidden_states):
            raise ValueError(f"sharing for {len(sharing.rows)} rows met a batch of {len(hidden_states)}")
        projected = torch.stack([project(hidden_states) for project in (attn.to_q, attn.to_k, attn.to_v)])
        if sharing.record is not None:
            sharing.record(self.site, torch.stack([projected[:, row] for row in sharing.to_record], 1))
        if sharing.recorded is not None:
            projected = torch.cat([projected, sharing.recorded(self.site).to(projected)], 1)
        distinct = list(dict.fromkeys(sharing.rows))
        query, key, value = (
            split_heads(_chosen(part, rows), attn.heads)
            for part, rows in zip(projected, zip(*distinct, strict=True), strict=True)
        )
        attended = join_heads(F.scaled_dot_product_attention(query, key, value, scale=attn.scale))
        out: torch.Tensor = attn.to_out[0](attended)
        return _chosen(out, [distinct.index(choice) for choice in sharing.rows])


def _chosen(batch: torch.Tensor, rows: Sequence[int]) -> torch.Tensor:
    """Rows of a batch. Indexing with a list would make the processor wait for a graphics card, at every layer."""
    return torch.stack([batch[row] for row in rows])
