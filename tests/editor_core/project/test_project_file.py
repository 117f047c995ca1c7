"""The project file: saving and loading is the identity, and damage is told in one sentence."""

import dataclasses
import io
import json
import os
import signal
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.base.errors import ProjectError
from editor_core.document.commands import AcceptTurn, AddLayer, RenameTurn
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import MaskLayer, RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.run import RunRecord
from editor_core.project import archive, capacity, png, turn_files
from editor_core.project.project_file import (
    PROJECT,
    DamagedOriginalError,
    cache_spaces,
    load_project,
    save_project,
)
from support.documents import contents, full_document, make_turn, random_tiles


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "demo.palimpsest"
    save_project(full_document(), path)
    return path


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a zip with entries changed, or left out where ``change`` returns None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data = change(entry.filename, old.read(entry))
            if data is not None:
                new.writestr(entry.filename, data)
    return target


def with_project(source: Path, target: Path, **changes: object) -> Path:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps({**json.loads(data), **changes}).encode() if name == PROJECT else data

    return rewritten(source, target, change)


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


# -- damage


def sentence_of(path: Path) -> str:
    with pytest.raises(ProjectError) as caught:
        load_project(path)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and path.name in sentence
    return sentence


def test_a_missing_file_a_folder_and_a_foreign_file(tmp_path: Path):
    assert "does not exist" in sentence_of(tmp_path / "none.palimpsest")
    (tmp_path / "folder.palimpsest").mkdir()
    assert "is a folder" in sentence_of(tmp_path / "folder.palimpsest")
    (tmp_path / "text.palimpsest").write_text("not a zip")
    assert "is not a Palimpsest" in sentence_of(tmp_path / "text.palimpsest")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr("readme.txt", "hello")
    assert "is not a Palimpsest" in sentence_of(tmp_path / "other.zip")


def test_a_truncated_file_is_told_apart_at_every_length(saved: Path, tmp_path: Path):
    whole = saved.read_bytes()
    path = tmp_path / "cut.palimpsest"
    for length in np.linspace(0, len(whole) - 1, 40).astype(int):
        path.write_bytes(whole[:length])
        sentence_of(path)


def test_flipped_bytes_never_open_as_something_else(saved: Path, tmp_path: Path):
    whole = bytearray(saved.read_bytes())
    expected = contents(load_project(saved))
    path = tmp_path / "flipped.palimpsest"
    for position in np.random.default_rng(0).integers(0, len(whole), 60):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        path.write_bytes(damaged)
        try:
            found = load_project(path)
        except ProjectError as error:
            assert path.name in str(error)
            continue
        assert found.origin.lost or contents(found) == expected  # a byte of no meaning
        kept = {turn["id"]: turn for turn in contents(found)["turns"]}
        before = {turn["id"]: turn for turn in expected["turns"]}
        assert all(kept[key]["image"] == before[key]["image"] for key in kept)


def lost_of(path: Path) -> tuple[str, ...]:
    """What was told of a file that opened in part."""
    lost = tuple(map(str, load_project(path).origin.lost))
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in lost)
    return lost


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "one"},
        {"format": True},
        {"format": 0},
        {"width": "wide"},
        {"width": 10**6},
        {"width": 200.0, "height": float("nan")},
        {"saved": 5, "current_turn": 7},
        {"layers": 5},
        {"layers": [{"kind": "cloud"}]},
        {"layers": [{"kind": "group", "name": "g", "id": "../../etc", "children": []}]},
        {"layers": [{"kind": "group", "name": 5, "id": "0123456789ab", "children": []}]},
        {"layers": [{"kind": "group", "name": "g", "id": "0123456789ab", "opacity": 7, "children": []}]},
        {"layers": [{"kind": "group", "name": "g", "id": "0123456789ab", "children": []}] * 2},
        {"turns": ["0123456789ab"]},
        {"turns": ["../../editor"]},
        {"turns": []},
        {"current_turn": "0123456789ab"},
        {"settings": None, "layers": None},
    ],
)
def test_a_table_of_contents_that_makes_no_sense(saved: Path, tmp_path: Path, changes: dict[str, object]):
    """Something is told, what is whole is kept, and what was opened can be saved and opened once more."""
    path = with_project(saved, tmp_path / "odd.palimpsest", **changes)
    assert lost_of(path)
    document, expected = load_project(path), contents(load_project(saved))
    if "turns" not in changes:
        assert [turn["image"] for turn in contents(document)["turns"]] == [
            turn["image"] for turn in expected["turns"]
        ]
    if "layers" not in changes and "format" not in changes:
        assert contents(document)["layers"] == expected["layers"]
    assert np.array_equal(document.picture(), load_project(saved).picture()) or "layers" in changes
    save_project(document, tmp_path / "mended.palimpsest")
    assert lost_of(tmp_path / "mended.palimpsest") == ()


