"""Settings, models and cache: what is shown, what is kept, who is told."""

import json
import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QScrollArea, QSpinBox
from safetensors.torch import load_file, save_file

from editor_core.base import paths, settings
from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.library.entry import Kind
from editor_core.library.places import Place
from editor_core.messages.events import CacheSpace
from editor_core.messages.requests import (
    Configure,
    Edit,
    LoadModel,
    OpenPicture,
    PreviewPredictions,
    ReadCache,
    Sampling,
)
from editor_core.models.available import ModelListing
from editor_core.models.bundle import Capabilities
from editor_core.models.remembered_predictions import KINDS, remembered
from editor_core.project.project_file import cache_spaces
from gui.dialogs import models, watched_menu
from gui.dialogs.cache import CacheDialog, Project, recent_projects
from gui.dialogs.checklist import Checklist
from gui.look.palette import LIGHT
from support.loras import write_kohya
from support.model_server import serving
from support.tiny_models import tiny_folder


def requests_of(session, kind):
    return [request for request in session.requests if isinstance(request, kind)]


# -- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_shown_kept_and_told(window, session, qtbot, theme):
    dialog = window.preferences.show_settings()
    assert dialog.appearance.currentData() == "dark" and dialog.live_preview.isChecked()
    assert dialog.memory.text() == "automatic"
    dialog.appearance.setCurrentIndex(dialog.appearance.findData("light"))
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    dialog.placement.setCurrentIndex(dialog.placement.findData("above"))
    dialog.show_results.setChecked(False)
    dialog.live_preview.setChecked(False)
    dialog.card.setValue(256)
    dialog.memory.setValue(512)
    dialog.autosave.setValue(0)
    dialog.folder.setText("/tmp/elsewhere")
    dialog.accept()
    kept = settings.load()
    assert (kept.theme, kept.language) == ("light", "de")
    assert (kept.device_cache_mb, kept.ram_cache_mb) == (256, 512)
    assert not kept.live_preview and kept.cache_folder == "/tmp/elsewhere" and kept.autosave_minutes == 0
    assert theme.colours is LIGHT and window.state.placement == "above"
    assert window.actions_table["place_above"].isChecked() and window.editing.placement.value == "above"
    assert not window.actions_table["show_results"].isChecked()
    assert not window.recovery._timer.isActive()
    qtbot.waitUntil(lambda: bool(requests_of(session, Configure)))
    assert requests_of(session, Configure)[-1].settings == kept
    window.preferences.choose_theme("dark")


def test_cancelled_settings_change_nothing(window, session):
    before = window.preferences.settings
    dialog = window.preferences.show_settings()
    dialog.memory.setValue(1)
    dialog.placement.setCurrentIndex(1)
    dialog.reject()
    assert window.preferences.settings is before and window.state.placement == "replace"


def test_a_device_written_by_hand_is_kept(window):
    window.preferences.settings = Settings(theme="dark", device="cuda:1")
    dialog = window.preferences.show_settings()
    assert dialog.device.currentData() == "cuda:1"
    dialog.reject()


def test_another_device_loads_the_model_again(window, session, qtbot):
    dialog = window.preferences.show_settings()
    dialog.device.setCurrentIndex(dialog.device.findData("cpu"))
    dialog.accept()
    qtbot.waitUntil(lambda: len(requests_of(session, LoadModel)) == 2)
    assert requests_of(session, LoadModel)[-1].device == "cpu"


# -- models -----------------------------------------------------------------------------------------------------------


def words_of(dialog, row):
    return dialog.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.fixture(autouse=True)
def nothing_is_looked_at_behind_a_test(monkeypatch, tmp_path):
    """No folders of other programs, and no thread that outlives its test."""
    monkeypatch.setattr(watched_menu, "found_places", list)
    yield
    for thread in threading.enumerate():
        if thread.name in ("library", "download"):
            thread.join()


def test_a_folder_is_added_used_and_removed(window, session, qtbot):
    folder = str(tiny_folder("sd1"))
    dialog = window.preferences.show_models()
    assert "in use" in words_of(dialog, 0) and "picture-book" in words_of(dialog, 0)
    assert not dialog.remove_button.isEnabled() and not dialog.use_button.isEnabled()
    dialog.add_folder(folder)
    assert dialog.chosen.source == folder and "pixels" in words_of(dialog, 1)
    assert settings.load().model_folders == (folder,)
    dialog.use_button.click()
    qtbot.waitUntil(lambda: len(requests_of(session, LoadModel)) == 2)
    assert requests_of(session, LoadModel)[-1].source == folder and "in use" in words_of(dialog, 1)
    dialog.remove_button.click()
    assert dialog.list.count() == 1 and window.preferences.settings.model == "default"
    dialog.reject()


