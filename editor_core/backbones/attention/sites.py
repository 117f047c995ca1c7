"""Where a network attends, by names that stay the same in every run and on every machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Size = tuple[int, int]
"""(height, width)."""
Module = Any
"""A torch module; what lies inside is not in diffusers' annotations."""


@dataclass(frozen=True)
class AttentionSite:
    """One attention layer: `index` is its place in calling order among those of its kind (self or cross)."""

    name: str
    module: Module
    level: int
    """How often its map is halved, the latent grid being 0."""
    part: str
    """"down", "mid" or "up": encoder, middle, decoder."""
    is_cross: bool
    index: int
    channels: int
    """Of its queries, all heads together."""
    heads: int

    @property
    def ratio(self) -> int:
        """How many latent pixels lie along one side of a position (1, 2, 4, 8)."""
        return 1 << self.level


Where = Callable[[AttentionSite], bool]


def everywhere(_site: AttentionSite) -> bool:
    """Choose all sites."""
    return True


def at_ratio(ratio: int, parts: tuple[str, ...] = ("down", "up")) -> Where:
    """Choose the cross-attention layers whose map is `ratio` times smaller than the latent grid on each side.

    InstDiffEdit (arXiv 2401.07709) reads ratio 4 in the encoder and the decoder: five layers in SD 1.x.
    """
    return lambda site: site.is_cross and site.ratio == ratio and site.part in parts


def last_self_attention(sites: Sequence[AttentionSite], count: int) -> Where:
    """Choose the last `count` self-attention layers: six are layers 10 to 15 of the 16 of Stable Diffusion 1 and 2."""
    first = sum(not site.is_cross for site in sites) - count
    return lambda site: not site.is_cross and site.index >= first
