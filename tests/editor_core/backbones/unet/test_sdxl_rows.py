"""Rows of a U-Net that is told a pooled text: words reach every layer, through the time embedding."""

import pytest
import torch

from editor_core.backbones.unet.network import pooled_text
from editor_core.backbones.unet.recording import position_major, record_sites, recorded_bytes
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sites import attention_sites, level_count
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.models.conditioning import Conditioning
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet

SIZE, T = (26, 20), 5


@pytest.fixture(scope="module")
def unet():
    return tiny_unet("sdxl")


def inputs(unet):
    latents, text = random_inputs(unet, *SIZE)
    pooled = torch.randn(2, 6, generator=torch.Generator().manual_seed(4))
    return latents, Conditioning(text, pooled).of_size(208, 160)


def recorded_step(unet, latents, told, **options):
    return record_step(unet, latents, T, told.hidden, added_cond_kwargs=pooled_text(told), **options)


def rows_at(feature_map, region):
    return position_major(feature_map, feature_map.dtype)[:, region.active]


def test_its_attention_is_found(unet):
    sites = attention_sites(unet)
    assert level_count(unet) == 3 and {site.level for site in sites} == {1, 2}
    assert len(sites) == 2 * (2 * 2 + 2 * 3 + 3 + 3 * 3 + 3 * 2)


@pytest.mark.parametrize("dense_from", [0, 1, 2, 3])
@pytest.mark.parametrize("alike", [False, True])
def test_rows_are_the_dense_step(unet, dense_from, alike):
    """For the recorded input, with one picture for both halves, whichever levels run on maps."""
    latents, told = inputs(unet)
    recorded, out = recorded_step(unet, latents, told, alike=alike)
    mask = torch.rand(SIZE, generator=torch.Generator().manual_seed(0)) < 0.2
    region = plan_region(mask, 3)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 3))
    rows = step(rows_at(latents[:1], region), T, encode_text(unet, told), recorded.read, recorded.write)
    torch.testing.assert_close(rows, rows_at(out, region), rtol=1e-4, atol=1e-5)
    again = step(rows_at(latents[:1], region), T, encode_text(unet, told), recorded.read)
    torch.testing.assert_close(again, rows, rtol=1e-4, atol=1e-5)


def test_everything_active_answers_to_another_pooled_text(unet):
    """On all rows nothing is read: they are a dense step with words of their own."""
    latents, told = inputs(unet)
    recorded, _ = recorded_step(unet, latents, told)
    other = Conditioning(told.hidden.flip(1), told.pooled.flip(0), told.sizes)
    _, out = recorded_step(unet, latents, other)
    region = plan_region(torch.ones(SIZE, dtype=torch.bool), 3)
    rows = SparseStep(unet, region)(rows_at(latents[:1], region), T, encode_text(unet, other), recorded.read)
    torch.testing.assert_close(rows, rows_at(out, region), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("thinned", [False, True])
def test_the_predicted_bytes_are_those_recorded(unet, thinned):
    latents, told = inputs(unet)
    latents = torch.cat([latents, latents], 2)[..., :40, :]  # large enough to be thinned out
    recorded, _ = recorded_step(unet, latents, told, dtype=torch.float16, alike=True, thinned=thinned)
    found = {name: tensor.nbytes for name, tensor in recorded.tensors.items()}
    assert found == recorded_bytes(unet, *latents.shape[-2:], 2, equal_halves=True, thinned=thinned)


def test_both_halves_are_recorded_everywhere(unet):
    """What is recorded once must not depend on the words."""
    latents, told = inputs(unet)
    recorded, _ = recorded_step(unet, latents, told)
    early = {"conv_in", "down_blocks.0.resnets.0.conv1"}  # before the time is added
    names = {site.name for site in record_sites(unet)} - early
    assert not any(torch.equal(recorded.tensors[name][0], recorded.tensors[name][1]) for name in names)


@pytest.mark.parametrize("dense_from", [0, 1, 2, 3])
def test_features_are_added_where_the_network_adds_them(unet, dense_from):
    """SDXL's adapters are half as fine, and the last feature is for the middle."""
    latents, told = inputs(unet)
    latents = latents[..., :16, :16]
    shapes = [(1, 8, 8, 8), (1, 16, 8, 8), (1, 24, 4, 4), (1, 24, 4, 4)]
    features = [torch.randn(shape, generator=torch.Generator().manual_seed(7)) for shape in shapes]
    recorded, out = recorded_step(
        unet, latents, told, down_intrablock_additional_residuals=[f.repeat(2, 1, 1, 1) for f in features]
    )
    _, without = recorded_step(unet, latents, told)
    assert not torch.allclose(out, without)
    mask = torch.zeros(16, 16, dtype=torch.bool)
    mask[4:9, 5:12] = True
    region = plan_region(mask, 3)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 3))
    rows = step(rows_at(latents[:1], region), T, encode_text(unet, told), recorded.read, features=features)
    torch.testing.assert_close(rows, rows_at(out, region), rtol=1e-4, atol=1e-5)
