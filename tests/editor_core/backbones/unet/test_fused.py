"""A card's own kernels come to what PyTorch's do. Without a card Triton's interpreter runs them."""

import os
from dataclasses import replace

import pytest
import torch
from diffusers import Transformer2DModel
from torch import nn

from editor_core.backbones.unet import fused, sparse
from editor_core.backbones.unet.group_norm import (
    Rest,
    apply_statistics,
    follow,
)
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.models.conditioning import Conditioning
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet

GROUPS, CHANNELS, SIZE = 2, 80, (24, 20)


@pytest.fixture
def kernels():
    pytest.importorskip("triton")
    if os.environ.get("TRITON_INTERPRET") != "1":
        pytest.skip("a card runs them: tests/cuda")
    return fused.triton_kernels()


@pytest.fixture(autouse=True)
def no_grad():
    with torch.no_grad():
        yield


@pytest.mark.parametrize("count", [1, 37, 300], ids=["a row", "one part", "two parts"])
@pytest.mark.parametrize("silu", [False, True], ids=["plain", "silu"])
def test_rows_are_normalised_by_statistics_that_follow(kernels, count, silu):
    norm, positions = nn.GroupNorm(GROUPS, CHANNELS), count + 63
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    wider = torch.randn(2, count, 3 * CHANNELS) * 2 + torch.linspace(20, 40, count)[:, None]
    rows = wider[..., CHANNELS : 2 * CHANNELS]  # what a joined product leaves
    rest = Rest(torch.randn(1, 2, GROUPS).expand(2, 2, GROUPS), torch.rand(2, GROUPS) + 0.5)

    found = kernels.normalise(norm, rows, rest, positions, silu=silu, kept=True)

    grouped = rows.double().reshape(2, count, GROUPS, -1)
    own = grouped.mean(-1), grouped.std(-1, correction=0)
    mean = grouped.mean((1, 3))
    squares = (grouped - mean[:, None, :, None]).square().sum((1, 3))
    spread = squares.div(positions * CHANNELS // GROUPS).sqrt()
    statistics = follow(rest, (mean, spread), count / positions)
    expected = apply_statistics(norm, rows, *(each.float() for each in statistics))
    expected = nn.functional.silu(expected) if silu else expected
    assert torch.allclose(found.rows, expected, atol=1e-3, rtol=1e-4)
    for got, right in zip((*found.statistics, *found.moments), (*statistics, *own), strict=True):
        assert torch.allclose(got, right.float(), atol=1e-3, rtol=1e-4)


@pytest.mark.parametrize("recorded", [torch.float16, torch.float32])
def test_fresh_and_recorded_rows_and_zeros_are_gathered(kernels, recorded):
    fresh = torch.randn(2, 5, 3 * CHANNELS)[..., CHANNELS : 2 * CHANNELS]
    around = torch.randn(1, 7, CHANNELS).to(recorded).expand(2, -1, -1)
    index = torch.tensor([0, 12, 4, 11, 5, 12, 3])
    joined = torch.cat([fresh, around.to(fresh), torch.zeros(2, 1, CHANNELS)], 1)
    assert torch.equal(kernels.gather(fresh, around, index), joined.index_select(1, index))
    assert torch.equal(kernels.gather(fresh, around), joined[:, :12])
    assert torch.equal(kernels.gather(fresh, None, index[4:5] - 1), fresh[:, 4:5])


@pytest.mark.parametrize("box", [False, True], ids=["gathered", "box"])
def test_a_step_computes_and_emits_the_same(kernels, monkeypatch, box):
    unet = tiny_unet("sd1")
    latents, words = random_inputs(unet, *SIZE)
    recorded, _ = record_step(unet, latents, 5, words)
    mask = torch.zeros(SIZE, dtype=torch.bool)
    mask[3:9, 4:11] = True
    region, text = plan_region(mask, 4, (1,)), encode_text(unet, Conditioning(words))
    rows = torch.randn(2, len(region.active), latents.shape[1])
    results, silus = [], []

    def normalise(*given, silu, kept):
        silus.append(silu)
        return kernels.normalise(*given, silu=silu, kept=kept)

    for own in (None, replace(kernels, normalise=normalise)):
        monkeypatch.setattr(sparse, "fused_kernels", lambda device, own=own: own)
        emitted = {}
        step = SparseStep(unet, region, choice=Choice(4, (box,) * 4))
        out = step(rows, 5, text, recorded.read, lambda site, _, fresh: emitted.__setitem__(site, fresh))  # noqa: B023
        results.append({"out": out} | emitted)
    plain, own = results
    transformers = sum(isinstance(each, Transformer2DModel) for each in unet.modules())
    assert silus.count(False) == transformers and silus.count(True) == len(silus) - transformers > 0
    assert plain.keys() == own.keys()
    for site, expected in plain.items():
        assert torch.allclose(own[site].float(), expected.float(), atol=2e-3), site


def test_a_step_can_be_told_to_leave_them(monkeypatch):
    monkeypatch.setattr(sparse, "fused_kernels", lambda device: pytest.fail("not asked for"))
    SparseStep(tiny_unet("sd1"), plan_region(torch.ones(SIZE, dtype=torch.bool), 4, (1,)), fused=False)


def test_they_are_tried_before_they_are_trusted(kernels):
    assert fused.agree(kernels, torch.device("cpu"))
    wrong = fused.FusedKernels(kernels.normalise, lambda *given: kernels.gather(*given) + 1)
    assert not fused.agree(wrong, torch.device("cpu"))


def test_what_comes_to_other_results_is_not_used(monkeypatch, caplog):
    monkeypatch.setattr(fused, "triton_kernels", lambda: None)
    monkeypatch.setattr(fused, "agree", lambda kernels, device: False)
    assert fused.fused_kernels.__wrapped__(torch.device("cuda", 0)) is None
    assert "other results" in caplog.text


def test_a_card_without_a_compiler_does_without_them(monkeypatch):
    def fails():
        raise RuntimeError("Failed to find C compiler")

    monkeypatch.setattr(fused, "triton_kernels", fails)
    assert fused.fused_kernels.__wrapped__(torch.device("cuda", 0)) is None


def test_a_processor_has_none():
    assert fused.fused_kernels(torch.device("cpu")) is None
