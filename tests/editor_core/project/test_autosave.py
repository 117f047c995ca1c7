"""Recovery copies: offered after a crash, never while their owner lives."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor_core.base.errors import ProjectError
from editor_core.document.document import Document
from editor_core.project.autosave import Autosave, forget, recoverable_files
from editor_core.project.project_file import load_project
from support.documents import contents, full_document, make_turn

CRASHING = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from editor_core.project.autosave import Autosave
from editor_core.project.project_file import load_project
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
    autosave = Autosave(tmp_path / "made")
    autosave.save(full_document(), None)
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
    autosave.close()


def test_work_of_a_living_program_is_not_offered(folder: Path, other_program: subprocess.Popen[bytes]):
    assert recoverable_files(folder) == []


def test_work_of_a_killed_program_is_offered_whole(folder: Path, other_program: subprocess.Popen[bytes]):
    other_program.kill()
    other_program.wait()
    (file,) = recoverable_files(folder)
    assert file.belongs_to == Path("/home/a/fox.palimpsest") and file.saved.endswith("+00:00")
    document = load_project(file.path)
    expected, recovered = contents(full_document()), contents(document)
    assert recovered["size"] == expected["size"] and recovered["settings"] == expected["settings"]
    assert len(document.history) == 2
    forget(file)
    assert recoverable_files(folder) == [] and not list(folder.iterdir())


def test_our_own_slot_is_not_offered_and_goes_at_a_normal_end(folder: Path):
    autosave = Autosave(folder)
    document = Document.new_from_turn(make_turn(1))
    autosave.save(document, None)
    assert contents(load_project(folder / f"{autosave.slot}.palimpsest")) == contents(document)
    assert recoverable_files(folder) == []
    autosave.discard()
    assert [path.suffix for path in folder.iterdir()] == [".lock"]
    autosave.save(document, None)
    autosave.close()
    assert not list(folder.iterdir())


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
    abandoned(folder, "not an id", None)
    found = recoverable_files(folder)
    assert [file.slot[0] for file in found[:2]] == ["1", "0"] and len(found) == 6
    assert found[0].belongs_to == Path("/a") and all(file.belongs_to is None for file in found[1:])


def test_no_folder_means_nothing_to_recover(folder: Path):
    assert recoverable_files(folder) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match="was not saved"):
        Autosave(tmp_path / "file" / "recovery")
