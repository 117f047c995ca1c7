"""Opening, saving, exporting, closing: nothing is lost without a question."""

import asyncio
import zipfile

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from editor_core.document.commands import AcceptTurn, AddLayer, StarTurn
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn
from editor_core.messages.requests import OpenPicture, Sampling
from editor_core.project.image_io import read_image, write_image
from editor_core.project.metadata import provenance
from editor_core.project.openraster import export_openraster
from editor_core.project.project_file import load_project, save_project
from gui.dialogs import ask
from gui.dialogs.copy import CopyDialog
from gui.dialogs.describe import DescribeDialog


def test_saving_asks_for_a_name_once(picture, run, answers, tmp_path):
    answers["save"] = tmp_path / "fox.palimpsest"
    assert run(picture.files.save())
    assert not picture.isWindowModified() and "fox.palimpsest" in picture.windowTitle()
    picture.document.execute(StarTurn(picture.document.turn.id, True))
    assert picture.isWindowModified()
    assert run(picture.files.save())
    assert answers["asked"] == ["save"]
    assert load_project(tmp_path / "fox.palimpsest").history.current.starred
    assert picture.state.recent == [tmp_path / "fox.palimpsest"]


def test_giving_up_the_name_saves_nothing(picture, run, answers):
    assert not run(picture.files.save())
    assert picture.isWindowModified()


def test_a_folder_that_cannot_be_written_says_so(picture, run, answers, tmp_path):
    answers["save"] = tmp_path / "missing" / "fox.palimpsest"
    assert not run(picture.files.save())
    assert picture.messages.isVisible() and picture.messages.sentence
    assert picture.isWindowModified()


def test_opening_a_project(window, run, project):
    run(window.files.open(project))
    assert window.document.turn.prompt == "a boat" and window.prompt.edit.words == "a boat"
    assert not window.isWindowModified() and window.files.path == project
    assert window.workspace.pages.currentWidget() is window.stage.ruled


def test_a_damaged_project_leaves_what_is_open(picture, run, answers, tmp_path):
    document = picture.document.document
    path = tmp_path / "broken.palimpsest"
    path.write_bytes(b"PK not a zip")
    run(picture.files.open(path))
    assert picture.document.document is document
    assert "broken.palimpsest" in picture.messages.sentence


