"""Group norms whose statistics follow the edit: equal to normalising the edited map whole."""

import pytest
import torch
from torch import nn

from editor_core.backbones.unet import group_norm
from editor_core.backbones.unet.group_norm import (
    by_group,
    follow,
    moments,
    statistics_of_rows,
)
from editor_core.backbones.unet.level_norms import (
    ComputedNorms,
    LevelNorms,
    collect_moments,
    collect_statistics,
    epsilons,
    moments_site,
    statistics_site,
)
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_norm import RowNorm
from editor_core.backbones.unet.rows import StepContext, TextKeys
from editor_core.models.conditioning import Conditioning
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


def context(record, norms, level):
    """A step whose level has these norms, writing back what it makes of them."""
    statistics = record.read(statistics_site(0), None)
    then = record.read(moments_site(0), level.fewer) if len(level.fewer) else None
    epsilon = epsilons(norms, statistics.device)
    known = LevelNorms(norms, statistics, then, len(level.active), POSITIONS, epsilon)
    known.computed = ComputedNorms(
        collect_statistics(0, len(norms), lambda site, fresh: record.write(site, None, fresh), epsilon),
        collect_moments(0, len(norms), lambda site, fresh: record.write(site, level.active, fresh)),
    )
    return StepContext(
        record.read, record.write, torch.empty(0), TextKeys(Conditioning(torch.empty(2, 0, 0)), {}), [known]
    )


def recorded(norms, maps):
    """The record of norms whose inputs were these."""
    record = RecordedStep()
    of_all = collect_statistics(0, len(norms), record.tensors.__setitem__)
    at_all = collect_moments(0, len(norms), record.tensors.__setitem__)
    for index, (norm, rows) in enumerate(zip(norms, maps, strict=True)):
        of_all.put(index, *statistics(rows).unbind(1))
        at_all.put(index, *moments(by_group(norm, rows)))
    return record


@pytest.fixture(params=["processor", "card"])
def arithmetic(request, monkeypatch):
    """Both ways to reduce, whatever is quicker here."""
    monkeypatch.setattr(group_norm, "reduces_slowly", lambda _: request.param == "processor")


@pytest.mark.parametrize("by", ["rows", "moments"])
@pytest.mark.parametrize("mean", [0.0, 100.0])  # far from zero, squares would lose all digits
@pytest.mark.parametrize("count", [1, 5, 6, 7, 11, POSITIONS])
def test_statistics_follow_the_positions_that_change(norm, arithmetic, by, mean, count):
    base, edited = changed_rows(mean, count)
    then = torch.cat(moments(by_group(norm, base)), -1)
    fewer = then[:, :count] if 2 * count <= POSITIONS else then[:, count:]
    fewer = fewer if fewer.shape[1] else None
    known = LevelNorms([norm], statistics(base), fewer, count, POSITIONS, epsilons([norm], base.device))
    grouped = by_group(norm, edited[:, :count])
    own = moments(grouped) if by == "moments" else None
    now = statistics_of_rows(grouped, own, POSITIONS)
    got = torch.stack(follow(known.rest[0], now, known.share), 1)
    torch.testing.assert_close(got, statistics(edited), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("count", [7, 11, POSITIONS])
def test_where_most_positions_change_an_error_of_the_record_goes_with_them(norm, arithmetic, count):
    base, edited = changed_rows(0.0, count)
    others = torch.cat(moments(by_group(norm, base)), -1)[:, count:] if count < POSITIONS else None
    off = statistics(base) + 1
    known = LevelNorms([norm], off, others, count, POSITIONS, epsilons([norm], base.device))
    now = statistics_of_rows(by_group(norm, edited[:, :count]), None, POSITIONS)
    got = torch.stack(follow(known.rest[0], now, known.share), 1)
    torch.testing.assert_close(got, statistics(edited), rtol=1e-3, atol=1e-3)


def changed_rows(mean, count):
    base, edited = random_rows(1, mean), random_rows(1, mean)
    edited[:, :count] = random_rows(2, mean + 3)[:, :count]
    return base, edited


def test_rows_are_normalised_as_in_the_edited_maps_turn_after_turn(norm, arithmetic):
    """Two norms of one level, each with a map of its own."""
    norms, current = (
        [norm, nn.GroupNorm(GROUPS, CHANNELS).requires_grad_(False)],
        [random_rows(1), random_rows(2)],
    )
    record = recorded(norms, current)
    for turn, columns in enumerate([slice(0, 2), slice(1, 4), slice(0, 1)]):
        mask = torch.zeros(3, 4, dtype=torch.bool)
        mask[:, columns] = True
        level = plan_region(mask, 1).levels[0]
        step = context(record, norms, level)
        for index, (own, rows) in enumerate(zip(norms, current, strict=True)):
            rows[:, level.active] = random_rows(turn + 5 + 10 * index, mean=1.0)[:, level.active]
            got = RowNorm(own, 0, index)(rows[:, level.active], step)
            expected = own(rows.mT).mT[:, level.active]
            torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-4)
    fresh = recorded(norms, current)
    for site, tensor in record.tensors.items():
        torch.testing.assert_close(tensor, fresh.tensors[site], rtol=1e-4, atol=1e-4)


def test_recorded_statistics_can_be_kept(norm):
    base = random_rows(1)
    level = plan_region(torch.eye(3, 4, dtype=torch.bool), 1).levels[0]
    step = context(recorded([norm], [base]), [norm], level)
    got = RowNorm(norm, 0, 0, fresh=False)(base[:, level.active] + 4, step)
    one = torch.nn.functional.group_norm(base.mT, GROUPS, norm.weight, norm.bias).mT
    scale = norm.weight * (record_scale(base, norm))
    torch.testing.assert_close(got, (one + 4 * scale[:, None])[:, level.active], rtol=1e-3, atol=1e-3)


def record_scale(rows, norm):
    return (statistics(rows)[:, 1] + norm.eps).rsqrt().repeat_interleave(CHANNELS // GROUPS, 1)
