"""Every way of editing on a tiny SDXL: two encoders, a pooled text, no attention at the finest level."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from cache import Budget
from editor_core.backbones.unet import row_step
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.generate import generate
from editor_core.engines.incremental import keys
from editor_core.engines.open_picture import open_picture
from editor_core.engines.regions.find_mask import EncodedPictures, find_mask
from editor_core.messages.requests import Edit, FindMask, Generate, OpenPicture, Sampling
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.tiny_models import sketching_bundle

SAMPLING = Sampling(seed=3, steps=3, guidance=5.0)
WORDS, OTHER_WORDS = "a red cat on the sofa", "a blue dog on the sofa"


@pytest.fixture(autouse=True)
def rows_everywhere(monkeypatch):
    monkeypatch.setattr(row_step, "choose", rows_only)


@pytest.fixture(scope="module")
def context():
    with context_for(sketching_bundle("sdxl")) as context:
        yield context


@pytest.fixture(scope="module")
def base(context):
    return as_base(generate(Generate(WORDS, 160, 128, SAMPLING), context, 3))


def left_half(base):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[:, : mask.shape[1] // 2] = 255
    return mask


def test_an_edit_computes_rows_and_repeats_what_is_lost(context, base):
    """Rows from what was kept, rows from what was computed again, and dense steps paint the same region."""
    request = Edit((base,), OTHER_WORDS, left_half(base))
    kept = engine_edit(context, request)
    assert kept.log["executor"] == "incremental" and kept.log["steps_recomputed"] == 0
    context.cache.drop_space(base.cache_space)
    again = engine_edit(context, request)
    assert again.log["steps_recomputed"] == base.steps
    assert np.abs(kept.latents["trajectory"] - again.latents["trajectory"]).max() < 5e-3
    assert np.array_equal(kept.image[kept.mask == 0], base.image[kept.mask == 0])
    second = engine_edit(
        context, Edit((base, as_base(kept)), "a green owl on the sofa", left_half(base)[:, ::-1])
    )
    assert second.log["executor"] == "incremental" and second.log["steps_recomputed"] == 0


def test_rows_of_unchanged_words_are_the_base(context, base):
    """Every position computed anew, at each step, from the recorded ones: the trajectory is the dense run's."""
    words = {"incremental": True}
    edited = engine_edit(context, Edit((base,), WORDS, left_half(base), "fisedit", words, guidance=5.001))
    difference = np.abs(edited.latents["trajectory"] - base.latents["trajectory"]).max()
    assert edited.log["executor"] == "incremental" and difference < 2e-2


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit", "masafusion", "embctrl"])
def test_every_method_edits(context, base, method):
    edited = engine_edit(context, Edit((base,), OTHER_WORDS, left_half(base), method, guidance=30.0))
    assert (edited.image != base.image).any()
    assert np.array_equal(edited.image[edited.mask == 0], base.image[edited.mask == 0])


def test_its_region_is_found(context, base):
    edited = engine_edit(context, Edit((base,), "a blue dog on the beach", None))
    assert edited.mask.any()


def test_a_sketch_is_followed(context, base):
    """Features half as fine, one of them for the middle of the U-Net; without its sketch the picture is another."""
    sketch = np.full(base.image.shape[:2], 255, np.uint8)
    sketch[30:90, 30:90] = 0
    sketch[34:86, 34:86] = 255
    sketched, plain = (
        engine_edit(context, Edit((base,), OTHER_WORDS, left_half(base), "masafusion", own, sketch=sketch))
        for own in ({}, {"sketch_strength": 0.0})
    )
    assert sketched.log["adapter"] is not None and (sketched.image != plain.image).any()


def test_a_mask_is_found(context, base):
    found = find_mask(FindMask(base.image, "the cat", seed=1), context, EncodedPictures())
    assert found.mask.shape == base.image.shape[:2] and len(found.words) == 2


@pytest.mark.parametrize("how", ["direct", "null-text", "ddim"])
def test_a_picture_is_opened_and_edited(context, base, how):
    sampling = replace(SAMPLING, steps=1 if how == "null-text" else 2)
    opened = open_picture(OpenPicture(base.image, WORDS, sampling, how), context, 3)
    if how == "null-text":
        assert opened.latents["null_text"].shape == (1, context.bundle.max_tokens, 32 + 48)
        first, best, _ = opened.log["losses"][0]
        assert best <= first
    edited = engine_edit(context, Edit((as_base(opened),), OTHER_WORDS, left_half(base)))
    assert (edited.image != base.image).any()


def test_what_was_painted_on_it_is_inverted_in_rows(context, base):
    painted = base.image.copy()
    painted[40:60, 40:60] = 255 - painted[40:60, 40:60]
    opened = open_picture(OpenPicture(painted, WORDS, SAMPLING, lineage=(base,)), context, 3)
    assert opened.method == "paint" and np.array_equal(opened.image, painted)


def test_the_prompt_and_the_pooled_text_both_count(context):
    x = torch.randn(1, 4, 16, 16, generator=torch.manual_seed(0))
    one, other = (denoiser(context, words, "", 1.0)(x, 500) for words in (WORDS, OTHER_WORDS))
    assert not torch.allclose(one, other)


def test_maps_that_do_not_fit_are_made_again(base):
    """Its maps are large: where they would fill the cache they are not kept, and the region is the same."""
    regions = []
    for room in (Budget(ram_bytes=1 << 30), Budget(ram_bytes=1 << 16)):
        with context_for(sketching_bundle("sdxl")) as context:
            context.cache.room = lambda room=room: room
            first = as_base(generate(Generate(WORDS, 160, 128, SAMPLING), context, 3))
            sites = [site.name for site in context.backbone.sites if site.is_cross]
            held = [context.cache.get(keys.map_key(first.cache_space, 0, name)) for name in sites]
            assert all(probs is None for probs in held) == (room.ram_bytes == 1 << 16)
            regions.append(engine_edit(context, Edit((first,), OTHER_WORDS, None)).mask)
    assert np.array_equal(*regions)
