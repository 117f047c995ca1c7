"""The spaces that a turn's rows are read through: each turn recorded a delta on top of its parent's."""

from collections.abc import Sequence

from cache import ActivationCache, BackgroundFlatten, CacheKey
from editor_core.engines.incremental import keys
from editor_core.messages.requests import BaseTurn

MAX_DEPTH = 6
"""Turns that a row is looked for in, one after another, before they are made into one."""


def chain_of(cache: ActivationCache, lineage: Sequence[BaseTurn]) -> list[str]:
    """The spaces to read a turn's rows through, newest first, to the first that is whole."""
    chain: list[str] = []
    for turn in reversed(lineage):
        flat = keys.flat_space(turn.cache_space)
        if cache.space_metadata(flat) is not None:
            return [*chain, flat]
        chain.append(turn.cache_space)
        if "region" not in turn.latents:
            break
    return chain


def flatten_if_deep(cache: ActivationCache, space: str, chain: Sequence[str]) -> BackgroundFlatten | None:
    """Where reading ``space``, laid on ``chain``, would go through many layers, make one of them in the background."""
    if len(chain) < MAX_DEPTH:
        return None

    def wanted(key: CacheKey) -> bool:
        newest = CacheKey(space, key.item, key.slot)
        return keys.is_activation(key) and cache.info(newest) is not None

    return BackgroundFlatten(cache, [space, *chain], keys.flat_space(space), wanted)
