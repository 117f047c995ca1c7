"""The project file: saving and loading is the identity, and damage is told in one sentence."""

import dataclasses
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
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
from editor_core.document.layers import RasterLayer
from editor_core.messages.run import RunRecord
from editor_core.project import archive, png
from editor_core.project.project_file import PROJECT, cache_spaces, load_project, save_project
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
    assert not loaded.dirty and not loaded.can_undo
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


def test_a_turn_whose_record_makes_no_sense_is_refused(saved: Path, tmp_path: Path):
    turn = load_project(saved).history.current
    broken = dataclasses.replace(turn, record=RunRecord(warmup_steps="six"))
    save_project(Document.new_from_turn(dataclasses.replace(broken, parent=None)), tmp_path / "b.palimpsest")
    with pytest.raises(ProjectError, match="makes no sense"):
        load_project(tmp_path / "b.palimpsest")


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


def test_a_turn_under_another_name(saved: Path, tmp_path: Path):
    path = rewritten(
        saved,
        tmp_path / "odd.palimpsest",
        lambda name, data: data.replace(b'"id": "', b'"id": "x') if name.endswith("turn.json") else data,
    )
    assert "damaged" in sentence_of(path)


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
    assert "no file" in sentence_of(tmp_path / "none.palimpsest")
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
    for position in np.random.default_rng(0).integers(0, len(whole), 150):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        path.write_bytes(damaged)
        try:
            assert contents(load_project(path)) == expected  # a byte of no meaning
        except ProjectError as error:
            assert path.name in str(error)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "one"},
        {"format": True},
        {"format": 0},
        {"width": "wide"},
        {"width": 10**6},
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
    assert "damaged" in sentence_of(with_project(saved, tmp_path / "odd.palimpsest", **changes))


def test_groups_nested_without_end(saved: Path, tmp_path: Path):
    group: dict[str, object] = {"kind": "group", "name": "g", "id": "0123456789ab", "children": []}
    for level in range(100):
        group = {"kind": "group", "name": "g", "id": f"{level:012x}", "children": [group]}
    assert "damaged" in sentence_of(with_project(saved, tmp_path / "deep.palimpsest", layers=[group]))
    deep = b'{"a":' * 100_000
    path = rewritten(
        saved, tmp_path / "deeper.palimpsest", lambda name, data: deep if name == PROJECT else data
    )
    assert "damaged" in sentence_of(path)


def test_a_newer_format_is_named(saved: Path, tmp_path: Path):
    assert "newer version" in sentence_of(with_project(saved, tmp_path / "new.palimpsest", format=2))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("turn.json", b"{"),
        ("turn.json", b"[1]"),
        ("turn.json", b'{"id": "0123456789ab"}'),
        ("turn.json", b'{"id": "0123456789ab", "seed": "many"}'),
        ("turn.json", None),
        ("image.png", b"not a picture"),
        ("image.png", png.encode_png(np.zeros((3, 3), np.uint8))),
        ("image.png", None),
        ("mask.png", png.encode_png(np.zeros((3, 3), np.uint8))),
        ("latents.safetensors", b"\xff" * 40),
        ("latents.safetensors", b""),
    ],
)
def test_a_damaged_turn(saved: Path, tmp_path: Path, part: str, content: bytes | None):
    def change(name: str, data: bytes) -> bytes | None:
        return content if name.startswith("editor/turns/") and name.endswith(part) else data

    path = rewritten(saved, tmp_path / "odd.palimpsest", change)
    assert "damaged" in sentence_of(path)


def test_turns_in_the_wrong_order(saved: Path, tmp_path: Path):
    with zipfile.ZipFile(saved) as file:
        turns = json.loads(file.read(PROJECT))["turns"]
    path = with_project(saved, tmp_path / "odd.palimpsest", turns=turns[::-1])
    assert "history does not fit" in sentence_of(path)


# -- hostile


def test_a_zip_bomb_is_refused(tmp_path: Path):
    path = tmp_path / "bomb.palimpsest"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("stack.xml", b"<image w='1' h='1'><stack/></image>")
        file.writestr("data/zeros", bytes(80 * 2**20))
    assert "unpacks to far more" in sentence_of(path)


def test_pictures_beyond_the_limit_are_refused(saved: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL_PIXELS", 100_000)
    assert "more pixels" in sentence_of(saved)
    monkeypatch.undo()
    huge = io.BytesIO()
    png.Image.new("L", (png.MAX_SIDE + 1, 1)).save(huge, "PNG")
    path = rewritten(
        saved,
        tmp_path / "huge.palimpsest",
        lambda name, data: huge.getvalue() if name.endswith("mask.png") else data,
    )
    assert "16384 a side" in sentence_of(path)


def test_a_source_outside_the_file_is_refused(saved: Path, tmp_path: Path):
    layer = {
        "kind": "raster",
        "id": "0123456789ab",
        "name": "x",
        "left": 0,
        "top": 0,
        "source": "../secret.png",
    }
    assert "missing" in sentence_of(with_project(saved, tmp_path / "odd.palimpsest", layers=[layer]))


def test_an_entry_too_large_for_its_kind_is_refused(saved: Path, monkeypatch):
    monkeypatch.setattr("editor_core.project.archive.MAX_TEXT", 10)
    assert "too large" in sentence_of(saved)


def test_an_encrypted_entry_is_refused(saved: Path, tmp_path: Path):
    data = saved.read_bytes()
    name = b"editor/project.json"
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
    flagged = bytearray(data)
    flagged[at + 8] |= 1
    path = tmp_path / "locked.palimpsest"
    path.write_bytes(flagged)
    assert "cannot be read" in sentence_of(path)


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
    assert "“demo.palimpsest” was not saved: the disk cannot hold a file this large." in done.stdout, (
        done.stderr
    )
    assert not done.stderr
    assert path.read_bytes() == saved.read_bytes() and os.listdir(tmp_path) == ["demo.palimpsest"]


def test_latents_file_is_ordinary_safetensors(saved: Path):
    with zipfile.ZipFile(saved) as file:
        name = next(name for name in file.namelist() if name.endswith("latents.safetensors"))
        assert safetensors.numpy.load(file.read(name))["trajectory"].shape == (3, 4, 4, 5)
