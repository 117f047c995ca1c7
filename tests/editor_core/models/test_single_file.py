"""One-file models: every tensor as diffusers loads it, the same picture, and refusals with a way out."""

import json
import shutil
from pathlib import Path

import diffusers
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.models import latents
from editor_core.models.families import family_of
from editor_core.models.fingerprint import fingerprint
from editor_core.models.inspection import inspect_model
from editor_core.models.load import load
from editor_core.models.packed_weights import diffusers_network, text_encoder
from editor_core.models.prompts import embed_prompt, tokenize
from editor_core.models.remembered_predictions import TO_PURE_NOISE, remember
from editor_core.sampling.guidance import guided_denoiser
from editor_core.sampling.samplers import sampler_called
from editor_core.sampling.schedule import NoiseSchedule
from support.original_files import packed, write_packed
from support.tiny_models import tiny_bundle, tiny_folder

WORDS = "a red cat"
SHIPPED = paths.resources() / "families"


@pytest.fixture
def families(monkeypatch, tmp_path) -> Path:
    """The program's resources with families of the tiny models' widths; other vocabularies out of reach."""
    root = tmp_path / "resources"
    for kind in ("sd1", "sd2"):
        family = root / "families" / kind
        for part in ("unet", "vae", "text_encoder", "scheduler", "tokenizer"):
            shutil.copytree(tiny_folder(kind) / part, family / part, ignore=_no_weights)
        shutil.copy(SHIPPED / kind / "model_index.json", family)
    # The tiny families are equally wide; the second is told by other words.
    _change(root / "families/sd2/unet/config.json", cross_attention_dim=32)
    monkeypatch.setattr(paths, "resources", lambda: root)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return root / "families"


def _no_weights(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".safetensors")]


def _change(file: Path, **changes: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def _one_family(families: Path, kind: str) -> None:
    shutil.rmtree(families / ("sd2" if kind == "sd1" else "sd1"))


def place(tmp_path: Path, kind: str, dtype: torch.dtype = torch.float32, name: str = "dream") -> Path:
    """A model file of a kind with a vocabulary beside it."""
    home = tmp_path / "models"
    home.mkdir(exist_ok=True)
    shutil.copytree(tiny_folder(kind) / "tokenizer", home / "tokenizer", dirs_exist_ok=True)
    return write_packed(tiny_folder(kind), home / f"{name}.safetensors", kind == "sd2", dtype)


def refused(file: Path) -> str:
    with pytest.raises(ModelError) as caught:
        inspect_model(file)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and "Error" not in sentence
    return sentence


def same_networks(bundle, expected) -> None:
    for part in ("unet", "vae", "text_encoder"):
        theirs = getattr(expected, part).state_dict()
        ours = getattr(bundle, part).state_dict()
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs), part


@pytest.mark.parametrize("kind", ["sd1", "sd2"])
def test_every_tensor_is_the_files(families, tmp_path, kind):
    _one_family(families, kind)
    bundle = load(str(place(tmp_path, kind)), device="cpu")
    same_networks(bundle, tiny_bundle(kind))
    assert bundle.name == "dream"
    assert not any(tensor.is_meta for tensor in bundle.unet.state_dict().values())


@pytest.mark.parametrize("kind", ["sd1", "sd2"])
def test_tensors_and_picture_are_diffusers(families, tmp_path, kind):
    """Against diffusers' own loading of the same file, offline, and its pipeline."""
    _one_family(families, kind)
    file = place(tmp_path, kind)
    shutil.copytree(tiny_folder(kind) / "tokenizer", families / kind / "tokenizer", dirs_exist_ok=True)
    pipeline = diffusers.StableDiffusionPipeline.from_single_file(
        str(file), config=str(families / kind), local_files_only=True, safety_checker=None
    )
    pipeline.scheduler = diffusers.DDIMScheduler.from_pretrained(families / kind / "scheduler")
    pipeline.set_progress_bar_config(disable=True)
    bundle = load(str(file), device="cpu")
    same_networks(bundle, pipeline)
    assert list(tokenize(bundle, WORDS).ids) == pipeline.tokenizer(WORDS, padding="max_length")["input_ids"]
    noise = latents.seeded_noise(3, bundle.latent_shape(64, 64))
    theirs = pipeline(
        WORDS, num_inference_steps=3, guidance_scale=5.0, latents=noise, output_type="np"
    ).images[0]
    assert np.abs(np.round(theirs * 255) - painted(bundle, noise, 3, 5.0)).max() <= 1


def painted(bundle, z, steps, guidance):
    """The picture, uint8 values in float (h, w, 3), without any engine."""
    schedule, words = NoiseSchedule.from_config(bundle.schedule), embed_prompt(bundle, WORDS)
    predict = guided_denoiser(
        lambda x, t, told: bundle.unet(x, t, told.hidden).sample, schedule, words.cond, words.uncond, guidance
    )
    sampler = sampler_called("ddim")
    with torch.no_grad():
        for at in sampler.plan(schedule, steps):
            z = sampler.step(at, z, predict(z, at.t), None)
    return latents.decode(bundle, z).astype(float)


