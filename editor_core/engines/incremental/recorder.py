"""Putting into the cache what the network leaves behind at a step.

A whole step is recorded as maps; an incremental one as the rows it computed, a delta.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from time import perf_counter

import torch

from cache import RowNumbers, put_rows
from editor_core.backbones.attention.sites import Size
from editor_core.backbones.rows import AsKept, Emit
from editor_core.engines.common.context import EngineContext
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.joining import Joining
from editor_core.engines.incremental.packing import as_kept, pack
from editor_core.messages.run import RecordingMode

STORED = torch.float16
COMPACT = torch.float8_e4m3fn
_LARGEST = torch.finfo(COMPACT).max


def stored_type(kept: RecordingMode) -> torch.dtype:
    """What a number of the record is kept as; statistics of norms always in float32."""
    return COMPACT if kept is RecordingMode.COMPACT else STORED


def bytes_of_number(kept: RecordingMode) -> float:
    """What a number of the record takes, nearly; packed ones with what they share."""
    return 0.6 if kept is RecordingMode.PACKED else stored_type(kept).itemsize


def kept_roughly(kept: RecordingMode) -> AsKept | None:
    """What a record gives back of numbers put into it; None where that is nearly the same."""
    forms: dict[RecordingMode, AsKept] = {
        RecordingMode.PACKED: as_kept,
        RecordingMode.COMPACT: _as_kept_compactly,
    }
    return forms.get(kept)


def _as_kept_compactly(rows: torch.Tensor) -> torch.Tensor:
    return _compact(rows).float()


def recording_step(
    context: EngineContext, spaces: Sequence[str], step: int, size: Size, kept: RecordingMode
) -> AbstractContextManager[None]:
    """Within the body, a dense call of the network leaves the activations of each picture in its own space.

    size: the latents' (h, w).
    """
    emit = delta(context, spaces, step, {}, NumberedRows(), kept)
    dtype = torch.float32 if kept is RecordingMode.PACKED else STORED
    return context.backbone.recording(
        lambda site, tensor: emit(site, None, tensor), dtype, len(spaces), size if kept.is_thinned else None
    )


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
    context: EngineContext,
    spaces: Sequence[str],
    step: int,
    positions: Mapping[str, int],
    numbered: NumberedRows,
    kept: RecordingMode,
) -> Emit:
    """Stores what a step computed, whole maps or rows, each picture's in its own space.

    ``positions`` tells how many a site's whole map has; ``numbered`` serves all steps of a region.
    """
    cache, lap, dtype = context.cache, _laps(), stored_type(kept)
    without_positions = context.backbone.sites_without_positions

    def put(record: str, like: str, rows: torch.Tensor | None, fresh: torch.Tensor, form: _Form) -> None:
        """like: a site that has the record's positions."""
        for space, own in _by_picture(spaces, fresh):
            key, formed = keys.activation_key(space, step, record), form(own)
            stored = formed.dtype if formed.dtype is torch.uint8 else dtype
            if rows is None:
                cache.put(key, formed, lap(), dtype=stored)
            else:
                put_rows(cache, key, numbered(rows), formed, positions[like], lap(), dtype=stored)

    def put_joined(record: str, like: str, rows: torch.Tensor | None, fresh: torch.Tensor) -> None:
        put(record, like, rows, fresh, _packed)

    together = context.backbone.recorded_together if kept is RecordingMode.PACKED else {}
    joining = Joining(together, put_joined)

    def emit(site: str, rows: torch.Tensor | None, fresh: torch.Tensor) -> None:
        if site in without_positions:
            for space, own in _by_picture(spaces, fresh):
                cache.put(keys.activation_key(space, step, site), own, lap(), row_dim=None)
        elif not joining.takes(site, rows, fresh):
            put(site, site, rows, fresh, _compact if kept is RecordingMode.COMPACT else _as_it_is)

    return emit


_Form = Callable[[torch.Tensor], torch.Tensor]


def _as_it_is(tensor: torch.Tensor) -> torch.Tensor:
    return tensor


def _packed(tensor: torch.Tensor) -> torch.Tensor:
    """In four bits; what cannot be packed stays as it is, and the cache refuses it."""
    packed = pack(tensor)
    return tensor if packed is None else packed


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