def test_groups_nested_without_end(saved: Path, tmp_path: Path):
    group: dict[str, object] = {"kind": "group", "name": "g", "id": "0123456789ab", "children": []}
    for level in range(100):
        group = {"kind": "group", "name": "g", "id": f"{level:012x}", "children": [group]}
    assert "nested too deeply" in " ".join(
        lost_of(with_project(saved, tmp_path / "deep.palimpsest", layers=[group]))
    )
    deep = b'{"a":' * 100_000
    path = rewritten(
        saved, tmp_path / "deeper.palimpsest", lambda name, data: deep if name == PROJECT else data
    )
    assert "table of contents" in lost_of(path)[0]


def test_a_newer_format_is_named(saved: Path, tmp_path: Path):
    assert "newer version" in sentence_of(with_project(saved, tmp_path / "new.palimpsest", format=2))


png_of_three = png.encode_png(np.zeros((3, 3), np.uint8))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("turn.json", b"{"),
        ("turn.json", b"[1]"),
        ("turn.json", b'{"id": "0123456789ab"}'),
        ("turn.json", b'{"id": "0123456789ab", "seed": "many"}'),
        ("turn.json", None),
        ("image.png", b"not a picture"),
        ("image.png", png_of_three),
        ("image.png", None),
        ("mask.png", png_of_three),
        ("latents.safetensors", b"\xff" * 40),
        ("latents.safetensors", b""),
    ],
)
def test_a_damaged_turn(saved: Path, tmp_path: Path, part: str, content: bytes | None):
    def change(name: str, data: bytes) -> bytes | None:
        return content if name.startswith("editor/turns/") and name.endswith(part) else data

    path = rewritten(saved, tmp_path / "odd.palimpsest", change)
    document = load_project(path)
    assert document.origin.lost
    keeps_picture = part not in ("turn.json", "image.png") or content is png_of_three
    assert len(document.history) == (2 if keeps_picture else 0)
    assert np.array_equal(document.picture(), load_project(saved).picture())
    save_project(document, tmp_path / "mended.palimpsest")
    assert contents(load_project(tmp_path / "mended.palimpsest")) == contents(document)


def test_a_damaged_turn_costs_no_other(tmp_path: Path):
    first = make_turn(1)
    second, third = make_turn(2, first), make_turn(3, first)
    fourth = make_turn(4, second)
    document = Document.new_from_turn(first)
    for turn in (second, third, fourth):
        document.execute(AcceptTurn(turn))
    save_project(document, tmp_path / "four.palimpsest")

    def change(name: str, data: bytes) -> bytes:
        return b"no picture" if name == f"editor/turns/{second.id}/image.png" else data

    opened = load_project(rewritten(tmp_path / "four.palimpsest", tmp_path / "odd.palimpsest", change))
    assert [turn.id for turn in opened.history] == [first.id, third.id, fourth.id]
    assert opened.history[third.id].parent == first.id
    alone = opened.history[fourth.id]
    assert (alone.parent, alone.method, list(alone.latents)) == (None, "open", ["trajectory"])
    assert np.array_equal(alone.image, fourth.image)
    assert tuple(map(str, opened.origin.lost)) == (
        "Turn 2 cannot be read.",
        "The turn before “picture 4” is missing.",
    )


