"""Two programs on one project: no turn is lost, nobody's work is written over unseen."""

import os
from pathlib import Path

import pytest

from editor_core.base.errors import ProjectError
from editor_core.document.commands import AcceptTurn, AddLayer, RemoveTurn
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.project import safe_write
from editor_core.project.merging import save_merged, take_turns
from editor_core.project.project_file import ProjectChangedError, load_project, save_project
from support.documents import contents, make_turn
from support.project_writers import all_turns_are_kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_project(Document.new_from_turn(make_turn(1, size=(4, 4))), tmp_path / "shared.palimpsest")
    return tmp_path / "shared.palimpsest"


def edited(path: Path, seed: int) -> Document:
    document = load_project(path)
    document.execute(AcceptTurn(make_turn(seed, document.history.current, size=(4, 4))))
    return document


def test_what_another_program_saved_is_not_written_over(path: Path):
    ours, theirs = edited(path, 2), edited(path, 3)
    save_project(theirs, path)
    before = path.read_bytes()
    with pytest.raises(ProjectChangedError, match="changed by another program"):
        save_project(ours, path)
    assert path.read_bytes() == before and ours.dirty
    save_project(theirs, path)  # its own save is no change of another
    save_project(ours, path.with_name("mine.palimpsest"))
    assert len(load_project(path.with_name("mine.palimpsest")).history) == 2


def test_commands_add_their_turns_to_what_is_there(path: Path):
    ours, theirs = edited(path, 2), edited(path, 3)
    theirs.execute(AddLayer(RasterLayer(name="theirs")))
    save_project(theirs, path)
    saved = save_merged(ours, path)
    assert contents(load_project(path)) == contents(saved)
    assert [turn.seed for turn in saved.history] == [1, 3, 2] and saved.history.current.seed == 2
    assert "theirs" in [layer.name for layer in saved.layers.walk_whole()]


def test_a_turn_made_from_one_that_was_deleted_meanwhile_brings_it_along(path: Path):
    save_project(edited(path, 2), path)
    ours, theirs = edited(path, 3), load_project(path)
    theirs.execute(RemoveTurn(theirs.history.current_id))
    save_project(theirs, path)
    assert [turn.seed for turn in save_merged(ours, path).history] == [1, 2, 3]


def test_the_window_takes_their_turns_and_keeps_its_own_picture(path: Path):
    ours, theirs = edited(path, 2), edited(path, 3)
    ours.execute(AddLayer(RasterLayer(name="ours")))
    save_project(theirs, path)
    shown = ours.picture().tobytes()
    ours.execute(take_turns(ours, load_project(path)))
    assert ours.picture().tobytes() == shown and [turn.seed for turn in ours.history] == [1, 2, 3]
    save_project(ours, path)
    assert contents(load_project(path)) == contents(ours)
    ours.undo()
    assert [turn.seed for turn in ours.history] == [1, 2]


def test_a_turn_that_was_deleted_here_is_not_brought_back(path: Path):
    save_project(edited(path, 2), path)
    ours, theirs = load_project(path), edited(path, 3)
    ours.execute(RemoveTurn(ours.history.current_id))
    save_project(theirs, path)
    ours.execute(take_turns(ours, load_project(path)))
    assert [turn.seed for turn in ours.history] == [1, 2, 3], "its child needs it"
    save_project(ours, path)


def test_a_file_that_is_gone_is_written_anew(path: Path):
    document = edited(path, 2)
    path.unlink()
    save_project(document, path)
    assert len(load_project(path).history) == 2


def test_a_program_that_never_ends_its_save_is_told(path: Path, monkeypatch):
    monkeypatch.setattr(safe_write, "_LOCK_SECONDS", 0.05)
    document = edited(path, 2)
    with safe_write.locked(path, ProjectError), pytest.raises(ProjectError, match="is saving"):
        save_project(document, path)
    save_project(document, path)
    assert os.listdir(path.parent).count("shared.palimpsest") == 1


def test_writers_at_once_lose_nothing(tmp_path: Path):
    assert all_turns_are_kept(tmp_path, writers=3, rounds=2, turns=2) == 0
