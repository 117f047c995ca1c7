"""What tests of project files share."""

from pathlib import Path

import pytest

from editor_core.project.project_file import save_project
from support.documents import full_document


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with everything in it; nobody changes the file."""
    path = tmp_path_factory.mktemp("saved") / "demo.palimpsest"
    save_project(full_document(), path)
    return path
