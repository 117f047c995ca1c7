"""Another kind of network behind the one door: every engine paints with it, none knows of it."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.backbones import registry
from editor_core.base.errors import ModelError
from editor_core.engines.generate import generate
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.reference import warmup_steps
from editor_core.engines.regions.find_mask import EncodedPictures, find_mask
from editor_core.engines.registry import ENGINES
from editor_core.messages.requests import Edit, FindMask, Generate, Sampling
from editor_core.models.latents import decode, seeded_noise
from editor_core.models.prompts import embed_prompt
from editor_core.sampling.guidance import guided_denoiser
from editor_core.sampling.schedule import NoiseSchedule
from support.engine_runs import as_base, context_for, engine_edit
from support.sampling import sample
from support.tiny_models import tiny_bundle
from support.tiny_transformer import TinyTransformer, TransformerBackbone

WORDS, SAMPLING = "a red cat on the sofa", Sampling(seed=3, steps=4, guidance=3.0)


@pytest.fixture
def context(monkeypatch):
    monkeypatch.setitem(registry.BACKBONES, "TinyTransformer", TransformerBackbone)
    bundle = tiny_bundle("sd1")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = TinyTransformer(bundle.latent_channels, bundle.text_encoder.config.hidden_size)
    network = network.eval().requires_grad_(False)
    for block in network.blocks:
        block.attn2.to_out[0].weight.mul_(8)  # words matter to a trained network
    with context_for(replace(bundle, unet=network)) as context:
        yield context


@pytest.fixture
def base(context):
    return as_base(generate(Generate(WORDS, 64, 64, SAMPLING), context, 3))


def test_it_paints_what_its_network_says(context, base):
    bundle, network = context.bundle, context.bundle.unet
    words = embed_prompt(bundle, WORDS)
    denoise = guided_denoiser(
        lambda x, t, told: network(x, t, told.hidden), context.schedule, words.cond, words.uncond, 3.0
    )
    schedule = NoiseSchedule.from_config(bundle.schedule)
    path = sample(denoise, seeded_noise(3, bundle.latent_shape(64, 64)), schedule, SAMPLING.steps)
    assert np.abs(base.image.astype(int) - decode(bundle, path[-1:])).max() <= 1
    assert isinstance(context.backbone, TransformerBackbone)


def test_its_maps_are_kept_for_the_steps_that_look_for_a_region(context, base):
    for step in range(warmup_steps(SAMPLING.steps)):
        probs = context.cache.get(keys.map_key(base.cache_space, step, "blocks.1.attn2"))
        assert probs.shape == (2, 16, context.bundle.max_tokens)
        torch.testing.assert_close(probs.float().sum(-1), torch.ones(2, 16), rtol=0, atol=1e-2)


@pytest.mark.parametrize("method", ENGINES)
def test_every_method_edits_with_it(context, base, method):
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    edited = engine_edit(context, Edit((base,), "a blue cat on the sofa", mask, method, guidance=25.0))
    assert (edited.image != base.image).any()
    assert np.array_equal(edited.image[edited.mask == 0], base.image[edited.mask == 0])


def test_a_mask_is_found_with_it(context, base):
    found = find_mask(FindMask(base.image, "cat", seed=1), context, EncodedPictures())
    assert found.mask.shape == (64, 64) and len(found.words) == 1


def test_an_unknown_kind_of_network_is_refused():
    with pytest.raises(ModelError, match="Linear"):
        registry.backbone_of(torch.nn.Linear(1, 1))