def test_a_file_that_is_no_model_says_why(window, tmp_path):
    file = tmp_path / "dream.ckpt"
    file.write_bytes(b"would run if it were opened")
    dialog = window.preferences.show_models()
    dialog.add_folder(str(file))
    assert dialog.chosen.wrong and dialog.chosen.about.startswith("dream.ckpt is pickled")
    assert dialog.chosen.about in words_of(dialog, 1)
    assert not dialog.use_button.isEnabled() and dialog.remove_button.isEnabled()
    dialog.reject()


def test_a_folder_that_is_no_model_says_why(window, tmp_path):
    dialog = window.preferences.show_models()
    dialog.add_folder(str(tmp_path))
    assert dialog.chosen.wrong and "The model folder contains no U-Net" in words_of(dialog, 1)
    assert not dialog.use_button.isEnabled() and dialog.remove_button.isEnabled()
    dialog.reject()


def test_what_a_file_does_not_say_is_asked_before_it_is_used(window, session, qtbot, tmp_path, monkeypatch):
    file = tmp_path / "dream.safetensors"
    save_file({"weight": torch.zeros(1)}, file)

    def listing(answered):
        able = Capabilities("epsilon", False, False, prediction_is_guessed=not answered)
        return ModelListing(str(file), "dream", str(file), (512, 512), None, able, False, answered, False)

    monkeypatch.setattr(models, "available_models", lambda known: [listing(remembered(file) is not None)])
    dialog = window.preferences.show_models()
    assert dialog.prediction_button.isVisibleTo(dialog) and "predicts noise" in words_of(dialog, 0)
    dialog.use_button.click()
    assert window.preferences.settings.model == "default"
    asked = dialog.prediction
    qtbot.waitUntil(
        lambda: not asked.buttons["v_prediction"].icon().isNull() and "same words" in asked.state.text()
    )
    colours = [asked.buttons[k].icon().pixmap(8, 8).toImage().pixelColor(4, 4).red() for k in KINDS]
    assert colours == [60, 120, 180] and requests_of(session, PreviewPredictions)[-1].source == str(file)
    asked.buttons["v_prediction"].click()
    assert remembered(file) == "v_prediction" and window.preferences.settings.model == str(file)
    qtbot.waitUntil(lambda: requests_of(session, LoadModel)[-1].source == str(file))
    dialog.prediction_button.click()
    dialog.prediction.buttons["epsilon"].click()  # before the pictures have come
    qtbot.waitUntil(lambda: requests_of(session, LoadModel)[-1].anew)
    assert remembered(file) == "epsilon"
    dialog.reject()


def test_a_project_of_another_model_asks_for_it_once(window, session, qtbot, tmp_path, pen):
    folder = tmp_path / "elsewhere" / "dream"
    folder.mkdir(parents=True)
    turn = Turn(
        image=np.zeros((64, 64, 3), np.uint8), prompt="a fox", model="dream", fingerprint="other",
        model_source="/gone/dream", loras=(LoraChoice(str(pen), 0.5), LoraChoice("/gone/ink.safetensors")),
    )  # fmt: skip
    window.files.adopt(Document.new_from_turn(turn))
    box = window.project_model.box
    assert box.text() == "This picture was made with dream, pen <&> (0.5), ink."
    assert box.informativeText().startswith("Not found any more: dream, ink.")
    box.close()
    window.preferences.settings = replace(window.preferences.settings, model_folders=(str(folder),))
    window.files.adopt(Document.new_from_turn(turn))
    next(button for button in window.project_model.box.buttons() if button.text() == "Use dream").click()
    qtbot.waitUntil(lambda: requests_of(session, LoadModel)[-1].source == str(folder))
    assert requests_of(session, LoadModel)[-1].loras == (LoraChoice(str(pen), 0.5),)
    qtbot.waitUntil(lambda: window.project_model.box is None)
    window.files.adopt(
        Document.new_from_turn(turn.changed(fingerprint=window.project_model._info.fingerprint))
    )
    assert window.project_model.box is None


