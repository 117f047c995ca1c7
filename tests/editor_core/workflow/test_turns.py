"""Between document and session with a real one: painting becomes a turn of its own, large pictures come and go."""

import numpy as np
import pytest

from editor_core.backbones.unet import row_step
from editor_core.base.settings import Settings
from editor_core.document.commands import AcceptTurn, AddLayer, JumpToTurn
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Generate, OpenPicture, Sampling
from editor_core.project.project_file import load_project, save_project
from editor_core.session.session import Session
from editor_core.workflow.turns import (
    edit_request,
    painted_picture,
    painted_turn,
    painting_request,
    turn_from_result,
)
from support.engine_runs import rows_only
from support.tiny_models import tiny_folder

SAMPLING = Sampling(seed=3, steps=4, guidance=3.0)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setattr(row_step, "choose", rows_only)
    settings = Settings(model=str(tiny_folder("default")), device="cpu", cache_folder=str(tmp_path / "cache"))
    with Session(settings) as session:
        yield lambda request: session.run(1, request, lambda event: None)


def paint(document: Document) -> None:
    pixels = np.full((16, 16, 4), (10, 200, 30, 255), np.uint8)
    document.execute(AddLayer(RasterLayer(name="paint", tiles=Tiles(4).with_pixels(32, 40, pixels))))


def corner(document: Document) -> np.ndarray:
    mask = np.zeros((document.height, document.width), np.uint8)
    mask[:30, :30] = 255
    return mask


def asked(document):
    """The request to read what was painted."""
    turn = document.history.current
    return painting_request(document, turn, painted_picture(document.snapshot(), turn))


def test_painting_is_a_turn_on_its_parent_also_after_reopening(run, tmp_path):
    document = Document.new_from_turn(turn_from_result(run(Generate("a red cat", 96, 96, SAMPLING)), None))
    assert painted_picture(document.snapshot(), document.history.current) is None
    paint(document)
    result = run(asked(document))
    assert result.method == "paint"
    document.execute(AcceptTurn(painted_turn(result, document.history.current), shown=True))
    painted = document.picture()
    assert painted_picture(document.snapshot(), document.history.current) is None
    save_project(document, tmp_path / "painted.palimpsest")
    document = load_project(tmp_path / "painted.palimpsest")
    request = edit_request(document, "a blue cat", mask=corner(document))
    assert [turn.method for turn in request.lineage] == ["generate", "paint"]
    edited = run(request)
    assert edited.log["executor"] == "incremental"
    assert np.array_equal(edited.image[edited.mask == 0], painted[edited.mask == 0])


def test_every_turn_of_a_reopened_project_is_edited_from_what_the_cache_kept(monkeypatch, tmp_path):
    """A chain of two edits and a branch; another session then edits each turn, with the cache and with none."""
    monkeypatch.setattr(row_step, "choose", rows_only)
    model = {"model": str(tiny_folder("default")), "device": "cpu"}
    kept = Settings(**model, cache_folder=str(tmp_path / "cache"))
    with Session(kept) as session:
        first = turn_from_result(session.run(1, Generate("a red cat", 96, 96, SAMPLING), ignore), None)
        document = Document.new_from_turn(first)
        for words, parent in (("a blue cat", None), ("a green cat", None), ("a red dog", first.id)):
            if parent is not None:
                document.execute(JumpToTurn(parent))
            edited = session.run(2, edit_request(document, words, mask=corner(document)), ignore)
            document.execute(AcceptTurn(turn_from_result(edited, document.history.current_id), shown=True))
    save_project(document, tmp_path / "walk.palimpsest")
    document = load_project(tmp_path / "walk.palimpsest")
    settings = {"cache": kept, "none": Settings(**model, cache_folder=str(tmp_path / "empty"))}
    results: dict[str, list] = {name: [] for name in settings}
    for name, each in settings.items():
        with Session(each) as session:
            for turn in list(document.history):
                document.execute(JumpToTurn(turn.id))
                request = edit_request(document, "an owl", mask=corner(document)[::-1, ::-1].copy())
                results[name].append(session.run(3, request, ignore))
    assert [len(results[name]) for name in settings] == [4, 4]
    for cached, anew in zip(results["cache"], results["none"], strict=True):
        assert cached.log["steps_recomputed"] == 0 and cached.log["executor"] == "incremental"
        assert np.abs(cached.latents["trajectory"] - anew.latents["trajectory"]).max() < 2e-3
    assert results["none"][0].log["steps_recomputed"] == SAMPLING.steps


def ignore(event) -> None:
    """Nobody listens."""


def test_a_large_picture_is_edited_painted_saved_and_edited_again(run, tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (96, 600, 3), np.uint8)
    document = Document.new_from_turn(
        turn_from_result(run(OpenPicture(picture, "a red cat", SAMPLING)), None)
    )
    parent = document.history.current_id
    document.execute(
        AcceptTurn(turn_from_result(run(edit_request(document, "a blue cat", mask=corner(document))), parent))
    )
    paint(document)
    result = run(asked(document))
    document.execute(AcceptTurn(painted_turn(result, document.history.current), shown=True))
    save_project(document, tmp_path / "large.palimpsest")
    document = load_project(tmp_path / "large.palimpsest")
    edited = run(edit_request(document, "a green cat", mask=corner(document)))
    assert edited.record.window == (0, 0, 128, 96)
    assert np.array_equal(edited.image[edited.mask == 0], document.picture()[edited.mask == 0])
