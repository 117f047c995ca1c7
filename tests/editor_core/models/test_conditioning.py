import pytest
import torch

from editor_core.models.conditioning import Conditioning


def row(value, pooled=True):
    hidden = torch.full((1, 3, 4), float(value))
    return (
        Conditioning(hidden, torch.full((1, 5), float(value)), torch.full((1, 6), 64.0))
        if pooled
        else Conditioning(hidden)
    )


def test_a_batch_holds_all_rows_in_order():
    both = Conditioning.batch([row(1), row(2)])
    assert len(both) == 2 and both.hidden[:, 0, 0].tolist() == [1, 2] and both.pooled[:, 0].tolist() == [1, 2]
    assert both.sizes.shape == (2, 6)
    plain = Conditioning.batch([row(1, pooled=False)] * 2)
    assert plain.pooled is None and plain.sizes is None and len(plain) == 2


def test_rows_with_and_without_pooled_text_do_not_mix():
    with pytest.raises(ValueError, match="pooled"):
        Conditioning.batch([row(1), row(2, pooled=False)])


def test_copies_of_a_row_lie_beside_each_other():
    repeated = Conditioning.batch([row(1), row(2)]).repeated(2)
    assert repeated.hidden[:, 0, 0].tolist() == repeated.pooled[:, 0].tolist() == [1, 1, 2, 2]


def test_other_hidden_states_come_in_its_precision_and_keep_the_rest():
    half = Conditioning(row(1).hidden.half(), row(1).pooled)
    other = half.with_hidden(torch.full((1, 3, 4), 7.0))
    assert other.dtype == torch.float16 and other.hidden[0, 0, 0] == 7 and other.pooled is half.pooled