def test_what_the_artist_said_is_remembered_wherever_the_file_lies(families, tmp_path):
    _one_family(families, "sd2")
    file = place(tmp_path, "sd2")
    assert inspect_model(file).capabilities.prediction_is_guessed
    before = fingerprint(inspect_model(file))
    remember(file, "epsilon")
    moved = file.rename(file.with_name("moved.safetensors"))
    layout = inspect_model(moved)
    assert layout.schedule.prediction_type == "epsilon" and layout.prediction_is_answered
    assert not layout.capabilities.prediction_is_guessed and fingerprint(layout) != before
    remember(moved, "v_prediction")
    assert inspect_model(moved).schedule.prediction_type == "v_prediction"
    remember(moved, TO_PURE_NOISE)
    assert inspect_model(moved).schedule.prediction_type == "v_prediction"
    assert inspect_model(moved).schedule.rescale_betas_zero_snr
    tensors = load_file(moved)
    other = {name: tensor + 1 for name, tensor in tensors.items()}
    save_file(other, moved.with_name("other.safetensors"), {"format": "pt"})
    assert inspect_model(moved.with_name("other.safetensors")).capabilities.prediction_is_guessed


def test_the_artist_may_say_what_seems_sure(families, tmp_path):
    """There are files of 1.x and SDXL that predict v and do not say so; nobody is asked about the others."""
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    layout = inspect_model(file)
    assert layout.prediction_is_sure and not layout.prediction_is_said
    remember(file, "v_prediction")
    assert inspect_model(file).schedule.prediction_type == "v_prediction"


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_files_load(families, tmp_path, dtype):
    _one_family(families, "sd1")
    bundle = load(str(place(tmp_path, "sd1", dtype)), device="cpu")
    expected = tiny_bundle("sd1").unet.state_dict()
    for name, tensor in bundle.unet.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, expected[name].to(dtype).float()), name


def test_nine_channels_are_an_inpainting_model(families, tmp_path):
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    tensors = load_file(file)
    name = "model.diffusion_model.input_blocks.0.0.weight"
    torch.manual_seed(0)
    tensors[name] = torch.randn(tensors[name].shape[0], 9, 3, 3)
    save_file(tensors, file)
    bundle = load(str(file), device="cpu")
    assert bundle.capabilities.inpainting
    assert torch.equal(bundle.unet.conv_in.weight, tensors[name])


def test_moving_averages_beside_the_weights_are_passed_over(families, tmp_path):
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    tensors = load_file(file)
    unet = {name: tensor for name, tensor in tensors.items() if name.startswith("model.diffusion_model.")}
    averages = {"model_ema." + "".join(name.split(".")[1:]): tensor + 1 for name, tensor in unet.items()}
    save_file(tensors | averages, file)
    same_networks(load(str(file), device="cpu"), tiny_bundle("sd1"))


@pytest.mark.parametrize(
    "part, prefix", [("vae", "first_stage_model."), ("text_encoder", "cond_stage_model.")]
)
def test_a_part_that_is_not_in_the_file_comes_from_a_model_beside_it(families, tmp_path, part, prefix):
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    save_file({k: v for k, v in load_file(file).items() if not k.startswith(prefix)}, file)
    assert "put a model's folder that has one beside it" in refused(file)
    shutil.copytree(tiny_folder("sd1"), file.parent / "whole")
    same_networks(load(str(file), device="cpu"), tiny_bundle("sd1"))


def test_families_are_told_by_shapes(families, tmp_path):
    _change(families / "sd1/unet/config.json", cross_attention_dim=48)
    layout = inspect_model(place(tmp_path, "sd2"))
    assert layout.configs["unet"]["use_linear_projection"] is True
    assert layout.schedule.prediction_type == "v_prediction" and not layout.prediction_is_sure
    _change(families / "sd2/unet/config.json", cross_attention_dim=64)
    assert "its U-Net has other sizes" in refused(tmp_path / "models/dream.safetensors")


@pytest.mark.parametrize(
    "beside, content, predicts",
    [
        ("dream.yaml", 'model:\n  params:\n    parameterization: "v"\n    unet_config: {}\n', "v_prediction"),
        ("dream.yaml", "model:\n  params:\n    unet_config: {}\n", "epsilon"),
        ("dream.palimpsest.json", '{"prediction_type": "epsilon"}', "epsilon"),
    ],
)
def test_what_weights_cannot_say_is_read_beside_them(families, tmp_path, beside, content, predicts):
    _one_family(families, "sd2")
    file = place(tmp_path, "sd2")
    (file.parent / beside).write_text(content)
    layout = inspect_model(file)
    assert layout.schedule.prediction_type == predicts and layout.prediction_is_sure


