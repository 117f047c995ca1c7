"""Pictures larger than the model paints at once: tiles that paint one picture, and two passes."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch

from editor_core.base.errors import EditorError, SizeError
from editor_core.base.settings import Settings
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.incremental.painting import Words
from editor_core.engines.window.enlarging import enlarged
from editor_core.engines.window.tiles import Painting, repaint_in_tiles, tiles_over
from editor_core.messages.requests import Edit, Generate, Sampling, Upscale
from editor_core.models.latents import decode, encode, seeded_noise
from editor_core.sampling.ddim import DDIM
from editor_core.sampling.sampler import sample
from editor_core.sampling.schedule import noised
from editor_core.session.session import Session
from support.engine_runs import as_base, context_for
from support.tiny_models import tiny_bundle

WORDS = Words("a red cat", "", 1.0)
PAINTING = Painting(WORDS, 4, "ddim", 7, 0.5)


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("default")) as context:
        yield context


def picture(height, width):
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("size", [(16, 16), (17, 40), (8, 64), (33, 31)])
def test_tiles_cover_the_grid_and_share_at_least_a_quarter(size):
    tiles = list(tiles_over(*size, (16, 16)))
    covered = np.zeros(size, int)
    for tile in tiles:
        covered[tile.top : tile.top + tile.height, tile.left : tile.left + tile.width] += 1
        assert tile.height <= 16 and tile.width <= 16
    assert covered.min() == 1
    starts = sorted({tile.left for tile in tiles})
    assert all(after - before <= 12 for before, after in itertools.pairwise(starts))


def test_one_tile_is_the_picture_noised_half_way_and_denoised(context):
    before, bundle = picture(128, 128), context.bundle
    plan = context.plan("ddim", 4, 7)[2:]
    x_0 = encode(bundle, before)
    x = noised(x_0, seeded_noise(7, tuple(x_0.shape)), plan[0].alpha_bar)
    with torch.no_grad():
        expected = decode(bundle, sample(DDIM(), plan, denoiser(context, "a red cat", "", 1.0), x)[-1:])
    assert np.abs(repaint_in_tiles(context, before, PAINTING).astype(int) - expected).max() <= 1


def test_only_what_is_masked_is_repainted_and_only_its_tiles_are_computed(context):
    before = picture(128, 320)
    mask = np.zeros((128, 320), np.uint8)
    mask[:, :64] = 255
    context.told.clear()
    repainted = repaint_in_tiles(context, before, PAINTING, mask)
    assert ("refining", 2, 2) in context.told  # two steps of one tile out of three
    untouched = repaint_in_tiles(context, before, Painting(WORDS, 4, "ddim", 7, 0.0), mask)
    assert np.array_equal(untouched, before) and repainted.shape == before.shape


def test_enlarging_doubles_and_repaints_as_far_as_the_model_reaches(context, monkeypatch):
    seen = []

    def repaint(_context, image, _painting, mask):
        seen.append((image.shape[:2], None if mask is None else mask.shape))
        return image

    monkeypatch.setattr("editor_core.engines.window.enlarging.repaint_in_tiles", repaint)
    mask = np.zeros((384, 640), np.uint8)
    mask[0, 0] = 255
    assert enlarged(context, picture(64, 128), (640, 384), PAINTING, mask).shape == (384, 640, 3)
    assert seen == [((128, 256), (128, 256)), ((256, 512), (256, 512))]


def test_a_picture_beyond_the_own_size_is_made_at_it_and_edited_on_from_there():
    bundle, heard = tiny_bundle("default"), []
    sampling = Sampling(seed=3, steps=2, guidance=3.0)
    with Session(Settings(), loader=lambda *_: bundle, keep_on_disk=False) as session:
        made = session.run(0, Generate("a red cat", 256, 192, sampling), heard.append)
        assert made.image.shape == (192, 256, 3) and made.record.window_seen == (128, 96)
        small = session.run(0, Generate("a red cat", 128, 96, sampling), heard.append)
        assert np.array_equal(made.latents["window0_trajectory"], small.latents["trajectory"])
        again = session.run(0, Generate("a red cat", 256, 192, sampling), heard.append)
        assert np.array_equal(made.image, again.image)
        heard.clear()
        changed = session.run(0, Edit((as_base(made),), "a blue dog"), heard.append)
        assert "inverting" not in {getattr(event, "stage", "") for event in heard}
        assert np.array_equal(changed.image[changed.mask == 0], made.image[changed.mask == 0])
        at_once = session.run(0, Generate("a red cat", 256, 192, sampling, one_pass=True), heard.append)
        assert at_once.latents["trajectory"].shape[-2:] == (24, 32)


def test_a_turn_is_upscaled_and_edited_on_at_its_new_size():
    bundle, heard = tiny_bundle("default"), []
    sampling = Sampling(seed=3, steps=2, guidance=3.0)
    with Session(Settings(), loader=lambda *_: bundle, keep_on_disk=False) as session:
        base = as_base(session.run(0, Generate("a red cat", 96, 64, sampling), heard.append))
        large = session.run(0, Upscale(base, 4, strength=0.5), heard.append)
        assert large.image.shape == (256, 384, 3) and large.mask is None and not large.latents
        assert (large.method, large.prompt, large.seed) == ("upscale", base.prompt, base.seed)
        enlarged_only = session.run(0, Upscale(base, 4, strength=0.0), heard.append)
        assert 0 < np.abs(large.image.astype(int) - enlarged_only.image).mean() < 128
        mask = np.zeros((256, 384), np.uint8)
        mask[100:140, 100:140] = 255
        edited = session.run(0, Edit((as_base(large),), "a blue dog", mask), heard.append)
        assert np.array_equal(edited.image[edited.mask == 0], large.image[edited.mask == 0])
        with pytest.raises(EditorError, match="two or four"):
            session.run(0, Upscale(base, 3), heard.append)
        vast = dataclasses.replace(base, image=np.zeros((64, 8192, 3), np.uint8))
        with pytest.raises(SizeError, match="32768"):
            session.run(0, Upscale(vast, 4), heard.append)
