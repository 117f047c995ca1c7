"""What the model sees of a large picture is framed while it works there."""

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QColor

from editor_core.document.commands import AcceptTurn, AddLayer
from editor_core.document.layers import MaskLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.run import RunRecord
from gui.look.images import from_qimage
from gui.overlays import preview
from gui.overlays.preview import LivePreview
from support.documents import make_turn
from support.fake_session import MODEL


def test_the_window_is_framed_while_the_job_runs(picture, session, qtbot):
    stage = picture.stage
    session.window = (8, 16, 24, 20)
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: stage.window.window == (8, 16, 24, 20))
    canvas = picture.canvas
    x, y = canvas.viewport.to_screen(8 + 12, 16)
    seen = from_qimage(canvas.grab().toImage())[round(y) - 2 : round(y) + 3, round(x) - 12 : round(x) + 12]
    accent = QColor(stage.window._theme.colour("accent"))
    colour = np.array([accent.red(), accent.green(), accent.blue()])
    assert (np.abs(seen.astype(int) - colour).max(2) < 40).any()
    session.gate.set()
    qtbot.waitUntil(lambda: not picture.editing.busy)
    assert stage.window.window is None


def test_previews_of_huge_pictures_stay_small(monkeypatch):
    monkeypatch.setattr(preview, "MAX_SIDE", 64)
    live = LivePreview()
    live.begin(whole=False)
    mask = np.zeros((100, 200), np.uint8)
    mask[:, 100:] = 255
    live.set_region(mask)
    live.set_image(np.full((25, 50, 3), 200, np.uint8))
    assert (live._image.width(), live._image.height()) == (64, 32)
    assert live._image.pixelColor(10, 10).alpha() == 0 and live._image.pixelColor(50, 10).alpha() == 255


def test_what_the_model_saw_of_a_past_turn_is_framed_with_its_changes(picture):
    first, stage = picture.document.turn, picture.stage
    turn = make_turn(2, first, (64, 64), record=RunRecord(window=(8, 16, 24, 20)))
    picture.document.execute(AcceptTurn(turn))
    assert stage.window.window is None
    picture.actions_table["show_changes"].trigger()
    assert stage.window.window == (8, 16, 24, 20)
    picture.document.undo()
    assert stage.window.window is None


def test_a_large_picture_asks_for_a_mark(picture):
    turn = make_turn(2, size=(64, 64), latents={}, prompt="a wall")
    picture.document.execute(AcceptTurn(turn))
    picture.prompt.set_model(replace(MODEL, largest_whole=32))
    picture.prompt.use_words("a red wall")
    assert "mask where it may change" in picture.prompt.line.text()
    assert not picture.prompt.run_button.isEnabled()
    mask = MaskLayer(name="m", tiles=Tiles.from_array(np.full((8, 8), 255, np.uint8)))
    picture.document.execute(AddLayer(mask))
    assert picture.prompt.run_button.isEnabled() and "only inside the mask" in picture.prompt.line.text()