@pytest.fixture
def pen(tmp_path):
    """A LoRA's file that says what it was trained with."""
    factors = {"conv_in": {"down": torch.zeros(2, 4, 3, 3), "up": torch.zeros(8, 2, 1, 1)}}
    file = write_kohya(tmp_path / "pen <&>.safetensors", factors)
    tags = {"10_pen": {"ink pen": 9, "fox": 2}, "1_more": {"fox": 20}}
    save_file(load_file(file), file, {"ss_tag_frequency": json.dumps(tags)})
    return file


# -- the library ------------------------------------------------------------------------------------------------------


def show_kind(dialog, kind):
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


def test_what_lies_in_a_watched_folder_is_listed_searched_and_used(window, session, qtbot, tmp_path, pen):
    shutil.copytree(tiny_folder("sd1"), tmp_path / "checkpoints" / "dream")
    save_file({"emb_params": torch.zeros(1, 768)}, tmp_path / "moody.safetensors")
    dialog = window.preferences.show_models()
    dialog.add_folder(str(tmp_path))
    assert settings.load().library_folders == (str(tmp_path),) and not settings.load().model_folders
    qtbot.waitUntil(lambda: dialog.list.count() == 2)
    assert words_of(dialog, 1).startswith("dream.") and dialog.note.isHidden()
    dialog.list.setCurrentRow(1)
    assert not dialog.remove_button.isEnabled()
    dialog.use_button.click()
    qtbot.waitUntil(lambda: requests_of(session, LoadModel)[-1].source.endswith("dream"))
    assert "in use" in words_of(dialog, 1) and dialog.list.count() == 2 and not dialog.use_button.isEnabled()
    show_kind(dialog, Kind.LORA)
    dialog.search.setText("ink pen")
    assert dialog.list.count() == 1 and "Trigger words: fox, ink pen" in words_of(dialog, 0)
    dialog.use_button.click()
    assert window.preferences.settings.loras == (LoraChoice(str(pen)),) and "in use" in words_of(dialog, 0)
    dialog.search.setText("nothing like it")
    assert dialog.list.count() == 0 and "Nothing of this kind" in dialog.note.text()
    dialog.search.clear()
    show_kind(dialog, None)
    assert [words_of(dialog, row).split(".")[0] for row in range(dialog.list.count())][1:] == [
        "dream · in use", "moody", "pen <&> · in use",
    ]  # fmt: skip
    qtbot.waitUntil(lambda: len(window.preferences.library.digests) == 2)
    dialog.search.setText(window.preferences.library.digests[str(tmp_path / "moody.safetensors")][:10])
    assert dialog.list.count() == 1 and words_of(dialog, 0).startswith("moody")
    dialog.reject()


def test_folders_of_other_programs_are_offered(window, qtbot, tmp_path, monkeypatch):
    place = Place("ComfyUI", tmp_path / "ComfyUI & more")
    place.folder.mkdir()
    monkeypatch.setattr(watched_menu, "found_places", lambda: [place])
    dialog = window.preferences.show_models()
    menu = dialog.folders.menu_shown
    menu.aboutToShow.emit()
    offered = next(action for action in menu.actions() if action.text().startswith("ComfyUI"))
    offered.trigger()
    assert settings.load().library_folders == (str(place.folder),)
    menu.aboutToShow.emit()
    watched = next(
        action for action in menu.actions() if action.text() == str(place.folder).replace("&", "&&")
    )
    assert watched.isChecked() and not any(each.text().startswith("ComfyUI:") for each in menu.actions())
    watched.trigger()
    assert settings.load().library_folders == ()
    dialog.reject()


@pytest.fixture
def hub(monkeypatch):
    with serving() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield server


def test_a_model_is_downloaded_paused_and_gone_on_with(window, qtbot, hub, pen):
    data = pen.read_bytes()
    hub.add_repository("ann/pen", {"pen.safetensors": data})
    hub.break_after, hub.hold = 100, threading.Event()
    dialog = window.preferences.show_models()
    dialog.downloads.source.setText(" ann/pen ")
    dialog.downloads.button.click()
    (row,) = dialog.downloads.rows
    assert dialog.downloads.source.text() == "" and row.button.text() == "Pause"
    qtbot.waitUntil(lambda: row.bar.value() > 0)
    row.button.click()
    hub.hold.set()
    qtbot.waitUntil(lambda: row.button.text() == "Resume")
    assert " of " in row.told.text()
    row.button.click()
    qtbot.waitUntil(lambda: dialog.list.count() == 1 and words_of(dialog, 0).startswith("pen."))
    assert not dialog.downloads.rows and dialog.use_button.text() == "Add this LoRA"
    assert (paths.models_folder() / "loras" / "pen.safetensors").read_bytes() == data
    dialog.reject()


