"""Words that stay attend by the base's maps, on rows as on whole maps."""

import pytest
import torch

from editor_core.backbones.attention.control import AttentionControl, Injection, MapControl
from editor_core.backbones.unet.backbone import UNetBackbone
from editor_core.backbones.unet.recording import position_major
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.models.conditioning import Conditioning
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet

SIZE, T = (13, 10), 5


@pytest.fixture
def run():
    """A network, a guided pair of inputs, what it left behind for them, and the maps that others would have."""
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, *SIZE, 2)
    latents = latents[:1].expand(2, -1, -1, -1)
    maps = {}
    control = MapControl(record=lambda site, probs: maps.__setitem__(site.name, probs))
    with UNetBackbone(unet).attending(AttentionControl(control)):
        unet(latents, T, text.flip(1) * 2)
    alignment = torch.arange(text.shape[1])
    alignment[3] = -1
    injection = Injection(lambda site: maps[site.name], alignment)
    return unet, latents, text, record_step(unet, latents, T, text)[0], injection


@pytest.mark.parametrize("dense_from", [0, 1, 4])
def test_with_everything_active_it_is_the_dense_run(run, dense_from):
    unet, latents, text, recorded, injection = run
    region = plan_region(torch.ones(SIZE, dtype=torch.bool), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    rows = position_major(latents, latents.dtype)
    steered = step(rows, T, encode_text(unet, Conditioning(text)), recorded.read, injection=injection)
    with UNetBackbone(unet).attending(AttentionControl(MapControl(inject=injection))):
        expected = position_major(unet(latents, T, text).sample, latents.dtype)
    torch.testing.assert_close(steered, expected, rtol=1e-4, atol=1e-5)
    free = step(rows, T, encode_text(unet, Conditioning(text)), recorded.read)
    assert not torch.allclose(free[1], steered[1], rtol=1e-2)
    torch.testing.assert_close(
        free[0], steered[0], rtol=1e-4, atol=1e-5
    )  # the unconditional half sees no base


@pytest.mark.parametrize("dense_from", [0, 1, 4])
def test_of_one_half_that_one_is_steered(run, dense_from):
    unet, latents, text, recorded, injection = run
    for name, each in recorded.tensors.items():
        recorded.tensors[name] = each[-1:]
    region = plan_region(torch.ones(SIZE, dtype=torch.bool), 4)
    step = SparseStep(unet, region, choice=Choice(dense_from, (False,) * 4))
    rows, words = position_major(latents[1:], latents.dtype), encode_text(unet, Conditioning(text[1:]))
    steered = step(rows, T, words, recorded.read, injection=injection)
    control = MapControl(inject=injection, guided=False)
    with UNetBackbone(unet).attending(AttentionControl(control)):
        expected = position_major(unet(latents[1:], T, text[1:]).sample, latents.dtype)
    torch.testing.assert_close(steered, expected, rtol=1e-4, atol=1e-5)
    assert not torch.allclose(step(rows, T, words, recorded.read), steered, rtol=1e-2)


def test_hidden_words_are_not_looked_at_and_the_others_fill_their_room():
    probs = torch.rand(4, 9, 5).softmax(-1)
    found = Injection(None, torch.arange(5), hidden=(1, 4)).at(torch.arange(9))(None, probs)
    assert not found[..., [1, 4]].any()
    torch.testing.assert_close(found.sum(-1), torch.ones(4, 9))
    others = probs[..., [0, 2, 3]]
    torch.testing.assert_close(found[..., [0, 2, 3]], others / others.sum(-1, keepdim=True))
    assert torch.equal(Injection(None, torch.arange(5))(None, probs), probs)


def test_rows_take_their_own_places_of_the_maps(run):
    _, _, _, _, injection = run
    positions, probs = torch.tensor([2, 7]), torch.zeros(4, 2, 5)
    maps = torch.rand(4, 9, 5)
    injection = Injection(lambda _site: maps, torch.tensor([0, 1, -1, 2, 4])).at(positions)
    found = injection(None, probs)
    assert torch.equal(found[..., [0, 1, 3, 4]], maps[:, [2, 7]][..., [0, 1, 2, 4]])
    assert not found[..., 2].any()


def test_the_networks_own_attention_comes_back(run):
    unet, latents, text, recorded, injection = run
    processors = dict(unet.attn_processors)
    step = SparseStep(
        unet, plan_region(torch.ones(SIZE, dtype=torch.bool), 4), choice=Choice(1, (False,) * 4)
    )
    step(
        position_major(latents, latents.dtype),
        T,
        encode_text(unet, Conditioning(text)),
        recorded.read,
        injection=injection,
    )
    assert {name: id(one) for name, one in unet.attn_processors.items()} == {
        name: id(one) for name, one in processors.items()
    }
