"""A slice of tests/campaign/hostile_files.py: damaged zips, settings and models do no harm."""

import json
import os
import shutil
import struct
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import typer.main

from editor_core.base.errors import ModelError
from editor_core.commands.app import app
from editor_core.models.weight_files import read_safetensors_header
from editor_core.project.image_io import write_image
from editor_core.project.project_file import save_project
from support.documents import full_document
from support.hostile_commands import tried_command
from support.hostile_input import (
    damage_model,
    damage_zip,
    damaged_settings,
    tried_document,
    tried_model,
    tried_settings,
)
from support.hostile_pictures import damaged_picture, tried_picture, whole_pictures
from support.tiny_models import tiny_folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "whole.palimpsest"
    save_project(full_document(), path)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_damaged_zips_open_in_part_or_are_refused(whole: Path, tmp_path: Path):
    found = [tried_document(damage_zip(whole, tmp_path / f"{seed}.palimpsest", seed)) for seed in range(20)]
    assert found.count("used") > 2 and found.count("refused") > 2
    assert len(list(tmp_path.iterdir())) == 20, "nothing is written beside them"


def test_damaged_settings_are_read_as_far_as_they_are_whole(tmp_path: Path):
    found = []
    for seed in range(60):
        path = tmp_path / "settings.toml"
        path.write_bytes(damaged_settings(seed))
        found.append(tried_settings(path))
    assert found.count("in part") > 10


def test_damaged_models_are_refused_in_a_sentence(tmp_path: Path):
    found = []
    for seed in (0, 10, 20, 30, 40, 50):
        found.append(
            tried_model(damage_model(tiny_folder("sd1"), tmp_path / str(seed), seed), loads=seed < 20)
        )
    assert "refused" in found


def test_a_tokenizer_that_its_library_cannot_read_is_a_sentence(tmp_path: Path):
    folder = damage_model(tiny_folder("sd1"), tmp_path / "model", 0)
    for path in tiny_folder("sd1").rglob("*"):
        if path.is_file():
            (folder / path.relative_to(tiny_folder("sd1"))).write_bytes(path.read_bytes())
    (folder / "tokenizer" / "tokenizer.json").write_text(
        '{"truncation": {"direction": "Right"}}', encoding="utf-8"
    )
    assert tried_model(folder) == "refused"


def test_a_configuration_that_its_library_refuses_is_a_sentence(tmp_path: Path):
    """transformers has exceptions of its own for a field that is of another type."""
    folder = tmp_path / "model"
    shutil.copytree(tiny_folder("sd1"), folder)
    path = folder / "text_encoder" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"pad_token_id": 1e308}))
    assert tried_model(folder) == "refused"


@pytest.mark.parametrize("place", ["unet/config.json", "text_encoder/config.json", "model_index.json"])
def test_no_value_in_a_models_configuration_ends_in_a_traceback(tmp_path: Path, place: str):
    folder = tmp_path / "model"
    shutil.copytree(tiny_folder("sd1"), folder)
    whole = json.loads((folder / place).read_text()) | {"vae": 1, "text_encoder": 1}
    for key in whole:
        for value in (5, "x", [], [[1]], {}, 1e308, True):
            (folder / place).write_text(json.dumps(whole | {key: value}))
            assert tried_model(folder, loads=False) in ("used", "refused")


@pytest.mark.parametrize(
    "changed", [{"data_offsets": [-4, 4]}, {"shape": [1e3]}, {"dtype": 3}, {"data_offsets": 1}]
)
def test_a_header_of_weights_that_says_what_cannot_be_is_damage(tmp_path: Path, changed: dict[str, object]):
    whole = {"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    for header, is_whole in ((whole, True), ({"x": whole["x"] | changed}, False)):
        text = json.dumps(header).encode()
        (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(4))
        if is_whole:
            assert read_safetensors_header(tmp_path / "a.safetensors")[0] == header
        else:
            with pytest.raises(ModelError, match="damaged"):
                read_safetensors_header(tmp_path / "a.safetensors")


@pytest.mark.filterwarnings("ignore")
def test_damaged_pictures_are_opened_or_refused(tmp_path: Path):
    wholes, found = whole_pictures(), []
    for seed in range(200):
        ending, data = damaged_picture(wholes, seed)
        (tmp_path / f"a{ending}").write_bytes(data)
        found.append(tried_picture(tmp_path / f"a{ending}"))
    assert min(found.count("used"), found.count("refused")) > 20 and "in part" in found


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked")
def test_what_hostile_input_must_not_do_is_noticed(tmp_path: Path):
    from support.watched_work import Watched

    def work(seed: int) -> dict[str, int]:
        if seed == 1:
            (tmp_path / "elsewhere").write_bytes(b"")
        elif seed == 2:
            subprocess.run(["true"], check=True)
        elif seed == 3:
            os._exit(7)
        Path("here").write_bytes(b"")
        return {"done": 1}

    watched = Watched(work, tmp_path / "work")
    try:
        assert watched.do(0) == {"done": 1}
        for seed, what in ((1, "elsewhere"), (2, "subprocess.Popen"), (3, "died")):
            with pytest.raises(RuntimeError, match=what):
                watched.do(seed)
        assert watched.do(4) == {"done": 1} and watched.processes == 2
    finally:
        watched.end()


def test_command_lines_that_make_no_sense_end_with_a_sentence(tmp_path: Path, monkeypatch):
    """No command, whatever its options, ends with a fault of the program."""
    parser = typer.main.get_command(app)
    monkeypatch.setattr(typer.main, "get_command", lambda app: parser)  # built once
    save_project(full_document((24, 32)), tmp_path / "whole.palimpsest")
    write_image(tmp_path / "whole.png", np.zeros((24, 32, 3), np.uint8))
    done = Counter()
    for seed in range(40):
        folder = tmp_path / "work" / str(seed)
        folder.mkdir(parents=True)
        monkeypatch.chdir(folder)
        project, picture = tmp_path / "whole.palimpsest", tmp_path / "whole.png"
        done[tried_command(project, picture, tiny_folder("sd1"), folder, seed)] += 1
    assert done["refused"] > 15 and done["used"] > 1
