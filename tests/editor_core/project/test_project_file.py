"""The project file: saving and loading is the identity."""

import dataclasses
import json
import os
import zipfile
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.document.commands import AcceptTurn, AddLayer, RenameTurn
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.messages.run import RunRecord
from editor_core.project import png
from editor_core.project.project_file import (
    PROJECT,
    cache_spaces,
    load_project,
    save_project,
)
from support.documents import contents, full_document, make_turn, random_tiles
from support.project_files import lost_of, rewritten, with_project


def test_a_document_comes_back_to_the_last_bit(tmp_path: Path):
    document = full_document()
    path = tmp_path / "demo.palimpsest"
    save_project(document, path)
    loaded = load_project(path)
    assert contents(loaded) == contents(document)
    assert not loaded.dirty and loaded.undo_stack.next_undo is None
    save_project(loaded, path)
    assert contents(load_project(path)) == contents(document)


def test_a_snapshot_is_saved_as_it_was(tmp_path: Path):
    document = full_document()
    snapshot = document.snapshot()
    before = contents(document)
    document.execute(AcceptTurn(make_turn(9)))
    save_project(snapshot, tmp_path / "demo.palimpsest")
    assert contents(load_project(tmp_path / "demo.palimpsest")) == before


@settings(max_examples=25, deadline=None)
@given(
    prompt=st.text(max_size=40),
    name=st.text(max_size=20),
    seed=st.integers(0, 2**63),
    guidance=st.floats(allow_nan=False, allow_infinity=False),
    rect=st.builds(
        Rect, st.integers(-300, 300), st.integers(-300, 300), st.integers(1, 200), st.integers(1, 9)
    ),
    opacity=st.floats(0, 1),
    offset=st.integers(-500, 500),
)
def test_any_words_numbers_and_places_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    prompt: str,
    name: str,
    seed: int,
    guidance: float,
    rect: Rect,
    opacity: float,
    offset: int,
):
    turn = make_turn(1, size=(9, 14), prompt=prompt, name=name, guidance=guidance)
    document = Document.new_from_turn(turn)
    tiles = random_tiles(seed % 1000, 4, rect)
    document.execute(AddLayer(RasterLayer(name=name, opacity=opacity, x=offset, y=-offset, tiles=tiles)))
    path = tmp_path_factory.mktemp("any") / "any.palimpsest"
    save_project(document, path)
    assert contents(load_project(path)) == contents(document)


def test_the_previous_save_stays_as_a_backup(tmp_path: Path):
    path = tmp_path / "demo.palimpsest"
    document = Document.new_from_turn(make_turn(1))
    save_project(document, path)
    first = contents(document)
    document.execute(RenameTurn(document.history.root_ids[0], "later"))
    save_project(document, path)
    document.execute(RenameTurn(document.history.root_ids[0], "last"))
    assert contents(load_project(tmp_path / "demo.palimpsest.bak")) == first
    assert sorted(os.listdir(tmp_path)) == ["demo.palimpsest", "demo.palimpsest.bak"]


def test_unknown_keys_survive_a_save(saved: Path, tmp_path: Path):
    path = with_project(saved, tmp_path / "newer.palimpsest", perspective={"grid": 3})
    save_project(load_project(path), path)
    with zipfile.ZipFile(path) as file:
        assert json.loads(file.read(PROJECT))["perspective"] == {"grid": 3}


def test_what_belongs_to_the_cache_is_listed(saved: Path):
    with zipfile.ZipFile(saved) as file:
        assert json.loads(file.read(PROJECT))["cache_spaces"] == ["space-1", "space-2"]


def test_the_spaces_of_turns_inside_a_window_are_listed_too(tmp_path: Path):
    record = RunRecord(window=(0, 0, 8, 8), window_turns=({"cache_space": "inside", "record": {}},))
    turn = dataclasses.replace(make_turn(1), record=record, cache_space="own")
    save_project(Document.new_from_turn(turn), tmp_path / "demo.palimpsest")
    assert cache_spaces(tmp_path / "demo.palimpsest") == {"own", "inside"}
    assert load_project(tmp_path / "demo.palimpsest").history.current.record == record