def test_a_download_that_fails_says_why_and_is_given_up(window, qtbot, hub):
    dialog = window.preferences.show_models()
    dialog.downloads.source.setText("ann/nowhere")
    dialog.downloads.source.returnPressed.emit()
    (row,) = dialog.downloads.rows
    qtbot.waitUntil(lambda: "There is no ann/nowhere" in row.told.text())
    assert row.button.text() == "Try again"
    row.close_button.click()
    assert not dialog.downloads.rows and not window.preferences.downloads.items
    dialog.reject()


def test_a_lora_is_added_weighed_and_removed(window, session, qtbot, pen):
    dialog = window.preferences.add_model(pen)

    def loaded():
        return [request.loras for request in requests_of(session, LoadModel)]

    qtbot.waitUntil(lambda: loaded()[-1:] == [(LoraChoice(str(pen)),)])
    row = dialog.loras.itemWidget(dialog.loras.item(0))
    assert [label.text() for label in row.findChildren(QLabel)][:2] == [
        "pen <&>",
        "Trigger words: fox, ink pen",
    ]
    (field,) = row.findChildren(QSpinBox)
    field.setValue(80)
    qtbot.waitUntil(lambda: loaded()[-1] == (LoraChoice(str(pen), 0.8),))
    assert (
        settings.load().loras == (LoraChoice(str(pen), 0.8),)
        and not window.preferences.settings.model_folders
    )
    dialog.add_file(str(pen))
    assert dialog.loras.count() == 1
    dialog.loras.remove(str(pen))
    qtbot.waitUntil(lambda: loaded()[-1] == ())
    assert dialog.loras.isHidden() and pen.is_file()
    dialog.reject()


def test_autoencoder_layer_and_precision_are_chosen(window, session, qtbot, tmp_path):
    dialog = window.preferences.show_models()
    dialog.options.use_vae(str(tmp_path / "soft & clear.safetensors"))
    assert dialog.options.vae_button.text() == "soft && clear.safetensors"
    dialog.options.skip.setValue(2)
    qtbot.waitUntil(lambda: requests_of(session, LoadModel)[-1].clip_skip == 2)
    assert requests_of(session, LoadModel)[-1].vae.endswith("clear.safetensors")
    dialog.options.own_button.click()
    qtbot.waitUntil(lambda: requests_of(session, LoadModel)[-1].vae == "")
    assert dialog.options.own_button.isHidden() and settings.load().clip_skip == 2
    dialog.reject()
    choice = window.preferences.show_settings()
    choice.precision.setCurrentIndex(choice.precision.findData("bfloat16"))
    choice.accept()
    qtbot.waitUntil(lambda: requests_of(session, LoadModel)[-1].precision == "bfloat16")


def test_a_lora_that_cannot_be_used_says_why(window, tmp_path):
    save_file({"lora_unet_conv_in.lokr_w1": torch.zeros(1)}, tmp_path / "odd.safetensors")
    dialog = window.preferences.add_model(tmp_path / "odd.safetensors")
    row = dialog.loras.itemWidget(dialog.loras.item(0))
    assert "is a LoKr, which is not supported" in row.findChildren(QLabel)[1].text()
    dialog.reject()


def test_a_lora_in_the_prompt_becomes_a_setting(picture, session, qtbot, pen):
    picture.prompt.use_words("a fox on sand <lora:pen:0.6>")
    picture.prompt.run()
    assert "no LoRA called “pen”" in picture.messages.sentence and picture.prompt.edit.words.endswith(">")
    plain = pen.rename(pen.with_name("pen.safetensors"))
    choice = LoraChoice(str(plain), 0.6)
    picture.preferences.use_loras((LoraChoice(str(plain)),))
    picture.prompt.run()
    assert picture.prompt.edit.words == "a fox on sand" and picture.preferences.settings.loras == (choice,)
    qtbot.waitUntil(lambda: bool(requests_of(session, Edit)))
    kinds = [request for request in session.requests if isinstance(request, LoadModel | Edit)]
    assert kinds[-1].prompt == "a fox on sand" and kinds[-2].loras == (choice,)


