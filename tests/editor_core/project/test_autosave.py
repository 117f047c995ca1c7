"""Recovery copies: offered after a crash, never while their owner lives."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from editor_core.base import paths
from editor_core.base.errors import ProjectError
from editor_core.document.commands import AcceptTurn, AddLayer, PaintStroke
from editor_core.document.document import Document
from editor_core.document.layers import PixelLayer, RasterLayer
from editor_core.document.origin import Origin
from editor_core.project import autosave, journal
from editor_core.project.autosave import Autosave, forget, recoverable_files
from editor_core.project.project_file import ProjectChangedError, load_project, save_project
from support.damage import damaged
from support.documents import contents, full_document, make_turn

CRASHING = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from editor_core.project import autosave
from editor_core.project.autosave import Autosave
from editor_core.project.project_file import ProjectChangedError, load_project, save_project
autosave = Autosave(Path({folder!r}))
autosave.save(load_project(Path({project!r})), {belongs_to})
print("saved", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def other_program(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another running program that has saved a copy of the full document."""
    made = Autosave(tmp_path / "made")
    made.save(full_document(), None)
    project = next((tmp_path / "made").glob("*.palimpsest"))
    script = CRASHING.format(
        root=str(Path.cwd()),
        folder=str(folder),
        project=str(project),
        belongs_to="Path('/home/a/fox.palimpsest')",
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"saved\n"
        yield process
        process.kill()
    made.close()


def test_work_of_a_living_program_is_not_offered(folder: Path, other_program: subprocess.Popen[bytes]):
    assert recoverable_files(folder) == []


def test_work_of_a_killed_program_is_offered_whole(folder: Path, other_program: subprocess.Popen[bytes]):
    other_program.kill()
    other_program.wait()
    (file,) = recoverable_files(folder)
    assert file.belongs_to == Path("/home/a/fox.palimpsest") and file.saved.utcoffset() is not None
    document = file.document()
    assert document.dirty and document.origin.path == file.belongs_to
    expected, recovered = contents(full_document()), contents(document)
    assert recovered["size"] == expected["size"] and recovered["settings"] == expected["settings"]
    assert len(document.history) == 2
    forget(file)
    assert recoverable_files(folder) == [] and not list(folder.iterdir())


def test_our_own_slot_is_not_offered_and_goes_at_a_normal_end(folder: Path):
    slot = Autosave(folder)
    document = Document.new_from_turn(make_turn(1))
    slot.save(document, None)
    assert copied(folder, slot) == contents(document)
    assert recoverable_files(folder) == []
    slot.discard()
    assert [path.suffix for path in folder.iterdir()] == [".lock"]
    slot.save(document, None)
    slot.close()
    assert not list(folder.iterdir())


def copied(folder: Path, slot: Autosave) -> dict[str, object]:
    """What the copy holds, but for the name of its journal."""
    document = load_project(folder / f"{slot.slot}.palimpsest")
    document.settings.pop("recovery_chain")
    return contents(document)


def abandoned(folder: Path, slot: str, note: str | None, saved: bool = True) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{slot}.lock").touch()
    if saved:
        (folder / f"{slot}.palimpsest").write_bytes(b"")
    if note is not None:
        (folder / f"{slot}.json").write_text(note)


def test_the_newest_comes_first_and_notes_may_be_missing_or_damaged(folder: Path):
    abandoned(folder, "0" * 12, json.dumps({"saved": "2026-01-01", "belongs_to": None}))
    abandoned(folder, "1" * 12, json.dumps({"saved": "2026-01-02", "belongs_to": "/a"}))
    abandoned(folder, "2" * 12, None)
    abandoned(folder, "3" * 12, "{")
    abandoned(folder, "4" * 12, "[1]")
    abandoned(folder, "5" * 12, '{"saved": 5, "belongs_to": 6}')
    abandoned(folder, "6" * 12, None, saved=False)
    abandoned(folder, "7" * 12, "{}", saved=False)
    abandoned(folder, "not an id", None)
    (folder / f"{'8' * 12}.palimpsest").write_bytes(b"")  # whose lock is lost
    found = recoverable_files(folder)
    assert [file.slot[0] for file in found if file.saved.year == 2026 and file.saved.month == 1] == ["1", "0"]
    assert sorted(file.slot[0] for file in found) == list("0123458")
    assert all(file.saved.tzinfo is not None for file in found), (
        "the time of the copy stands in for a missing note"
    )
    belonging = [file.belongs_to for file in found if file.belongs_to is not None]
    assert belonging == [Path("/a")]
    left = {path.stem[0] for path in folder.iterdir()}
    assert left == set("0123458n"), "notes and locks without a copy are swept"


def test_what_killed_copies_left_half_written_is_swept(folder: Path):
    folder.mkdir()
    leftover = folder / ".palimpsest-0123456789abcdef-fedcba-1-0.tmp"
    leftover.write_bytes(b"half")
    os.utime(leftover, (1, 1))
    assert recoverable_files(folder) == [] and not list(folder.iterdir())


def test_what_was_recovered_stays_until_its_continuation_is_on_the_disk(folder: Path, monkeypatch):
    crashed = Autosave(folder)
    crashed.save(full_document(), None)
    crashed._lock.release()
    (file,) = recoverable_files(folder)
    slot, document = Autosave(folder), file.document()
    slot.replaces(file)
    with monkeypatch.context() as patch, pytest.raises(ProjectError):
        patch.setattr(autosave, "write_project", lambda *_, **__: (_ for _ in ()).throw(ProjectError("full")))
        slot.save(document, None)
    assert file.path.exists()
    slot.save(document, None)
    assert not file.path.exists() and copied(folder, slot) == contents(document)
    slot.close()
    assert not list(folder.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_copies_are_for_their_owner_alone(folder: Path):
    slot = Autosave(folder)
    slot.save(full_document(), Path("/home/a/fox.palimpsest"))
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    slot.close()


def test_recovered_work_is_not_saved_over_what_another_program_saved_since(folder: Path, tmp_path: Path):
    project = tmp_path / "fox.palimpsest"
    save_project(Document.new_from_turn(make_turn(1)), project)
    document = load_project(project)
    crashed = Autosave(folder)
    crashed.save(document, project)
    crashed._lock.release()
    other = load_project(project)
    other.execute(AcceptTurn(make_turn(2, other.history.current)))
    save_project(other, project)
    (file,) = recoverable_files(folder)
    with pytest.raises(ProjectChangedError):
        save_project(file.document(), project)
    assert len(load_project(project).history) == 2


def test_no_folder_means_nothing_to_recover(folder: Path):
    assert recoverable_files(folder) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match="was not saved"):
        Autosave(tmp_path / "file" / "recovery")


# -- the journal


def crash(slot: Autosave) -> None:
    """Its program is gone."""
    slot._lock.release()


def painted(document: Document, number: int) -> None:
    """One more stroke, on a layer of its own every third time."""
    if number % 3 == 0:
        document.execute(AddLayer(RasterLayer(name=f"Layer {number}")))
    layer = [layer for layer in document.layers.walk() if isinstance(layer, PixelLayer)][-1]
    stroke = np.full((20, 30, layer.channels), 40 + number, np.uint8)
    after = layer.tiles.with_pixels(number * 40 % 170, number * 9 % 90, stroke)
    document.execute(PaintStroke(layer.id, layer.tiles, after))


def recovered(folder: Path) -> Document:
    (file,) = recoverable_files(folder)
    return file.document()


def test_every_step_after_the_copy_comes_back(folder: Path):
    slot, document = Autosave(folder), full_document()
    slot.save(document, None)
    for number in range(8):
        painted(document, number)
        slot.add(slot.moment(document))
    document.execute(AcceptTurn(make_turn(9, document.history.current)))
    slot.add(slot.moment(document))
    document.undo()
    document.undo()
    slot.add(slot.moment(document))
    crash(slot)
    again = recovered(folder)
    assert contents(again) == contents(document) and again.dirty and "recovery_chain" not in again.settings
    assert slot.journal_size[0] == 10


def test_what_was_not_changed_makes_no_step(folder: Path):
    slot, document = Autosave(folder), full_document()
    slot.save(document, None)
    slot.add(slot.moment(document))
    painted(document, 1)
    for _ in range(3):
        slot.add(slot.moment(document))
    assert slot.journal_size[0] == 1 and len(list(folder.glob("*.step"))) == 1
    slot.close()
    assert not list(folder.iterdir())


def test_steps_follow_an_opened_project_without_a_copy_of_it(folder: Path, tmp_path: Path):
    project = tmp_path / "fox.palimpsest"
    save_project(full_document(), project)
    document, slot = load_project(project), Autosave(folder)
    slot.follow(document)
    assert not list(folder.glob("*.palimpsest"))
    painted(document, 0)
    slot.add(slot.moment(document))
    crash(slot)
    again = recovered(folder)
    assert contents(again) == contents(document) and again.origin.path == project and again.dirty
    save_project(again, project)
    assert recoverable_files(folder) == [], "what it followed is another file now"
    assert not list(folder.iterdir())


def painted_on(project: Path, folder: Path) -> Document:
    """A project that was opened and painted on, before its program died."""
    document, slot = load_project(project), Autosave(folder)
    slot.follow(document)
    painted(document, 0)
    slot.add(slot.moment(document))
    crash(slot)
    return document


def test_work_on_a_project_whose_share_is_away_is_offered_when_it_is_back(folder: Path, tmp_path: Path):
    project, elsewhere = tmp_path / "fox.palimpsest", tmp_path / "elsewhere"
    save_project(full_document(), project)
    document = painted_on(project, folder)
    project.rename(elsewhere)
    shutil.rmtree(paths.state_folder() / "kept")
    assert recoverable_files(folder) == []
    elsewhere.rename(project)
    assert contents(recovered(folder)) == contents(document)


def test_work_on_a_project_that_another_program_has_saved_since_begins_at_its_backup(
    folder: Path, tmp_path: Path
):
    project = tmp_path / "fox.palimpsest"
    save_project(full_document(), project)
    document = painted_on(project, folder)
    other = load_project(project)
    other.execute(AcceptTurn(make_turn(9, other.history.current)))
    save_project(other, project)
    again = recovered(folder)
    assert contents(again) == contents(document)
    with pytest.raises(ProjectChangedError):
        save_project(again, project)


def test_a_journal_without_its_project_is_not_kept_for_ever(folder: Path, tmp_path: Path):
    project = tmp_path / "fox.palimpsest"
    save_project(full_document(), project)
    painted_on(project, folder)
    project.unlink()
    for path in folder.glob("*.step"):
        os.utime(path, (0, 0))
    shutil.rmtree(paths.state_folder() / "kept")
    assert recoverable_files(folder) == [] and not list(folder.iterdir())


@pytest.mark.parametrize("ending", [".json", ".step", ".palimpsest", ""])
def test_what_cannot_be_read_at_this_start_is_still_there_at_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch, ending: str
):
    document, slot = full_document(), Autosave(folder)
    if ending == ".palimpsest":
        slot.save(document, None)
    else:
        slot.start(None, Origin())
    painted(document, 1)
    slot.add(slot.moment(document))
    crash(slot)

    def failing(path: object, *_: object, **__: object) -> int:
        if str(path).endswith(ending):
            raise OSError(errno.EIO, "Input/output error")
        return opened(path, *_, **__)

    opened = os.open
    with monkeypatch.context() as patched:
        patched.setattr(os, "open", failing)
        with suppress(ProjectError):
            for file in recoverable_files(folder):
                file.document()
    assert contents(recovered(folder)) == contents(document)