def test_turns_made_from_one_whose_latents_are_damaged_stand_alone(tmp_path: Path):
    first = make_turn(1)
    document = Document.new_from_turn(first)
    document.execute(AcceptTurn(make_turn(2, first)))
    save_project(document, tmp_path / "two.palimpsest")
    latents = f"editor/turns/{first.id}/latents.safetensors"
    path = rewritten(
        tmp_path / "two.palimpsest",
        tmp_path / "odd.palimpsest",
        lambda name, data: data[: len(data) // 2] if name == latents else data,
    )
    base, edit = load_project(path).history
    assert not base.latents and np.array_equal(base.image, first.image)
    assert (edit.parent, edit.method) == (base.id, "open")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_latents_that_are_no_numbers_are_refused_when_they_are_read(tmp_path: Path, value: float):
    latents = {"trajectory": np.full((2, 3), value, np.float32), "noise": np.zeros(2, np.float16)}
    save_project(Document.new_from_turn(make_turn(1, latents=latents)), tmp_path / "nan.palimpsest")
    turn = load_project(tmp_path / "nan.palimpsest").history.current
    for name in latents:
        with pytest.raises(ProjectError, match="is not valid"):
            turn.latents[name]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("created", "yesterday", True),
        ("created", "0001-01-01T00:00:00+00:00", True),
        ("created", 7, True),
        ("seconds", -1, True),
        ("name", ["x"], True),
        ("steps", 20.0, False),
        ("guidance", "NaN", False),
        ("parent", 5, False),
        ("prompt", None, False),
        ("log", [1], False),
    ],
)
def test_a_value_of_a_turn_that_makes_no_sense(
    saved: Path, tmp_path: Path, field: str, value: object, kept: bool
):
    def change(name: str, data: bytes) -> bytes:
        return json.dumps({**json.loads(data), field: value}).encode() if name.endswith("turn.json") else data

    document = load_project(rewritten(saved, tmp_path / "odd.palimpsest", change))
    assert document.origin.lost and len(document.history) == 2
    for turn in document.history:
        assert datetime.fromisoformat(turn.created).astimezone()
        assert (turn.method != "open") == kept


def test_numbers_that_json_has_not_come_back_as_nothing(saved: Path, tmp_path: Path):
    def change(name: str, data: bytes) -> bytes:
        return (
            data.replace(b'"share": 0.125', b'"share": NaN, "far": 1e999')
            if name.endswith("turn.json")
            else data
        )

    for turn in load_project(rewritten(saved, tmp_path / "odd.palimpsest", change)).history:
        assert turn.log["share"] is None and turn.log["far"] is None


def test_turns_in_the_wrong_order_are_put_right(saved: Path, tmp_path: Path):
    with zipfile.ZipFile(saved) as file:
        turns = json.loads(file.read(PROJECT))["turns"]
    path = with_project(saved, tmp_path / "odd.palimpsest", turns=turns[::-1])
    assert contents(load_project(path)) == contents(load_project(saved))


def test_turns_that_come_from_each_other_stand_alone(tmp_path: Path):
    first = make_turn(1)
    document = Document.new_from_turn(first)
    document.execute(AcceptTurn(second := make_turn(2, first)))
    save_project(document, tmp_path / "two.palimpsest")

    def change(name: str, data: bytes) -> bytes:
        if name != f"editor/turns/{first.id}/turn.json":
            return data
        return json.dumps({**json.loads(data), "parent": second.id}).encode()

    opened = load_project(rewritten(tmp_path / "two.palimpsest", tmp_path / "odd.palimpsest", change))
    assert len(opened.history) == 2 and len(opened.history.root_ids) == 1 and opened.origin.lost


