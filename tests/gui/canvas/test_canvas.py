"""The canvas and its tools, driven by mouse, wheel, pen and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication

from editor_core.document.layers import MaskLayer
from editor_core.workflow.mask_layers import has_mask, mask_layer
from gui.look.images import from_qimage
from gui.overlays.mask import border_lines
from support.pointing import ALT, CTRL, LEFT, MIDDLE, NONE, at, drag, hover, wheel


def test_the_wheel_zooms_at_the_pointer(picture):
    place = at(picture, 10, 50)
    zoom = picture.canvas.viewport.zoom
    wheel(picture.canvas, place, 2)
    assert picture.canvas.viewport.zoom > zoom
    assert picture.canvas.viewport.to_image(place.x(), place.y()) == pytest.approx((10, 50), abs=0.1)
    assert picture.status.zoom.text() == f"{picture.canvas.viewport.zoom:.0%}".replace("%", " %")


@pytest.mark.parametrize("way", ["middle", "space", "hand"])
def test_panning(picture, qtbot, way):
    picture.actions_table["pan_tool" if way == "hand" else "mask_tool"].trigger()
    before = picture.canvas.viewport
    if way == "space":
        qtbot.keyPress(picture.canvas, Qt.Key.Key_Space)
    drag(qtbot, picture, (10, 10), (14, 13), button=MIDDLE if way == "middle" else LEFT)
    if way == "space":
        qtbot.keyRelease(picture.canvas, Qt.Key.Key_Space)
    after = picture.canvas.viewport
    assert after.left - before.left == pytest.approx(4 * before.scale, abs=1)
    assert after.top - before.top == pytest.approx(3 * before.scale, abs=1)
    assert not has_mask(picture.document.document)


def test_fit_and_actual_size(picture):
    picture.actions_table["actual_size"].trigger()
    assert picture.canvas.viewport.zoom == 1.0
    picture.actions_table["fit"].trigger()
    assert picture.canvas.viewport == picture.canvas.viewport.fitted()


def test_the_picture_stays_fitted_until_the_view_is_moved(picture):
    picture.resize(900, 700)
    assert picture.canvas.viewport == picture.canvas.viewport.fitted()
    picture.canvas.zoom_in()
    zoom = picture.canvas.viewport.zoom
    picture.resize(1000, 760)
    assert picture.canvas.viewport.zoom == zoom


def test_pixels_are_shown_exactly(picture):
    picture.actions_table["actual_size"].trigger()
    shown = from_qimage(picture.canvas.grab().toImage())
    place = at(picture, 0, 0)
    expected = picture.document.document.picture()
    assert np.array_equal(shown[place.y() : place.y() + 64, place.x() : place.x() + 64, :3], expected)


def test_a_mask_stroke_is_one_undo_step(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    picture.toolbox.mask.settings.set(size=10)
    document, steps = picture.document.document, len(picture.document.document.undo_stack)
    drag(qtbot, picture, (20, 20), (30, 20), (40, 30))
    mask = document.edit_mask()
    assert mask[20, 20] == 255 and mask[20, 29] == 255 and mask[60, 60] == 0
    assert len(document.undo_stack) == steps + 1
    assert "only inside the mask" in (picture.prompt.use_words("a cat") or picture.prompt.line.text())
    document.undo()  # the words
    document.undo()
    assert mask_layer(document) is None and document.edit_mask() is None
    document.redo()
    assert np.array_equal(document.edit_mask(), mask)


def test_taking_away_from_the_mask(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    picture.toolbox.mask.settings.set(size=20, hardness=1.0)
    drag(qtbot, picture, (20, 20), (40, 20))
    picture.options.signs.subtract.click()
    drag(qtbot, picture, (20, 20), (24, 20))
    assert picture.document.document.edit_mask()[20, 20] == 0
    picture.options.signs.add.click()
    drag(qtbot, picture, (40, 20), (44, 20), modifiers=Qt.KeyboardModifier.AltModifier)
    assert picture.document.document.edit_mask()[20, 40] == 0


def test_escape_drops_the_stroke(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    before = picture.document.document.snapshot()
    qtbot.mousePress(picture.canvas, LEFT, NONE, at(picture, 20, 20))
    assert has_mask(picture.document.document)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(picture.canvas, LEFT, NONE, at(picture, 20, 20))
    assert picture.document.document.layers is before.layers


def test_clearing_and_inverting_the_mask(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    picture.toolbox.mask.settings.set(size=10, hardness=1.0)
    drag(qtbot, picture, (20, 20), (22, 20))
    picture.actions_table["invert_mask"].trigger()
    assert picture.document.document.edit_mask()[60, 60] == 255
    assert picture.document.document.edit_mask()[20, 20] == 0
    picture.actions_table["clear_mask"].trigger()
    assert picture.document.document.edit_mask() is None
    picture.document.undo()
    assert picture.document.document.edit_mask()[60, 60] == 255


def test_painting_and_erasing(picture, qtbot):
    picture.actions_table["brush_tool"].trigger()
    picture.toolbox.colours.set(foreground=(10, 200, 30))
    picture.toolbox.brush.settings.set(size=12, hardness=1.0)
    drag(qtbot, picture, (20, 20), (40, 20))
    document, image = picture.document.document, picture.document.turn.image
    assert document.picture()[20, 30].tolist() == [10, 200, 30]
    drag(qtbot, picture, (20, 40), (40, 40))
    assert [layer.name for layer in document.layers] == ["Picture", "Paint"]
    picture.actions_table["eraser_tool"].trigger()
    drag(qtbot, picture, (30, 20), (31, 20))
    assert np.array_equal(document.picture()[20, 30], image[20, 30])
    for _ in range(3):
        document.undo()
    assert np.array_equal(document.picture(), image) and len(document.layers) == 1


@pytest.mark.parametrize("placement", ["place_replace", "place_top"])
def test_strokes_outlive_the_next_turn(picture, qtbot, placement):
    picture.actions_table[placement].trigger()
    picture.actions_table["brush_tool"].trigger()
    picture.toolbox.colours.set(foreground=(10, 200, 30))
    drag(qtbot, picture, (44, 50), (52, 50))  # beside what the edit repaints
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert picture.canvas.source.read(48, 50, 1, 1)[0, 0, :3].tolist() == [10, 200, 30]
    picture.actions_table["apply"].trigger()
    assert picture.document.document.picture()[50, 48].tolist() == [10, 200, 30]


def test_there_must_be_something_to_erase(picture, qtbot):
    picture.actions_table["eraser_tool"].trigger()
    drag(qtbot, picture, (20, 20), (30, 20))
    assert "no paint to erase" in picture.messages.sentence
    assert np.array_equal(picture.document.document.picture(), picture.document.turn.image)


def test_nothing_is_painted_while_a_result_is_judged(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    drag(qtbot, picture, (20, 20), (30, 20))
    assert not has_mask(picture.document.document)
    assert "Apply or discard" in picture.status.notice.text()
    picture.actions_table["discard"].trigger()
    drag(qtbot, picture, (20, 20), (30, 20))
    assert has_mask(picture.document.document)


def test_a_locked_layer_says_so(picture, qtbot):
    from editor_core.document.commands import AddLayer
    from editor_core.document.layers import RasterLayer

    picture.document.execute(AddLayer(RasterLayer(name="Ink", locked=True)))
    picture.actions_table["brush_tool"].trigger()
    drag(qtbot, picture, (20, 20), (30, 20))
    assert "Ink" in picture.messages.sentence and "locked" in picture.messages.sentence
    assert np.array_equal(picture.document.document.picture(), picture.document.turn.image)


def test_size_and_hardness_by_keys_each_tool_its_own(picture):
    actions, box = picture.actions_table, picture.toolbox
    actions["mask_tool"].trigger()
    size, hardness = box.mask.settings.brush.size, box.mask.settings.brush.hardness
    actions["larger"].trigger()
    actions["softer"].trigger()
    assert box.mask.settings.brush.size > size and box.mask.settings.brush.hardness < hardness
    assert picture.options.brush.size_slider.value == round(box.mask.settings.brush.size)
    actions["brush_tool"].trigger()
    assert box.brush.settings.brush.size == 16
    wheel(picture.canvas, QPoint(50, 50), -1, Qt.KeyboardModifier.ControlModifier)
    assert box.brush.settings.brush.size < 16
    picture.options.brush.size_slider._field.setValue(33)
    assert box.brush.settings.brush.size == 33


def test_the_overlay_tints_the_picture_and_q_hides_it(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    drag(qtbot, picture, (32, 32), (33, 32))
    picture.actions_table["pan_tool"].trigger()
    place = at(picture, 32, 32)
    plain = QColor(*picture.document.document.picture()[32, 32].tolist())
    assert picture.canvas.grab().toImage().pixelColor(place) != plain
    picture.actions_table["toggle_overlay"].trigger()
    assert picture.canvas.grab().toImage().pixelColor(place) == plain
    picture.actions_table["toggle_overlay"].trigger()
    picture.options.strength._field.setValue(90)
    assert picture.stage.tint.opacity == 0.9


def test_a_hidden_mask_layer_does_not_count(picture, qtbot):
    from editor_core.document.commands import SetLayerProperty

    picture.actions_table["mask_tool"].trigger()
    drag(qtbot, picture, (32, 32), (33, 32))
    layer = mask_layer(picture.document.document)
    assert isinstance(layer, MaskLayer)
    picture.document.execute(SetLayerProperty(layer.id, visible=False))
    assert not has_mask(picture.document.document) and not picture.actions_table["clear_mask"].isEnabled()


def test_the_border_of_a_mask_runs_around_it():
    inside = np.zeros((6, 8), bool)
    inside[1:4, 2:6] = True
    inside[2, 3] = False
    lines = border_lines(inside)
    length = sum(abs(line.dx()) + abs(line.dy()) for line in lines)
    assert length == 2 * (3 + 4) + 4
    assert border_lines(np.ones((3, 3), bool)) and not border_lines(np.zeros((3, 3), bool))


@pytest.mark.parametrize(("chosen", "picks"), [("both", (CTRL, ALT)), ("ctrl", (CTRL,)), ("alt", (ALT,))])
def test_ctrl_or_alt_picks_a_colour_as_it_is_chosen(picture, qtbot, chosen, picks):
    picture.state.second_keys = chosen
    picture.preferences.changed.emit()
    picture.actions_table["brush_tool"].trigger()
    document, colours = picture.document.document, picture.toolbox.colours
    seen = tuple(document.picture()[20, 20])
    for keys in (CTRL, ALT):
        colours.set(foreground=(1, 2, 3))
        drag(qtbot, picture, (20, 20), (20, 20), modifiers=keys)
        assert (colours.foreground == seen) is (keys in picks)
        assert (document.undo_stack.next_undo is None) is (keys in picks)  # else it painted
        document.undo()


def test_ctrl_takes_away_from_the_mask(picture, qtbot):
    picture.actions_table["mask_tool"].trigger()
    picture.toolbox.tool.settings.set(size=20, hardness=1.0)
    drag(qtbot, picture, (30, 30), (34, 30))
    assert has_mask(picture.document.document)
    drag(qtbot, picture, (20, 30), (44, 30), modifiers=CTRL)
    assert not has_mask(picture.document.document)


def test_the_outline_is_seen_while_ctrl_and_the_wheel_size_the_brush(picture):
    picture.actions_table["brush_tool"].trigger()
    brush = picture.toolbox.tool
    hover(picture, at(picture, 20, 20), modifiers=CTRL)
    assert picture.canvas._tool_now() is not brush
    wheel(picture.canvas, at(picture, 20, 20), 1, CTRL)
    assert picture.canvas._tool_now() is brush


def test_keys_are_the_tools_where_the_pointer_is(picture, qtbot):
    edit = picture.prompt.edit
    edit.setFocus()
    place = QPointF(at(picture, 20, 20))
    QApplication.sendEvent(picture.canvas, QEnterEvent(place, place, place))
    assert picture.canvas.hasFocus()
    qtbot.keyClick(picture.canvas, Qt.Key.Key_B)
    assert picture.toolbox.tool is picture.toolbox.brush and edit.words == "a fox on snow"


def test_a_pointer_that_rests_takes_no_keys_from_the_sentence(picture, qtbot):
    """As when a list of words that lay over the canvas is closed."""
    edit = picture.prompt.edit
    rests, moved = QPointF(QCursor.pos()), QPointF(QCursor.pos()) + QPointF(3, 0)
    edit.setFocus()
    QApplication.sendEvent(picture.canvas, QEnterEvent(rests, rests, rests))
    assert edit.hasFocus()
    QApplication.sendEvent(picture.canvas, QEvent(QEvent.Type.Leave))
    QApplication.sendEvent(picture.canvas, QEnterEvent(rests, rests, rests))
    assert edit.hasFocus()
    QApplication.sendEvent(picture.canvas, QEnterEvent(moved, moved, moved))
    assert picture.canvas.hasFocus()


def test_a_canvas_that_appears_under_the_pointer_shows_the_brush(picture):
    picture.actions_table["brush_tool"].trigger()
    QApplication.sendEvent(picture.canvas, QEvent(QEvent.Type.Leave))
    before, place = picture.canvas.grab().toImage(), QPointF(at(picture, 30, 30))
    QApplication.sendEvent(picture.canvas, QEnterEvent(place, place, place))
    assert picture.canvas.grab().toImage() != before


def test_the_brush_stays_with_the_pointer_when_the_canvas_moves(picture):
    picture.actions_table["brush_tool"].trigger()
    canvas, shown = picture.canvas, []
    picture.toolbox.brush.paint = lambda painter, viewport, hover: shown.append(hover)
    place = canvas.mapToGlobal(at(picture, 30, 30))
    hover(picture, at(picture, 30, 30))
    for _ in range(2):
        picture.actions_table["canvas_only"].trigger()
        QApplication.processEvents()
        canvas.grab()
        assert QPointF(*shown[-1]).toPoint() == canvas.mapFromGlobal(place)


def test_keys_are_the_tools_after_a_run_starts(picture, session, qtbot):
    session.gate.clear()
    edit = picture.prompt.edit
    edit.setFocus()
    picture.prompt.use_words("a cat on snow")
    qtbot.keyClick(edit, Qt.Key.Key_Return, CTRL)
    assert picture.canvas.hasFocus() and picture.editing.busy
    session.gate.set()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.result_bar.setFocus()
    picture.actions_table["apply"].trigger()
    assert picture.canvas.hasFocus() and picture.document.turn.prompt == "a cat on snow"
