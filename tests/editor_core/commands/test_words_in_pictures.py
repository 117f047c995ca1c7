"""Pictures that say how they were made need no words on the command line; exports say it, or leave it out."""

import json

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from editor_core.document.commands import AddLayer
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project.project_file import load_project, save_project
from editor_core.project.words.reading import words_in

INFOTEXT = "a cat on the snow\nNegative prompt: fog\nSteps: 4, Sampler: Euler a, CFG scale: 3, Seed: 77, Model: other"


@pytest.fixture
def cat(tmp_path):
    """A picture as Automatic1111's web UI writes it."""
    info = PngInfo()
    info.add_text("parameters", INFOTEXT)
    Image.new("RGB", (96, 64), (90, 120, 200)).save(tmp_path / "cat.png", pnginfo=info)
    return tmp_path / "cat.png"


def test_a_picture_that_says_its_words_is_opened_with_them(run, cat, small, tmp_path):
    code, out, err = run("open", cat, "-o", tmp_path / "cat.palimpsest", *small)
    assert code == 0, err
    assert "Automatic1111 made it from “a cat on the snow”, seed 77, steps 4" in err and "model other" in err
    turn = load_project(tmp_path / "cat.palimpsest").history.current
    assert (turn.prompt, turn.negative, turn.seed, turn.steps, turn.guidance) == (
        "a cat on the snow",
        "fog",
        77,
        4,
        3.0,
    )
    assert json.loads(out)["seed"] == 77


def test_what_is_given_counts_more_than_what_the_picture_says(run, cat, small, tmp_path):
    given = ["--seed", 5, "--steps", 3, "--guidance", 2, "--negative", ""]
    code, _, err = run("open", cat, "-o", tmp_path / "a.palimpsest", *given, *small)
    turn = load_project(tmp_path / "a.palimpsest").history.current
    assert code == 0, err
    assert (turn.prompt, turn.negative, turn.seed, turn.steps, turn.guidance) == (
        "a cat on the snow",
        "",
        5,
        3,
        2.0,
    )
    code, _, err = run("open", cat, "-o", tmp_path / "b.palimpsest", "-p", "a dog", "--steps", 3, *small)
    turn = load_project(tmp_path / "b.palimpsest").history.current
    assert code == 0 and (turn.prompt, turn.negative) == ("a dog", "") and "Automatic1111" not in err


@pytest.mark.parametrize(
    ("theirs", "ours"), [("Euler", "euler"), ("DPM++ 2M", "dpm++2m"), ("Euler a", "ddim")]
)
def test_a_sampler_that_we_have_is_used(run, small, tmp_path, theirs, ours):
    info = PngInfo()
    info.add_text("parameters", INFOTEXT.replace("Euler a", theirs))
    Image.new("RGB", (96, 64), (90, 120, 200)).save(tmp_path / "cat.png", pnginfo=info)
    code, _, err = run("open", tmp_path / "cat.png", "-o", tmp_path / "cat.palimpsest", *small)
    assert code == 0 and load_project(tmp_path / "cat.palimpsest").history.current.sampler == ours, err


def test_a_picture_that_says_nothing_needs_words(run, tmp_path):
    Image.new("RGB", (96, 64)).save(tmp_path / "plain.png")
    code, _, err = run("open", tmp_path / "plain.png", "-o", tmp_path / "plain.palimpsest")
    assert code == 1 and "say with --prompt what it shows" in err


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_an_export_says_how_it_was_made_or_not(run, project, tmp_path, ending):
    turn = load_project(project).history.current
    assert run("export", project, "-o", tmp_path / f"told.{ending}")[0] == 0
    found = words_in(tmp_path / f"told.{ending}")
    assert (found.program, found.prompt, found.seed, found.steps) == (
        "Palimpsest",
        turn.prompt,
        turn.seed,
        turn.steps,
    )
    assert b"/trainedAlgorithmicMedia" in (tmp_path / f"told.{ending}").read_bytes()
    assert run("export", project, "--no-words", "-o", tmp_path / f"quiet.{ending}")[0] == 0
    data = (tmp_path / f"quiet.{ending}").read_bytes()
    assert words_in(tmp_path / f"quiet.{ending}") is None and b"/trainedAlgorithmicMedia" in data
    assert b"fox" not in data and "fox".encode("utf-16-be") not in data


def test_an_export_that_was_painted_on_says_so(run, project, tmp_path):
    document = load_project(project)
    square = Tiles(4).with_pixels(0, 0, np.full((8, 8, 4), 255, np.uint8))
    document.execute(AddLayer(RasterLayer(name="paint", tiles=square)))
    save_project(document, project)
    run("export", project, "-o", tmp_path / "painted.png")
    assert b"/compositeWithTrainedAlgorithmicMedia" in (tmp_path / "painted.png").read_bytes()
    run("export", project, "--what", "turn", "-o", tmp_path / "turn.png")
    assert b"/trainedAlgorithmicMedia" in (tmp_path / "turn.png").read_bytes()
