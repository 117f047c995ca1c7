import pytest
import torch

from editor_core.backbones.unet import gather
from editor_core.backbones.unet.gather import gather_rows


@pytest.mark.parametrize("batch", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 3, 40])
@pytest.mark.parametrize("worth_it", [0, gather.MIN_ELEMENTS])
def test_rows_are_those_that_are_named_in_every_item(batch, count, worth_it, monkeypatch):
    monkeypatch.setattr(gather, "MIN_ELEMENTS", worth_it)
    rows, index = torch.randn(batch, 7, 4), torch.randint(7, (count,))
    assert torch.equal(gather_rows(rows, index), rows.index_select(1, index))


def test_items_may_share_their_memory(monkeypatch):
    monkeypatch.setattr(gather, "MIN_ELEMENTS", 0)
    rows, index = torch.randn(1, 7, 4).expand(3, -1, -1), torch.tensor([6, 0])
    assert torch.equal(gather_rows(rows, index), rows.index_select(1, index))