def test_a_damaged_layer_costs_no_other_layer_and_no_turn(saved: Path, tmp_path: Path):
    path = rewritten(
        saved,
        tmp_path / "odd.palimpsest",
        lambda name, data: b"no picture" if name.startswith("editor/layers/") else data,
    )
    document, whole = load_project(path), load_project(saved)
    names = [layer.name for layer in whole.layers.walk()]
    kept = [layer.name for layer in document.layers.walk()]
    assert kept == [name for name in names if name not in ("mask", "sketch", "region")]
    assert len(document.origin.lost) == 3 and len(document.history) == 2


def test_nothing_is_saved_over_a_damaged_file_unless_asked(saved: Path, tmp_path: Path):
    path = rewritten(
        saved,
        tmp_path / "odd.palimpsest",
        lambda name, data: b"no picture" if name.startswith("editor/layers/") else data,
    )
    before = path.read_bytes()
    document = load_project(path)
    with pytest.raises(DamagedOriginalError, match="under another name"):
        save_project(document, path)
    assert path.read_bytes() == before
    save_project(document, path, over_damaged=True)
    assert load_project(path).origin.lost == () and (tmp_path / "odd.palimpsest.bak").read_bytes() == before
    save_project(document, path)  # it is no damaged file any more


# -- limits that are the same for writer and reader


def test_more_turns_of_large_pictures_than_fit_into_memory_come_back(tmp_path: Path):
    document = Document.new_from_turn(make_turn(1, size=(4, 4), latents={}))
    image = np.zeros((8192, 8192, 3), np.uint8)
    image.flags.writeable = False
    data = io.BytesIO()
    png.Image.fromarray(image).save(data, "PNG", compress_level=1)
    png.ENCODED.remember(image, data.getvalue())  # our own encoder takes seconds for it
    for number in range(17):
        document.history.add(make_turn(2 + number, image=image, latents={}))
    save_project(document, tmp_path / "large.palimpsest")
    opened = load_project(tmp_path / "large.palimpsest")
    assert opened.origin.lost == () and [turn.shape for turn in opened.history][1:] == [(8192, 8192)] * 17


def test_a_layer_wider_than_a_picture_may_be_is_stored_in_parts(tmp_path: Path):
    document = Document(64, 32)
    tiles = (
        Tiles(4).filled(Rect(-9000, 5, 7, 7), (9, 8, 7, 255)).filled(Rect(12_000, 2, 3, 3), (1, 2, 3, 255))
    )
    tiles = tiles.filled(Rect(10, 10, 4, 4), (200, 0, 0, 255))
    document.execute(AddLayer(RasterLayer(name="wide", tiles=tiles)))
    document.execute(AddLayer(MaskLayer(name="mask", tiles=Tiles(1).filled(Rect(0, 0, 17_000, 1), (255,)))))
    save_project(document, tmp_path / "wide.palimpsest")
    assert contents(load_project(tmp_path / "wide.palimpsest")) == contents(document)
    plain = rewritten(
        tmp_path / "wide.palimpsest",
        tmp_path / "plain.ora",
        lambda name, data: None if name.startswith("editor/") else data,
    )
    assert np.array_equal(load_project(plain).picture(), document.picture())


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_LAYERS", 3, "layers, but at most 3"),
        ("MAX_TURNS", 1, "turns, but at most 1"),
        ("MAX_DEPTH", 2, "more than 2 deep"),
        ("MAX_WORDS", 5, "more than 5 characters"),
        ("MAX_NAME", 2, "is too long"),
        ("MAX_LATENTS_BYTES", 100, "data of a turn is too large"),
    ],
)
def test_what_could_not_be_opened_again_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch, limit: str, value: int, words: str
):
    document = full_document()
    path = tmp_path / "much.palimpsest"
    save_project(Document(8, 8), path)
    before = path.read_bytes()
    monkeypatch.setattr(capacity, limit, value)
    with pytest.raises(ProjectError, match=words) as caught:
        save_project(document, path)
    assert str(caught.value).startswith("“much.palimpsest” was not saved: ")
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["much.palimpsest"]