@pytest.mark.parametrize(
    "name, predicts",
    [("v2-1_768-ema-pruned", "v_prediction"), ("v2-1_512-ema", "epsilon"), ("512-base-ema", "epsilon")],
)
def test_published_names_say_it(families, tmp_path, name, predicts):
    _one_family(families, "sd2")
    layout = inspect_model(place(tmp_path, "sd2", name=name))
    assert layout.schedule.prediction_type == predicts and layout.prediction_is_sure
    assert layout.default_size == ((96, 96) if predicts == "v_prediction" else (64, 64))


def test_without_a_vocabulary_the_way_out_is_said(families, tmp_path):
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    shutil.rmtree(file.parent / "tokenizer")
    assert "put the folder “tokenizer”" in refused(file)
    in_hub = tmp_path / "hub/models--someone--model/snapshots/abc/tokenizer"
    shutil.copytree(tiny_folder("sd1") / "tokenizer", in_hub)
    assert inspect_model(file).folders["tokenizer"] == in_hub


def test_a_vocabulary_of_another_size_is_passed_over(families, tmp_path):
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    _change(families / "sd1/text_encoder/config.json", vocab_size=49408)
    assert "comes without its words" in refused(file)


def test_the_fingerprint_is_the_contents(families, tmp_path):
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    before = fingerprint(inspect_model(file))
    moved = file.rename(file.with_name("other.safetensors"))
    assert fingerprint(inspect_model(moved)) == before
    tensors = load_file(moved)
    for name in sorted(tensors)[::60]:
        save_file(tensors | {name: tensors[name] + 0.01}, moved, {"format": "pt"})
        assert fingerprint(inspect_model(moved)) != before, name


def test_the_shipped_families_know_the_published_sizes():
    unet = "model.diffusion_model."
    for words, name, linear in ((768, "sd1", False), (1024, "sd2", True), (2048, "sdxl", True)):
        header = {
            unet + "input_blocks.0.0.weight": {"shape": [320, 4, 3, 3]},
            unet + "input_blocks.1.1.proj_in.weight": {"shape": [320, 320] if linear else [320, 320, 1, 1]},
            unet + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": {"shape": [320, words]},
        }
        family = family_of(header, "x")
        assert (family.name, family.configs["unet"]["use_linear_projection"]) == (name, linear)


@pytest.mark.parametrize(
    "family, weights",
    [
        ("sd1", {"unet": 859_520_964, "vae": 83_653_863, "text_encoder": 123_060_480}),
        ("sd2", {"unet": 865_910_724, "vae": 83_653_863, "text_encoder": 340_387_840}),
        ("sdxl", {"unet": 2_567_463_684, "text_encoder": 123_060_480, "text_encoder_2": 694_659_840}),
    ],
)
def test_the_shipped_configurations_are_the_published_networks(family, weights):
    with torch.device("meta"):
        for part, count in weights.items():
            config = json.loads((SHIPPED / family / part / "config.json").read_text())
            network = text_encoder(config) if "text" in part else diffusers_network(config)
            assert sum(weight.numel() for weight in network.parameters()) == count, part


@pytest.mark.parametrize(
    "tensor, says",
    [
        ("lora_unet_down_blocks_0.lora_up.weight", "is a LoRA"),
        ("unet.down_blocks.0.attn1.to_q.lora_A.weight", "is a LoRA"),
        ("model.diffusion_model.double_blocks.0.img_attn.qkv.weight", "is a Flux model"),
        ("model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight", "is a Stable Diffusion 3 model"),
        ("conditioner.embedders.0.model.token_embedding.weight", "is SDXL's refiner"),
        ("control_model.input_hint_block.0.weight", "is a ControlNet"),
        ("first_stage_model.encoder.conv_in.weight", "is an autoencoder"),
        ("down_blocks.0.resnets.0.conv1.weight", "is one part of a model"),
        ("something.else", "its weights have other names"),
    ],
)
def test_files_that_are_no_model_are_refused_with_the_reason(tmp_path, tensor, says):
    file = tmp_path / "x.safetensors"
    save_file({tensor: torch.zeros(2, 2)}, file)
    assert says in refused(file)


@pytest.mark.parametrize(
    "name, says",
    [
        ("x.ckpt", "pickled"),
        ("x.bin", "pickled"),
        ("x.gguf", "quantised"),
        ("x.txt", "is no model; choose a .safetensors file"),
        ("x.safetensors", "is damaged"),
    ],
)
def test_other_files_are_refused_unread(tmp_path, name, says):
    (tmp_path / name).write_bytes(b"would run if it were opened")
    assert says in refused(tmp_path / name)


def test_a_file_that_is_not_there(tmp_path):
    assert (
        refused(tmp_path / "x.safetensors")
        == f"The model file “{tmp_path / 'x.safetensors'}” does not exist."
    )


def test_unfitting_weights_are_refused_when_loaded(families, tmp_path):
    _one_family(families, "sd1")
    file = place(tmp_path, "sd1")
    tensors = packed(tiny_folder("sd1"))
    tensors.pop("model.diffusion_model.out.2.weight")
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, file)
    with pytest.raises(ModelError, match="U-Net"):
        load(str(file), device="cpu")
