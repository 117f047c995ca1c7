"""The Python API: what its docstrings promise, on a tiny model."""

import ast
import copy
import dataclasses
import inspect
import subprocess
import sys
import typing
from pathlib import Path

import numpy as np
import pytest
from peft import LoraConfig

from editor_core import api
from editor_core.project.image_io import write_png
from support.tiny_models import tiny_bundle, tiny_folder, write_tiny_ip_adapter

ROOT = Path(__file__).resolve().parents[2]
FOX, CAT = "a red fox on the snow", "a red cat on the snow"


@pytest.fixture
def editor():
    with api.Editor(tiny_folder("default"), device="cpu") as editor:
        yield editor


@pytest.fixture
def project(editor):
    return editor.generate(FOX, width=96, height=64, seed=1, steps=4)


def handed_in() -> api.Parts:
    bundle = tiny_bundle("sd1")
    return api.Parts(bundle.unet, bundle.vae, bundle.text_encoder, bundle.tokenizer, name="mine")


def test_a_project_is_edited_saved_and_edited_on(editor, project, tmp_path):
    first = project.current
    turn = editor.reword(project, CAT, mask=np.arange(96)[None].repeat(64, 0) > 48)
    assert project.turns == (first, turn) and project.current is turn and turn.parent == first.id
    assert np.array_equal(turn.image[:, :48], first.image[:, :48]) and not np.array_equal(
        turn.image, first.image
    )
    assert np.array_equal(project.picture(), turn.image)
    project.undo()
    assert project.current.id == first.id
    project.redo()
    project.save(tmp_path / "cat.palimpsest")
    again = api.Project.load(tmp_path / "cat.palimpsest")
    assert [each.id for each in again.turns] == [first.id, turn.id] and again.lost == ()
    again.show(again.turns[0])
    branch = editor.reword(again, "a blue owl on the snow", mask=np.ones((64, 96), np.uint8))
    assert branch.parent == first.id


def test_the_same_seed_gives_the_same_picture_and_the_trajectory_is_there(editor, project):
    again = editor.generate(FOX, width=96, height=64, seed=1, steps=4)
    assert np.array_equal(again.picture(), project.picture())
    assert api.trajectory(project.current).shape == (5, 8, 8, 16)  # padded to the grid of 64
    assert api.region(project.current) is None


def test_a_new_picture_takes_after_a_reference_as_pixels_or_as_a_file(editor, project, tmp_path):
    adapter = write_tiny_ip_adapter(tmp_path / "models", "default")
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8)
    write_png(tmp_path / "look.png", pixels)
    by = api.GenerateParameters(reference_adapter=str(adapter))
    size = {"width": 96, "height": 64, "seed": 1, "steps": 4}
    found = [
        editor.generate(FOX, **size, reference=given, parameters=by)
        for given in (pixels, tmp_path / "look.png")
    ]
    assert np.array_equal(found[0].picture(), found[1].picture())
    assert not np.array_equal(found[0].picture(), project.picture())
    with pytest.raises(api.EditorError, match="has no IP-Adapter"):
        editor.generate(FOX, **size, reference=pixels)


def test_layers_that_peft_has_wrapped_are_refused_with_the_way_out():
    """Rows read weights directly: they would pass the LoRA over."""
    parts = handed_in()
    unet = copy.deepcopy(parts.unet)
    unet.add_adapter(LoraConfig(r=2, target_modules=["to_q"]))
    with (
        pytest.raises(api.EditorError, match=r"UNet2DConditionModel.*fuse_lora"),
        api.Editor(dataclasses.replace(parts, unet=unet), device="cpu") as editor,
    ):
        editor.model()


def test_variants_are_turns_of_one_parent_and_one_undo_step(editor, project):
    mask = np.ones((64, 96), bool)
    turns = editor.repaint(project, "a cat", {"variants": 2}, mask=mask)
    assert [turn.parent for turn in turns] == [project.turns[0].id] * 2 and project.current is turns[0]
    assert not np.array_equal(turns[0].image, turns[1].image)
    project.undo()
    assert len(project.turns) == 1
    assert len(editor.repaint(project, "a cat", mask=mask)) == 1


def test_a_call_tells_and_can_be_stopped_and_leaves_the_project(editor, project):
    told, seen, regions = [], [], []
    listener = api.Listener(lambda *step: told.append(step), seen.append, regions.append)
    editor.reword(project, CAT, mask=np.ones((64, 96), bool), listener=listener)
    assert {stage for stage, *_ in told} >= {"painting"} and seen[0].dtype == np.uint8
    assert regions[0].shape == (64, 96)
    before = project.turns
    asked = iter([False] * 3)
    stopping = api.Listener(cancelled=lambda: next(asked, True))
    with pytest.raises(api.JobCancelled):
        editor.reword(project, FOX, mask=np.ones((64, 96), bool), listener=stopping)
    assert project.turns == before