def test_a_save_that_would_not_open_again_leaves_the_old_file(tmp_path: Path, monkeypatch):
    path = tmp_path / "demo.palimpsest"
    save_project(Document.new_from_turn(make_turn(1)), path)
    before = path.read_bytes()
    monkeypatch.setattr(turn_files.ENCODED, "array", lambda pixels: b"no picture")
    with pytest.raises(ProjectError, match="could not be opened again"):
        save_project(Document.new_from_turn(make_turn(2)), path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["demo.palimpsest"]


def test_layers_that_would_take_too_much_memory_are_refused_by_both(tmp_path: Path, monkeypatch):
    document = full_document()
    save_project(document, tmp_path / "a.palimpsest")
    monkeypatch.setattr(archive, "MIN_LAYER_BYTES", 1000)
    monkeypatch.setattr(archive, "MAX_PIXEL_RATIO", 0.01)
    assert "more pixels" in sentence_of(tmp_path / "a.palimpsest")
    with pytest.raises(ProjectError, match="Merge some"):
        save_project(document, tmp_path / "b.palimpsest")


# -- images and latents that wait in the file


def test_pictures_are_read_when_they_are_looked_at(tmp_path: Path, monkeypatch):
    document = Document.new_from_turn(first := make_turn(1))
    document.execute(AcceptTurn(make_turn(2, first)))
    save_project(document, tmp_path / "two.palimpsest")
    decoded: list[str] = []
    original = archive.decode_png
    monkeypatch.setattr(
        archive, "decode_png", lambda data, mode: decoded.append(mode) or original(data, mode)
    )
    opened = load_project(tmp_path / "two.palimpsest")
    assert decoded.count("RGB") == 1  # the shown turn, which the Picture layer is compared with
    base = opened.history[first.id]
    opened.execute(RenameTurn(base.id, "sky"))
    renamed = opened.history[base.id]
    assert (renamed.shape, renamed.nbytes, renamed.name) == (first.shape, first.nbytes, "sky")
    save_project(opened, tmp_path / "again.palimpsest")
    assert decoded.count("RGB") == 1
    assert np.array_equal(renamed.image, first.image) and renamed.image is renamed.image
    assert decoded.count("RGB") == 2 and not renamed.image.flags.writeable


def test_what_waits_in_a_file_outlives_the_file(tmp_path: Path, monkeypatch):
    for limit in (archive.IN_MEMORY_BYTES, 0):
        monkeypatch.setattr(archive, "IN_MEMORY_BYTES", limit)
        path = tmp_path / "gone.palimpsest"
        save_project(document := full_document(), path)
        opened = load_project(path)
        save_project(Document(3, 3), path)
        path.unlink()
        (tmp_path / "gone.palimpsest.bak").unlink()
        assert contents(opened) == contents(document)


# -- hostile


def test_a_zip_bomb_is_refused(tmp_path: Path):
    path = tmp_path / "bomb.palimpsest"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("stack.xml", b"<image w='1' h='1'><stack/></image>")
        file.writestr("data/zeros", bytes(80 * 2**20))
    assert "unpacked contents are too large" in sentence_of(path)


def test_pictures_beyond_the_limit_are_left_out(saved: Path, tmp_path: Path):
    huge = io.BytesIO()
    png.Image.new("L", (png.MAX_SIDE + 1, 1)).save(huge, "PNG")
    path = rewritten(
        saved,
        tmp_path / "huge.palimpsest",
        lambda name, data: huge.getvalue() if name.endswith("mask.png") else data,
    )
    assert any("mask" in sentence for sentence in lost_of(path))


def test_a_source_outside_the_file_is_refused(saved: Path, tmp_path: Path):
    layer = {
        "kind": "raster",
        "id": "0123456789ab",
        "name": "x",
        "left": 0,
        "top": 0,
        "source": "../secret.png",
    }
    (told,) = lost_of(with_project(saved, tmp_path / "odd.palimpsest", layers=[layer]))
    assert "“x”" in told


def test_a_text_too_large_for_its_kind_is_not_read(saved: Path, monkeypatch):
    monkeypatch.setattr("editor_core.project.archive.MAX_TEXT", 10)
    assert "table of contents" in lost_of(saved)[0]


def test_an_encrypted_table_of_contents_is_not_read(saved: Path, tmp_path: Path):
    data = saved.read_bytes()
    name = b"editor/project.json"
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
    flagged = bytearray(data)
    flagged[at + 8] |= 1
    path = tmp_path / "locked.palimpsest"
    path.write_bytes(flagged)
    assert "table of contents" in lost_of(path)[0] and len(load_project(path).history) == 2


def test_a_list_of_a_million_entries_is_not_even_read(tmp_path: Path):
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 9, 1, *[0] * 6) + b"a"
    directory = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(directory), 0, 0)
    path = tmp_path / "flood.palimpsest"
    path.write_bytes(directory + end)
    assert "unpacked contents are too large" in sentence_of(path)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX systems")
