"""palimpsest compare: a table, the pictures side by side, and what cannot run says why."""

import json

import numpy as np
import pytest
from PIL import Image

from editor_core.project.image_io import read_image

CAT = "a red cat on the snow"


@pytest.fixture
def mask(tmp_path):
    pixels = np.zeros((64, 96), np.uint8)
    pixels[:, 48:] = 255
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    return tmp_path / "mask.png"


def test_methods_side_by_side(project, run, small, tmp_path, mask):
    sheet, each = tmp_path / "sheet.png", tmp_path / "each"
    before = project.read_bytes()
    code, out, _ = run(
        "compare", project, "-p", CAT, "--methods", "fisedit,sdedit,inpainting", "--mask", mask, "-o", sheet,
        "--each", each, *small,
    )  # fmt: skip
    told = json.loads(out)
    assert code == 0 and project.read_bytes() == before
    ours, sdedit, inpainting = told["methods"]
    assert ours["changed outside"] == 0 and ours["changed %"] <= 50 and sdedit["changed outside"] > 0
    assert inpainting["problem"].startswith("inpainting needs") and inpainting["changed outside"] is None
    assert sorted(path.name for path in each.iterdir()) == ["fisedit.png", "sdedit.png"]
    assert read_image(each / "sdedit.png").shape == (64, 96, 3)
    assert read_image(sheet).shape[1] == 3 * 96 + 4 * 8  # before and two methods


def test_a_picture_needs_its_words(run, small, tmp_path, mask):
    code, out, _ = run("compare", mask, "-p", CAT, "--methods", "sdedit", "-o", tmp_path / "s.png", *small)
    assert code == 1 and "--was" in json.loads(out)["error"]
    code, out, _ = run(
        "compare", mask, "--was", "a fox", "-p", CAT, "--methods", "sdedit", "-o", tmp_path / "s.png",
        "--steps", 2, *small,
    )  # fmt: skip
    assert code == 0 and json.loads(out)["methods"][0]["changed outside"] is None


@pytest.mark.parametrize(("methods", "told"), [("magic", "no method called"), ("imagic", "trains the whole")])
def test_what_is_not_there_says_so_before_anything_runs(project, run, small, tmp_path, methods, told):
    code, out, _ = run("compare", project, "-p", CAT, "--methods", methods, "-o", tmp_path / "s.png", *small)
    assert code == 1 and told in json.loads(out)["error"] and not (tmp_path / "s.png").exists()
