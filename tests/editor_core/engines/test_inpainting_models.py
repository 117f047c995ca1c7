"""Every way of editing and opening works with a network made for inpainting, which takes nine channels."""

from functools import cache

import numpy as np
import pytest
import torch
from diffusers.image_processor import VaeImageProcessor

from editor_core.base.errors import ModelError
from editor_core.engines.common.inpainting import masked_picture, nothing_given
from editor_core.engines.generate import generate
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
from editor_core.models.load import load
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import inpainting_bundle, tiny_bundle, tiny_folder, write_pipeline
from support.written_out import attentive

WIDTH, HEIGHT = 64, 72
SAMPLING = Sampling(3, 3, 3.0)
bundle = cache(lambda: attentive(inpainting_bundle(), 40))


def mask():
    marked = np.zeros((HEIGHT, WIDTH), np.uint8)
    marked[16:48, 16:48] = 255
    return marked


@pytest.mark.parametrize(
    "method, prompt, parameters",
    [
        ("fisedit", "a blue dog", {}),
        ("instdiffedit", "a blue dog", {"variants": 1}),
        ("masafusion", "a blue dog", {}),
        ("masafusion", "a blue dog", {"preset": "faithful"}),
        ("embctrl", "a blue cat", {}),
        ("embctrl", "a blue cat", {"preset": "faithful"}),
    ],
)
def test_every_way_edits(method, prompt, parameters):
    with context_for(bundle()) as context:
        base = as_base(generate(Generate("a red cat", WIDTH, HEIGHT, SAMPLING), context, 3))
        given = None if method == "embctrl" else mask()
        result = engine_edit(context, Edit((base,), prompt, given, method, parameters))
        assert result.image.shape == (HEIGHT, WIDTH, 3)
        assert np.array_equal(result.image[result.mask == 0], base.image[result.mask == 0])
        assert np.isfinite(result.latents["trajectory"]).all()


def test_one_model_searches_and_one_for_inpainting_paints(tmp_path):
    """InstDiffEdit's own way: the mask comes from Stable Diffusion, the picture from its inpainting model."""
    painter = write_pipeline(tmp_path / "nine", in_channels=9)
    with context_for(attentive(tiny_bundle("sd1"), 40)) as context:
        base = as_base(generate(Generate("a red cat", WIDTH, HEIGHT, SAMPLING), context, 3))
        own = {"preset": "paper", "threshold": 0.05, "variants": 1}
        plain, painted = (
            engine_edit(context, Edit((base,), "a dog", None, "instdiffedit", own | more))
            for more in ({}, {"painter": str(painter)})
        )
        assert np.array_equal(plain.mask, painted.mask)  # the loaded model's search
        assert not np.array_equal(plain.image, painted.image)
        assert painted.fingerprint == load(str(painter), "cpu").fingerprint != plain.fingerprint
        assert painted.parameters["incremental"] is False
        with pytest.raises(ModelError, match="latents are not those"):
            other = {"painter": str(tiny_folder("default"))}
            engine_edit(context, Edit((base,), "a dog", mask(), "instdiffedit", own | other))


@pytest.mark.parametrize("how", ["direct", "null-text", "ddim"])
def test_pictures_open_every_way(how):
    picture = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    with context_for(bundle()) as context:
        opened = open_picture(OpenPicture(picture, "a red cat", SAMPLING, how), context, 3)
    assert opened.latents["trajectory"].shape[0] == 4 and np.isfinite(opened.latents["trajectory"]).all()


def test_what_stands_for_nothing_is_encoded_once_a_size():
    assert nothing_given(bundle(), 8, 9) is nothing_given(bundle(), 8, 9)
    assert nothing_given(bundle(), 8, 9).shape == (1, 5, 8, 9) != nothing_given(bundle(), 9, 8).shape


def test_what_is_masked_is_what_diffusers_masks():
    """0 in the model's range, which no grey of 8 bits is; the arithmetic of StableDiffusionInpaintPipeline."""
    picture = np.random.default_rng(0).integers(0, 255, (64, 48, 3), np.uint8)
    region = np.zeros((8, 6), bool)
    region[2:5, 1:6] = True
    masked = np.kron(region, np.ones((8, 8))).astype(np.float32)
    pixels = VaeImageProcessor().preprocess(picture[None] / 255.0) * torch.from_numpy(masked < 0.5)
    with torch.no_grad():
        latents = bundle().vae.encode(pixels.float()).latent_dist.mode() * bundle().vae.config.scaling_factor
    torch.testing.assert_close(masked_picture(bundle(), picture, region)[:, 1:], latents, rtol=0, atol=1e-5)
