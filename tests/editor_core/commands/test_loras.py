"""LoRAs on the command line: by name beside the model, in the prompt, and told of each turn."""

import json
import shutil

import pytest

from editor_core.base import settings
from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice, lora_from_text, with_loras, without_loras
from editor_core.base.settings import Settings
from editor_core.models.find_lora import find_lora
from editor_core.project.project_file import load_project
from support.loras import ATTENTION, factors_for, write_kohya
from support.tiny_models import tiny_bundle, tiny_folder


@pytest.fixture
def model(tmp_path):
    """A model's folder with the LoRAs "pen" and "Ink" in the folder beside it."""
    shutil.copytree(tiny_folder("default"), tmp_path / "models" / "tiny")
    for number, name in enumerate(("pen", "Ink")):
        (tmp_path / "models" / "Lora" / "sub").mkdir(parents=True, exist_ok=True)
        unet = factors_for(tiny_bundle("default").unet, ATTENTION, seed=number)
        write_kohya(tmp_path / "models" / "Lora" / "sub" / f"{name}.safetensors", unet)
    return tmp_path / "models" / "tiny"


@pytest.mark.parametrize(
    "text, choice",
    [
        ("pen", LoraChoice("pen")),
        ("pen:0.8", LoraChoice("pen", 0.8)),
        ("C:\\pen.safetensors", LoraChoice("C:\\pen.safetensors")),
        ("C:\\pen.safetensors:-1", LoraChoice("C:\\pen.safetensors", -1.0)),
        (" pen:ink ", LoraChoice("pen:ink")),
    ],
)
def test_a_name_with_a_weight(text, choice):
    assert lora_from_text(text) == choice


@pytest.mark.parametrize(
    "prompt, rest, found",
    [
        ("a fox", "a fox", ()),
        ("a fox, <lora:pen:0.8>, ink", "a fox, ink", (LoraChoice("pen", 0.8),)),
        ("<LORA:my pen> a fox <lyco:ink:0.5:0.2>", "a fox", (LoraChoice("my pen"), LoraChoice("ink", 0.5))),
        ("<lora:pen:te=0.4:unet=1>", "", (LoraChoice("pen", 0.4),)),
        ("a fox <3 and 1 < 2 > 0", "a fox <3 and 1 < 2 > 0", ()),
    ],
)
def test_loras_in_a_prompt(prompt, rest, found):
    assert without_loras(prompt) == (rest, found)


@pytest.mark.parametrize("words", ["<lora:pen:much>", "<lora:pen:1e9>", "<lora:pen:nan>"])
def test_a_weight_that_is_none_is_refused(words):
    with pytest.raises(ModelError, match="pen"):
        without_loras(words)


def test_what_a_picture_says_need_not_make_sense():
    words = "a fox <lora:pen:much> <lora:ink:99>"
    assert without_loras(words, strict=False) == ("a fox", (LoraChoice("pen"), LoraChoice("ink")))


def test_a_source_counts_once():
    assert with_loras([LoraChoice("a"), LoraChoice("b")], [LoraChoice("a", 0.5)]) == (
        LoraChoice("a", 0.5),
        LoraChoice("b"),
    )


def test_names_are_found_beside_the_model(model, tmp_path):
    for name in ("ink", "INK.safetensors", str(model.parent / "Lora/sub/Ink.safetensors")):
        assert find_lora(name, model) == model.parent / "Lora" / "sub" / "Ink.safetensors"
    known = tmp_path / "far" / "brush.safetensors"
    assert find_lora("brush", model, [LoraChoice(str(known))]) == known
    with pytest.raises(ModelError, match=r"no LoRA called “crayon”; give its path"):
        find_lora("crayon", model)


def test_prompt_and_option_make_a_picture_with_loras_and_the_turn_says_so(model, run, tmp_path):
    target = tmp_path / "fox.palimpsest"
    small = ["--model", model, "--size", "64x64", "--seed", 1, "--steps", 2, "--json"]
    code, out, err = run("new", "a fox <lora:pen:0.8>", "-o", target, "--lora", "ink:0.5", *small)
    assert code == 0 and "LoRAs in the prompt became settings: pen (0.8)." in err, err
    told = json.loads(out)
    assert told["prompt"] == "a fox"
    assert told["loras"] == [{"name": "pen", "weight": 0.8}, {"name": "Ink", "weight": 0.5}] or told[
        "loras"
    ] == [
        {"name": "Ink", "weight": 0.5},
        {"name": "pen", "weight": 0.8},
    ]
    first = load_project(target).history.current
    assert {lora.name for lora in first.loras} == {"pen", "Ink"} and first.model_source == str(model)
    assert json.loads(run("history", target, "--json")[1])["turns"][0]["loras"]
    _, out, _ = run("new", "a fox", "-o", tmp_path / "plain.palimpsest", *small)
    plain = load_project(tmp_path / "plain.palimpsest").history.current
    assert json.loads(out)["loras"] == [] and (plain.image != first.image).any()
    assert plain.fingerprint != first.fingerprint
    code, _, err = run("new", "a fox", "-o", tmp_path / "no.palimpsest", "--lora", "crayon", *small)
    assert code != 0 and "no LoRA called “crayon”" in err and not (tmp_path / "no.palimpsest").exists()


def test_settings_keep_loras(tmp_path):
    file = tmp_path / "settings.toml"
    kept = Settings(loras=(LoraChoice("/a/pen.safetensors", 0.8), LoraChoice("/ink.safetensors")))
    settings.save(kept, file)
    assert settings.read(file) == (kept, None)
    file.write_text('[[loras]]\nsource = "pen"\nweight = 99\n')
    found, problem = settings.read(file)
    assert found.loras == () and "loras" in str(problem)


def test_how_a_model_is_loaded_can_be_said(run, tmp_path):
    model = tiny_folder("sd1")
    make = ["new", "a fox", "--model", model, "--size", "64x64", "--seed", 1, "--steps", 2, "--json"]
    made = []
    for number, options in enumerate(([], ["precision=bfloat16"], ["clip_skip=2"], [f"vae={model / 'vae'}"])):
        target = tmp_path / f"{number}.palimpsest"
        code, _, err = run(*make, "-o", target, *[part for option in options for part in ("--load", option)])
        assert code == 0, err
        made.append(load_project(target).history.current)
    plain, half, skipped, own = made
    assert (plain.image != half.image).any() and half.fingerprint == plain.fingerprint == own.fingerprint
    assert skipped.fingerprint != plain.fingerprint
    for wrong in ("precision=double", "clip_skip=0", "speed=9"):
        code, _, err = run(*make, "-o", tmp_path / "no.palimpsest", "--load", wrong)
        assert code != 0 and wrong.split("=")[0] in err


def test_an_edit_goes_on_with_the_turns_own_model_and_loras(model, run, tmp_path, monkeypatch):
    target = tmp_path / "fox.palimpsest"
    size = ["--size", "64x64", "--seed", 1, "--steps", 2]
    assert run("new", "a fox", "-o", target, "--model", model, "--lora", "pen:0.5", *size)[0] == 0
    settings.save(Settings(model=str(tiny_folder("sd1"))))
    code, out, err = run("edit", target, "-p", "a dog", "--json")
    assert code == 0 and "The turn's own model is used: Tiny, pen (0.5)." in err, err
    assert "analysed again" not in err and json.loads(out)["loras"] == [{"name": "pen", "weight": 0.5}]
    code, out, err = run("edit", target, "-p", "a cat", "--model", tiny_folder("sd1"), "--json")
    assert code == 0 and "analysed again" in err and json.loads(out)["loras"] == []
