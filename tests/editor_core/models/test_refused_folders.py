"""What is wrong with a model's folder is said in one plain sentence, before anything is built."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from editor_core.base.errors import DeviceError, EditorError, ModelError
from editor_core.models.inspection import inspect_model
from support.model_folders import change_json, refused
from support.tiny_models import tiny_folder

UNET_WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of a tiny model that a test may break."""
    return Path(shutil.copytree(tiny_folder("sd1"), tmp_path / "model"))


def test_a_folder_that_is_not_there(tmp_path):
    assert refused(tmp_path / "nowhere") == f"The model folder “{tmp_path / 'nowhere'}” does not exist."


@pytest.mark.parametrize(
    "part, name",
    [
        ("unet", "U-Net"),
        ("vae", "autoencoder"),
        ("text_encoder", "text encoder"),
        ("tokenizer", "tokenizer"),
    ],
)
def test_a_missing_part_is_named(folder, part, name):
    shutil.rmtree(folder / part)
    assert refused(folder) == f"The model folder contains no {name}."


def test_a_folder_around_model_files_and_one_part_say_what_to_choose(folder, tmp_path):
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads/dream.safetensors").write_bytes(b"")
    assert refused(tmp_path / "downloads") == (
        "This folder holds model files; choose one of them, such as dream.safetensors."
    )
    assert refused(folder / "unet") == "This folder is one part of a model; choose the folder around it."


@pytest.mark.parametrize(
    "part, name", [("unet", "U-Net"), ("vae", "autoencoder"), ("text_encoder", "text encoder")]
)
def test_missing_weights_are_named(folder, part, name):
    (file,) = (folder / part).glob("*.safetensors")
    file.unlink()
    assert refused(folder) == f"The model could not be loaded: the weights of its {name} are missing."


@pytest.mark.parametrize("suffix", [".bin", ".ckpt"])
def test_pickled_weights_are_refused_unread(folder, suffix):
    file = folder / UNET_WEIGHTS
    file.unlink()
    file.with_suffix(suffix).write_bytes(b"would run if it were opened")
    assert "pickled, which is unsafe" in refused(folder)


JSON_FILES = [
    "model_index.json",
    "unet/config.json",
    "vae/config.json",
    "text_encoder/config.json",
    "scheduler/scheduler_config.json",
]


@pytest.mark.parametrize("file", JSON_FILES)
@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_damaged_json_is_named(folder, file, content):
    (folder / file).write_bytes(content)
    sentence = refused(folder)
    assert Path(file).name in sentence and "damaged" in sentence