def test_opening_a_picture_asks_for_its_words(window, run, qtbot, session, answers, tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
    write_image(tmp_path / "photo.png", pixels)
    answers["words"] = "noise on a wall"
    run(window.files.open(tmp_path / "photo.png"))
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert isinstance(session.requests[-1], OpenPicture)
    assert window.document.turn.prompt == "noise on a wall"
    assert np.array_equal(window.document.document.picture(), pixels)


def test_a_picture_opened_beside_a_changed_one_is_itself_at_once(
    picture, run, qtbot, session, answers, tmp_path
):
    write_image(tmp_path / "photo.png", np.full((48, 64, 3), 7, np.uint8))
    answers["words"] = "noise on a wall"
    session.gate.clear()
    picture.prompt.seed.keep_seed(77)
    run(picture.files.open(tmp_path / "photo.png"))
    assert picture.document.turn is None and picture.prompt.edit.words == "noise on a wall"
    assert picture.document.document.picture()[0, 0].tolist() == [7, 7, 7]
    assert "fox" not in picture.windowTitle() and picture.turns.model.rowCount() == 0
    session.gate.set()
    qtbot.waitUntil(lambda: picture.document.turn is not None)
    assert picture.document.turn.prompt == "noise on a wall"
    assert answers["asked"] == ["words"], "nothing is closed, so nothing is asked"


def test_a_picture_that_is_only_opened_has_no_words_or_seed_of_the_one_before(
    picture, run, answers, tmp_path
):
    write_image(tmp_path / "photo.png", np.full((48, 64, 3), 7, np.uint8))
    answers["words"] = ""
    picture.prompt.seed.keep_seed(77)
    picture.prompt.form.avoid.setText("rain")
    run(picture.files.open(tmp_path / "photo.png"))
    prompt = picture.prompt
    assert prompt.edit.words == "" and prompt.form.avoid.text() == ""
    assert prompt.seed.seed is None and prompt.seed._field.text() == ""
    assert picture.canvas.hasFocus()


def test_a_picture_keeps_its_transparency_and_only_the_model_sees_it_on_white(window, run, answers, tmp_path):
    pixels = np.full((48, 64, 4), (10, 20, 30, 255), np.uint8)
    pixels[:8, :8] = 0
    write_image(tmp_path / "leaf.png", pixels)
    answers["words"] = ""
    run(window.files.open(tmp_path / "leaf.png"))
    assert window.canvas.source.read(0, 0, 64, 48)[0, 0].tolist() == [0, 0, 0, 0]
    assert window.document.document.picture()[0, 0].tolist() == [255, 255, 255]


def test_the_opened_picture_is_there_while_it_is_read_and_when_that_is_cancelled(
    window, run, qtbot, session, answers, tmp_path
):
    pixels = np.full((48, 64, 3), 99, np.uint8)
    write_image(tmp_path / "photo.png", pixels)
    answers["words"] = "grey"
    session.gate.clear()
    run(window.files.open(tmp_path / "photo.png"))
    qtbot.waitUntil(lambda: window.editing.running is not None)
    assert np.array_equal(window.canvas.source.read(0, 0, 64, 48)[..., :3], pixels)
    with qtbot.waitSignal(window.facade.cancelled):
        window.actions_table["discard"].trigger()
    assert np.array_equal(window.document.document.picture(), pixels)
    assert window.prompt.edit.words == "grey" and window.prompt.run_button.isEnabled()


def test_a_picture_without_words_is_not_opened(window, run, answers, tmp_path):
    write_image(tmp_path / "photo.png", np.full((48, 64, 3), 99, np.uint8))
    run(window.files.open(tmp_path / "photo.png"))
    assert not window.editing.busy


def test_the_describe_dialog_wants_words(theme, qtbot):
    dialog = DescribeDialog(theme, np.zeros((20, 40, 3), np.uint8))
    qtbot.addWidget(dialog)
    assert not dialog._open.isEnabled()
    qtbot.keyClicks(dialog.edit, "a black  wall")
    assert dialog._open.isEnabled() and dialog.edit.words == "a black wall"


def test_a_picture_can_only_be_opened_and_painted_on(window, run, answers, qtbot, session, tmp_path):
    pixels = np.full((48, 64, 3), 99, np.uint8)
    write_image(tmp_path / "photo.png", pixels)
    answers["words"] = ""
    run(window.files.open(tmp_path / "photo.png"))
    document = window.document.document
    assert np.array_equal(document.picture(), pixels) and document.dirty and window.document.turn is None
    half = np.full((8, 8, 4), (250, 0, 0, 128), np.uint8)
    window.document.execute(AddLayer(RasterLayer(name="Paint", tiles=Tiles(4).with_pixels(4, 4, half))))
    painted, layers = document.picture(), document.layers
    window.prompt.use_words("a grey wall")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert document.layers is layers and np.array_equal(document.picture(), painted)
    assert np.array_equal(window.document.turn.image, painted)
    window.document.undo()
    assert window.document.turn is None and np.array_equal(document.picture(), painted)


def test_the_describe_dialog_opens_without_words_too(theme, run, qtbot):
    async def answered():
        asked = asyncio.ensure_future(DescribeDialog.ask(theme, np.zeros((20, 40, 3), np.uint8)))
        await asyncio.sleep(0)
        dialog = QApplication.activeModalWidget()
        dialog.edit.set_words("a wall")
        dialog.only.click()
        return await asked

    assert run(answered()) == ""


def test_exporting_writes_the_picture(picture, run, answers, tmp_path):
    answers["save"] = tmp_path / "out.png"
    run(picture.exporting.export())
    assert np.array_equal(read_image(tmp_path / "out.png"), picture.document.document.picture())


def test_exporting_layers_writes_what_other_programs_open(picture, run, answers, tmp_path):
    answers["save"] = tmp_path / "out.ora"
    run(picture.exporting.export())
    assert np.array_equal(load_project(tmp_path / "out.ora").picture(), picture.document.document.picture())


@pytest.mark.parametrize("wanted", [True, False])
def test_a_project_that_another_program_saved_is_not_written_over(window, run, answers, project, wanted):
    run(window.files.open(project))
    other = load_project(project)
    image = np.full((24, 32, 3), 70, np.uint8)
    other.execute(AcceptTurn(Turn(prompt="theirs", image=image, parent=other.history.current_id)))
    save_project(other, project)
    window.document.execute(StarTurn(window.document.turn.id, True))
    answers["yes"] = wanted
    assert run(window.files.save()) is wanted
    saved = load_project(project)
    assert [turn.prompt for turn in saved.history] == ["a boat", "theirs"]
    assert next(iter(saved.history)).starred is wanted and window.isWindowModified() is not wanted


def saved_by_krita(project):
    """Write the project as other programs do: layers only, a new one among them."""
    document = load_project(project)
    document.execute(
        AddLayer(RasterLayer(name="New", tiles=Tiles(4).with_pixels(1, 1, np.full((3, 3, 4), 255, np.uint8))))
    )
    export_openraster(document, project)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_file_that_changed_on_the_disk_is_offered_once(window, run, answers, project, wanted):
    run(window.files.open(project))
    run(window.watching.look())
    assert not answers["asked"]
    saved_by_krita(project)
    answers["yes"] = wanted
    run(window.watching.look())
    run(window.watching.look())
    assert answers["asked"] == ["yes"]
    assert [layer.name for layer in window.document.document.layers] == ["Picture", "New"][: 1 + wanted]
    assert len(window.document.document.history) == 1 and window.isWindowModified() is wanted
    assert ("brought back" in window.messages.sentence) is wanted


def test_with_unsaved_changes_it_is_only_told(window, run, answers, project):
    run(window.files.open(project))
    window.document.execute(StarTurn(window.document.turn.id, True))
    saved_by_krita(project)
    run(window.watching.look())
    assert "changed by another program" in window.messages.sentence and not answers["asked"]


def test_the_system_says_when_to_look(window, run, qtbot, project, monkeypatch):
    run(window.files.open(project))
    looked = []
    monkeypatch.setattr(window.watching._settled, "start", lambda: looked.append(True))
    saved_by_krita(project)
    qtbot.waitUntil(lambda: bool(looked))


@pytest.mark.parametrize(
    ("answer", "layers"), [(True, ["Picture", "New"]), (False, ["Picture"]), (None, None)]
)
def test_their_layers_are_asked_for_when_saving(window, run, answers, project, answer, layers):
    run(window.files.open(project))
    window.document.execute(StarTurn(window.document.turn.id, True))
    saved_by_krita(project)
    answers["yes"] = answer
    assert run(window.files.save()) is (answer is not None)
    if layers:
        saved = load_project(project)
        assert [layer.name for layer in saved.layers] == layers and saved.history.current.starred


def test_a_copy_leaves_the_document_where_it_is(window, run, answers, project, tmp_path):
    run(window.files.open(project))
    for name in ("copy.palimpsest", "copy.ora"):
        answers["save"] = tmp_path / name
        run(window.exporting.save_copy())
        assert np.array_equal(load_project(tmp_path / name).picture(), window.document.document.picture())
    assert window.files.path == project and len(load_project(tmp_path / "copy.palimpsest").history) == 1
    answers["save"] = tmp_path / "copy.txt"
    run(window.exporting.save_copy())
    assert ".ora" in window.messages.sentence and not (tmp_path / "copy.txt").exists()


def test_a_share_that_vanishes_and_comes_back_costs_nothing(window, run, answers, project, tmp_path):
    """Saving says why it was not possible and can be done again; the pictures are seen meanwhile."""
    share, away = tmp_path / "share", tmp_path / "away"
    share.mkdir()
    path = project.rename(share / "boat.palimpsest")
    run(window.files.open(path))
    window.document.execute(StarTurn(window.document.turn.id, True))
    share.rename(away)
    told: list[str] = []
    window.files.problem.connect(told.append)
    assert run(window.files.save()) is False and "was not saved" in told[-1] and told[-1].endswith(".")
    assert window.isWindowModified() and window.files.path == path and not share.exists()
    assert window.document.turn.image.any()
    away.rename(share)
    assert run(window.files.save()) and not window.isWindowModified()
    assert load_project(path).history.current.starred


def test_a_copy_for_others_asks_what_becomes_of_modes(window, run, answers, project, tmp_path, monkeypatch):
    asked: list[tuple] = []
    answer: list[bool | None] = [None]

    async def asking(*values):
        asked.append(values[:2])
        return answer[0]

    monkeypatch.setattr(CopyDialog, "ask", asking)
    run(window.files.open(project))
    answers["save"] = path = tmp_path / "copy.ora"
    run(window.exporting.save_copy())
    assert path.exists() and not asked  # nothing that others could show otherwise
    path.unlink()
    glow = Tiles(4).filled(Rect(0, 0, 16, 16), (200, 90, 30, 255))
    window.document.execute(AddLayer(RasterLayer(name="glow", tiles=glow, blend_mode="soft-light")))
    run(window.exporting.save_copy())
    assert asked == [("OpenRaster", ["soft-light"])] and not path.exists()
    picture = window.document.document.picture()
    for answer[0], mode in ((False, "soft-light"), (True, "normal")):
        run(window.exporting.save_copy())
        copy = load_project(path)
        assert copy.layers.layers[-1].blend_mode == mode
        assert np.abs(copy.picture().astype(int) - picture).max() <= 1
    answers["save"] = tmp_path / "copy.palimpsest"
    run(window.exporting.save_copy())
    assert len(asked) == 3 and window.document.document.layers.layers[-1].blend_mode == "soft-light"


def test_a_damaged_project_opens_in_part_and_is_saved_elsewhere(window, run, answers, project, tmp_path):
    damaged = tmp_path / "damaged.palimpsest"
    with zipfile.ZipFile(project) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"no list" if name == "editor/project.json" else old.read(name))
    before, told = damaged.read_bytes(), []
    window.files.problem.connect(told.append)
    run(window.files.open(damaged))
    assert window.document.turn.prompt == "a boat" and "table of contents" in told[0]
    answers["save"] = tmp_path / "whole.palimpsest"
    assert run(window.files.save()) and damaged.read_bytes() == before
    assert (
        window.files.path == tmp_path / "whole.palimpsest" and not load_project(window.files.path).origin.lost
    )