def test_an_opened_project_that_was_not_changed_leaves_nothing_to_recover(folder: Path, tmp_path: Path):
    project = tmp_path / "fox.palimpsest"
    save_project(full_document(), project)
    slot = Autosave(folder)
    slot.follow(load_project(project))
    crash(slot)
    other = Autosave(folder)
    other.start(None, Origin(), clean=True)
    other.add(other.moment(full_document()))
    crash(other)
    assert recoverable_files(folder) == [] and not list(folder.iterdir()) and project.exists()


def test_steps_made_while_a_copy_is_written_are_in_both_journals(folder: Path, monkeypatch):
    slot, document = Autosave(folder), full_document()
    slot.save(document, None)
    painted(document, 0)
    slot.add(slot.moment(document))
    expected, written = [], autosave.write_project

    def meanwhile(*values, **named):
        painted(document, 1)
        slot.add(slot.moment(document))
        crash(slot)
        expected.append(contents(recovered(folder)))  # of the copy before
        slot._lock.acquire()
        return written(*values, **named)

    monkeypatch.setattr(autosave, "write_project", meanwhile)
    slot.save(document, None)
    crash(slot)
    assert expected == [contents(document)] and contents(recovered(folder)) == contents(document)
    assert len(list(folder.glob("*.step"))) == 1, "those of the copy before are gone"


