import torch
from hypothesis import given
from hypothesis import strategies as st

from editor_core.backbones.unet.buckets import bucket_size, filled, padded
from editor_core.backbones.unet.regions import plan_region


@given(st.integers(0, 100_000))
def test_a_bucket_holds_its_count_and_little_more(count):
    size = bucket_size(count)
    assert count <= size < count + max(16, count / 8 + 1)
    assert bucket_size(size) == size


def test_there_are_few_buckets():
    assert len({bucket_size(count) for count in range(1, 16_384)}) < 70


def test_a_set_is_filled_with_its_nearest_positions():
    mask = torch.zeros(7, 7, dtype=torch.bool)
    mask[3, 3] = True
    assert filled(mask, 9).nonzero().tolist() == [[row, column] for row in (2, 3, 4) for column in (2, 3, 4)]
    twelve = filled(mask, 12)
    assert int(twelve.sum()) == 12
    assert bool(twelve[filled(mask, 9)].all())


def test_a_set_is_filled_no_further_than_the_picture_and_never_from_nothing():
    mask = torch.zeros(3, 5, dtype=torch.bool)
    assert not filled(mask, 16).any()
    mask[0, 0] = True
    assert filled(mask, 16).all()
    assert torch.equal(filled(mask, 1), mask)


def test_padding_repeats_a_position():
    assert padded(torch.tensor([4, 9])).tolist() == [4, 9, *[4] * 14]
    assert len(padded(torch.empty(0, dtype=torch.int64))) == 0


def test_bucketed_plans_hold_the_mask_and_come_in_bucket_sizes():
    mask = torch.zeros(24, 40, dtype=torch.bool)
    mask[5:12, 7:20] = True
    region = plan_region(mask, 4, (1,), bucketed=True)
    assert set(plan_region(mask, 4, (1,)).active.tolist()) <= set(region.active.tolist())
    for level in region.levels:
        count = len(level.active)
        assert count == bucket_size(count) or count == level.height * level.width
        assert len(level.same.read) == bucket_size(len(level.same.read))