def test_loras_that_a_picture_tells_of_are_no_words(window, session, qtbot):
    window.files.adopt(Document.new_from_picture(np.zeros((64, 64, 3), np.uint8)))
    window.files.picture_described.emit("a fox <lora:pen:0.8>", Sampling())
    assert "This picture was made with LoRAs: pen (0.8)." in window.messages.sentence
    qtbot.waitUntil(lambda: bool(requests_of(session, OpenPicture)))
    assert requests_of(session, OpenPicture)[-1].prompt == "a fox"


# -- cache ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def cache(window, session, qtbot):
    session.spaces = [
        CacheSpace("a", 10 << 20, 40 << 20),
        CacheSpace("b", 0, 60 << 20),
        CacheSpace("c", 5 << 20, 0),
    ]
    projects = [Project("fox.palimpsest", frozenset("ab")), Project("empty.palimpsest", frozenset("x"))]
    dialog = CacheDialog(window.facade, projects, window)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.tree.topLevelItemCount() > 0)
    return dialog


def rows(dialog):
    tree = dialog.tree
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(4)] for item in items]


def test_what_each_project_holds(cache):
    assert rows(cache) == [
        ["fox.palimpsest", "2", "10 MB", "100 MB"],
        ["Other or deleted projects", "1", "5 MB", "0 MB"],
    ]
    assert "100 MB of 4.0 GB on disk" in cache.total.text()


def test_clearing_one_project_and_then_all(cache, session, qtbot, window):
    assert not cache.clear_button.isEnabled()
    cache.tree.topLevelItem(0).setSelected(True)
    cache.clear_button.click()
    qtbot.waitUntil(lambda: len(rows(cache)) == 1)
    assert [space.name for space in session.spaces] == ["c"]
    cache.clear_all_button.click()
    qtbot.waitUntil(lambda: not rows(cache))
    assert not session.spaces and not cache.clear_all_button.isEnabled()
    assert len(requests_of(session, ReadCache)) == 3
    assert not any(window.jobs.index(row).data() == "" for row in range(window.jobs.rowCount()))


def test_the_spaces_of_a_saved_project(picture, run, tmp_path):
    from editor_core.document.commands import AcceptTurn

    first = picture.document.turn
    picture.document.execute(
        AcceptTurn(replace(first, id="0123456789ab", parent=first.id, cache_space="space-1"))
    )
    path = tmp_path / "a.palimpsest"
    assert run(picture.files._save_to(picture.documents.current, path))
    assert cache_spaces(path) == {"space-1"}
    (tmp_path / "broken.palimpsest").write_text("no zip")
    assert recent_projects([path, tmp_path / "broken.palimpsest"]) == [
        Project("a.palimpsest", frozenset({"space-1"}))
    ]
    dialog = picture.preferences.show_cache(picture.document, path, "a.palimpsest")
    assert dialog._projects[0] == Project("a.palimpsest (open)", frozenset({"space-1"}))
    dialog.reject()


def test_other_settings_do_not_style_everything_anew(window, qtbot):
    with qtbot.assertNotEmitted(window.theme.changed):
        window.preferences.change(replace(window.preferences.settings, mask_threshold=0.3))


def test_the_wheel_scrolls_settings_and_changes_none(picture, qtbot):
    dialog = picture.preferences.show_settings()
    fields = [field for kind in (QSpinBox, QComboBox) for field in dialog.findChildren(kind)]
    assert len(fields) > 8
    before = [field.value() if isinstance(field, QSpinBox) else field.currentIndex() for field in fields]
    area = dialog.findChild(QScrollArea)
    dialog.resize(dialog.width(), 300)
    QApplication.processEvents()
    for field in fields:
        dialog.buttons.setFocus()
        turn_wheel(field, -1)
    after = [field.value() if isinstance(field, QSpinBox) else field.currentIndex() for field in fields]
    assert after == before and area.verticalScrollBar().value() > 0
    fields[0].setFocus()
    turn_wheel(fields[0], 1)
    assert fields[0].value() > before[0]
    dialog.reject()


def turn_wheel(field, notches):
    turned = QWheelEvent(
        QPointF(3, 3), field.mapToGlobal(QPointF(3, 3)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, turned)


def test_a_long_name_in_a_list_of_what_to_recover_keeps_its_ends(picture):
    name = "/far/" + "away/" * 60 + "fox.palimpsest · 14:03"
    asked = Checklist(picture, "Recover", "Recover these pictures?", "", ["a boat · 12:01", name])
    asked.show()
    view, last = asked.list, asked.list.visualItemRect(asked.list.item(1))
    assert view.horizontalScrollBar().maximum() == 0 and view.viewport().rect().contains(last)
    asked.reject()
