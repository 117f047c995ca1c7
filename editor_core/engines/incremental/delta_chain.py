"""The spaces that a turn's rows are read through: each turn recorded a delta on top of its parent's."""

from collections.abc import Container, Iterator, Sequence

from cache import ActivationCache, flatten
from editor_core.base.message import Message
from editor_core.engines.incremental import keys
from editor_core.messages.requests import BaseTurn

MAX_DEPTH = 6
"""Turns that a row is looked for in, one after another, before they are made into one."""
NO_ROOM = Message(
    "The cache is full, so the whole picture was computed. You can make the cache larger in the settings."
)
LOST = Message("Too little of the turns before is left in the cache, so the whole picture was computed.")


def chain_of(cache: ActivationCache, lineage: Sequence[BaseTurn], lost: Container[str] = ()) -> list[str]:
    """The spaces to read a turn's rows through, newest first, to the first that is whole and none of the ``lost``."""
    chain: list[str] = []
    for turn in reversed(lineage):
        flat = keys.flat_space(turn.cache_space)
        if flat not in lost and cache.space_metadata(flat) is not None:
            return [*chain, flat]
        chain.append(turn.cache_space)
        if "region" not in turn.latents:
            break
    return chain


def why_whole(cache: ActivationCache, chain: Sequence[str]) -> Message | None:
    """Why computing all anew is less work, if it is: many turns could not be made into one, or are lost."""
    if 2 * len(chain) > 3 * MAX_DEPTH:
        return NO_ROOM
    there = {space.name for space in cache.spaces()}
    return LOST if sum(space not in there for space in chain) >= MAX_DEPTH else None


def repeats_allowed(steps: int) -> Iterator[int]:
    """As many calls of lost steps as a run may repeat: where one pushes out another, there is no end to them."""
    return iter(range(MAX_DEPTH * steps))


def flatten_if_deep(cache: ActivationCache, space: str, chains: Sequence[Sequence[str]]) -> None:
    """Where a turn was read through many layers, or through more than half the room, one is made of them beside it.

    chains: through which spaces each step of the turn of that space is read; all is there, if it has just been read.
    """
    room, deepest = cache.room(), max(chains, key=len)
    held = sum(max(one.ram_bytes, one.disk_bytes) for one in cache.spaces() if one.name in deepest)
    if len(deepest) < (2 if 2 * held > max(room.ram_bytes, room.disk_bytes) else MAX_DEPTH):
        return
    into = keys.flat_space(space)
    at_steps: dict[int | str, Sequence[str]] = dict(enumerate(chains))
    cache.background.start(into, lambda ended: flatten(cache, at_steps, into, ended, keys.is_activation))
