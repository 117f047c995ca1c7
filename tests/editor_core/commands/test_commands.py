"""The headless commands, on a tiny model: what they print, what they write, how they fail."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from editor_core.commands import values
from editor_core.commands.values import MAX_SEED
from editor_core.document.commands import AddLayer
from editor_core.document.layers import MaskLayer, RegionLayer
from editor_core.document.tiles import Tiles
from editor_core.project.image_io import read_image, write_png
from editor_core.project.project_file import load_project, save_project
from support.tiny_models import tiny_folder, write_tiny_adapter, write_tiny_ip_adapter, write_tiny_model
from support.tiny_upscaler import needs_spandrel, write_tiny_upscaler

ROOT = Path(__file__).resolve().parents[3]


def sentences(err):
    """The lines on stderr that are no progress."""
    return [line for line in err.splitlines() if not re.fullmatch(r"\w+ \d+/\d+", line)]


@pytest.mark.parametrize(
    ("method", "setting", "value"),
    [
        ("fisedit", "growth=2", 2),
        ("fisedit", "keys=strided", "strided"),
        ("fisedit", "level_growth=1,0", (1, 0)),
        ("fisedit", "incremental=no", False),
        ("instdiffedit", "batched=true", True),
        ("instdiffedit", "seed=7", 7),
    ],
)
def test_settings_have_the_methods_types(method, setting, value):
    assert values.parse_settings(method, [setting]) == {setting.split("=")[0]: value}


def test_whole_road(project, run, small, tmp_path):
    code, out, _ = run("edit", project, "--prompt", "a blue fox on the snow", *small)
    edited = json.loads(out)
    assert code == 0 and edited["method"] == "fisedit" and edited["changed"] > 0
    first = edited["parent"]
    code, out, _ = run("edit", project, "--prompt", "a red cat on the snow", "--turn", first, *small)
    assert code == 0 and json.loads(out)["parent"] == first
    code, out, _ = run("history", project, "--json")
    turns = json.loads(out)["turns"]
    assert [turn["parent"] for turn in turns] == [None, first, first]
    for what in ("image", "mask"):
        code, out, _ = run("export", project, "--what", what, "-o", tmp_path / f"{what}.png", "--json")
        assert code == 0 and read_image(tmp_path / f"{what}.png").shape[:2] == (64, 96)
    code, out, _ = run("export", project, "--turn", first, "--what", "image", "-o", tmp_path / "first.png")
    assert code == 0
    document = load_project(project)
    assert np.array_equal(read_image(tmp_path / "first.png"), document.history[first].image)


def test_edit_stays_inside_a_mask_given_as_png(project, run, small, tmp_path):
    mask = np.zeros((64, 96), np.uint8)
    mask[20:50, 10:40] = 255
    write_png(tmp_path / "mask.png", mask)
    code, out, err = run("edit", project, "-p", "a cat on the snow", "--mask", tmp_path / "mask.png", *small)
    assert code == 0, err
    document = load_project(project)
    turn = document.history[json.loads(out)["turn"]]
    parent = document.history[turn.parent]
    assert np.array_equal(turn.image[mask == 0], parent.image[mask == 0])


def test_a_new_picture_takes_after_another(run, small, tmp_path):
    adapter = write_tiny_ip_adapter(tmp_path / "models", "default")
    write_png(tmp_path / "look.png", np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8))
    asked = ["new", "a fox", "-o", tmp_path / "fox.palimpsest", "--size", "64x64", "--steps", 2, "--seed", 1]
    like = ["--reference", tmp_path / "look.png", "--set", "reference_strength=0.9"]
    code, out, err = run(*asked, *like, "--set", f"reference_adapter={adapter}", *small)
    assert code == 0, err
    turn = load_project(tmp_path / "fox.palimpsest").history.current
    assert turn.record.reference == {"source": str(adapter), "strength": 0.9}
    assert turn.latents["reference"].shape == (32, 32, 3)
    code, out, _ = run(*asked, *like, *small)
    assert code == 1 and "no IP-Adapter" in json.loads(out)["error"]
    assert run(*asked, "--reference", tmp_path / "gone.png", *small)[0] == 1


def test_edit_keeps_to_what_is_marked_in_the_project(project, run, small):
    """As in the window: the region that is named, else the painted mask."""
    document = load_project(project)
    parts = {"door": (slice(20, 50), slice(10, 40)), "mask": (slice(10, 40), slice(50, 90))}
    for name, kind in (("door", RegionLayer), ("mask", MaskLayer)):
        marked = np.zeros((64, 96), np.uint8)
        marked[parts[name]] = 255
        document.execute(AddLayer(kind(name=name, tiles=Tiles(1).with_pixels(0, 0, marked))))
    save_project(document.snapshot(), project)
    for options, name in ((["--region", "door"], "door"), ([], "mask")):
        code, out, err = run("edit", project, "-p", f"a cat in the {name}", *options, *small)
        assert code == 0, err
        turn = load_project(project).history[json.loads(out)["turn"]]
        inside = np.zeros((64, 96), bool)
        inside[parts[name]] = True
        assert turn.mask.any() and not turn.mask[~inside].any()


@pytest.mark.parametrize("kind", ["sd1", "sd2", "sdxl"])
def test_all_four_ways_edit_on_every_family(kind, run, tmp_path):
    project, options = tmp_path / "cat.palimpsest", ["--model", tiny_folder(kind), "--json"]
    words, size = ["a red cat on the sofa", "-o", project], ["--size", "64x64", "--steps", 2, "--seed", 1]
    code, out, err = run("new", *words, *size, "--guidance", 15, *options)
    assert code == 0, err
    first, mask = json.loads(out)["turn"], np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    write_png(tmp_path / "mask.png", mask)
    masked = ["--mask", tmp_path / "mask.png"]
    for method in ("fisedit", "instdiffedit", "masafusion", "embctrl"):
        where = ["--guidance", 30] if method == "embctrl" else [*masked, "--set", "plant=no"]
        asked = ["-p", "a blue dog on the sofa", "--turn", first, "--method", method]
        code, out, err = run("edit", project, *asked, *where, *options)
        told = json.loads(out)
        assert code == 0 and told["method"] == method and told["changed"] > 0, err
    assert len(load_project(project).history) == 5


@pytest.fixture
def sketcher(tmp_path):
    """Options for a quick run on a tiny model with a sketch adapter."""
    write_tiny_model(tmp_path / "sketcher", "default")
    write_tiny_adapter(tmp_path / "sketcher" / "adapter_sketch", "default")
    return ["--model", tmp_path / "sketcher", "--json"]


def test_redraw_recolour_and_invert(project, run, sketcher, tmp_path):
    sketch, region = np.full((64, 96), 255, np.uint8), np.zeros((64, 96), np.uint8)
    sketch[20:50, 40:44] = 0
    region[10:60, 30:60] = 255
    write_png(tmp_path / "sketch.png", sketch)
    write_png(tmp_path / "region.png", region)
    redraw = ["edit", project, "-p", "a cat on the snow", "--method", "masafusion", *sketcher]
    both = ["--sketch", tmp_path / "sketch.png", "--region", tmp_path / "region.png"]
    for options in (both, both[:2], both[2:], [*both, "--set", "preset=faithful", "--set", "fusion_end=0.5"]):
        code, out, err = run(*redraw, *options)
        assert code == 0, err
        turn = json.loads(out)
        assert turn["method"] == "masafusion" and turn["parent"] and 0 < turn["changed"] < 100
    recolour = ["edit", project, "-p", "an owl in the forest", "--method", "embctrl", "--guidance", 30]
    code, out, err = run(*recolour, *sketcher)
    assert code == 0 and json.loads(out)["method"] == "embctrl", err
    for how in ("direct", "null-text", "ddim"):
        code, out, err = run("invert", project, "--how", how, *sketcher)
        assert code == 0 and json.loads(out)["changed"] == 0, err
        code, out, err = run("invert", project, "--how", how, *sketcher)
        assert code == 1 and "already inverted" in json.loads(out)["error"]
    assert run(*recolour[:3], "a blue cat", *recolour[4:], *sketcher)[0] == 0


def test_a_turn_is_upscaled_and_a_strength_goes_with_an_edit(project, run, small, tmp_path):
    weak = ["-p", "a dog on the snow", "--strength", 50, "--guidance", 30]
    code, out, err = run("edit", project, *weak, *small)
    assert code == 0 and json.loads(out)["strength"] == 0.5, err
    assert load_project(project).history.current.strength == 0.5
    assert run("edit", project, *weak[:2], "--strength", 101, *small)[0] == 2
    large = tmp_path / "large.palimpsest"
    code, out, err = run("upscale", project, "--factor", 2, "-o", large, *small)
    assert code == 0 and json.loads(out)["size"] == [192, 128], err
    document = load_project(large)
    assert (document.width, document.height) == (192, 128) and document.history.current.method == "upscale"
    assert run("upscale", project, "--factor", 3, *small)[0] == 1


@needs_spandrel
def test_a_picture_is_upscaled_by_a_network_of_the_artists(project, run, tiny, small, tmp_path):
    file = write_tiny_upscaler(tmp_path / "4x-pixels.pth")
    large = tmp_path / "large.palimpsest"
    code, out, err = run("upscale", project, "--factor", 2, "--upscaler", file, "-o", large, *small)
    assert code == 0 and json.loads(out)["upscaler"] == "4x-pixels", err
    first, turn = load_project(project).history.current, load_project(large).history.current
    assert np.array_equal(turn.image, first.image.repeat(2, 0).repeat(2, 1))
    assert (turn.method, turn.parent, turn.parameters["upscaler"]) == ("upscale", first.id, "4x-pixels")
    code, out, err = run("upscale", project, "--upscaler", file, "--repaint", *tiny)
    assert code == 0 and "upscaled with 4x-pixels" in out, err
    assert 0 < np.abs(load_project(project).history.current.image.astype(int) - turn.image).mean() < 128
    file.write_text("no network")
    code, out, err = run("upscale", project, "--upscaler", file, *tiny)
    assert code == 1 and sentences(err)[-1].count(".") <= 3 and "4x-pixels.pth" in err
    code, out, err = run("upscale", project, "--upscaler", "nowhere", *tiny)
    assert code == 1 and "no upscaler called “nowhere”" in err


def test_mask_is_found_corrected_and_painted_in_variants(project, run, small, tmp_path):
    found, heat = tmp_path / "found.png", tmp_path / "heat.png"
    code, out, err = run(
        "mask", project, "-p", "a cat", "-o", found, "--heat", heat, "--preset", "demo", *small
    )
    assert code == 0, err
    assert json.loads(out)["parameters"]["threshold"] == 0.3
    assert read_image(found).shape[:2] == read_image(heat).shape[:2] == (64, 96)
    picture = tmp_path / "picture.png"
    run("export", project, "-o", picture)
    again = tmp_path / "again.png"
    assert run("mask", picture, "-p", "a cat", "-o", again, "--preset", "demo", *small)[0] == 0
    assert np.array_equal(read_image(again), read_image(found))
    mask = np.zeros((64, 96), np.uint8)
    mask[10:40, 10:40] = 255
    write_png(found, mask)
    words = ["--method", "instdiffedit", "-p", "a cat", "--mask", found, "--variants", 2]
    code, out, err = run("edit", project, *words, *small)
    assert code == 0, err
    document, variants = load_project(project), json.loads(out)["variants"]
    assert document.history.current_id == variants[0] == json.loads(out)["turn"] and len(set(variants)) == 2
    parent = document.history[json.loads(out)["parent"]]
    for turn in variants:
        assert np.array_equal(document.history[turn].image[mask == 0], parent.image[mask == 0])


def test_picture_is_opened_and_edited(run, small, tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (70, 90, 4), np.uint8)
    write_png(tmp_path / "in.png", picture)
    code, out, err = run(
        "open", tmp_path / "in.png", "-p", "a cat", "-o", tmp_path / "o.palimpsest", "--steps", 4, *small
    )
    assert code == 0, err
    assert json.loads(out)["size"] == [90, 70]
    assert run("edit", tmp_path / "o.palimpsest", "-p", "a dog", *small)[0] == 0


def test_history_prints_the_tree_for_people(project, run):
    code, out, _ = run("history", project)
    assert code == 0 and "a red fox on the snow" in out
    assert out.rstrip().endswith(" s)")


def test_same_words_fail_with_a_sentence_and_leave_the_file_alone(project, run, small):
    before = project.read_bytes()
    code, out, err = run("edit", project, "-p", "a red fox on the snow", *small)
    assert code == 1 and "the prompt is the same" in json.loads(out)["error"] and len(sentences(err)) == 1
    assert project.read_bytes() == before


def test_progress_goes_to_stderr_and_json_alone_to_stdout(tmp_path):
    arguments = [
        "new",
        "a cat",
        "-o",
        tmp_path / "x.palimpsest",
        "--steps",
        "3",
        "--size",
        "64x64",
        "--model",
        tiny_folder("sd1"),
        "--json",
    ]
    done = subprocess.run(
        [sys.executable, "main.py", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == 3


def test_demo_reports_every_turn_and_no_pixel_outside(run, tmp_path):
    code, out, err = run("demo", "--out", tmp_path / "demo", "--model", tiny_folder("default"), "--json")
    assert code == 0, err
    report = json.loads(out)
    assert [row["from"] for row in report["turns"]] == [None, 1, 2, 1, 4]
    assert all(row["changed outside"] == 0 for row in report["turns"][1:])
    for name in ("demo.palimpsest", "turn-1.png", "turn-5.png", "turn-5-mask.png"):
        assert (tmp_path / "demo" / name).exists()


def test_the_largest_seed_is_a_seed_and_what_follows_it_the_first(run, small, tmp_path):
    file = tmp_path / "far.palimpsest"
    options = ["--seed", MAX_SEED, "--sampler", "euler", "--steps", 4, "--size", "64x64"]
    code, out, err = run("new", "a red fox", "-o", file, *options, *small)
    assert code == 0 and json.loads(out)["seed"] == MAX_SEED, err
    assert load_project(file).history.current.sampler == "euler"
    mask = np.zeros((64, 64), np.uint8)
    mask[10:40, 10:40] = 255
    write_png(tmp_path / "mask.png", mask)
    words = ["--method", "instdiffedit", "-p", "a cat", "--mask", tmp_path / "mask.png", "--variants", 2]
    code, out, err = run("edit", file, *words, *small)
    assert code == 0, err
    document = load_project(file)
    assert [document.history[turn].seed for turn in json.loads(out)["variants"]] == [0, 1]


def test_minus_one_draws_a_seed(run, small, tmp_path):
    seeds = set()
    for number in range(2):
        file = tmp_path / f"{number}.palimpsest"
        options = ["--seed", -1, "--steps", 2, "--size", "64x64"]
        code, out, err = run("new", "a red fox", "-o", file, *options, *small)
        assert code == 0, err
        seeds.add(json.loads(out)["seed"])
    assert len(seeds) == 2 and min(seeds) >= 0
