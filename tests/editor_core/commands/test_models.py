"""palimpsest models: the library on the command line, watched folders, and downloads."""

import json

import pytest
import torch
from safetensors.torch import save, save_file

from editor_core.base import paths, settings
from support.model_server import serving
from support.tiny_models import tiny_folder

LORA = save({"lora_unet_conv_in.lora_up.weight": torch.zeros(8, 8),
    "lora_unet_conv_in.lora_down.weight": torch.zeros(8, 8)})  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "loras").mkdir()
    (tmp_path / "loras" / "quill.safetensors").write_bytes(LORA)
    save_file({"emb_params": torch.zeros(1, 768)}, tmp_path / "moody.safetensors")
    return tmp_path


def test_a_watched_folder_is_listed_searched_and_forgotten(run, folder):
    code, out, _ = run("models", "--watch", folder)
    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0 and [row[:3] for row in rows[1:]] == [
        ["embedding", "moody", "SD 1.x"],
        ["lora", "quill", "–"],
    ]
    assert settings.load().library_folders == (str(folder),)
    _, out, _ = run("models", "--search", "QUILL", "--hashes", "--json")
    (entry,) = json.loads(out)["library"]
    assert entry["name"] == "quill" and len(entry["sha256"]) == 64
    _, out, _ = run("models", "--kind", "embedding", "--json")
    assert [entry["name"] for entry in json.loads(out)["library"]] == ["moody"]
    assert json.loads(run("models", "--forget", folder, "--json")[1])["library"] == []
    assert run("models", "--watch", folder / "nowhere")[0] == 1


def test_what_is_in_the_library_is_used_by_name(run, folder, tmp_path):
    (tmp_path / "dream").symlink_to(tiny_folder("default"))
    run("models", "--watch", folder)
    small = ["--model", "Dream", "--size", "64x64", "--steps", "2", "--json"]
    code, _, err = run("new", "a red cat", *small, "--lora", "quill", "-o", tmp_path / "cat.palimpsest")
    assert code == 1 and "quill" in err and "no LoRA called" not in err, err  # found, and looked at
    code, _, err = run("new", "a red cat", *small, "-o", tmp_path / "cat.palimpsest")
    assert code == 0, err


def test_a_model_is_downloaded(run, monkeypatch):
    with serving() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        server.add_repository("ann/pen", {"quill.safetensors": LORA})
        code, out, err = run("models", "download", "ann/pen", "--json")
        told = json.loads(out)
        assert code == 0 and "downloading, MB" in err and told["kind"] == "lora"
        assert told["path"] == str(paths.models_folder() / "loras" / "quill.safetensors")
        code, _, err = run("models", "download", "ann/nowhere")
        assert code == 1 and "There is no ann/nowhere" in err and "palimpsest models" not in err
