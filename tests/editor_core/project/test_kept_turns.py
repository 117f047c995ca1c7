"""Turns that lie in the file already are copied as they lie there, and what is saved is what writing them gives."""

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from editor_core.base.errors import ProjectError
from editor_core.document.commands import AcceptTurn, RemoveTurn, RenameTurn
from editor_core.document.document import Document
from editor_core.document.origin import Layout, Origin
from editor_core.project import archive, file_copies, kept_turns, project_file
from editor_core.project.archive import Archive
from editor_core.project.autosave import Autosave, recoverable_files
from editor_core.project.project_file import load_project, save_project, write_project
from editor_core.project.zip_reading import BadZip
from support.documents import contents, full_document, make_turn


@pytest.fixture
def written(monkeypatch) -> list[str]:
    """The ids of the turns that are written one by one."""
    ids: list[str] = []
    write = project_file.write_turn
    monkeypatch.setattr(project_file, "write_turn", lambda to, turn: (ids.append(turn.id), write(to, turn)))
    monkeypatch.setattr(project_file, "utc_now", lambda: "2026-01-01T00:00:00+00:00")
    return ids


def saved(tmp_path: Path) -> tuple[Document, Path]:
    path = tmp_path / "a.palimpsest"
    save_project(document := full_document(), path)
    return document, path


def added(document: Document, seed: int) -> str:
    document.execute(AcceptTurn(turn := make_turn(seed, document.history.current)))
    return turn.id


def written_anew(document: Document, path: Path) -> bytes:
    """What a save gives that knows of no file before."""
    snapshot = document.snapshot()
    save_project(replace(snapshot, origin=Origin()), path)
    return path.read_bytes()


@pytest.mark.parametrize("opened", [False, True])
def test_only_new_turns_are_written_and_the_file_is_the_same(tmp_path, written, opened):
    document, path = saved(tmp_path)
    if opened:
        document = load_project(path)
    for seed in (3, 4):
        written.clear()
        new = added(document, seed)
        save_project(document, path)
        assert written == [new]
        assert path.read_bytes() == written_anew(document, tmp_path / "b.palimpsest")
        assert contents(load_project(path)) == contents(document)
        assert document.origin.digest == load_project(path).origin.digest
    assert zipfile.ZipFile(path).testzip() is None


def test_turns_from_the_first_that_changed_are_written(tmp_path, written):
    document, path = saved(tmp_path)
    ids = [turn.id for turn in document.history] + [added(document, 3)]
    save_project(document, path)
    for step, expected in ((RenameTurn(ids[1], "noon"), ids[1:]), (RemoveTurn(ids[2]), [])):
        document.execute(step)
        written.clear()
        save_project(document, path)
        assert written == expected
        assert path.read_bytes() == written_anew(document, tmp_path / "b.palimpsest")


def test_a_file_that_is_not_as_it_was_is_not_copied_from(tmp_path, written):
    document, path = saved(tmp_path)
    ids = [turn.id for turn in document.history]
    os.utime(path, ns=(1, 1))  # written to, though what it lists is the same
    written.clear()
    save_project(document, path)
    assert written == ids
    path.rename(tmp_path / "elsewhere")
    written.clear()
    save_project(document, path)
    assert written == ids and contents(load_project(path)) == contents(document)


def test_a_file_that_lists_something_else_is_not_copied_from(tmp_path, written):
    document, path = saved(tmp_path)
    data, at = path.read_bytes(), path.stat().st_mtime_ns
    path.write_bytes(data.replace(b"layer000", b"layer00x"))
    os.utime(path, ns=(at, at))
    written.clear()
    write_project(document.snapshot(), tmp_path / "b.palimpsest", known=document.origin.known)
    assert len(written) == 2


def test_another_file_is_not_copied_from_as_it_may_be_far_away(tmp_path, written):
    document, path = saved(tmp_path)
    for target in (tmp_path / "b.palimpsest", path):
        written.clear()
        save_project(document, target)
        assert len(written) == 2


def test_a_recovery_copy_goes_on_from_the_one_before(tmp_path, written):
    slot, document = Autosave(tmp_path / "slots"), full_document()
    for seed in (3, 4):
        new = added(document, seed)
        written.clear()
        slot.save(document, None)
        assert written == ([turn.id for turn in document.history] if seed == 3 else [new])
    slot._lock.release()
    (file,) = recoverable_files(tmp_path / "slots")
    assert contents(file.document()) == contents(document)


