"""Live in the window: strokes with the mouse, newest wins, preview above the paint, apply, undo, off."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor_core.base.errors import EditorError
from editor_core.document.commands import AddLayer
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import AdjustmentLayer, TextLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Edit
from support.fake_session import colour_of
from support.pointing import drag

REFINED = colour_of("a fox on snow")


@pytest.fixture
def live(picture, qtbot):
    """The picture with Live on, and a brush of six pixels in hand."""
    picture.actions_table["live"].trigger()
    picture.actions_table["brush_tool"].trigger()
    picture.toolbox.brush.settings.set(size=6, hardness=1, smoothing=0)
    picture.session = picture.facade._make_session()
    return picture


def edits(window):
    return [request for request in window.session.requests if isinstance(request, Edit)]


def stroke(qtbot, window, y=20):
    drag(qtbot, window, (20, y), (30, y))


def refined(qtbot, window, y=20):
    """A stroke, and its result."""
    stroke(qtbot, window, y)
    qtbot.waitUntil(lambda: window.live.has_results and not window.live.is_busy)


def seen(window, x, y):
    """The alpha of the result over a pixel of the picture."""
    overlay = window.stage.live
    return overlay.has_results and bool(overlay._pixels[y, x, 3])


def test_a_strokes_end_asks_for_its_result_and_painting_goes_on(live, qtbot):
    assert live.live.bar.isVisible() and not live.live.bar.apply.isEnabled()
    refined(qtbot, live)
    assert len(edits(live)) == 1 and edits(live)[0].strength == 0.4
    assert seen(live, 25, 20) and not seen(live, 50, 50)
    assert live.editing.candidate is None and len(live.document.document.history) == 1
    assert not live.document.document.picture()[20, 25].any()  # the paint is as it was painted
    live.toolbox.brush.settings.set(size=2)
    drag(qtbot, live, (26, 20), (29, 20))
    assert "has this colour" in live.live.bar.text.text()
    live.toolbox.colours.set(foreground=(10, 20, 200))
    drag(qtbot, live, (24, 14), (24, 24), release=False)
    assert not seen(live, 24, 20) and seen(live, 29, 20)  # what is being painted lies above the result
    qtbot.mouseRelease(live.canvas, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: seen(live, 24, 20) and len(edits(live)) == 2)
    assert len(edits(live)[1].lineage) == 2  # from what the stroke before left behind


def test_what_was_there_before_live_stays_as_it_is(picture, qtbot):
    picture.session = picture.facade._make_session()
    picture.actions_table["brush_tool"].trigger()
    picture.toolbox.brush.settings.set(size=6, hardness=1, smoothing=0)
    for y in (10, 36):
        stroke(qtbot, picture, y)
    picture.actions_table["live"].trigger()
    qtbot.waitUntil(lambda: not picture.live.is_busy)
    assert edits(picture) == []
    refined(qtbot, picture, 56)
    document, [edit] = picture.document.document, edits(picture)
    assert edit.mask[56, 25] and not edit.mask[10, 25] and not edit.painted[10, 25].any()
    picture.live.bar.strength_chosen.emit(0.7)
    qtbot.waitUntil(lambda: len(edits(picture)) == 2 and not picture.live.is_busy)
    assert not edits(picture)[1].mask[10, 25]
    picture.session.gate.clear()
    stroke(qtbot, picture, 46)
    qtbot.waitUntil(lambda: len(edits(picture)) == 3)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Return)
    picture.session.gate.set()
    assert not document.picture()[10, 25].any() and (document.picture()[56, 25] == REFINED).all()
    qtbot.waitUntil(lambda: len(edits(picture)) == 4 and not picture.live.is_busy)
    assert edits(picture)[3].mask[46, 25] and not edits(picture)[3].mask[10, 25]
    picture.document.undo()  # the turn: its paint is refined again
    qtbot.waitUntil(lambda: len(edits(picture)) == 5 and not picture.live.is_busy)
    assert edits(picture)[4].mask[56, 25] and not edits(picture)[4].mask[10, 25]


def test_texts_and_adjustments_are_no_strokes(live, qtbot):
    document = live.document.document
    refined(qtbot, live)
    letters = Tiles(4).filled(Rect(22, 18, 6, 30), (10, 200, 10, 255))
    invert = {"darkest": 255, "lightest": 0}
    for layer in (TextLayer(name="T", text="I", tiles=letters), AdjustmentLayer(name="A", numbers=invert)):
        document.execute(AddLayer(layer))
        qtbot.waitUntil(lambda: not live.live.is_busy)
    assert len(edits(live)) == 1 and seen(live, 29, 20)
    shown = live.stage.live._pixels[20, :, :3].astype(int)
    assert (shown[29] == 255 - np.array(REFINED)).all() and (shown[24] == (245, 55, 245)).all()
    stroke(qtbot, live, 50)
    qtbot.waitUntil(lambda: len(edits(live)) == 2 and not live.live.is_busy)
    asked = edits(live)[1]
    assert asked.mask[50, 25] and not asked.mask[30, 25]
    assert np.array_equal(asked.painted, document.picture()), "it is made of what is seen"
    for _ in range(3):
        live.document.undo()
        qtbot.waitUntil(lambda: not live.live.is_busy)
    assert len(edits(live)) == 2 and (live.stage.live._pixels[20, 24, :3] == REFINED).all()


def test_the_newest_stroke_wins(live, qtbot):
    live.session.gate.clear()
    stroke(qtbot, live, 10)
    qtbot.waitUntil(lambda: len(edits(live)) == 1)
    qtbot.waitUntil(lambda: live.live.bar.text.text() == "Refining… 75 %")
    stroke(qtbot, live, 50)
    qtbot.waitUntil(lambda: len(edits(live)) == 2)
    live.session.gate.set()
    qtbot.waitUntil(lambda: live.live.has_results)
    assert seen(live, 25, 10) and seen(live, 25, 50) and len(edits(live)[1].lineage) == 1


def test_results_become_one_turn_with_enter_and_undo_takes_it_back(live, qtbot):
    refined(qtbot, live, 20)
    refined(qtbot, live, 50)
    qtbot.keyClick(live.canvas, Qt.Key.Key_Return)
    document = live.document.document
    assert len(document.history) == 2 and not live.live.has_results
    assert (document.picture()[[20, 50], 25] == REFINED).all()
    qtbot.waitUntil(lambda: not live.live._soon.isActive())
    assert len(edits(live)) == 2  # nothing is left to refine
    live.document.undo()
    assert len(document.history) == 1 and not document.picture()[20, 25].any()
    qtbot.waitUntil(lambda: live.live.has_results)  # the paint is there, so it is refined
    live.document.redo()
    assert (document.picture()[20, 25] == REFINED).all() and not live.live.has_results


def test_an_undone_stroke_takes_its_result_along(live, qtbot):
    refined(qtbot, live, 20)
    refined(qtbot, live, 50)
    live.document.undo()
    qtbot.waitUntil(lambda: not seen(live, 25, 50))
    assert seen(live, 25, 20) and len(edits(live)) == 2
    live.document.redo()
    qtbot.waitUntil(lambda: seen(live, 25, 50))


def test_the_paint_may_stay_as_it_is(live, qtbot):
    refined(qtbot, live)
    qtbot.keyClick(live.canvas, Qt.Key.Key_Escape)
    assert not live.live.has_results and not seen(live, 25, 20)
    refined(qtbot, live, 50)
    assert seen(live, 25, 50) and not seen(live, 25, 20) and len(edits(live)[1].lineage) == 1


def test_switched_off_what_it_made_is_judged_like_any_result(live, qtbot):
    refined(qtbot, live)
    live.actions_table["live"].trigger()
    assert not live.live.bar.isVisible() and live.result_bar.isVisible()
    live.actions_table["discard"].trigger()
    assert live.editing.candidate is None and not live.document.document.picture()[20, 25].any()
    live.document.undo()  # brings it back
    live.actions_table["apply"].trigger()
    assert (live.document.document.picture()[20, 25] == REFINED).all()
    stroke(qtbot, live, 50)
    assert len(edits(live)) == 1


def test_judged_it_is_seen_with_what_was_painted_before(picture, qtbot):
    picture.actions_table["brush_tool"].trigger()
    picture.toolbox.brush.settings.set(size=6, hardness=1, smoothing=0)
    stroke(qtbot, picture, 10)
    picture.actions_table["live"].trigger()
    qtbot.waitUntil(lambda: not picture.live.is_busy)
    refined(qtbot, picture, 50)
    picture.actions_table["live"].trigger()
    shown = picture.canvas.source.read(0, 0, 64, 64)[..., :3]
    assert picture.result_bar.isVisible() and (shown[50, 25] == REFINED).all() and not shown[10, 25].any()
    picture.actions_table["apply"].trigger()
    assert np.array_equal(picture.document.document.picture(), shown)


def test_what_it_made_waits_in_its_tab(live, qtbot):
    refined(qtbot, live)
    live.files.adopt(Document.new_from_picture(np.zeros((64, 64, 3), np.uint8)))
    assert not live.live.has_results and live.editing.candidate is None
    live.actions_table["next_tab"].trigger()
    live.actions_table["apply"].trigger()
    assert (live.document.document.picture()[20, 25] == REFINED).all()


def test_strength_and_words_refine_again_all_that_was_painted(live, qtbot):
    refined(qtbot, live, 10)
    refined(qtbot, live, 50)
    live.live.bar.strength.set_value(70)
    live.live.bar.strength.released.emit()
    qtbot.waitUntil(lambda: len(edits(live)) == 3)
    again = edits(live)[2]
    assert again.strength == 0.7 and again.mask[10, 25] and again.mask[50, 25] and len(again.lineage) == 1
    assert live.state.live_strength == 0.7
    live.live._pause.setInterval(0)
    live.prompt.use_words("a fox on ice <lora:pen:0.8>")
    qtbot.waitUntil(lambda: len(edits(live)) == 4 and not live.live.is_busy)
    assert edits(live)[3].prompt == "a fox on ice"


def test_what_went_wrong_stands_in_the_bar(live, qtbot):
    live.session.error = EditorError("The brush is dry.")
    stroke(qtbot, live)
    qtbot.waitUntil(lambda: live.live.bar.text.text() == "The brush is dry.")
    assert not live.messages.isVisible() and not live.live.is_busy
    refined(qtbot, live, 50)
    assert seen(live, 25, 20) and seen(live, 25, 50)


def test_before_a_picture_has_a_turn_the_bar_says_what_to_do(window, qtbot):
    from editor_core.document.document import Document

    window.actions_table["live"].trigger()
    assert not window.live.bar.isVisible()
    window.files.adopt(Document.new_from_picture(np.full((64, 64, 3), 90, np.uint8)))
    assert window.live.bar.isVisible() and "Analyse" in window.live.bar.text.text()


def test_before_shows_the_paint_while_the_key_is_held(live, qtbot):
    refined(qtbot, live)
    live.stage.show_before(True)
    assert not live.stage.live.shown and live.canvas.source.document is live.document.document
    live.stage.show_before(False)
    assert live.stage.live.shown