def test_a_turn_whose_record_makes_no_sense_stands_alone(saved: Path, tmp_path: Path):
    turn = load_project(saved).history.current
    broken = dataclasses.replace(turn, record=RunRecord(warmup_steps="six"))
    save_project(Document.new_from_turn(dataclasses.replace(broken, parent=None)), tmp_path / "b.palimpsest")
    found = load_project(tmp_path / "b.palimpsest").history.current
    assert (found.method, found.record) == ("open", RunRecord()) and np.array_equal(found.image, turn.image)


def test_latents_are_stored_as_they_are_seen_not_as_they_lie(tmp_path: Path):
    turned = np.asfortranarray(np.arange(12, dtype=np.float32).reshape(3, 4))
    turned.flags.writeable = False
    scalar = np.array(0.5, np.float32)
    document = Document.new_from_turn(make_turn(1, latents={"turned": turned, "scalar": scalar}))
    save_project(document, tmp_path / "a.palimpsest")
    latents = load_project(tmp_path / "a.palimpsest").history.current.latents
    assert np.array_equal(latents["turned"], turned) and latents["scalar"].shape == ()


def test_what_engines_log_is_saved_whatever_its_type(tmp_path: Path):
    log = {
        "share": np.float32(0.5),
        "words": (1, np.int64(2)),
        "nested": MappingProxyType({"on": np.bool_(True)}),
    }
    save_project(Document.new_from_turn(make_turn(1, log=log)), tmp_path / "a.palimpsest")
    loaded = load_project(tmp_path / "a.palimpsest").history.current
    assert loaded.log == {"share": 0.5, "words": [1, 2], "nested": {"on": True}}
    with pytest.raises(TypeError, match="set cannot be saved"):
        save_project(Document.new_from_turn(make_turn(1, log={"odd": set()})), tmp_path / "b.palimpsest")
    assert os.listdir(tmp_path) == ["a.palimpsest"]


def test_a_turn_under_another_name_is_left_out(saved: Path, tmp_path: Path):
    path = rewritten(
        saved,
        tmp_path / "odd.palimpsest",
        lambda name, data: data.replace(b'"id": "', b'"id": "x') if name.endswith("turn.json") else data,
    )
    assert lost_of(path) == ("Turn 1 cannot be read.", "Turn 2 cannot be read.")


def test_an_opened_picture_has_neither_mask_nor_latents(tmp_path: Path):
    document = Document.new_from_turn(make_turn(1, method="open", latents={}))
    save_project(document, tmp_path / "a.palimpsest")
    assert contents(load_project(tmp_path / "a.palimpsest")) == contents(document)


def test_pixels_that_did_not_change_are_not_encoded_again(saved: Path, tmp_path: Path, monkeypatch):
    document = load_project(saved)
    save_project(document, tmp_path / "a.palimpsest")
    encoded: list[tuple[int, ...]] = []
    original = png.encode_png
    monkeypatch.setattr(png, "encode_png", lambda pixels: encoded.append(pixels.shape) or original(pixels))
    document.execute(RenameTurn(document.history.root_ids[0], "renamed"))
    save_project(document, tmp_path / "a.palimpsest")
    assert encoded == []
    assert contents(load_project(tmp_path / "a.palimpsest")) == contents(document)


def test_without_our_part_the_layers_open(saved: Path, tmp_path: Path):
    plain = rewritten(
        saved, tmp_path / "plain.ora", lambda name, data: None if name.startswith("editor/") else data
    )
    document = load_project(plain)
    assert len(document.history) == 0 and np.array_equal(document.picture(), load_project(saved).picture())


def test_latents_file_is_ordinary_safetensors(saved: Path):
    with zipfile.ZipFile(saved) as file:
        name = next(name for name in file.namelist() if name.endswith("latents.safetensors"))
        assert safetensors.numpy.load(file.read(name))["trajectory"].shape == (3, 4, 4, 5)