def test_dropping_a_file_opens_it(window, qtbot, project):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        window, QDragEnterEvent(QPoint(200, 200), Qt.DropAction.CopyAction, data, left, none)
    )
    QApplication.sendEvent(window, QDropEvent(QPointF(200, 200), Qt.DropAction.CopyAction, data, left, none))
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert window.files.path == project


def test_recent_files_are_offered(window, run, qtbot, project):
    run(window.files.open(project))
    titles = [action.text() for action in window.menus["recent"].actions()]
    assert titles[0] == project.name
    project.unlink()
    assert window.state.recent == []


def test_new_gives_the_welcome_page(picture, qtbot):
    picture.actions_table["new"].trigger()
    qtbot.waitUntil(lambda: picture.document.document is None)
    assert picture.workspace.pages.currentWidget() is picture.welcome
    assert picture.prompt.run_button.text() == "Generate"


# -- closing ----------------------------------------------------------------------------------------------------------


def test_closing_asks_and_stays_when_told_to(picture, qtbot, answers):
    answers["unsaved"] = ask.Unsaved.CANCEL
    picture.close()
    qtbot.waitUntil(lambda: answers["asked"] == ["unsaved"])
    assert picture.isVisible()
    answers["unsaved"] = ask.Unsaved.DISCARD
    with qtbot.waitSignal(picture.closed):
        picture.close()


