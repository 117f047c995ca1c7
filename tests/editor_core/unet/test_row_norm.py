"""Group norms whose statistics follow the edit: equal to normalising the edited map whole."""

import pytest
import torch
from torch import nn

from editor_core.unet.group_norm import (
    change_of_moments,
    change_of_rows,
    moments,
    moments_site,
    update_statistics,
)
from editor_core.unet.regions import plan_region
from editor_core.unet.row_norm import RowNorm
from editor_core.unet.rows import StepContext, TextKeys
from support.recorded_steps import RecordedStep

POSITIONS, CHANNELS, GROUPS = 12, 8, 4


@pytest.fixture
def norm():
    norm = nn.GroupNorm(GROUPS, CHANNELS)
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    return norm.requires_grad_(False)


def random_rows(seed, mean=0.0):
    return torch.randn(2, POSITIONS, CHANNELS, generator=torch.Generator().manual_seed(seed)) * 2 + mean


def statistics(rows):
    grouped = rows.view(2, POSITIONS, GROUPS, -1)
    return torch.stack([grouped.mean((1, 3)), grouped.var((1, 3), correction=0)], 1)


def context(record):
    return StepContext(record.read, record.write, torch.empty(0), TextKeys(torch.empty(2, 0, 0), {}))


def recorded(norm, rows):
    return RecordedStep({"norm": statistics(rows), moments_site("norm"): moments(norm, rows)})


@pytest.mark.parametrize("mean", [0.0, 100.0])  # far from zero, sums of squares would lose all digits
@pytest.mark.parametrize("count", [1, 5, POSITIONS])
def test_statistics_follow_the_positions_that_change(norm, mean, count):
    base, edited = changed_rows(mean, count)
    change = change_of_moments(moments(norm, base)[:, :count], moments(norm, edited)[:, :count])
    got = update_statistics(statistics(base), change, POSITIONS)
    torch.testing.assert_close(got, statistics(edited), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("mean", [0.0, 10.0])
@pytest.mark.parametrize("count", [1, 5, POSITIONS])
def test_statistics_follow_rows_without_their_moments(norm, mean, count):
    base, edited = changed_rows(mean, count)
    change = change_of_rows(norm, moments(norm, base)[:, :count], edited[:, :count])
    got = update_statistics(statistics(base), change, POSITIONS)
    torch.testing.assert_close(got, statistics(edited), rtol=1e-3, atol=1e-3)


def changed_rows(mean, count):
    base, edited = random_rows(1, mean), random_rows(1, mean)
    edited[:, :count] = random_rows(2, mean + 3)[:, :count]
    return base, edited


def test_rows_are_normalised_as_in_the_edited_map_turn_after_turn(norm):
    base = random_rows(1)
    record, current = recorded(norm, base), base.clone()
    for turn, columns in enumerate([slice(0, 2), slice(1, 4), slice(0, 1)]):
        mask = torch.zeros(3, 4, dtype=torch.bool)
        mask[:, columns] = True
        level = plan_region(mask, 1).levels[0]
        current[:, level.active] = random_rows(turn + 5, mean=1.0)[:, level.active]
        got = RowNorm("norm", norm, level)(current[:, level.active], context(record))
        expected = norm(current.mT).mT[:, level.active]
        torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-4)


def test_recorded_statistics_can_be_kept(norm):
    base = random_rows(1)
    level = plan_region(torch.eye(3, 4, dtype=torch.bool), 1).levels[0]
    record = recorded(norm, base)
    got = RowNorm("norm", norm, level, fresh=False)(base[:, level.active] + 4, context(record))
    one = torch.nn.functional.group_norm(base.mT, GROUPS, norm.weight, norm.bias).mT
    scale = norm.weight * (record_scale(base, norm))
    torch.testing.assert_close(got, (one + 4 * scale[:, None])[:, level.active], rtol=1e-3, atol=1e-3)


def record_scale(rows, norm):
    return (statistics(rows)[:, 1] + norm.eps).rsqrt().repeat_interleave(CHANNELS // GROUPS, 1)
