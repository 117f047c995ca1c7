"""Putting into the cache what the U-Net leaves behind at a step, as much of it as the budget allows.

A whole step is recorded as maps; an incremental one as the rows it computed, a delta. Before anything is recorded the
bytes are predicted from the U-Net's shape. Where they do not fit, the keys and values of self-attention, the largest
part, are thinned out to every second position both ways; where that does not fit either, nothing is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from time import perf_counter

import torch

from cache import ActivationCache, BackgroundFlatten, CacheKey, RowNumbers, put_rows
from editor_core.backbones.unet.recording import RecordKind, record_sites, recorded_bytes, recording
from editor_core.backbones.unet.rows import Emit
from editor_core.backbones.unet.sites import Size
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.incremental import keys
from editor_core.messages.requests import BaseTurn
from editor_core.messages.run import RecordingMode

STORED = torch.float16
MAX_CHAIN_DEPTH = 6
"""Turns that a row is looked for in, one after another, before they are made into one."""
_MAX_SHARE = 0.5  # of the cache's room that one picture may take


def fit_budget(
    context: EngineContext, latents: torch.Tensor, steps: int, lineage: Sequence[BaseTurn] = ()
) -> RecordingMode:
    """The most that fits the cache for a whole run; what the lineage's first turn kept is not changed half-way.

    A first turn that kept nothing may be thinned out later. latents: (…, h, w).
    """
    height, width = latents.shape[-2:]
    room = context.cache.room()
    known = lineage[0].record.recording if lineage else None
    choices = {None: (RecordingMode.FULL, RecordingMode.THINNED), RecordingMode.FULL: (RecordingMode.FULL,)}
    for kept in choices.get(known, (RecordingMode.THINNED,)):
        each = recorded_bytes(
            context.bundle.unet, height, width, 2, alike=True, thinned=kept is RecordingMode.THINNED
        )
        if steps * sum(each.values()) <= _MAX_SHARE * max(room.ram_bytes, room.disk_bytes):
            return kept
    return RecordingMode.NOTHING


def in_name(kept: RecordingMode) -> dict[str, str]:
    """What a first turn's space is told apart by: whole records and thinned-out ones never lie in the same."""
    return {} if kept is RecordingMode.FULL else {"kept": RecordingMode.THINNED}


def say_what_is_kept(context: EngineContext, kept: RecordingMode) -> None:
    """Tell the artist when it is not everything."""
    if kept is RecordingMode.THINNED:
        context.notice(
            Message(
                "The cache is too small to keep everything about this picture, so edits of it may be "
                "less precise."
            )
        )
    if kept is RecordingMode.NOTHING:
        context.notice(Message("This picture is too large for the cache, so edits of it will take longer."))


def recording_step(
    context: EngineContext, spaces: Sequence[str], step: int, thin: Size | None = None
) -> AbstractContextManager[None]:
    """Within the body, a guided dense call of the U-Net leaves the activations of each picture in its own space.

    thin: the latents' (h, w) where keys and values are thinned out.
    """
    cache, lap = context.cache, _laps()
    norms = {site.name for site in record_sites(context.bundle.unet) if site.kind is RecordKind.NORM}

    def store(site: str, tensor: torch.Tensor) -> None:
        row_dim = None if site in norms else -2
        for space, own in _by_picture(spaces, tensor):
            cache.put(keys.activation_key(space, step, site), own, lap(), row_dim)

    return recording(record_sites(context.bundle.unet), store, STORED, alike=len(spaces), thin=thin)


class NumberedRows:
    """The row numbers of a region's plans, each set worked out once: for each a graphics card has to be waited for."""

    def __init__(self) -> None:
        self._known: dict[
            int, tuple[torch.Tensor, RowNumbers]
        ] = {}  # the tensor is held, so its id stays its own

    def __call__(self, rows: torch.Tensor) -> RowNumbers:
        if id(rows) not in self._known:
            self._known[id(rows)] = rows, RowNumbers(rows)
        return self._known[id(rows)][1]


def delta(
    cache: ActivationCache,
    spaces: Sequence[str],
    step: int,
    positions: dict[str, int],
    numbered: NumberedRows,
) -> Emit:
    """Stores the rows a sparse step computed, each picture's in its own space.

    ``positions`` tells how many a site's whole map has; ``numbered`` serves all steps of a region.
    """
    lap = _laps()

    def emit(site: str, rows: torch.Tensor | None, fresh: torch.Tensor) -> None:
        for space, own in _by_picture(spaces, fresh):
            key = keys.activation_key(space, step, site)
            if site not in positions:
                cache.put(key, own, lap(), row_dim=None)
            elif rows is None:
                cache.put(key, own, lap(), dtype=STORED)
            else:
                put_rows(cache, key, numbered(rows), own, positions[site], lap(), dtype=STORED)

    return emit


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
    if len(chain) < MAX_CHAIN_DEPTH:
        return None

    def wanted(key: CacheKey) -> bool:
        newest = CacheKey(space, key.item, key.slot)
        return keys.is_activation(key) and cache.info(newest) is not None

    return BackgroundFlatten(cache, [space, *chain], keys.flat_space(space), wanted)


def _by_picture(spaces: Sequence[str], batch: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    """Each space with its picture's items, of a batch that holds all pictures' unconditional halves first."""
    count = len(spaces)
    for number, space in enumerate(spaces):
        yield space, batch if count == 1 else batch[number::count].clone()


def _laps() -> Callable[[], float]:
    """Seconds since the last call: what the network took from one site to the next is what an entry costs."""
    last = perf_counter()

    def lap() -> float:
        nonlocal last
        before, last = last, perf_counter()
        return last - before

    return lap
