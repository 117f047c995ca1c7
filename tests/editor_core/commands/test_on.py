"""--on: every command that works with a model has its work done elsewhere, and comes to the same."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer

from editor_core.base import settings as kept_settings
from editor_core.base.settings import Settings
from editor_core.commands import batching
from editor_core.commands.app import app
from editor_core.messages.requests import LoadModel
from editor_core.project.image_io import read_image, write_png
from editor_core.project.project_file import load_project
from editor_core.remote import cluster
from editor_core.session.session import Session
from support.direct_line import DirectLine

STUDIO = "ray://studio:10001"
QUICK = ("--steps", 2)
COMMANDS: dict[str, tuple[object, ...]] = {
    "new": ("a cat", "-o", "out.palimpsest", "--size", "64x64", "--seed", 1, *QUICK),
    "open": ("cat.png", "-p", "a cat", "-o", "out.palimpsest", "--seed", 1, *QUICK),
    "edit": ("fox.palimpsest", "-p", "a cat on the snow", "-o", "out.palimpsest"),
    "mask": ("cat.png", "-p", "a dog", "-o", "out.png", *QUICK),
    "invert": ("fox.palimpsest", "--how", "ddim"),
    "upscale": ("fox.palimpsest", "-o", "out.palimpsest"),
    "compare": ("fox.palimpsest", "-p", "a cat", "--methods", "fisedit", "-o", "sheet.png", "--each", "."),
    "bench": ("editing-mask", "--data", "set", "--out", "out", "--size", 64, *QUICK),
    "batch": ("photos", "-p", "a dog", "--was", "a cat", "--out", "out", "--seed", 1, *QUICK),
}
RESULTS: dict[str, str] = {
    "mask": "out.png", "invert": "fox.palimpsest", "compare": "fisedit.png", "batch": "out/cat.png",
    "bench": "out/pictures/*/fisedit.png",
}  # fmt: skip
"""Of commands that do not write out.palimpsest."""


class Studio:
    """A cluster of one worker that is in this process."""

    def __init__(self, address, token=""):
        assert address == STUDIO

    def lines(self):
        return [self.line]

    def facts(self):
        return [self.line.facts()]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    own = Settings(device="cpu", cache_folder=str(tmp_path_factory.mktemp("studio")))
    line = DirectLine("studio", own, Session)
    yield line
    line.worker.close()


@pytest.fixture
def asked(line, monkeypatch):
    """What the worker was asked for, without models."""
    monkeypatch.setattr(Studio, "line", line, raising=False)
    monkeypatch.setattr(cluster, "Cluster", Studio)
    monkeypatch.setattr(batching, "Cluster", Studio)
    monkeypatch.setattr(line, "orders", [])
    return lambda: [order for order in line.orders if not isinstance(order.request, LoadModel)]


@pytest.fixture
def desk(project, tmp_path, monkeypatch) -> Callable[[], None]:
    """The folder that commands work in; called, it is as it was at first."""
    picture = np.full((64, 64, 3), 120, np.uint8)
    picture[16:48, 16:48] = (200, 60, 20)
    first, used = tmp_path / "first", tmp_path / "used"
    for name in ("photos", "set/images", "set/masks", "set/dataset_txt"):
        (first / name).mkdir(parents=True)
    shutil.move(project, first / project.name)
    for name in ("cat.png", "photos/cat.png", "set/images/1.png", "set/masks/1.png"):
        write_png(first / name, picture)
    (first / "set/dataset_txt/Editing-Mask_list.txt").write_text("1 <> a fox on snow <> a fox <> a cat")

    def cleared():
        monkeypatch.chdir(tmp_path)
        shutil.rmtree(used, ignore_errors=True)
        shutil.copytree(first, used)
        monkeypatch.chdir(used)

    return cleared


def _picture(name):
    [path] = Path().glob(RESULTS.get(name, "out.palimpsest"))
    return load_project(path).history.current.image if path.suffix == ".palimpsest" else read_image(path)


@pytest.mark.parametrize("name", COMMANDS)
def test_work_is_done_there_or_here_and_comes_to_the_same(name, run, tiny, asked, desk):
    desk()
    code, _, told = run(name, *COMMANDS[name], *tiny, "--on", STUDIO)
    assert code == 0 and asked(), told
    there = _picture(name)
    kept_settings.save(Settings(compute_address=STUDIO))
    before = len(asked())
    desk()
    code, _, told = run(name, *COMMANDS[name], *tiny, "--on", "here")
    assert code == 0 and len(asked()) == before, told
    assert np.array_equal(there, _picture(name))


def test_without_it_the_work_is_done_where_the_settings_say(run, tiny, asked, desk):
    kept_settings.save(Settings(compute_address=STUDIO))
    desk()
    assert run("new", *COMMANDS["new"], *tiny)[0] == 0 and asked()


@pytest.mark.parametrize("name", COMMANDS)
def test_where_nobody_is_there_it_is_one_sentence(name, run, tiny, asked, desk, line, monkeypatch):
    monkeypatch.setattr(Studio, "lines", lambda self: [])
    monkeypatch.setattr(Studio, "facts", lambda self: [])
    desk()
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    code, out, _ = run(name, *COMMANDS[name], *tiny, "--on", STUDIO, "--json")
    assert code == 1 and "palimpsest worker" in json.loads(out)["error"]
    assert {path: path.read_bytes() for path in before} == before


def test_every_command_that_takes_a_model_takes_it():
    group = typer.main.get_command(app)
    taking = {
        option: {name for name, each in group.commands.items() if any(option in p.opts for p in each.params)}
        for option in ("--model", "--on")
    }
    assert taking["--on"] == taking["--model"] - {"demo"} == set(COMMANDS)
