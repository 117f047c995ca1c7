"""Upscaling with what the artist chooses."""

from PySide6.QtWidgets import QApplication

from editor_core.base import paths
from gui.dialogs.upscale import UpscaleDialog
from gui.texts.turn_tips import tip_of


def opened(qtbot, window):
    window.actions_table["upscale"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), UpscaleDialog))
    return QApplication.activeModalWidget()


def test_a_network_that_lies_among_the_models_is_offered_first(picture, session, qtbot):
    file = paths.models_folder() / "upscale_models" / "4x-Sharp.pth"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")
    dialog = opened(qtbot, picture)
    assert [dialog.means.itemText(n) for n in range(dialog.means.count())] == ["Lanczos", "4x-Sharp"]
    assert dialog.means.currentData() == str(file) and not dialog.detail.isChecked()
    dialog.factor.setCurrentIndex(1)
    dialog.detail.setChecked(True)
    dialog.accept()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    asked = session.requests[-1]
    assert (asked.factor, asked.upscaler, asked.repaint) == (4, str(file), True)
    picture.editing.apply()
    assert "Upscaled with 4x-Sharp" in tip_of(picture.document.turn)


def test_without_one_lanczos_and_the_model_are_offered_and_any_file(picture, session, qtbot, tmp_path):
    dialog = opened(qtbot, picture)
    assert dialog.means.count() == 1 and dialog.detail.isChecked() and "upscale_models" in dialog.told.text()
    dialog.add_file(str(tmp_path / "2x.pth"))
    assert not dialog.detail.isChecked() and dialog.chosen.upscaler == str(tmp_path / "2x.pth")
    before = len(session.requests)
    dialog.reject()
    assert len(session.requests) == before
