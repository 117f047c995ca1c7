"""Unsaved work is kept as it is made, offered after a crash, and dropped when it is saved."""

import asyncio
import itertools
from pathlib import Path

import numpy as np
import pytest

from editor_core.base import paths
from editor_core.base.errors import ProjectError
from editor_core.document.commands import AddLayer
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.turns import Turn
from editor_core.project import autosave, project_file
from editor_core.project.autosave import Autosave, recoverable_files
from editor_core.project.project_file import save_project
from gui.controllers import keeper


def kept():
    return sorted(path.suffix for path in paths.recovery_folder().glob("*"))


def test_a_turn_is_kept_for_recovery_and_dropped_when_saved(picture, qtbot, run, answers, tmp_path):
    picture.recovery.keeper().keep()
    qtbot.waitUntil(lambda: ".palimpsest" in kept() and not picture.recovery.keeper()._writing)
    answers["save"] = tmp_path / "fox.palimpsest"
    assert run(picture.files.save())
    assert ".palimpsest" not in kept()


def test_a_normal_end_leaves_nothing_behind(picture, qtbot):
    picture.recovery.keeper().keep()
    picture._may_close = True
    picture.close()
    qtbot.waitUntil(lambda: not kept())


@pytest.fixture
def lost(tmp_path):
    """Work left behind by a program that is gone."""
    document = Document.new_from_turn(Turn(prompt="a lost boat", image=np.full((24, 32, 3), 50, np.uint8)))
    slot = Autosave(paths.recovery_folder())
    slot.save(document, Path(tmp_path / "boat.palimpsest"))
    slot._lock.release()
    return slot


def test_lost_work_is_offered_and_comes_back_unsaved(window, run, answers, lost, tmp_path, qtbot):
    answers["yes"] = True
    run(window.recovery.offer())
    assert window.document.turn.prompt == "a lost boat"
    assert window.isWindowModified() and window.files.path == tmp_path / "boat.palimpsest"
    copy = paths.recovery_folder() / f"{lost.slot}.palimpsest"
    qtbot.waitUntil(lambda: not window.recovery.keeper()._writing and not copy.exists())
    assert set(kept()) == {".json", ".lock", ".step"}, "its own journal has taken the place of the old copy"


def test_lost_work_stays_where_it_was_until_it_has_a_copy(window, run, answers, lost, monkeypatch, qtbot):
    def full(*_, **__):
        raise ProjectError("The disk is full.")

    monkeypatch.setattr(Autosave, "add", full)
    answers["yes"] = True
    run(window.recovery.offer())
    qtbot.waitUntil(lambda: window.recovery.at_rest)
    assert (paths.recovery_folder() / f"{lost.slot}.palimpsest").exists()


def test_looking_away_discards_nothing(window, run, answers, lost):
    run(window.recovery.offer())
    assert window.document.document is None
    assert [file.slot for file in recoverable_files(paths.recovery_folder())] == [lost.slot]


def test_lost_work_that_is_not_wanted_is_removed(window, run, answers, lost):
    answers["yes"] = False
    run(window.recovery.offer())
    assert window.document.document is None
    assert recoverable_files(paths.recovery_folder()) == []


def names_kept(window):
    """The names of the layers that would be recovered if the program were gone now."""
    slot = window.recovery.keeper()._slot
    file = autosave._described(paths.recovery_folder(), slot.slot)
    return [] if file is None else [layer.name for layer in file.document().layers]


def test_a_stroke_is_kept_at_once(picture, qtbot):
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    for name in ("one", "two", "the last stroke"):
        picture.document.execute(AddLayer(RasterLayer(name=name)))
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    assert names_kept(picture)[-3:] == ["one", "two", "the last stroke"]
    assert len(list(paths.recovery_folder().glob("*.step"))) in (1, 2), "what came meanwhile is one step"
    picture.document.undo()
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    assert names_kept(picture)[-2:] == ["one", "two"]


def test_the_first_stroke_on_an_opened_project_needs_no_copy_of_it(picture, qtbot, run, answers, tmp_path):
    answers["save"] = tmp_path / "fox.palimpsest"
    assert run(picture.files.save())
    run(picture.closing.close(picture.documents.current))
    run(picture.files.open(tmp_path / "fox.palimpsest"))
    picture.document.execute(AddLayer(RasterLayer(name="the first stroke")))
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    assert ".palimpsest" not in kept() and names_kept(picture)[-1] == "the first stroke"


def test_a_long_journal_gives_way_to_a_copy(picture, qtbot, monkeypatch):
    monkeypatch.setattr(keeper, "MAX_STEPS", 2)
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    for name in "abcd":
        picture.document.execute(AddLayer(RasterLayer(name=name)))
        qtbot.waitUntil(lambda: picture.recovery.at_rest)
        assert names_kept(picture)[-1] == name
    assert picture.recovery.keeper()._slot.journal_size[0] < 2


def test_without_copies_none_is_made(picture, qtbot, monkeypatch):
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    picture.recovery.set_minutes(0)
    picture.document.execute(AddLayer(RasterLayer(name="a")))
    assert not picture.recovery.keeper()._adding and not picture.recovery._timer.isActive()


@pytest.fixture
def saved_at_other_times(monkeypatch):
    """As if seconds passed between saves: each makes another file."""
    moments = (f"2026-01-01T00:00:{second:02}+00:00" for second in itertools.count())
    monkeypatch.setattr(project_file, "utc_now", lambda: next(moments))


def test_work_after_a_file_that_was_saved_again_and_again_is_kept(
    picture, qtbot, run, answers, tmp_path, saved_at_other_times
):
    answers["save"] = tmp_path / "fox.palimpsest"
    for _ in range(3):  # the last two with nothing new in them
        assert run(picture.files.save())
    picture.document.execute(AddLayer(RasterLayer(name="after them")))
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    assert ".palimpsest" not in kept() and names_kept(picture)[-1] == "after them"


def test_what_is_painted_while_the_file_is_saved_is_kept_through_later_saves(
    picture, qtbot, run, answers, tmp_path, saved_at_other_times, monkeypatch
):
    answers["save"] = tmp_path / "fox.palimpsest"
    assert run(picture.files.save())
    to_thread = asyncio.to_thread

    async def painted_meanwhile(function, *values):
        if function is save_project:
            picture.document.execute(
                AddLayer(RasterLayer(name=f"stroke {len(picture.document.document.layers)}"))
            )
        return await to_thread(function, *values)

    for _ in range(3):
        with monkeypatch.context() as patch:
            patch.setattr(asyncio, "to_thread", painted_meanwhile)
            assert run(picture.files.save())
    assert picture.documents.current.dirty
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    layers = [layer.name for layer in picture.document.document.layers]
    assert names_kept(picture) == layers and layers[-1].startswith("stroke")
    slot = picture.recovery.keeper()._slot
    file = autosave._described(paths.recovery_folder(), slot.slot)
    assert file.origin.digest == picture.document.document.origin.digest, (
        "it is saved there without a question"
    )
