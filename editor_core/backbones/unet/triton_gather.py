"""Gathering rows out of fresh and recorded ones in one kernel of a card, whatever the record's precision.

Importing this needs Triton.
"""

import torch
import triton
import triton.language as tl

ELEMENTS = 2048
"""That a program moves."""


@triton.jit(do_not_specialize=["first_count", "second_count", "count"])
def _gather(
    first, second, index, gathered, first_count, second_count, count, channels,
    first_item, first_row, second_item, second_row,
    INDEXED: tl.constexpr, ROWS: tl.constexpr, CHANNELS: tl.constexpr,
):  # fmt: skip
    """Rows of the first, then of the second, then zeros."""
    item = tl.program_id(2)
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    channel = tl.program_id(1) * CHANNELS + tl.arange(0, CHANNELS)
    there = (row < count)[:, None] & (channel < channels)[None, :]
    source = row.to(tl.int64)
    if INDEXED:
        source = tl.load(index + row, row < count, 0)
    later = source - first_count
    of_first = there & (source < first_count)[:, None]
    of_second = there & ((later >= 0) & (later < second_count))[:, None]
    fresh = tl.load(first + item * first_item + source[:, None] * first_row + channel[None, :], of_first, 0.0)
    recorded = tl.load(
        second + item * second_item + later[:, None] * second_row + channel[None, :], of_second, 0.0
    )
    kind = gathered.dtype.element_ty
    places = (item * count + row[:, None]) * channels + channel[None, :]
    tl.store(gathered + places, tl.where(of_first, fresh.to(kind), recorded.to(kind)), there)


def gather(
    first: torch.Tensor, second: torch.Tensor | None = None, index: torch.Tensor | None = None
) -> torch.Tensor:
    """The rows (batch, M, channels) that int64 `index` (M,) names in each item of `first`, `second` and zeros, joined.

    first: (batch, N, channels), whose precision the result has; second: the same with other rows, of any precision.
    Without an index both are joined.
    """
    first, second = _row_by_row(first), _row_by_row(first[:, :0] if second is None else second)
    batch, first_count, channels = first.shape
    count = first_count + second.shape[1] if index is None else len(index)
    gathered = first.new_empty(batch, count, channels)
    block = min(128, triton.next_power_of_2(channels))
    at_a_time = ELEMENTS // block
    with torch.cuda.device_of(first):  # type: ignore[no-untyped-call]
        _gather[(triton.cdiv(count, at_a_time), triton.cdiv(channels, block), batch)](
            first, second, first if index is None else index, gathered,
            first_count, second.shape[1], count, channels, *first.stride()[:2], *second.stride()[:2],
            INDEXED=index is not None, ROWS=at_a_time, CHANNELS=block,
        )  # fmt: skip
    return gathered


def _row_by_row(rows: torch.Tensor) -> torch.Tensor:
    return rows if rows.stride(2) == 1 else rows.contiguous()