def test_what_is_no_ordinary_file_is_neither_read_nor_replaced(tmp_path: Path):
    pipe = tmp_path / "pipe.palimpsest"
    os.mkfifo(pipe)
    for special in (pipe, Path("/dev/zero")):
        with pytest.raises(ProjectError, match="not a regular file"):
            load_project(special)
        with pytest.raises(ProjectError, match="not a regular file"):
            save_project(Document(2, 2), special)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


# -- saving that fails, or is killed

SAVE_AGAIN = """
import sys
from pathlib import Path
from types import MappingProxyType
sys.path[:0] = {paths!r}
from editor_core.project.project_file import load_project, save_project
path = Path({path!r})
document = load_project(path)
print("ready", flush=True)
while True:
    save_project(document, path)
    print("saved", flush=True)
"""


def test_killing_the_process_during_a_save_leaves_a_whole_file(saved: Path, tmp_path: Path):
    path = tmp_path / "demo.palimpsest"
    path.write_bytes(saved.read_bytes())
    expected = contents(load_project(path))
    script = SAVE_AGAIN.format(paths=[str(Path.cwd())], path=str(path))
    random = np.random.default_rng(0)
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            for _ in range(random.integers(0, 4)):
                process.stdout.readline()
            try:
                process.wait(timeout=float(random.uniform(0, 0.03)))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert contents(load_project(path)) == expected
        backup = tmp_path / "demo.palimpsest.bak"
        assert not backup.exists() or contents(load_project(backup)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")
def test_a_disk_that_takes_no_more_leaves_the_old_file(saved: Path, tmp_path: Path):
    path = tmp_path / "demo.palimpsest"
    path.write_bytes(saved.read_bytes())
    script = f"""
import resource, sys
from pathlib import Path
from types import MappingProxyType
sys.path.insert(0, {str(Path.cwd())!r})
from editor_core.base.errors import ProjectError
from editor_core.project.project_file import load_project, save_project
path = Path({str(path)!r})
document = load_project(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    save_project(document, path)
except ProjectError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "“demo.palimpsest” was not saved: the file is too large for the disk." in done.stdout, done.stderr
    assert not done.stderr
    assert path.read_bytes() == saved.read_bytes() and os.listdir(tmp_path) == ["demo.palimpsest"]


def test_latents_file_is_ordinary_safetensors(saved: Path):
    with zipfile.ZipFile(saved) as file:
        name = next(name for name in file.namelist() if name.endswith("latents.safetensors"))
        assert safetensors.numpy.load(file.read(name))["trajectory"].shape == (3, 4, 4, 5)
