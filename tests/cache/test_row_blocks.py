"""The blocks under sets of rows are remembered for the sets used last, whichever threads ask."""

import numpy as np
import pytest
import torch
from cachetools import LRUCache

from cache import row_blocks
from cache.row_blocks import MAX_BLOCKS, RowBlocks, blocks_under
from cache.spec import TensorSpec

SPEC = TensorSpec.of(torch.zeros(1, 4096, 32), -2, "")


@pytest.fixture
def computed(monkeypatch):
    calls = []

    def counted(spec, rows):
        calls.append(int(rows[0]))
        return blocks_under(spec, rows)

    monkeypatch.setattr(row_blocks, "blocks_under", counted)
    return calls


def test_a_set_that_is_used_stays_known_however_many_others_come(computed):
    known, often = RowBlocks(), torch.tensor([4000])
    others = [torch.tensor([number]) for number in range(2 * MAX_BLOCKS)]
    for other in others:
        assert np.array_equal(known.under(SPEC, often), blocks_under(SPEC, often))
        assert np.array_equal(known.under(SPEC, other), blocks_under(SPEC, other))
    assert computed.count(4000) == 1 and len(computed) == 1 + len(others)
    known.under(SPEC, others[0])
    assert computed[-1] == 0


def test_what_is_remembered_is_touched_by_one_thread_at_a_time():
    known, touched = RowBlocks(), []

    class Watched(LRUCache):
        def __getitem__(self, key):
            touched.append(known._lock.locked())
            return super().__getitem__(key)

        def __setitem__(self, key, value):
            touched.append(known._lock.locked())
            super().__setitem__(key, value)

    known._known, rows = Watched(MAX_BLOCKS), torch.tensor([3])
    for _ in range(2):
        known.under(SPEC, rows)
    assert touched == [True, True]
