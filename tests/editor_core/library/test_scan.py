"""Watched folders: what lies in them, of which family, with which words and pictures, and what cannot be used."""

import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.base.settings import Settings
from editor_core.document.turns import Turn
from editor_core.library import hashes
from editor_core.library.entry import Kind
from editor_core.library.places import found_places, watched
from editor_core.library.scan import finder, scan
from editor_core.library.upscalers import find_upscaler
from editor_core.workflow.turn_models import model_of
from support.loras import write_kohya
from support.tiny_models import tiny_folder, write_tiny_adapter
from support.tiny_segmenter import write_tiny_segmenter


@pytest.fixture
def library(tmp_path):
    """A folder as A1111's, with one of each kind."""
    folder = tmp_path / "models"
    for name in ("Stable-diffusion/sub", "Lora", "VAE", "embeddings", "ControlNet", "other"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(tiny_folder("sd1"), folder / "Stable-diffusion" / "sub" / "dream")
    lora = write_kohya(folder / "Lora" / "pen.safetensors", {"conv_in": {"down": torch.zeros(2, 4, 3, 3),
        "up": torch.zeros(8, 2, 1, 1)}})  # fmt: skip
    tensors = load_file(lora) | {
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight": torch.zeros(
            2, 768
        ),
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight": torch.zeros(
            320, 2
        ),
    }
    save_file(tensors, lora, {"modelspec.trigger_phrase": "ink pen", "modelspec.tags": "line, drawing"})
    (folder / "Lora" / "pen.preview.png").write_bytes(b"picture")
    (folder / "Lora" / "pen.civitai.info").write_text(
        json.dumps({"trainedWords": ["pen stroke"], "model": {"tags": ["style"]}, "baseModel": "SD 1.5"})
    )
    save_file(
        {"first_stage_model.decoder.conv_in.weight": torch.zeros(8, 4, 3, 3)},
        folder / "VAE" / "soft.safetensors",
    )
    save_file({"emb_params": torch.zeros(2, 768)}, folder / "embeddings" / "moody.safetensors")
    save_file(
        {"clip_l": torch.zeros(2, 768), "clip_g": torch.zeros(2, 1280)},
        folder / "embeddings" / "xl.safetensors",
    )
    save_file(
        {"control_model.input_hint_block.0.weight": torch.zeros(16, 3, 3, 3)},
        folder / "ControlNet" / "line.safetensors",
    )
    write_tiny_adapter(folder / "ControlNet" / "t2iadapter_depth", "sd1", channels=3)
    save_file({"double_blocks.0.weight": torch.zeros(1)}, folder / "other" / "flux.safetensors")
    (folder / "other" / "cut.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}")
    (folder / "Stable-diffusion" / "again").symlink_to(folder / "Stable-diffusion" / "sub")
    return folder


def test_each_kind_is_found_once_with_what_is_told_of_it(library):
    found = {entry.name: entry for entry in scan([library])}
    assert {name: entry.kind for name, entry in found.items()} == {
        "cut": Kind.OTHER, "dream": Kind.MODEL, "flux": Kind.OTHER, "line": Kind.CONTROLNET, "moody": Kind.EMBEDDING,
        "pen": Kind.LORA, "soft": Kind.VAE, "t2iadapter_depth": Kind.ADAPTER, "xl": Kind.EMBEDDING,
    }  # fmt: skip
    pen = found["pen"]
    assert pen.family == "SD 1.x" and pen.thumbnail.endswith("pen.preview.png")
    assert pen.trigger_words == ("pen stroke", "ink pen") and pen.tags == (
        "line",
        "drawing",
        "style",
        "SD 1.5",
    )
    assert found["moody"].family == "SD 1.x" and found["xl"].family == "SDXL"
    assert "Flux" in str(found["flux"].problem) and found["dream"].problem is None and found["cut"].problem
    assert found["dream"].bytes > found["pen"].bytes == (library / "Lora" / "pen.safetensors").stat().st_size
    assert pen.matches("PEN drawing lora") and not pen.matches("pen sketchy")


def test_segment_anything_is_found_and_its_pickled_files_name_the_way_out(tmp_path):
    write_tiny_segmenter(tmp_path / "sams" / "tiny")
    hub = tmp_path / "hub" / "models--facebook--sam-vit-base" / "snapshots" / "c0ffee"
    shutil.copytree(tmp_path / "sams" / "tiny", hub)
    (tmp_path / "sams" / "sam_vit_b_01ec64.pth").write_bytes(b"pickle")
    (tmp_path / "sams" / "other.pth").write_bytes(b"pickle")
    found = {entry.name: entry for entry in scan([tmp_path])}
    assert sorted(found) == ["facebook/sam-vit-base", "sam_vit_b_01ec64", "tiny"]
    assert {entry.kind for entry in found.values()} == {Kind.SEGMENTER}
    assert found["tiny"].problem is None and found["tiny"].bytes > 1000
    assert "facebook/sam-vit-base" in str(found["sam_vit_b_01ec64"].problem)


