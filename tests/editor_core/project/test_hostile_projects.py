"""A slice of the campaign with damaged projects."""

from pathlib import Path

import pytest

from editor_core.base.errors import ProjectError
from editor_core.project.project_file import load_project, save_project
from support.damage import damaged
from support.documents import full_document
from support.look import look_at_everything


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "whole.palimpsest"
    save_project(full_document(), path)
    return path


def test_damaged_projects_open_in_part_or_are_refused_in_a_sentence(whole: Path, tmp_path: Path):
    opened = 0
    for seed in range(60):
        try:
            document = load_project(damaged(whole, tmp_path / f"{seed}.palimpsest", seed))
        except ProjectError as error:
            assert str(error).endswith(".") and "\n" not in str(error), seed
        else:
            look_at_everything(document)
            opened += 1
    assert opened > 20
