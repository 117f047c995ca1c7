"""Another autoencoder and earlier layers of the text encoder, as diffusers has them; precision by choice."""

import copy
import shutil

import diffusers
import pytest
import torch
from safetensors.torch import load_file, save_file

from editor_core.base.errors import ModelError
from editor_core.models.load import load
from editor_core.models.prompts import embed_prompt
from support.original_files import packed
from support.tiny_models import tiny_bundle, tiny_folder

WEIGHTS = "vae/diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A VAE that is not the model's own: as a folder, as a file of Stable Diffusion's first code, with and without
    its prefix, and as a file with diffusers' names."""
    home = tmp_path_factory.mktemp("vae")
    shutil.copytree(tiny_folder("sd1"), home / "model")
    tensors = {name: tensor * 1.25 for name, tensor in load_file(home / "model" / WEIGHTS).items()}
    save_file(tensors, home / "model" / WEIGHTS)
    shutil.copytree(home / "model" / "vae", home / "folder")
    shutil.copy(home / "model" / WEIGHTS, home / "named.safetensors")
    prefix = "first_stage_model."
    whole = {
        name: tensor.contiguous()
        for name, tensor in packed(home / "model").items()
        if name.startswith(prefix)
    }
    save_file(whole, home / "prefixed.safetensors")
    save_file(
        {name.removeprefix(prefix): tensor for name, tensor in whole.items()}, home / "bare.safetensors"
    )
    return home, tensors


@pytest.mark.parametrize(
    "form", ["model", "folder", "named.safetensors", "prefixed.safetensors", "bare.safetensors"]
)
def test_another_autoencoder_takes_the_place_of_the_models(other, form):
    home, tensors = other
    bundle = load(str(tiny_folder("sd1")), device="cpu", vae=str(home / form))
    ours = bundle.vae.state_dict()
    assert ours.keys() == tensors.keys() and all(torch.equal(ours[name], tensors[name]) for name in tensors)
    assert bundle.vae.dtype == torch.float32 and bundle.scaling_factor == pytest.approx(0.18215)
    assert bundle.fingerprint != tiny_bundle("sd1").fingerprint
    assert bundle.unet.state_dict().keys() == tiny_bundle("sd1").unet.state_dict().keys()


def test_what_is_no_autoencoder_of_the_model_is_refused(other, tmp_path):
    home, _ = other

    def refused(path, model="sd1") -> str:
        with pytest.raises(ModelError) as caught:
            load(str(tiny_folder(model)), device="cpu", vae=str(path))
        return str(caught.value)

    save_file({"weight": torch.zeros(1)}, tmp_path / "none.safetensors")
    (tmp_path / "old.pt").touch()
    assert "its weights have other names" in refused(tmp_path / "none.safetensors")
    assert "pickled" in refused(tmp_path / "old.pt") and "does not exist" in refused(
        tmp_path / "gone.safetensors"
    )
    assert "contains no autoencoder" in refused(tmp_path)
    assert "another kind of model" in refused(home / "bare.safetensors", "default")
    assert "do not match" in refused(home / "folder", "default")


@pytest.mark.parametrize("skip", [1, 2, 9])
def test_clip_skip_is_diffusers(skip):
    """Their 1 is the 2 of most programs; the first layer always stays."""
    plain = tiny_bundle("sd1")
    text_encoder = copy.deepcopy(plain.text_encoder)
    if not hasattr(text_encoder, "text_model"):  # diffusers 0.42 looks for the final norm where it lay before
        object.__setattr__(text_encoder, "text_model", text_encoder)
    pipeline = diffusers.StableDiffusionPipeline(
        vae=plain.vae, text_encoder=text_encoder, tokenizer=plain.tokenizer, unet=plain.unet,
        scheduler=diffusers.DDIMScheduler(), safety_checker=None, feature_extractor=None,
        requires_safety_checker=False,
    )  # fmt: skip
    with torch.no_grad():
        theirs, _ = pipeline.encode_prompt("a red cat", "cpu", 1, False, clip_skip=min(skip, 2) - 1)
    bundle = load(str(tiny_folder("sd1")), device="cpu", clip_skip=skip)
    torch.testing.assert_close(embed_prompt(bundle, "a red cat").cond.hidden, theirs, rtol=0, atol=1e-6)
    assert (bundle.fingerprint == plain.fingerprint) == (skip == 1)
