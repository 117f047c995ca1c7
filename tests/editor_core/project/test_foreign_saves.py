"""Projects that other programs have saved: noticed, told, and put together with their history again."""

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from editor_core.base import paths
from editor_core.document.commands import AcceptTurn, AddLayer, JumpToTurn, RemoveLayer
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import MaskLayer, RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project import kept_copies
from editor_core.project.foreign_saves import new_layers
from editor_core.project.merging import take_turns
from editor_core.project.openraster import export_openraster
from editor_core.project.project_file import has_changed, load_project, save_project
from editor_core.project.safe_write import backup_of
from support.documents import make_turn

SPOT = Tiles(4).filled(Rect(2, 2, 3, 3), (250, 10, 20, 255))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two turns, a painted layer and a mask; saved twice, so that there is a backup."""
    first = make_turn(1)
    document = Document.new_from_turn(first)
    document.execute(AcceptTurn(make_turn(2, first)))
    document.execute(AddLayer(RasterLayer(name="Paint", tiles=SPOT)))
    document.execute(AddLayer(MaskLayer(name="Mask", tiles=Tiles(1).filled(Rect(0, 0, 4, 4), (255,)))))
    path = tmp_path / "fox.palimpsest"
    for _ in range(2):
        save_project(document, path)
    return path


def saved_elsewhere(path: Path, change=lambda document: None) -> Document:
    """Write a project as another program does: its layers as OpenRaster, without ``editor/``."""
    document = load_project(path)
    change(document)
    export_openraster(document, path)
    return document


def without_kept_copies() -> None:
    shutil.rmtree(paths.state_folder() / "kept", ignore_errors=True)


@pytest.mark.parametrize("source", ["fox.palimpsest.bak", "fox.palimpsest~", "kept"])
def test_the_history_comes_back_with_the_layers_that_were_painted(project: Path, source: str):
    before = load_project(project)
    if source.endswith("~"):  # as Krita keeps it
        shutil.copy(project, project.with_name(source))
    if source != "kept":
        without_kept_copies()
    theirs = saved_elsewhere(
        project, lambda document: document.execute(AddLayer(RasterLayer(name="By Krita", tiles=SPOT, x=9)))
    )
    if not source.endswith(".bak"):
        backup_of(project).unlink()
    document = load_project(project)
    assert [turn.id for turn in document.history] == [turn.id for turn in before.history]
    assert document.history.current_id == before.history.current_id and document.dirty
    assert np.array_equal(document.picture(), theirs.picture())
    assert [layer.name for layer in document.layers] == ["Picture", "Paint", "By Krita", "Mask"]
    assert document.picture_layer is not None and document.picture_layer.id == before.picture_layer_id
    (told,) = document.origin.told
    assert "2 turns were brought back" in str(told) and not document.origin.lost
    save_project(document, project)
    again = load_project(project)
    assert len(again.history) == 2 and not again.origin.told and not again.dirty


def test_without_any_earlier_save_that_is_told(project: Path):
    saved_elsewhere(project)
    without_kept_copies()
    backup_of(project).unlink()
    document = load_project(project)
    assert "no earlier save of it was found" in str(document.origin.told[0]) and len(document.history) == 0


def test_a_copy_is_found_by_the_id_after_the_project_was_moved(project: Path, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    moved = tmp_path / "elsewhere" / "moved.palimpsest"
    older = load_project(project)
    with_third = load_project(project)
    with_third.execute(AcceptTurn(make_turn(3, with_third.history.current)))
    save_project(with_third, project)
    shutil.copy(backup_of(project), backup_of(moved))
    export_openraster(older, moved)
    assert len(load_project(moved).history) == 3


def test_a_picture_that_was_painted_on_elsewhere_stays_the_picture(project: Path):
    def paint(document: Document) -> None:
        layer = document.picture_layer
        document.set_tiles(layer.id, layer.tiles.filled(Rect(0, 0, 5, 5), (1, 2, 3, 255)))

    theirs = saved_elsewhere(project, paint)
    document = load_project(project)
    assert document.picture_layer is not None and np.array_equal(document.picture(), theirs.picture())
    assert not np.array_equal(document.picture(), document.history.current.image)


def test_a_result_that_was_painted_on_is_no_result_any_more(project: Path):
    document = load_project(project)
    turn = document.history.current
    document.execute(AddLayer(RasterLayer(name="Result", tiles=SPOT, turn=turn.id)))
    save_project(document, project)
    result = next(layer for layer in document.layers if layer.name == "Result")
    saved_elsewhere(project)
    assert load_project(project).layers[result.id].turn == turn.id
    saved_elsewhere(
        project, lambda other: other.set_tiles(result.id, SPOT.filled(Rect(0, 0, 1, 1), (9, 9, 9, 9)))
    )
    assert load_project(project).layers[result.id].turn == ""


def test_paint_is_still_its_turns_after_another_program_saved(project: Path):
    document = load_project(project)
    document.execute(AddLayer(RasterLayer(name="ink", tiles=SPOT)))
    turn, ink = document.history.current, document.layers.layers[-1]
    document.execute(JumpToTurn(turn.parent))
    save_project(document, project)
    saved_elsewhere(project)
    again = load_project(project)
    assert ink.id not in again.layers
    again.execute(JumpToTurn(turn.id))
    assert again.layers[ink.id].visible


def test_layers_changed_beside_a_history_that_was_kept(project: Path, tmp_path: Path):
    changed = load_project(project)
    changed.execute(RemoveLayer(next(layer.id for layer in changed.layers if layer.name == "Paint")))
    export_openraster(changed, tmp_path / "theirs.ora")
    with zipfile.ZipFile(project) as ours, zipfile.ZipFile(tmp_path / "theirs.ora") as theirs:
        mixed = {name: ours.read(name) for name in ours.namelist()}
        mixed |= {f"new/{name}": theirs.read(name) for name in theirs.namelist() if name.startswith("data/")}
        mixed["stack.xml"] = theirs.read("stack.xml").replace(b"data/", b"new/data/")
    with zipfile.ZipFile(project, "w") as file:
        for name, data in mixed.items():
            file.writestr(name, data)
    document = load_project(project)
    assert [layer.name for layer in document.layers] == ["Picture", "Mask"] and len(document.history) == 2
    assert "its layers were taken over" in str(document.origin.told[0])


def test_a_change_on_the_disk_is_noticed(project: Path):
    document = load_project(project)
    assert not has_changed(project, document.origin)
    saved_elsewhere(project)
    assert has_changed(project, document.origin) and not has_changed(project.with_name("x"), document.origin)
    project.write_bytes(b"half written")
    assert not has_changed(project, document.origin)


def test_their_new_layers_come_on_top_and_go_with_undo(project: Path):
    ours = load_project(project)
    saved_elsewhere(project, lambda document: document.execute(AddLayer(RasterLayer(name="New", tiles=SPOT))))
    theirs = load_project(project)
    assert [layer.name for layer in new_layers(ours.layers, theirs.layers)] == ["New"]
    ours.execute(take_turns(ours, theirs, layers=True))
    assert ours.layers.layers[-1].name == "New"
    ours.undo()
    assert [layer.name for layer in ours.layers] == ["Picture", "Paint", "Mask"]
    assert ours.origin.digest == theirs.origin.digest


def test_of_many_projects_only_the_newest_copies_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_copies, "MAX_KEPT_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.palimpsest").write_bytes(b"x")
        kept_copies.keep_copy(tmp_path / f"{number}.palimpsest", "id")
        (copy,) = kept_copies.copies_of(tmp_path / f"{number}.palimpsest")
        os.utime(copy, (number, number))
    there = [next(kept_copies.copies_of(tmp_path / f"{number}.palimpsest"), None) for number in range(5)]
    assert there[0] is there[1] is None and None not in there[2:]