def test_upscalers_are_told_by_their_folders_and_found_by_name(library):
    for name in (
        "upscale_models/4x-Sharp.pth",
        "ESRGAN/old/2x.safetensors",
        "RealESRGAN/x4.v3.pth",
        "other/x.pth",
    ):
        file = library / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"weights")
    found = {entry.name: entry for entry in scan([library]) if entry.kind is Kind.UPSCALER}
    assert sorted(found) == ["2x", "4x-Sharp", "x4.v3"]
    assert all(entry.problem is None and entry.bytes == 7 for entry in found.values())
    folders = (str(library),)
    for name in (
        "4x-sharp",
        "4x-Sharp.pth",
        "C:/elsewhere/4x-Sharp.pth",
        str(library / "upscale_models/4x-Sharp.pth"),
    ):
        assert find_upscaler(name, folders).name == "4x-Sharp.pth"
    assert find_upscaler("x4.v3", folders).name == "x4.v3.pth"
    assert find_upscaler(str(library / "other/x.pth"), folders).name == "x.pth"
    with pytest.raises(ModelError, match="no upscaler called “x”"):
        find_upscaler("x", folders)


def test_a_file_that_changed_is_read_anew(library):
    file = library / "embeddings" / "moody.safetensors"
    (before,) = [entry for entry in scan([library]) if entry.name == "moody"]
    save_file({"emb_params": torch.zeros(3, 1024)}, file)
    (after,) = [entry for entry in scan([library]) if entry.name == "moody"]
    assert (before.family, after.family) == ("SD 1.x", "SD 2.x")


def test_a_cancelled_scan_tells_nothing_and_a_missing_folder_is_passed_over(library, tmp_path):
    assert scan([library], cancelled=lambda: True) == [] == scan([tmp_path / "nowhere"])


def test_a_model_in_the_hubs_cache_is_called_by_its_repository(tmp_path):
    repository = tmp_path / "hub" / "models--ann--tiny"
    shutil.copytree(tiny_folder("sd1"), repository / "snapshots" / "c0ffee")
    (entry,) = scan([tmp_path / "hub"])
    assert (entry.name, entry.path, entry.problem) == ("ann/tiny", str(repository), None)


def test_folders_of_other_programs_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in ("HF_HOME", "HF_HUB_CACHE", "INVOKEAI_ROOT", "COMFYUI_PATH", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    wanted = {
        "AUTOMATIC1111": "stable-diffusion-webui/models",
        "Forge": "AI/stable-diffusion-webui-forge/models",
        "ComfyUI": "Documents/ComfyUI/models",
        "InvokeAI": "invokeai/models",
        "StabilityMatrix": "StabilityMatrix/Data/Models",
        "Hugging Face": ".cache/huggingface/hub",
    }
    assert found_places() == []
    for place in wanted.values():
        (tmp_path / place).mkdir(parents=True)
    assert {place.program: place.folder for place in found_places()} == {
        program: tmp_path / place for program, place in wanted.items()
    }
    (tmp_path / "elsewhere" / "models").mkdir(parents=True)
    monkeypatch.setenv("INVOKEAI_ROOT", str(tmp_path / "elsewhere"))
    assert found_places()[0].folder == tmp_path / "elsewhere" / "models"


def test_hashes_are_computed_once_and_again_when_the_file_changes(tmp_path):
    file = tmp_path / "a.safetensors"
    file.write_bytes(b"one")
    assert hashes.known_hash(file) == ""
    first = hashes.hash_of(file)
    assert first.startswith("7692c3ad3540bb803c020b3a") and hashes.known_hash(file) == first
    file.write_bytes(b"three")
    assert hashes.known_hash(file) == "" and hashes.hash_of(file) != first
    (paths.state_folder() / "hashes.json").write_text("[")
    assert hashes.known_hashes([file]) == {} and hashes.hash_of(file) == hashes.known_hash(file)


def test_the_programs_own_folder_is_always_watched(tmp_path):
    assert watched((str(tmp_path),)) == [paths.models_folder(), tmp_path]


def test_a_projects_model_is_found_in_the_library(library):
    turn = Turn(
        image=np.zeros((8, 8, 3), np.uint8), prompt="a fox", model="dream", model_source="/gone/dream"
    )
    assert not model_of(turn, Settings()).has_model
    found = model_of(turn, Settings(library_folders=(str(library),)))
    assert found.has_model and found.settings.model == str(library / "Stable-diffusion" / "again" / "dream")
    assert [path.name for path in finder((str(library),))("PEN")] == ["pen.safetensors"]
