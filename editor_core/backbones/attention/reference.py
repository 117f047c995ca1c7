"""Decoupled attention: what a cross-attention's queries see of a reference picture, added to what they see of words.

IP-Adapter (https://arxiv.org/abs/2308.06721, equation 5). The output projection is linear, so it may be added after it,
whatever computes the words' part.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.heads import join_heads, split_heads
from editor_core.backbones.attention.sites import AttentionSite, Module
from editor_core.models.conditioning import Conditioning


@dataclass(frozen=True)
class ReferenceKeys:
    """Keys and values of a reference at one site, (batch, heads, tokens, dim), and rows' shares, float32 (batch,)."""

    key: torch.Tensor
    value: torch.Tensor
    scales: torch.Tensor

    def seen(self, attn: Module, hidden: torch.Tensor) -> torch.Tensor:
        """What is added at positions hidden (batch, N, channels), after the output projection."""
        query = split_heads(attn.to_q(hidden), attn.heads)
        attended = join_heads(F.scaled_dot_product_attention(query, self.key, self.value, scale=attn.scale))
        weight: torch.Tensor = attn.to_out[0].weight
        return F.linear(attended * self.scales.to(attended)[:, None, None], weight)


def reference_keys(sites: Sequence[AttentionSite], told: Conditioning) -> Mapping[str, ReferenceKeys]:
    """By site's name, the same at all steps; empty without a reference."""
    reference, found = told.reference, {}
    for site in sites if reference is not None else ():
        if reference is not None and site.is_cross:
            key, value = (
                split_heads(F.linear(reference.tokens, weight), site.heads)
                for weight in reference.layers[site.name]
            )
            found[site.name] = ReferenceKeys(key, value, reference.scales)
    return found


class ReferencedAttention:
    """Attention by another processor, and a reference beside it."""

    def __init__(self, words: Any, keys: ReferenceKeys) -> None:
        self._words, self._keys = words, keys

    def __call__(self, attn: Module, hidden_states: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        out: torch.Tensor = self._words(attn, hidden_states, *args, **kwargs)
        return out + self._keys.seen(attn, hidden_states)


@contextmanager
def referring(sites: Sequence[AttentionSite], keys: Mapping[str, ReferenceKeys]) -> Iterator[None]:
    """Within the body, these sites of cross-attention see the reference, too, whatever processors they have."""
    with ExitStack() as restore:
        for site in sites if keys else ():
            if site.is_cross:
                words = site.module.get_processor()
                restore.callback(site.module.set_processor, words)
                site.module.set_processor(ReferencedAttention(words, keys[site.name]))
        yield
