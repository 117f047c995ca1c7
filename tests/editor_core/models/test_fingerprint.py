import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from editor_core.models.fingerprint import fingerprint
from editor_core.models.folder_layout import inspect_folder
from support.tiny_models import KINDS, tiny_folder, write_tiny_model


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(tiny_folder("sd1"), tmp_path / "elsewhere"))


def of(folder: Path) -> str:
    return fingerprint(inspect_folder(folder))


def test_it_does_not_depend_on_place_name_or_time(folder):
    assert of(folder) == of(tiny_folder("sd1"))
    assert len(of(folder)) == 32


def test_the_same_model_made_again_has_the_same_one(tmp_path):
    write_tiny_model(tmp_path / "again", "default")
    assert of(tmp_path / "again") == of(tiny_folder("default"))


def test_models_differ():
    assert len({of(tiny_folder(kind)) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_one_retrained_tensor_anywhere_changes_it(folder, part):
    before = of(folder)
    (file,) = (folder / part).glob("*.safetensors")
    tensors = load_file(file)
    for name in sorted(tensors)[:: max(1, len(tensors) // 5)]:
        save_file(tensors | {name: tensors[name] + 0.01}, file, {"format": "pt"})
        assert of(folder) != before, name
    save_file(tensors, file, {"format": "pt"})
    assert of(folder) == before


@pytest.mark.parametrize("file", ["unet/config.json", "vae/config.json", "scheduler/scheduler_config.json"])
def test_a_changed_configuration_changes_it(folder, file):
    before = of(folder)
    config = json.loads((folder / file).read_text())
    changed = {"unet": {"freq_shift": 1}, "vae": {"scaling_factor": 0.2}, "scheduler": {"beta_end": 0.013}}
    (folder / file).write_text(json.dumps(config | changed[file.split("/")[0]]))
    assert of(folder) != before


def test_what_changes_no_number_does_not_change_it(folder):
    before = of(folder)
    config = json.loads((folder / "unet/config.json").read_text())
    (folder / "unet/config.json").write_text(
        json.dumps(config | {"_diffusers_version": "9.9", "_name_or_path": "x"})
    )
    (folder / "palimpsest.json").write_text(json.dumps({"name": "Another name"}))
    assert of(folder) == before
