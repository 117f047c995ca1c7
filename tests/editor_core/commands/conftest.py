"""Commands run in this process on a tiny model, and a small project to run them on."""

import shutil
from pathlib import Path

import pytest

from editor_core.base.settings import Settings
from editor_core.commands import entry
from editor_core.document.document import Document
from editor_core.messages.requests import Generate, Sampling
from editor_core.project.project_file import save_project
from editor_core.session.session import Session
from editor_core.workflow import turns as workflow
from support.tiny_models import tiny_folder


@pytest.fixture
def run(capsys):
    """Run a command in this process; returns (exit code, stdout, stderr)."""

    def run(*arguments):
        code = entry.main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def tiny():
    """Options for the tiny model."""
    return ["--model", str(tiny_folder("default"))]


@pytest.fixture
def small(tiny):
    """The same, and the result as JSON."""
    return [*tiny, "--json"]


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A project with one turn, "a red fox on the snow", 96x64."""
    folder = tmp_path_factory.mktemp("made")
    settings = Settings(model=str(tiny_folder("default")), device="cpu", cache_folder=str(folder / "cache"))
    sampling = Sampling(seed=1, steps=5)
    with Session(settings) as session:
        result = session.run(0, Generate("a red fox on the snow", 96, 64, sampling), lambda event: None)
    save_project(Document.new_from_turn(workflow.turn_from_result(result, None)), folder / "fox.palimpsest")
    return folder / "fox.palimpsest"


@pytest.fixture
def project(made, tmp_path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copy(made, tmp_path / "fox.palimpsest"))