@pytest.mark.parametrize("late", ["mask.png", "turn.json", "nothing", "what is listed first"])
def test_turns_that_another_program_laid_out_are_whole_after_a_save(tmp_path, written, late):
    """Parts of one apart from each other, or where the list does not say; or another byte before all."""
    document, path = saved(tmp_path)
    with zipfile.ZipFile(path) as old:
        parts = {
            name: old.read(name) for name in sorted(old.namelist(), key=lambda name: name.endswith(late))
        }
    first = late == "what is listed first"
    with zipfile.ZipFile(path, "w") as new:
        for name, data in sorted(parts.items(), key=lambda part: first and part[0].endswith("mask.png")):
            new.writestr(name, data)
        new.filelist.sort(key=lambda entry: first and list(parts).index(entry.filename))
    if late == "nothing":
        path.write_bytes(b"!" + path.read_bytes())
    opened = load_project(path)
    written.clear()
    save_project(opened, path)
    assert written and contents(load_project(path)) == contents(document)


def test_what_is_damaged_of_a_turn_is_not_copied(tmp_path):
    _, path = saved(tmp_path)
    with zipfile.ZipFile(path) as file:
        (name,) = (name for name in file.namelist() if name.endswith("mask.png"))
        at = file.getinfo(name).header_offset + 30 + len(name)
    data = bytearray(path.read_bytes())
    data[at + 60] ^= 1
    path.write_bytes(data)
    opened = load_project(path)
    assert opened.origin.lost
    save_project(opened, path, over_damaged=True)
    assert not load_project(path).origin.lost


@pytest.mark.parametrize("limit", ["MAX_ENTRIES", "ALWAYS_UNPACKED"])
def test_limits_count_what_was_copied(tmp_path, monkeypatch, limit):
    document, path = saved(tmp_path)
    with zipfile.ZipFile(path) as file:
        sizes = [entry.file_size for entry in file.infolist()]
    monkeypatch.setattr(archive, "MAX_RATIO", 0)
    monkeypatch.setattr(archive, limit, len(sizes) - 1 if limit == "MAX_ENTRIES" else sum(sizes) - 1)
    with pytest.raises(ProjectError):
        save_project(document, path)


def test_a_file_that_begins_otherwise_is_none(tmp_path):
    _, path = saved(tmp_path)
    with Archive(path) as whole:
        listed = whole.listed[: whole.entries[0].listed]
    assert "mimetype" not in Archive(path, after=Layout(listed=listed))
    with pytest.raises(ProjectError, match="is not a Palimpsest"):
        Archive(path, after=Layout(listed=b"?" + listed[1:]))


def test_a_part_that_would_lie_outside_of_the_file_is_not_read(tmp_path):
    _, path = saved(tmp_path)
    with Archive(path) as opened, pytest.raises(BadZip, match="cut off"):
        opened.unpacked(opened.entries[0]._replace(packed=2**50))


def test_what_was_copied_wrongly_does_not_take_the_place_of_the_file(tmp_path, written, monkeypatch):
    document, path = saved(tmp_path)
    before = path.read_bytes()
    added(document, 3)
    monkeypatch.setattr(kept_turns, "copy_bytes", lambda old, new, count: new.write(bytes(count)))
    with pytest.raises(ProjectError, match="could not be opened again"):
        save_project(document, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("way", ["none", "refused", "halves", "nothing", "then refused"])
def test_where_the_system_does_not_copy_we_do(tmp_path, written, monkeypatch, way):
    document, path = saved(tmp_path)
    calls, system = [], getattr(os, "copy_file_range", None)

    def copy(source: int, target: int, count: int, at: int, to: int) -> int:
        calls.append(count)
        if way == "refused" or (way == "then refused" and len(calls) > 1):
            raise OSError(18, "between such files it cannot")
        return 0 if way == "nothing" or system is None else system(source, target, count // 2 + 1, at, to)

    monkeypatch.setattr(os, "copy_file_range", copy, raising=False)
    if way == "none":
        monkeypatch.delattr(os, "copy_file_range")
    new = added(document, 3)
    written.clear()
    save_project(document, path)
    assert written == [new] and bool(calls) is (way != "none")
    assert path.read_bytes() == written_anew(document, tmp_path / "b.palimpsest")


def test_a_file_that_is_shorter_than_it_was_is_told(tmp_path):
    path = tmp_path / "short"
    path.write_bytes(b"123")
    with path.open("rb") as source, (tmp_path / "new").open("wb") as target, pytest.raises(EOFError):
        file_copies.copy_bytes(source, target, 4)
