"""How much of what the network leaves behind at its steps the cache has room for.

Before anything is recorded the bytes are predicted from the network's shape. Where they do not fit, the keys and values
of self-attention, the largest part, are thinned out to every second position both ways; then all is kept in eight bits
a number, and attention maps small (`kept_maps.py`); where that does not fit either, nothing is kept. Unless the artist
chose the size of the cache, a first turn takes at most 3 GB (`EngineContext.most_recorded`) if anything takes so
little: of its first steps so many keep their maps as there is room for beside the rest.
"""

from collections.abc import Sequence

import torch

from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.incremental.kept_maps import small_size
from editor_core.engines.incremental.recorder import STORED, bytes_of_number, stored_type
from editor_core.engines.incremental.reference import warmup_steps
from editor_core.messages.requests import BaseTurn
from editor_core.messages.run import RecordingMode

_MAX_SHARE = 0.5
"""Of the cache's room that one picture may take."""
_MAX_SHARE_OF_MAPS = 0.25
"""Of the cache's room that the attention maps of one picture's first steps may take."""


def fit_budget(
    context: EngineContext,
    latents: torch.Tensor,
    steps: int,
    halves: int,
    lineage: Sequence[BaseTurn] = (),
    tokens: int = 0,
) -> RecordingMode:
    """The most that fits the cache for a whole run; what the lineage's first turn kept is not changed half-way.

    A first turn that kept nothing may be thinned out later. latents: (…, h, w); halves: that each step computes;
    tokens: of the prompt, where its first steps keep their maps, too.
    """
    room = context.cache.room()
    most = _MAX_SHARE * max(room.ram_bytes, room.disk_bytes)
    known = lineage[0].record.recording if lineage else None
    choices = _choices(known, context.packed)
    predicted = {kept: recorded_bytes(context, latents, steps, halves, kept) for kept in choices}
    fitting = {kept: size for kept, size in predicted.items() if size <= most}
    if not fitting:
        return RecordingMode.NOTHING
    if known is not None:
        return next(iter(fitting))
    wanted = warmup_steps(steps)
    with_maps = {
        kept: size + bytes_of_maps(context, latents, tokens, wanted, kept) for kept, size in fitting.items()
    }
    enough = (kept for kept, size in with_maps.items() if size <= context.most_recorded)
    return next(enough, min(with_maps, key=with_maps.__getitem__))


def recorded_bytes(
    context: EngineContext, latents: torch.Tensor, steps: int, halves: int, kept: RecordingMode
) -> int:
    """What a run leaves behind, predicted from the network's shape. latents: (…, h, w)."""
    height, width = latents.shape[-2:]
    each = context.backbone.recorded_bytes(height, width, kept.is_thinned, halves)
    return int(steps * each * bytes_of_number(kept) / STORED.itemsize)


def _choices(known: RecordingMode | None, packed: bool) -> tuple[RecordingMode, ...]:
    if known is None and packed:
        return RecordingMode.PACKED, RecordingMode.COMPACT
    if known is None:
        return RecordingMode.FULL, RecordingMode.THINNED, RecordingMode.COMPACT
    return (RecordingMode.THINNED, RecordingMode.COMPACT) if known is RecordingMode.NOTHING else (known,)


def bytes_of_maps(
    context: EngineContext, latents: torch.Tensor, tokens: int, steps: int, kept: RecordingMode
) -> int:
    """What the attention maps of so many steps take, of a prompt's tokens. latents: (…, h, w)."""
    sizes = context.backbone.level_sizes(latents.shape[-2], latents.shape[-1])
    if kept is RecordingMode.COMPACT:
        sizes = tuple(map(small_size, sizes))
    positions = [
        site.heads * sizes[site.level][0] * sizes[site.level][1]
        for site in context.backbone.sites
        if site.is_cross
    ]
    return stored_type(kept).itemsize * sum(positions) * tokens * steps


def maps_to_keep(
    context: EngineContext,
    latents: torch.Tensor,
    steps: int,
    halves: int,
    tokens: int,
    kept: RecordingMode,
    wanted: int,
) -> int:
    """How many of a run's first steps keep their maps, of so many tokens; an edit makes the others again.

    All that are wanted where they fit the cache, or none; fewer where a first turn would come to take more than it may.
    """
    room = context.cache.room()
    if bytes_of_maps(context, latents, tokens, wanted, kept) > _MAX_SHARE_OF_MAPS * max(
        room.ram_bytes, room.disk_bytes
    ):
        return 0
    recorded = 0 if kept is RecordingMode.NOTHING else recorded_bytes(context, latents, steps, halves, kept)
    left = max(0, context.most_recorded - recorded)
    return min(wanted, left // max(1, bytes_of_maps(context, latents, tokens, 1, kept)))


def in_spec(kept: RecordingMode) -> dict[str, str]:
    """What a first turn's space is told apart by: whole records and thinned-out ones never lie in the same."""
    if kept is RecordingMode.FULL:
        return {}
    return {"kept": RecordingMode.THINNED if kept is RecordingMode.NOTHING else kept}


def tell_what_is_recorded(
    context: EngineContext, kept: RecordingMode, latents: torch.Tensor, steps: int, halves: int
) -> None:
    """Tell the artist when it is not everything, and what it takes."""
    if kept is RecordingMode.COMPACT:
        size = recorded_bytes(context, latents, steps, halves, kept) / 1e9
        context.notice(
            Message(
                "To take {size} GB of disk only, what edits of this picture need is kept less precisely; with a larger "
                "cache in the settings all of it is kept.",
                size=f"{size:.1f}",
            )
        )
    if kept is RecordingMode.THINNED:
        context.notice(
            Message(
                "The cache is too small to keep everything about this picture, so edits of it may be "
                "less precise."
            )
        )
    if kept is RecordingMode.NOTHING:
        context.notice(Message("This picture is too large for the cache, so edits of it will take longer."))