def test_an_error_is_one_sentence_and_leaves_the_project(editor, project):
    with pytest.raises(api.NothingToChangeError, match="same as before"):
        editor.reword(project, FOX)
    with pytest.raises(api.EditorError, match="no setting called"):
        editor.edit(project, CAT, "fisedit", {"nothing": 1})
    with pytest.raises(api.EditorError, match="no editing method"):
        editor.edit(project, CAT, "magic")
    with pytest.raises(ValueError, match="uint8"):
        editor.open(np.zeros((64, 64)), FOX)
    assert len(project.turns) == 1


def test_activations_stay_in_memory_unless_a_folder_is_named(project, editor, user_folders, tmp_path):
    assert editor.cache().folder == ""
    assert [space.name for space in editor.cache().spaces] == [project.current.cache_space]
    assert editor.drop(project.current).spaces == ()
    assert not any(user_folders.iterdir())
    with api.Editor(tiny_folder("default"), device="cpu", cache_folder=tmp_path / "kept") as keeping:
        keeping.generate(FOX, width=64, height=64, seed=1, steps=2)
    with api.Editor(tiny_folder("default"), device="cpu", cache_folder=tmp_path / "kept") as keeping:
        assert keeping.cache().disk_bytes > 0


def test_parts_in_memory_are_a_model_with_a_name_of_its_weights():
    with api.Editor(handed_in(), device="cpu") as editor:
        info = editor.model()
        project = editor.generate(FOX, width=64, height=64, seed=1, steps=2)
        assert (info.name, project.current.model) == ("mine", "mine")
    with api.Editor(tiny_folder("sd1"), device="cpu") as editor:
        loaded = editor.generate(FOX, width=64, height=64, seed=1, steps=2)
    assert np.array_equal(loaded.picture(), project.picture())
    other = handed_in()
    weight = other.unet.conv_in.weight
    kept = weight.data.clone()
    try:
        weight.data[0, 0, 0, 0] += 1
        with api.Editor(other, device="cpu") as editor:
            assert editor.model().fingerprint != info.fingerprint
    finally:
        weight.data.copy_(kept)


def test_what_is_no_pipeline_is_refused():
    with pytest.raises(api.EditorError, match="not a Stable Diffusion pipeline"):
        api.Editor(object())
    parts = handed_in()
    wrong = api.Parts(parts.unet, tiny_bundle("default").vae, parts.text_encoder, parts.tokenizer)
    with pytest.raises(api.EditorError, match="do not match"), api.Editor(wrong, device="cpu") as editor:
        editor.model()


def test_everything_public_is_typed_and_told():
    for name in api.__all__:
        public = getattr(api, name)
        if isinstance(public, tuple):  # names
            continue
        assert public.__doc__, name
        if public.__module__ == "editor_core.api" and inspect.isclass(public):
            for method, function in vars(public).items():
                if inspect.isfunction(function) and not method.startswith("_"):
                    assert function.__doc__, f"{name}.{method}"
                    hints = typing.get_type_hints(function)
                    assert {*inspect.signature(function).parameters} - {"self"} <= {*hints}, (
                        f"{name}.{method}"
                    )


def test_it_needs_no_qt_and_changes_nothing_of_the_process(tmp_path):
    """In a process where Qt cannot be imported; no variable of the environment and no logger is touched."""
    probe = f"""
import logging, os, sys
sys.modules["PySide6"] = sys.modules["qasync"] = None
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}, {str(ROOT / "packaging" / "wheel")!r}]
import torch, diffusers, cv2  # which sets some variables itself
from support.tiny_models import tiny_folder
before = dict(os.environ), logging.getLogger().handlers[:], logging.getLogger().level
from palimpsest import api
with api.Editor(tiny_folder("default"), device="cpu") as editor:
    project = editor.generate("a red fox", width=64, height=64, seed=1, steps=2)
assert before == (dict(os.environ), logging.getLogger().handlers[:], logging.getLogger().level)
assert not os.listdir("."), os.listdir(".")
print(project.picture().shape)
"""
    done = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "(64, 64, 3)\n"), done.stderr


def test_no_module_below_the_window_reads_the_users_settings_for_the_api():
    tree = ast.parse(inspect.getsource(api))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"settings.load", "load_settings", "startup.prepare"}
