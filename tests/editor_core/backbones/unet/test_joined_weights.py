"""Weights that lie one after another: the same network, fewer products."""

import copy

import pytest
import torch

from editor_core.backbones.unet.joined_weights import join_weights, joined, self_projections, time_projections
from editor_core.backbones.unet.recording import position_major
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sites import attention_sites
from editor_core.backbones.unet.sparse import SparseStep
from editor_core.models.conditioning import Conditioning
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet


def weights_of(unet):
    attn = next(site.module for site in attention_sites(unet) if not site.is_cross)
    return [layer.weight for layer in self_projections(attn)]


@pytest.fixture
def unet():
    return copy.deepcopy(tiny_unet("sd2"))


def test_the_weights_stay_the_layers_own_and_are_seen_as_one(unet):
    before = {name: tensor.clone() for name, tensor in unet.state_dict().items()}
    assert joined(weights_of(unet)) is None
    join_weights(unet)
    assert before.keys() == unet.state_dict().keys()
    assert all(torch.equal(tensor, before[name]) for name, tensor in unet.state_dict().items())
    first = weights_of(unet)
    assert torch.equal(joined(first), torch.cat(first))
    first[1].mul_(2)  # as a LoRA is merged
    assert torch.equal(joined(first), torch.cat(first))
    for name in ("weight", "bias"):
        assert joined([getattr(module, name) for module in time_projections(unet)]) is not None


def test_what_is_joined_stays_where_it_is_and_what_moved_is_joined_again(unet):
    join_weights(unet)
    places = [parameter.data_ptr() for parameter in unet.parameters()]
    join_weights(unet)
    assert [parameter.data_ptr() for parameter in unet.parameters()] == places
    moved = copy.deepcopy(unet)
    moved.to(torch.float64)
    assert joined(weights_of(moved)) is None
    join_weights(moved)
    assert joined(weights_of(moved)) is not None


def test_neighbours_of_other_memory_are_no_one_tensor():
    whole = torch.arange(24.0).view(6, 4)
    assert torch.equal(joined([whole[:2], whole[2:]]), whole)
    assert joined([whole[:2], whole[3:]]) is None
    assert joined([whole[2:], whole[:2]]) is None
    assert joined([whole[:2], whole[2:].clone()]) is None
    assert joined([whole[:, :2], whole[:, 2:]]) is None
    assert joined([whole[:2], None]) is None


@pytest.mark.parametrize("kind", ["default", "sd2", "sdxl"])
def test_a_step_of_joined_weights_is_the_same_step(kind):
    unet = copy.deepcopy(tiny_unet(kind))
    latents, words = random_inputs(unet, 16, 12)
    told, added = Conditioning(words), {}
    if kind == "sdxl":
        pooled, sizes = torch.randn(2, 6), torch.ones(2, 6)
        told, added = Conditioning(words, pooled, sizes), {"text_embeds": pooled, "time_ids": sizes}
    options = {"added_cond_kwargs": added} if added else {}
    recorded, out = record_step(unet, latents, 5, words, **options)
    mask = torch.zeros(16, 12, dtype=torch.bool)
    mask[3:9, 2:7] = True
    results = []
    for _ in range(2):
        step = SparseStep(unet, plan_region(mask, 3 if kind == "sdxl" else 4, (1,)))
        rows = position_major(latents, latents.dtype)[:, step.region.active]
        results.append(step(rows, 5, encode_text(unet, told), recorded.read))
        join_weights(unet)
    torch.testing.assert_close(results[1], results[0], rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(
        results[0], position_major(out, out.dtype)[:, step.region.active], rtol=1e-4, atol=1e-5
    )
