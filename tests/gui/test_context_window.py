"""What the model sees of a large picture is framed while it works there."""

import numpy as np
from PySide6.QtGui import QColor

from gui.overlays import preview
from gui.overlays.preview import LivePreview
from gui.worker.images import from_qimage


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
    monkeypatch.setattr(preview, "FINEST", 64)
    live = LivePreview()
    live.begin(whole=False)
    mask = np.zeros((100, 200), np.uint8)
    mask[:, 100:] = 255
    live.set_region(mask)
    live.set_image(np.full((25, 50, 3), 200, np.uint8))
    assert (live._image.width(), live._image.height()) == (64, 32)
    assert live._image.pixelColor(10, 10).alpha() == 0 and live._image.pixelColor(50, 10).alpha() == 255
