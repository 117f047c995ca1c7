"""Previews by a tiny autoencoder: found, equal to diffusers' own decoding, done without where damaged."""

import shutil

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny
from safetensors.torch import save_file

from editor_core.models.latents import linear_preview, to_picture
from editor_core.models.load import load
from editor_core.models.previews import preview
from support.tiny_models import tiny_folder


@pytest.fixture
def model(tmp_path):
    shutil.copytree(tiny_folder("sd1"), tmp_path / "models" / "tiny")
    return tmp_path / "models" / "tiny"


@pytest.fixture(scope="module")
def taesd():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return AutoencoderTiny().eval()


LATENTS = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))


def expected(taesd):
    with torch.no_grad():
        return to_picture(taesd.decode(LATENTS).sample)


def test_without_one_a_preview_is_a_linear_map(model):
    bundle = load(str(model), device="cpu")
    assert np.array_equal(preview(bundle, LATENTS), linear_preview(bundle, LATENTS))


def test_a_folder_of_diffusers_beside_the_model_decodes(model, taesd):
    taesd.save_pretrained(model.parent / "vae_approx" / "taesd")
    seen = preview(load(str(model), device="cpu"), LATENTS)
    assert seen.shape == (64, 64, 3) and np.array_equal(seen, expected(taesd))


def test_a_decoders_file_with_its_first_names_decodes(model, taesd):
    names = taesd.decoder.state_dict()
    moved = {f"{int(name.split('.')[1]) + 1}.{name.split('.', 2)[2]}": each for name, each in names.items()}
    save_file(moved, model.parent / "taesd_decoder.safetensors")
    assert np.array_equal(preview(load(str(model), device="cpu"), LATENTS), expected(taesd))


def test_a_damaged_one_is_done_without(model):
    (model.parent / "taesd_decoder.safetensors").write_bytes(b"no")
    bundle = load(str(model), device="cpu")
    assert np.array_equal(preview(bundle, LATENTS), linear_preview(bundle, LATENTS))
