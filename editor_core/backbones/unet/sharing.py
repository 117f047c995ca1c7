"""Self-attention whose queries, keys and values may come from other rows of the batch.

MaSaFusion (arXiv 2405.15313, equations 9 and 10) gives a row all three of the source's outside the region, and the
intermediate's queries and keys with its own values inside. MasaCtrl (arXiv 2304.08465) keeps the queries and takes
keys and values; Prompt-to-Prompt's self-attention does the opposite. All are a choice of rows. Attention maps are
never made: what is shared goes into the fused kernel as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from editor_core.backbones.unet.attention import join_heads, split_heads
from editor_core.backbones.unet.instrument import Attached, Processor, ProcessorFactory
from editor_core.backbones.unet.sites import AttentionSite, Module, attention_sites

Triple = tuple[int, int, int]
"""The rows that queries, keys and values come from."""
Recall = Callable[[AttentionSite], torch.Tensor]
Keep = Callable[[AttentionSite, torch.Tensor], None]


@dataclass(frozen=True)
class Sharing:
    """Where each row of the batch takes queries, keys and values from.

    Rows from the batch's length on stand for recorded ones: `recall` returns theirs at a site, (3, rows, positions,
    channels). `keep` is handed those of the rows in `kept`, in the same form.
    """

    rows: tuple[Triple, ...]
    recall: Recall | None = None
    keep: Keep | None = None
    kept: tuple[int, ...] = ()


def own(row: int) -> Triple:
    """The choice of a row that shares nothing."""
    return row, row, row


def last_self_attention(unet: Module, count: int) -> Callable[[AttentionSite], bool]:
    """Choose the last `count` self-attention layers: six are layers 10 to 15 of the 16 of Stable Diffusion 1 and 2."""
    sites = [site for site in attention_sites(unet) if not site.is_cross]
    first = len(sites) - count
    return lambda site: not site.is_cross and site.index >= first


def share_self_attention(
    sharing: Callable[[], Sharing], where: Callable[[AttentionSite], bool]
) -> ProcessorFactory:
    """Return the factory for `instrumented`; `sharing` is asked at every call, so it may change between steps."""

    def make(site: AttentionSite, _attached: Attached) -> Processor | None:
        return SharedSelfAttention(site, sharing) if not site.is_cross and where(site) else None

    return make


class SharedSelfAttention:
    """Self-attention over the rows that a `Sharing` names; rows with the same choice are computed once."""

    def __init__(self, site: AttentionSite, sharing: Callable[[], Sharing]) -> None:
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
        sharing = self.sharing()
        if len(sharing.rows) != len(hidden_states):
            raise ValueError(f"sharing for {len(sharing.rows)} rows met a batch of {len(hidden_states)}")
        projected = torch.stack([project(hidden_states) for project in (attn.to_q, attn.to_k, attn.to_v)])
        if sharing.keep is not None:
            sharing.keep(self.site, torch.stack([projected[:, row] for row in sharing.kept], 1))
        if sharing.recall is not None:
            projected = torch.cat([projected, sharing.recall(self.site).to(projected)], 1)
        distinct = list(dict.fromkeys(sharing.rows))
        query, key, value = (
            split_heads(_chosen(part, rows), attn.heads)
            for part, rows in zip(projected, zip(*distinct, strict=True), strict=True)
        )
        attended = join_heads(F.scaled_dot_product_attention(query, key, value, scale=attn.scale))
        out: torch.Tensor = attn.to_out[0](attended)
        return _chosen(out, [distinct.index(triple) for triple in sharing.rows])


def _chosen(batch: torch.Tensor, rows: Sequence[int]) -> torch.Tensor:
    """Rows of a batch. Indexing with a list would make the processor wait for a graphics card, at every layer."""
    return torch.stack([batch[row] for row in rows])
