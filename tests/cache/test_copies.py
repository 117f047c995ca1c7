import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given

from cache.copies import copy_into, copy_of, take_rows, write_rows
from cache.spec import TensorSpec

DTYPES = [torch.float32, torch.float16, torch.bfloat16, torch.bool, torch.complex128, torch.float8_e4m3fn]


def random_bits(shape, dtype):
    count = torch.Size(shape).numel() * dtype.itemsize
    bits = torch.randint(0, 2 if dtype is torch.bool else 256, (count,)).to(torch.uint8)
    return bits.view(dtype).view(shape)


def bits(tensor):
    return tensor.contiguous().view(-1).view(torch.uint8)


@given(
    st.sampled_from(DTYPES),
    st.integers(0, 3),
    st.integers(1, 9),
    st.integers(0, 5),
    st.data(),
)
def test_rows_taken_and_written_back_are_those_rows(dtype, outer, rows, channels, data):
    chosen = torch.tensor(data.draw(st.lists(st.integers(0, rows - 1), max_size=12)), dtype=torch.int64)
    tensor = random_bits((outer, rows, channels), dtype)
    spec = TensorSpec.of(tensor, 1, "")
    taken = take_rows(spec, bits(tensor), chosen)
    as_bytes = bits(tensor).view(outer, rows, channels * dtype.itemsize)
    assert torch.equal(bits(taken).view(outer, len(chosen), channels * dtype.itemsize), as_bytes[:, chosen])
    unique = chosen.unique()
    blank = torch.zeros_like(tensor)
    write_rows(spec, blank, unique, take_rows(spec, bits(tensor), unique))
    expected = torch.zeros_like(as_bytes)
    expected[:, unique] = as_bytes[:, unique]
    assert torch.equal(bits(blank).view(expected.shape), expected)


def test_an_entry_may_lie_at_the_beginning_of_a_larger_block():
    tensor = random_bits((2, 5, 3), torch.float16)
    block = torch.cat([bits(tensor), torch.full((64,), 255, dtype=torch.uint8)])
    spec = TensorSpec.of(tensor, 1, "")
    chosen = torch.tensor([4, 0])
    assert torch.equal(bits(take_rows(spec, block, chosen)), bits(tensor[:, chosen]))
    assert torch.equal(bits(spec.tensor(block)), bits(tensor))


@pytest.mark.parametrize("row", [-1, 5])
def test_rows_outside_are_named(row):
    tensor = torch.zeros(5, 2)
    with pytest.raises(IndexError, match="not among the 5"):
        take_rows(TensorSpec.of(tensor, 0, ""), bits(tensor), torch.tensor([0, row]))


@pytest.mark.parametrize(
    "source",
    [
        torch.arange(6).view(2, 3),
        torch.arange(6).view(2, 3).t(),
        torch.arange(3).expand(2, 3),
        torch.tensor([1 + 2j, 3j]).conj(),
        torch.tensor(4.0),
        torch.zeros(0, 3),
    ],
)
def test_copies_are_equal_and_apart(source):
    copy = copy_of(source)
    assert torch.equal(copy, source)
    assert copy.is_contiguous()
    into = torch.empty_like(copy)
    copy_into(into, source)
    assert torch.equal(into, source)
