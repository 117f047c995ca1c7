"""The notebooks are what Jupyter opens, are kept without outputs, and run from top to bottom at a tiny size."""

import ast
import json
from pathlib import Path

import pytest
from PIL import Image

from support.tiny_models import sketching_folder

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "docs" / "notebooks").glob("*.ipynb"))
SMALL = {"SIZE": 64, "STEPS": 4}
LARGEST = 12_000  # bytes
PICTURES = {"reword": 4, "repaint": 5, "redraw": 4}
"""How many of a notebook's cells show one."""


def cells_of(file, kind="code"):
    return [
        cell for cell in json.loads(file.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind
    ]


def run(source, names):
    """Run a cell; what its last line shows, as Jupyter would."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_the_notebook_runs_and_shows_its_pictures(file, capsys):
    names, shown = {}, []
    for cell in cells_of(file):
        shown.append(run("".join(cell["source"]), names))
        if "parameters" in cell["metadata"].get("tags", ()):
            assert set(SMALL) | {"MODEL"} <= set(names)
            names |= SMALL | {"MODEL": str(sketching_folder("default"))}
    pictures = [each for each in shown if isinstance(each, Image.Image)]
    assert len(pictures) == PICTURES[file.stem] and all(each.height in (64, 32, 8) for each in pictures)
    assert any(isinstance(each, dict) and each for each in shown)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_the_notebook_is_small_has_no_outputs_and_is_of_the_format(file):
    text = file.read_text(encoding="utf-8")
    told = json.loads(text)
    assert len(text) < LARGEST and (told["nbformat"], told["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in told["cells"]}) == len(told["cells"])
    for cell in told["cells"]:
        assert cell["source"] and isinstance(cell["metadata"], dict)
        code = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
        assert {name: cell.get(name) for name in ("outputs", "execution_count") if name in cell} == code


def test_all_three_methods_have_one():
    assert {file.stem for file in NOTEBOOKS} == set(PICTURES)
