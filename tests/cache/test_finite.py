import math

import pytest
import torch

from cache.finite import all_finite

FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.float8_e5m2, torch.complex64]


def bytes_of(tensor):
    return tensor.reshape(-1).view(torch.uint8)


@pytest.mark.parametrize("dtype", FLOATS)
def test_every_finite_value_passes_and_every_other_one_does_not(dtype):
    largest = torch.finfo(dtype).max
    tensor = torch.tensor(
        [0.0, -0.0, 1.0, -1.0, largest, -largest, torch.finfo(dtype).tiny], dtype=torch.float64
    )
    tensor = tensor.to(dtype)
    assert all_finite(bytes_of(tensor), dtype)
    for wrong in (math.nan, -math.nan, math.inf, -math.inf):
        for place in range(len(tensor)):
            broken = tensor.clone()
            broken[place] = wrong
            assert not all_finite(bytes_of(broken), dtype), (dtype, wrong)


def test_all_half_precision_values_there_are():
    values = torch.arange(-(2**15), 2**15).to(torch.int16).view(torch.float16)
    for value in values[::7]:
        assert all_finite(bytes_of(value.clone()), torch.float16) == bool(value.isfinite())


def test_whole_numbers_and_nothing_at_all_are_finite():
    assert all_finite(bytes_of(torch.tensor([-1, 2**62])), torch.int64)
    assert all_finite(bytes_of(torch.tensor([], dtype=torch.float16)), torch.float16)
    assert all_finite(bytes_of(torch.tensor([True, False])), torch.bool)