@pytest.mark.parametrize(
    "part, key, value",
    [
        ("text_encoder", "num_hidden_layers", 10**9),
        ("text_encoder", "max_position_embeddings", 10**9),
        ("text_encoder", "hidden_act", {"depth": 500}),
        ("unet", "layers_per_block", 10**9),
        ("unet", "transformer_layers_per_block", [1, [2, 10**9]]),
        ("unet", "norm_num_groups", 1e300),
        ("vae", "layers_per_block", 500),
        ("vae", "up_block_types", ["UpDecoderBlock2D"] * 500),
    ],
)
def test_a_network_larger_than_its_weights_is_not_built(folder, part, key, value):
    """Libraries would build it for hours, or until memory is full, before they look at the weights."""
    file = folder / part / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {key: value}))
    with pytest.raises(ModelError) as caught:
        inspect_model(folder)
    assert str(caught.value) == f"The model file “{part}/config.json” is damaged."


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "longer"])
def test_damaged_weights_are_named(folder, part, damage):
    (file,) = (folder / part).glob("*.safetensors")
    content = file.read_bytes()
    file.write_bytes({
        "cut": content[: len(content) // 2],
        "empty": b"",
        "noise": np.random.default_rng(0).bytes(5000),
        "longer": content + b"\0",
    }[damage])  # fmt: skip
    assert refused(folder) == f"The model file “{part}/{file.name}” is damaged."


@pytest.mark.parametrize(
    "content", ["{", "{}", "[]", '{"version": "1.0", "model": {"type": "BPE", "vocab": 3}}']
)
def test_a_damaged_tokenizer_is_named(folder, content):
    (folder / "tokenizer/tokenizer.json").write_text(content)
    assert "tokenizer is damaged" in refused(folder)


@pytest.mark.parametrize(
    "part, name", [("unet", "U-Net"), ("vae", "autoencoder"), ("text_encoder", "text encoder")]
)
def test_weights_that_are_not_all_there_are_refused(folder, part, name):
    (file,) = (folder / part).glob("*.safetensors")
    tensors = load_file(file)
    tensors.pop(next(name for name in sorted(tensors) if name.endswith("weight")))
    save_file(tensors, file, {"format": "pt"})
    assert (
        refused(folder)
        == f"The model could not be loaded: the weights of its {name} are incomplete or do not match the configuration."
    )


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_weights_of_another_shape_are_refused(folder, part):
    (file,) = (folder / part).glob("*.safetensors")
    tensors = load_file(file)
    name = next(name for name in sorted(tensors) if name.endswith("weight"))
    save_file(tensors | {name: torch.zeros(3, 5)}, file, {"format": "pt"})
    assert "damaged or incompatible" in refused(folder) or "match" in refused(folder)


@pytest.mark.parametrize(
    "pipeline, kind",
    [
        ("KolorsPipeline", "Kolors"),
        ("StableDiffusion3Pipeline", "StableDiffusion3"),
        ("FluxPipeline", "Flux"),
    ],
)
def test_other_families_are_refused_by_name(folder, pipeline, kind):
    change_json(folder / "model_index.json", _class_name=pipeline)
    assert (
        refused(folder)
        == f"This is a {kind} model. Only Stable Diffusion 1.x, 2.x and SDXL models are supported."
    )


@pytest.mark.parametrize(
    "file, changes, says",
    [
        ("unet/config.json", {"addition_embed_type": "image"}, "Only Stable Diffusion 1.x, 2.x and SDXL"),
        ("unet/config.json", {"addition_embed_type": "text_time"}, "contains no second text encoder"),
        (
            "unet/config.json",
            {"_class_name": "SD3Transformer2DModel"},
            "Only Stable Diffusion 1.x, 2.x and SDXL",
        ),
        ("unet/config.json", {"in_channels": 8}, "U-Net and autoencoder do not match"),
        ("unet/config.json", {"cross_attention_dim": 768}, "U-Net and text encoder do not match"),
        ("unet/config.json", {"block_out_channels": 5}, "configuration of its U-Net is incomplete"),
        ("vae/config.json", {"_class_name": "AutoencoderOobleck"}, "AutoencoderOobleck"),
        (
            "vae/config.json",
            {"block_out_channels": None},
            "configuration of its autoencoder is incomplete",
        ),
        ("text_encoder/config.json", {"model_type": "t5"}, "must be a CLIP text encoder"),
        ("text_encoder/config.json", {"vocab_size": 5}, "text encoder"),
        ("text_encoder/config.json", {"num_hidden_layers": "../2"}, "text encoder is damaged"),
        ("vae/config.json", {"scaling_factor": "0.18"}, "autoencoder is damaged"),
        ("vae/config.json", {"scaling_factor": float("nan")}, "autoencoder"),
        ("vae/config.json", {"shift_factor": []}, "autoencoder is damaged"),
        ("scheduler/scheduler_config.json", {"prediction_type": "sample"}, "prediction type"),
        ("scheduler/scheduler_config.json", {"beta_schedule": "sigmoid"}, "beta schedule"),
        ("scheduler/scheduler_config.json", {"timestep_spacing": 3}, "timestep spacing"),
        ("scheduler/scheduler_config.json", {"beta_start": "small"}, "beta_start"),
        ("scheduler/scheduler_config.json", {"rescale_betas_zero_snr": True}, "ends in pure noise"),
    ],
)
def test_configurations_that_cannot_work_are_refused(folder, file, changes, says):
    change_json(folder / file, **changes)
    assert says in refused(folder)


@pytest.mark.parametrize(
    "card",
    [
        {"default_size": [512]},
        {"default_size": ["a", "b"]},
        {"default_size": [0, 64]},
        {"steps": "many"},
        {"steps": 0},
        {"guidance": None},
        {"example_prompts": [1]},
        {"example_prompts": "a cat"},
        {"grounded_attention": "yes"},
    ],
)
def test_a_card_that_makes_no_sense_is_refused(folder, card):
    (folder / "palimpsest.json").write_text(json.dumps(card))
    assert f"“{next(iter(card))}”" in refused(folder)


def test_every_refusal_is_an_editor_error():
    assert issubclass(ModelError, EditorError) and issubclass(DeviceError, EditorError)
