"""What writer and reader refuse alike, what waits in the file until it is looked at, and files made to do harm."""

import io
import os
import stat
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from editor_core.base.errors import ImageFileError, ProjectError
from editor_core.document.commands import AcceptTurn, AddLayer, RenameTurn
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import MaskLayer, RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project import archive, capacity, png, turn_files
from editor_core.project.picture_reading import read_picture
from editor_core.project.project_file import (
    load_project,
    save_project,
)
from support.documents import contents, full_document, make_turn
from support.project_files import lost_of, rewritten, sentence_of, with_project


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


@pytest.mark.parametrize("wide", [False, True])
def test_a_list_of_a_million_entries_is_not_even_read(tmp_path: Path, monkeypatch, wide: bool):
    """Neither as a project nor as a picture, in both forms of the end record."""
    count = 1_000_000
    directory = (struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 9, 1, *[0] * 6) + b"a") * count
    wide_end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(directory), 0, 0)
    path = tmp_path / "flood.palimpsest"
    head = b"PK\x03\x04" if wide else b""
    path.write_bytes(head + directory + (wide_end + locator if wide else b"") + end)
    listed: list[str] = []
    monkeypatch.setattr(zipfile, "ZipInfo", lambda name: listed.append(name) or zipfile.LargeZipFile)
    assert "unpacked contents are too large" in sentence_of(path)
    with pytest.raises(ImageFileError, match="of a kind that can be opened"):
        read_picture(path)
    assert not listed


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