def test_a_damaged_step_costs_what_follows_it_alone(folder: Path):
    slot, document = Autosave(folder), full_document()
    slot.save(document, None)
    states = []
    for number in range(4):
        painted(document, number)
        slot.add(slot.moment(document))
        states.append(contents(document))
    crash(slot)
    steps = sorted(folder.glob("*.step"))
    data = bytearray(steps[2].read_bytes())
    data[len(data) // 2] ^= 255
    steps[2].write_bytes(data)
    assert contents(recovered(folder)) in (states[1], states[3])
    steps[1].unlink()
    assert contents(recovered(folder)) == states[0]


@pytest.mark.parametrize("seed", range(12))
def test_a_hostile_step_is_refused_in_a_sentence_or_read(folder: Path, tmp_path: Path, seed: int):
    document = full_document()
    before = document.snapshot()
    painted(document, 0)
    document.execute(AcceptTurn(make_turn(9, document.history.current)))
    journal.write_step(tmp_path / "whole.step", before, document.snapshot())
    path = damaged(tmp_path / "whole.step", tmp_path / "damaged.step", seed)
    try:
        snapshot = journal.read_step(path, before)
    except ProjectError as problem:
        assert str(problem).endswith(".")
    else:
        Document.from_snapshot(snapshot)


def test_what_was_waiting_when_a_copy_was_begun_takes_nothing_back(folder: Path):
    slot, document = Autosave(folder), full_document()
    slot.save(document, None)
    painted(document, 0)
    waiting = slot.moment(document)
    painted(document, 1)
    copy = slot.begin(document)
    slot.add(waiting)
    slot.write(copy, None)
    crash(slot)
    assert contents(recovered(folder)) == contents(document)


@pytest.mark.parametrize("clean", [False, True])
def test_a_journal_from_nothing_holds_the_whole_document(folder: Path, clean: bool):
    slot, document = Autosave(folder), full_document()
    slot.start(Path("/home/a/fox.palimpsest"), document.origin, clean=clean)
    slot.add(slot.moment(document))
    crash(slot)
    if not clean:
        assert contents(recovered(folder)) == contents(document)
    slot._lock.acquire()
    painted(document, 0)
    slot.add(slot.moment(document))
    crash(slot)
    again = recovered(folder)
    assert contents(again) == contents(document) and again.origin.path == Path("/home/a/fox.palimpsest")
    assert not list(folder.glob("*.palimpsest"))
