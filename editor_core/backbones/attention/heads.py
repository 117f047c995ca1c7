"""The arithmetic that all attention shares."""

from collections.abc import Callable

import torch


def attention_probs(query: torch.Tensor, key: torch.Tensor, scale: float) -> torch.Tensor:
    """Return the attention map (batch, heads, queries, keys), computed in float32 whatever the precision."""
    scores = (query.float() * scale) @ key.float().transpose(-1, -2)
    return scores.softmax(-1)


def attend_by_map(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scale: float,
    change: Callable[[torch.Tensor], torch.Tensor],
) -> torch.Tensor:
    """Attention (items, heads, positions, dim) whose map (items·heads, positions, tokens) goes through `change`."""
    probs = change(attention_probs(query, key, scale).flatten(0, 1))
    return probs.to(value.dtype).view(*value.shape[:2], *probs.shape[1:]) @ value


def split_heads(states: torch.Tensor, heads: int) -> torch.Tensor:
    """Turn (batch, positions, channels) into (batch, heads, positions, channels / heads)."""
    return states.reshape(*states.shape[:2], heads, -1).transpose(1, 2)


def join_heads(states: torch.Tensor) -> torch.Tensor:
    """Turn (batch, heads, positions, dim) into (batch, positions, heads · dim)."""
    return states.transpose(1, 2).flatten(2)
