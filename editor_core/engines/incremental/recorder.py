"""Putting into the cache what the network leaves behind at a step.

A whole step is recorded as maps; an incremental one as the rows it computed, a delta.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from time import perf_counter

import torch

from cache import ActivationCache, RowNumbers, put_rows
from editor_core.backbones.attention.sites import Size
from editor_core.backbones.rows import Emit
from editor_core.engines.common.context import EngineContext
from editor_core.engines.incremental import keys
from editor_core.messages.run import RecordingMode

STORED = torch.float16
COMPACT = torch.float8_e4m3fn
_LARGEST = torch.finfo(COMPACT).max


def stored_type(kept: RecordingMode) -> torch.dtype:
    """What a number of the record is kept as; statistics of norms always in float32."""
    return COMPACT if kept is RecordingMode.COMPACT else STORED


def recording_step(
    context: EngineContext, spaces: Sequence[str], step: int, size: Size, kept: RecordingMode
) -> AbstractContextManager[None]:
    """Within the body, a dense call of the network leaves the activations of each picture in its own space.

    size: the latents' (h, w).
    """
    cache, lap = context.cache, _laps()
    without_positions = context.backbone.sites_without_positions

    def store(site: str, tensor: torch.Tensor) -> None:
        row_dim = None if site in without_positions else -2
        if kept is RecordingMode.COMPACT and row_dim is not None:
            tensor = _compact(tensor)
        for space, own in _by_picture(spaces, tensor):
            cache.put(keys.activation_key(space, step, site), own, lap(), row_dim)

    return context.backbone.recording(store, STORED, len(spaces), size if kept.is_thinned else None)


def _compact(tensor: torch.Tensor) -> torch.Tensor:
    """In eight bits; what is larger than they can say becomes their largest, what is no number stays none."""
    return (
        tensor.clamp(-_LARGEST, _LARGEST).where(tensor.isfinite(), tensor.new_tensor(torch.nan)).to(COMPACT)
    )


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
    positions: Mapping[str, int],
    numbered: NumberedRows,
    kept: RecordingMode,
) -> Emit:
    """Stores the rows a sparse step computed, each picture's in its own space.

    ``positions`` tells how many a site's whole map has; ``numbered`` serves all steps of a region.
    """
    lap, dtype = _laps(), stored_type(kept)

    def emit(site: str, rows: torch.Tensor | None, fresh: torch.Tensor) -> None:
        if kept is RecordingMode.COMPACT and site in positions:
            fresh = _compact(fresh)
        for space, own in _by_picture(spaces, fresh):
            key = keys.activation_key(space, step, site)
            if site not in positions:
                cache.put(key, own, lap(), row_dim=None)
            elif rows is None:
                cache.put(key, own, lap(), dtype=dtype)
            else:
                put_rows(cache, key, numbered(rows), own, positions[site], lap(), dtype=dtype)

    return emit


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
