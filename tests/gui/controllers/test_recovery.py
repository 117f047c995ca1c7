"""Unsaved work is kept as it is made, offered after a crash, and dropped when it is saved."""

import asyncio
import itertools
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from editor_core.base import paths
from editor_core.base.errors import ProjectError
from editor_core.document.commands import AddLayer
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.turns import Turn
from editor_core.project import autosave, journal, project_file
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


@pytest.fixture
def gate():
    """Closed; whatever happens in a test, nothing waits for it afterwards."""
    gate = Event()
    yield gate
    gate.set()


@pytest.fixture
def waiting_opens(gate, monkeypatch):
    """The gate opens as soon as the window waits for a step."""

    class Opening(Event):
        def wait(self, timeout=None):
            gate.set()
            return super().wait(timeout)

    monkeypatch.setattr(keeper, "Event", Opening)


def steps_that_wait(gate, begun, monkeypatch):
    """Steps are written when the gate opens; ``begun`` says that one has come to it."""
    write_step = journal.write_step

    def when_open(*values):
        begun.set()
        gate.wait()
        write_step(*values)

    monkeypatch.setattr(journal, "write_step", when_open)


def test_a_stroke_waits_until_the_one_before_is_kept(picture, qtbot, monkeypatch, gate, waiting_opens):
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    steps_that_wait(gate, begun := Event(), monkeypatch)
    picture.document.execute(AddLayer(RasterLayer(name="one")))
    qtbot.waitUntil(begun.is_set)
    picture.document.execute(AddLayer(RasterLayer(name="two")))
    assert names_kept(picture)[-1] == "one", "a kill at this moment would cost both"


def test_the_first_stroke_waits_until_the_picture_itself_is_kept(
    window, run, answers, lost, qtbot, monkeypatch, gate, waiting_opens
):
    steps_that_wait(gate, begun := Event(), monkeypatch)
    answers["yes"] = True
    run(window.recovery.offer())
    qtbot.waitUntil(begun.is_set)
    window.document.execute(AddLayer(RasterLayer(name="one")))
    assert names_kept(window), "its own journal holds the recovered picture"


def test_a_disk_that_does_not_answer_is_waited_for_once(picture, qtbot, monkeypatch, gate):
    waits = []

    class Counting(Event):
        def wait(self, timeout=None):
            waits.append(self.is_set())
            return self.is_set()

    monkeypatch.setattr(keeper, "Event", Counting)
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    steps_that_wait(gate, begun := Event(), monkeypatch)
    picture.document.execute(AddLayer(RasterLayer(name="one")))
    qtbot.waitUntil(begun.is_set)
    waits.clear()
    for name in ("two", "three", "four"):
        picture.document.execute(AddLayer(RasterLayer(name=name)))
    assert waits == [False, True, True]


def test_what_is_painted_after_a_save_is_kept_while_a_copy_is_still_written(
    picture, qtbot, run, answers, tmp_path, monkeypatch, gate
):
    """The copy was begun before the save; the steps that follow wait for neither."""
    answers["save"] = tmp_path / "fox.palimpsest"
    assert run(picture.files.save())
    picture.document.execute(AddLayer(RasterLayer(name="before")))
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    write_project, begun = autosave.write_project, Event()

    def when_open(*values, **options):
        begun.set()
        gate.wait()
        return write_project(*values, **options)

    monkeypatch.setattr(autosave, "write_project", when_open)
    picture.recovery.keeper().keep()
    qtbot.waitUntil(begun.is_set)
    assert run(picture.files.save())
    picture.document.execute(AddLayer(RasterLayer(name="after")))
    qtbot.waitUntil(lambda: not picture.recovery.keeper()._adding)
    assert names_kept(picture)[-2:] == ["before", "after"]
    gate.set()
    qtbot.waitUntil(lambda: picture.recovery.at_rest)
    assert names_kept(picture)[-2:] == ["before", "after"]


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
