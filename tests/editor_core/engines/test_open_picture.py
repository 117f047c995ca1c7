"""Opened pictures: how near their path comes to them, and what is kept of how they were opened."""

from dataclasses import replace

import numpy as np
import pytest

from editor_core.engines.open_picture import open_picture, psnr
from editor_core.messages.requests import OpenPicture, Sampling
from editor_core.models.latents import decode, encode
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle

PICTURE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
SAMPLING = Sampling(seed=3, steps=2, negative="snow")


@pytest.mark.parametrize(("difference", "decibels"), [(0, 99.0), (1, 48.13), (16, 24.05), (255, 0.0)])
def test_the_signal_to_noise_ratio_is_that_of_the_mean_squared_error(difference, decibels):
    assert psnr(np.zeros((2, 3), np.uint8), np.full((2, 3), difference, np.uint8)) == decibels


@pytest.mark.parametrize("how", ["direct", "ddim"])
def test_the_log_says_how_near_the_path_comes_to_the_picture(how):
    bundle = tiny_bundle("sd1")
    with context_for(bundle) as context:
        result = open_picture(OpenPicture(PICTURE, "a red cat", SAMPLING, how=how), context, 3)
        end = decode(bundle, context.tensor(result.latents["trajectory"][-1:]))
        other = replace(SAMPLING, negative="rain")
        again = open_picture(OpenPicture(PICTURE, "a red cat", other, how=how), context, 3)
    assert result.log["psnr"] == psnr(end, PICTURE)
    assert result.log["psnr_autoencoder"] == psnr(decode(bundle, encode(bundle, PICTURE)), PICTURE)
    assert result.record.inversion == how and np.array_equal(result.image, PICTURE)
    assert (result.negative, again.negative) == ("snow", "rain") and result.cache_space != again.cache_space
