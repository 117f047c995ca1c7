"""A slice of tests/campaign/hostile_files.py: damaged zips, settings and models do no harm."""

from pathlib import Path

import pytest

from editor_core.project.project_file import save_project
from support.documents import full_document
from support.hostile_input import (
    damage_model,
    damage_zip,
    damaged_settings,
    tried_document,
    tried_model,
    tried_settings,
)
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
