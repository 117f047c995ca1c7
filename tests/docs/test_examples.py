"""The examples run as they stand, at a tiny size, and stay short."""

import runpy
from pathlib import Path

import pytest

from support.tiny_models import sketching_folder, write_pipeline

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "docs" / "examples").glob("*.py"))
LEAVES = {
    "reword": "cat.palimpsest",
    "repaint": "cats.palimpsest",
    "redraw": "apple.palimpsest",
    "recolour": "cache",
    "pipeline": "cat.palimpsest",
}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_example_runs(file, tmp_path, capsys):
    model = write_pipeline(tmp_path / "model") if file.stem == "pipeline" else sketching_folder("default")
    runpy.run_path(str(file))["main"](folder=str(tmp_path), model=str(model), steps=4)
    assert (tmp_path / LEAVES[file.stem]).exists()
    assert capsys.readouterr().out


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_example_is_short(file):
    body = file.read_text(encoding="utf-8").split("from palimpsest import api\n")[1].split("if __name__")[0]
    assert len([line for line in body.splitlines() if line.strip()]) < 25
