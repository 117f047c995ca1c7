"""Damage to a project costs what it hit, and is told in one sentence."""

import json
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from editor_core.base.errors import ProjectError
from editor_core.document.commands import AcceptTurn
from editor_core.document.document import Document
from editor_core.project import png
from editor_core.project.project_file import (
    PROJECT,
    DamagedOriginalError,
    load_project,
    save_project,
)
from support.documents import contents, make_turn
from support.project_files import lost_of, rewritten, sentence_of, with_project


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