def test_the_question_itself(picture, qtbot, loop):
    task = loop.create_task(ask.unsaved_changes(picture, "fox"))
    qtbot.waitUntil(lambda: picture.findChild(QMessageBox) is not None)
    box = picture.findChild(QMessageBox)
    assert "fox" in box.text()
    box.button(QMessageBox.StandardButton.Discard).click()
    qtbot.waitUntil(task.done)
    assert task.result() is ask.Unsaved.DISCARD


def test_layout_is_remembered_and_reset(picture, qtbot, theme, session):
    from editor_core.base.settings import Settings
    from gui.shell.main_window import MainWindow
    from gui.worker.facade import EngineFacade

    picture.toolbox.mask.settings.set(size=77)
    dock = picture.panels.docks[2]
    dock.hide()
    picture._may_close = True
    with qtbot.waitSignal(picture.closed):
        picture.close()
    again = MainWindow(EngineFacade(lambda: session), theme, Settings())
    qtbot.addWidget(again)
    again.begin()
    assert again.toolbox.mask.settings.brush.size == 77
    assert not again.panels.docks[2].isVisible() and again.panels.docks[0].isVisible()
    again.actions_table["reset_layout"].trigger()
    assert again.panels.docks[2].isVisible()
    again.close()
    assert again.facade.wait(1000)


def test_a_picture_that_says_its_words_offers_them(
    window, run, answers, qtbot, session, tmp_path, monkeypatch
):
    turn = Turn(
        prompt="a boat",
        negative="fog",
        seed=77,
        steps=4,
        guidance=3.0,
        image=np.full((48, 64, 3), 99, np.uint8),
    )
    write_image(tmp_path / "boat.png", turn.image, provenance([turn]))
    offered = []

    async def answer(theme, pixels, parent, words):
        offered.append(words)
        return words

    monkeypatch.setattr(DescribeDialog, "ask", answer)
    run(window.files.open(tmp_path / "boat.png"))
    assert offered == ["a boat"]
    qtbot.waitUntil(lambda: window.document.turn is not None)
    request = session.requests[-1]
    assert (request.prompt, request.sampling) == ("a boat", Sampling(77, 4, 3.0, "fog"))


def test_the_describe_dialog_begins_with_what_is_offered(theme, run):
    async def answered():
        asked = asyncio.ensure_future(
            DescribeDialog.ask(theme, np.zeros((20, 40, 3), np.uint8), None, "a boat")
        )
        await asyncio.sleep(0)
        dialog = QApplication.activeModalWidget()
        dialog.accept()
        return await asked

    assert run(answered()) == "a boat"


def test_a_project_in_upper_case_is_saved_where_it_was(window, run, project, tmp_path):
    loud = project.rename(tmp_path / "BOAT.PALIMPSEST")
    run(window.files.open(loud))
    assert window.files.path == loud
