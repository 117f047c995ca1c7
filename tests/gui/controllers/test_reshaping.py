"""The menu “Image”, the crop tool and new canvases, by mouse and keys: one undo entry each."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from editor_core.document.commands import AddLayer
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.workflow.mask_layers import has_mask
from gui.dialogs.canvas_size import CLEAR, COLOUR, CONTINUED, CanvasBefore, CanvasSizeDialog
from gui.dialogs.new_canvas import NewCanvasDialog
from gui.dialogs.scale_image import ScaleDialog
from support.documents import contents
from support.pointing import SHIFT, at, drag, hover

OK = QDialogButtonBox.StandardButton.Ok


@pytest.fixture
def document(picture):
    return picture.document.document


def opened(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def size(document):
    return document.width, document.height


def test_a_blank_canvas_in_the_chosen_size_and_colour(window, qtbot):
    window.actions_table["new_canvas"].trigger()
    dialog = opened(qtbot, NewCanvasDialog)
    assert dialog.fields.size_in_pixels == (64, 64)
    dialog.fields.set_size(40, 30)
    dialog.swap.click()
    dialog.paper.setCurrentIndex(1)
    dialog.accept()
    qtbot.waitUntil(lambda: window.document.document is not None)
    document = window.document.document
    assert size(document) == (30, 40) and not document.layers.layers[0].tiles
    assert not document.dirty, "nothing is lost with it"
    assert window.canvas.isVisible() and not window.prompt.new_button.isVisible()
    window.prompt.use_words("a fox")
    assert "new picture" in window.prompt.line.text()
    window.actions_table["brush_tool"].trigger()
    drag(qtbot, window, (5, 5), (20, 20))
    assert window.prompt.new_button.isVisible() and "analysed" in window.prompt.line.text()
    assert document.dirty
    document.undo()
    window.prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert size(document) == (30, 40)


def test_turning_and_mirroring_are_one_step_each_and_the_canvas_shows_it(picture, qtbot, document):
    before = contents(document)
    picture.actions_table["flip_image_across"].trigger()
    assert document.undo_stack.next_undo.text == "Flip image"
    document.undo()
    assert contents(document) == before
    picture.actions_table["canvas_size"].trigger()
    dialog = opened(qtbot, CanvasSizeDialog)
    dialog.fields.set_size(80, 64)
    dialog.area.setCurrentIndex(dialog.area.findData(CLEAR))
    dialog.accept()
    qtbot.waitUntil(lambda: size(document) == (80, 64))
    picture.actions_table["rotate_image_right"].trigger()
    assert size(document) == (64, 80)
    assert picture.canvas.source.size == (64, 80)
    assert (picture.canvas.viewport.image_width, picture.canvas.viewport.image_height) == (64, 80)
    document.undo()
    document.undo()
    assert contents(document) == before and picture.canvas.viewport.image_width == 64


def test_extending_marks_the_new_area_and_hands_over_to_the_sentence(picture, qtbot, document):
    before = contents(document)
    picture.actions_table["canvas_size"].trigger()
    dialog = opened(qtbot, CanvasSizeDialog)
    dialog.anchor.choose(0, 0)
    dialog.fields.across.setValue(70)
    assert "72 × 64" in dialog.told.text() and "mask" in dialog.told.text()
    dialog.accept()
    qtbot.waitUntil(lambda: size(document) == (72, 64))
    assert document.undo_stack.next_undo.text == "Extend canvas" and len(document.undo_stack) == 1
    mask = document.edit_mask()
    assert (mask[:, 56:] == 255).all() and not mask[:, :56].any()
    assert has_mask(document) and np.array_equal(document.picture(), document.history.current.image)
    assert picture.focusWidget() is picture.prompt.edit
    assert picture.prompt.run_button.isEnabled()
    document.undo()
    assert contents(document) == before
    document.redo()
    assert size(document) == (72, 64) and has_mask(document)


def test_the_dialog_puts_the_canvas_around_the_anchor(qtbot):
    dialog = CanvasSizeDialog(CanvasBefore(100, 60, 8, (1, 2, 3)))
    qtbot.addWidget(dialog)
    dialog.fields.set_size(110, 70)
    assert dialog.crop.rect == Rect(-6, -6, 112, 72) and dialog.crop.continues
    dialog.snap.setChecked(False)
    dialog.anchor.choose(2, 0)
    assert dialog.crop.rect == Rect(-10, 0, 110, 70)
    dialog.area.setCurrentIndex(dialog.area.findData(COLOUR))
    assert dialog.crop.paper == (1, 2, 3) and not dialog.crop.continues
    dialog.fields.set_size(50, 30)
    assert dialog.crop.rect == Rect(50, 0, 50, 30) and not dialog.area.isEnabled()
    dialog.area.setCurrentIndex(dialog.area.findData(CONTINUED))
    assert not dialog.crop.continues, "there is nothing new to be painted"


def test_scaling_keeps_the_proportions(picture, qtbot, document):
    picture.actions_table["scale_image"].trigger()
    dialog = opened(qtbot, ScaleDialog)
    dialog.fields.across.setValue(32)
    assert dialog.fields.size_in_pixels == (32, 32) and "25 %" in dialog.told.text()
    dialog.accept()
    qtbot.waitUntil(lambda: size(document) == (32, 32))
    assert document.history.current.image.shape == (32, 32, 3)


def test_cropping_to_the_selection_and_trimming(picture, qtbot, document):
    assert not picture.actions_table["crop_selection"].isEnabled()
    picture.actions_table["rectangle_tool"].trigger()
    drag(qtbot, picture, (10, 12), (30, 42))
    picture.actions_table["crop_selection"].trigger()
    assert size(document) == (20, 30)
    assert document.selection.bounds == Rect(0, 0, 20, 30)


def test_the_cursor_is_of_what_lies_under_a_pointer_that_rests(picture, qtbot, document):
    picture.actions_table["crop_tool"].trigger()
    drag(qtbot, picture, (10, 10), (40, 50))
    assert picture.canvas.cursor().shape() == Qt.CursorShape.SizeFDiagCursor
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Return)
    assert size(document) == (30, 40) and picture.canvas.cursor().shape() == Qt.CursorShape.CrossCursor


def test_the_crop_tool_by_mouse_and_keys(picture, qtbot, document):
    picture.actions_table["crop_tool"].trigger()
    box, tool = picture.toolbox.crop.box, picture.toolbox.crop
    drag(qtbot, picture, (10, 10), (30, 30), (40, 50))
    assert box.rect == Rect(10, 10, 30, 40) and len(document.undo_stack) == 0
    drag(qtbot, picture, (40, 50), (50, 60))
    assert box.rect == Rect(10, 10, 40, 50)
    drag(qtbot, picture, (30, 30), (20, 28))
    assert box.rect == Rect(0, 8, 40, 50)
    drag(qtbot, picture, (40, 33), (20, 33))
    assert box.rect == Rect(0, 8, 20, 50)
    drag(qtbot, picture, (20, 58), (40, 58), modifiers=SHIFT)
    assert box.rect.width == 22 and box.rect.height == 56
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Right)
    assert box.rect.x == 1
    hover(picture, at(picture, 1, 8))
    assert picture.canvas.cursor().shape() == Qt.CursorShape.SizeFDiagCursor
    picture.options.crop.fields[2].setValue(10)
    assert box.rect.width == 10
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    assert box.rect == EMPTY and not tool.is_busy
    drag(qtbot, picture, (10, 10), (26, 30))
    undo = picture.actions_table["undo"]
    assert undo.text() == "&Undo · Crop"
    undo.trigger()
    assert box.rect == EMPTY and not undo.isEnabled()
    drag(qtbot, picture, (10, 10), (26, 30))
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Return)
    assert size(document) == (16, 20) and box.rect == EMPTY
    document.undo()
    assert size(document) == (64, 64)


def test_a_result_that_comes_after_the_canvas_changed_does_not_fit_and_that_is_told(
    picture, qtbot, session, document
):
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.running is not None)
    picture.actions_table["rotate_image_right"].trigger()
    session.gate.set()
    with qtbot.waitSignal(picture.editing.problem):
        pass
    assert picture.editing.candidate is None and not picture.editing.waiting
    assert len(document.history) == 1


def test_the_canvas_waits_while_a_result_is_judged(picture, qtbot, document):
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    with qtbot.waitSignal(picture.document.problem):
        picture.actions_table["rotate_image_right"].trigger()
    assert picture.editing.candidate is not None and len(document.undo_stack) == 1


@pytest.mark.parametrize("name", ["flip_image_across", "rotate_image_right", "trim"])
def test_the_canvas_changes_while_paint_above_a_result_is_chosen(picture, qtbot, document, name):
    tiles = Tiles(4).filled(Rect(8, 8, 30, 30), (10, 200, 10, 255))
    document.execute(AddLayer(RasterLayer(name="result", tiles=tiles, turn=document.history.current_id)))
    picture.actions_table["brush_tool"].trigger()
    drag(qtbot, picture, (10, 12), (30, 42))
    paint = picture.layers.layer
    assert paint.name == "Paint" and document.layers.layers[-1] is paint
    picture.actions_table[name].trigger()
    assert picture.layers.layer.id == paint.id
    document.undo()
    assert picture.layers.layer.id == paint.id
