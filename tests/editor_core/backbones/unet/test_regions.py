from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from editor_core.backbones.unet.regions import plan_region

SIZES = [(16, 16), (13, 10), (5, 31), (1, 7)]


@st.composite
def masks(draw):
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    bits = draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    return torch.tensor(bits).view(height, width)


def random_mask(size, share=0.3):
    return torch.rand(size, generator=torch.Generator().manual_seed(0)) < share


def compact_rows(rows, active, hood):
    """[active | read | zero row] of rows (positions, channels)."""
    return torch.cat([rows[active], rows[hood.read], torch.zeros_like(rows[:1])])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_every_plan_gathers_what_a_convolution_sees(size, share):
    region = plan_region(random_mask(size, share), 3)
    for index, level in enumerate(region.levels):
        rows = torch.randn(level.height * level.width, 2)
        feature_map = rows.T.view(1, 2, level.height, level.width)
        taps = F.unfold(feature_map, 3, padding=1).view(2, 9, -1).permute(2, 1, 0)
        gathered = compact_rows(rows, level.active, level.same)[level.same.index].view(-1, 9, 2)
        assert torch.equal(gathered, taps[level.active])
        if index + 1 < len(region.levels):
            down, below = region.transitions[index].down, region.levels[index + 1]
            strided = F.unfold(feature_map, 3, padding=1, stride=2).view(2, 9, -1).permute(2, 1, 0)
            gathered = compact_rows(rows, level.active, down)[down.index].view(-1, 9, 2)
            assert torch.equal(gathered, strided[below.active])


@pytest.mark.parametrize("size", SIZES)
def test_upsampling_gathers_from_rows_and_from_maps(size):
    region = plan_region(random_mask(size), 3)
    for (upper, lower), transition in zip(
        [region.levels[:2], region.levels[1:]], region.transitions, strict=True
    ):
        rows = torch.randn(lower.height * lower.width, 2)
        feature_map = F.interpolate(
            rows.T.view(1, 2, lower.height, lower.width), size=(upper.height, upper.width), mode="nearest"
        )
        taps = F.unfold(feature_map, 3, padding=1).view(2, 9, -1).permute(2, 1, 0)[upper.active]
        compact = compact_rows(rows, lower.active, transition.up)
        assert torch.equal(compact[transition.up.index].view(-1, 9, 2), taps)
        whole = torch.cat([rows, torch.zeros(1, 2)])
        assert torch.equal(whole[transition.up_from_map].view(-1, 9, 2), taps)


@pytest.mark.parametrize("size", SIZES)
def test_boxes_hold_what_their_active_positions_see(size):
    for level in plan_region(random_mask(size, 0.2), 3).levels:
        if not len(level.active):
            continue
        rows = torch.randn(level.height * level.width, 2)
        kernel = torch.randn(3, 2, 3, 3)
        expected = F.conv2d(rows.T.view(1, 2, level.height, level.width), kernel, padding=1)
        picture = compact_rows(rows, level.active, level.same)[level.box.index]
        boxed = F.conv2d(picture.T.view(1, 2, level.box.height, level.box.width), kernel).flatten(2)
        inside = boxed if level.box.inside is None else boxed[..., level.box.inside]
        torch.testing.assert_close(inside, expected.flatten(2)[..., level.active])


def test_a_lower_level_covers_the_upper_and_grows_as_told():
    mask = torch.zeros(16, 16, dtype=torch.bool)
    mask[5, 5] = True
    plain = plan_region(mask, 3)
    assert [len(level.active) for level in plain.levels] == [1, 1, 1]
    grown = plan_region(mask, 3, growth=(1, 0, 1))
    assert [len(level.active) for level in grown.levels] == [9, 4, 9]
    assert plain.levels[0].share == 1 / 256


def test_ring_rows_lie_just_outside_and_active_and_others_make_the_whole():
    level = plan_region(random_mask((13, 10)), 1).levels[0]
    assert not torch.isin(level.same.read, level.active).any()
    assert torch.cat([level.active, level.others]).sort().values.equal(torch.arange(130))


@given(masks(), st.lists(st.integers(0, 2), max_size=3))
def test_any_mask_is_planned_soundly(mask, growth):
    region = plan_region(mask, 3, growth)
    for level in region.levels:
        rows = len(level.active) + len(level.same.read)
        assert level.same.index.numel() == 9 * len(level.active)
        assert not len(level.active) or int(level.same.index.max()) <= rows
    for (upper, lower), transition in zip(pairwise(region.levels), region.transitions, strict=True):
        parents = upper.active // upper.width // 2 * lower.width + upper.active % upper.width // 2
        assert torch.isin(parents, lower.active).all()
        assert not torch.isin(transition.up.read, lower.active).any()
        assert not torch.isin(transition.down.read, upper.active).any()
    assert torch.isin(mask.flatten().nonzero()[:, 0], region.active).all()


def test_a_region_without_positions_has_the_smallest_box():
    region = plan_region(torch.zeros(8, 12, dtype=torch.bool), 3)
    assert [(level.box.height, level.box.width) for level in region.levels] == [(3, 3)] * 3
