"""Selection tools and the menu “Select”: shapes, keys, masks, pixels, undo, the outline."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.selection import Combine
from editor_core.workflow.mask_layers import has_mask
from support.pointing import ALT, LEFT, NONE, SHIFT, at, drag, hover


@pytest.fixture
def document(picture):
    picture.actions_table["rectangle_tool"].trigger()
    return picture.document.document


def chosen(document):
    selection = document.selection
    return np.zeros((64, 64), bool) if selection is None else selection.read(document.rect) > 127


def test_a_rectangle_on_whole_pixels(picture, qtbot, document):
    drag(qtbot, picture, (10, 12), (20, 20), (30, 42))
    assert document.selection.bounds == Rect(10, 12, 20, 30) and chosen(document).sum() == 600
    assert len(document.undo_stack) == 1
    document.undo()
    assert document.selection is None


def test_the_keys_and_the_buttons_say_how_shapes_join(picture, qtbot, document):
    drag(qtbot, picture, (10, 10), (30, 30))
    drag(qtbot, picture, (20, 20), (40, 40), modifiers=SHIFT)
    assert chosen(document).sum() == 400 + 400 - 100
    drag(qtbot, picture, (10, 10), (20, 20), modifiers=ALT)
    assert chosen(document).sum() == 600
    drag(qtbot, picture, (0, 0), (30, 30), modifiers=SHIFT | ALT)
    assert chosen(document).sum() == 300
    picture.options.select.buttons[Combine.ADD].click()
    drag(qtbot, picture, (50, 50), (60, 60))
    assert chosen(document).sum() == 400
    picture.toolbox.selecting.set(combine=Combine.SUBTRACT)
    assert picture.options.select.buttons[Combine.SUBTRACT].isChecked()
    drag(qtbot, picture, (50, 50), (60, 60))
    assert chosen(document).sum() == 300


def test_a_click_lets_go_of_the_selection(picture, qtbot, document):
    drag(qtbot, picture, (10, 10), (30, 30))
    drag(qtbot, picture, (50, 50))
    assert document.selection is None
    document.undo()
    assert chosen(document).sum() == 400
    drag(qtbot, picture, (50, 50), modifiers=SHIFT)
    assert chosen(document).sum() == 400


def test_shift_pressed_in_the_drag_makes_a_square(picture, qtbot, document):
    drag(qtbot, picture, (10, 10), (30, 20), release=False)
    hover(picture, at(picture, 30, 20), LEFT, SHIFT)
    qtbot.mouseRelease(picture.canvas, LEFT, SHIFT, at(picture, 30, 20))
    assert document.selection.bounds == Rect(10, 10, 20, 20)


def test_escape_drops_the_shape(picture, qtbot, document):
    drag(qtbot, picture, (10, 10), (30, 20), release=False)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(picture.canvas, LEFT, NONE, at(picture, 30, 20))
    assert document.selection is None


def test_an_ellipse(picture, qtbot, document):
    picture.actions_table["ellipse_tool"].trigger()
    drag(qtbot, picture, (10, 10), (50, 40))
    assert chosen(document).sum() == pytest.approx(np.pi * 20 * 15, rel=0.03)


def test_a_lasso_closes_itself(picture, qtbot, document):
    picture.actions_table["lasso_tool"].trigger()
    drag(qtbot, picture, (10, 10), (50, 10), (50, 50))
    assert chosen(document)[20, 40] and not chosen(document)[40, 20]


def click(qtbot, picture, x, y):
    qtbot.mousePress(picture.canvas, LEFT, NONE, at(picture, x, y))
    qtbot.mouseRelease(picture.canvas, LEFT, NONE, at(picture, x, y))


@pytest.mark.parametrize("closing", ["first corner", "enter", "double click"])
def test_a_polygon_corner_by_corner(picture, qtbot, document, closing):
    picture.actions_table["polygon_tool"].trigger()
    picture.canvas.setFocus()
    for corner in ((10, 10), (50, 10), (20, 60), (50, 50)):
        click(qtbot, picture, *corner)
        if corner == (20, 60):
            qtbot.keyClick(picture.canvas, Qt.Key.Key_Backspace)
    assert document.selection is None
    if closing == "first corner":
        click(qtbot, picture, 10, 10)
    elif closing == "enter":
        qtbot.keyClick(picture.canvas, Qt.Key.Key_Return)
    else:
        qtbot.mouseDClick(picture.canvas, LEFT, NONE, at(picture, 50, 50))
    assert chosen(document)[20, 40] and not chosen(document)[40, 20]
    assert document.selection.bounds == Rect(10, 10, 40, 40)


def test_undo_takes_back_a_corner_and_then_the_document_s_step(picture, qtbot, document):
    drag(qtbot, picture, (10, 10), (20, 20))
    picture.actions_table["polygon_tool"].trigger()
    for corner in ((30, 10), (50, 10)):
        click(qtbot, picture, *corner)
    undo = picture.actions_table["undo"]
    assert undo.text() == "&Undo · Polygonal lasso"
    for _ in range(2):
        undo.trigger()
    assert not picture.toolbox.tool.is_busy and document.selection is not None
    assert undo.text() == "&Undo · Select"
    undo.trigger()
    assert document.selection is None
    click(qtbot, picture, 30, 10)
    undo.trigger()
    assert not picture.toolbox.tool.is_busy and not undo.isEnabled()


def test_enter_belongs_to_the_polygon_while_it_is_open(picture, qtbot, document):
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    picture.actions_table["polygon_tool"].trigger()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["discard"].trigger()
    picture.canvas.setFocus()
    for corner in ((10, 10), (50, 10), (50, 50)):
        click(qtbot, picture, *corner)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    assert document.selection is None and not picture.toolbox.tool.is_busy


def test_a_feathered_shape(picture, qtbot, document):
    picture.options.select.feather._field.setValue(6)
    assert picture.toolbox.selecting.feather == 6
    drag(qtbot, picture, (20, 20), (44, 44))
    row = document.selection.read(document.rect)[32].astype(int)
    assert row[32] == 255 and 90 < row[20] < 165 and row[4] == 0 and (np.diff(row[:32]) >= 0).all()


def test_all_none_and_invert(picture, qtbot, document):
    actions = picture.actions_table
    assert not actions["select_none"].isEnabled()
    actions["select_all"].trigger()
    assert chosen(document).all()
    actions["invert_selection"].trigger()
    assert document.selection is None
    drag(qtbot, picture, (0, 0), (32, 64))
    actions["invert_selection"].trigger()
    assert document.selection.bounds == Rect(32, 0, 32, 64)
    actions["select_none"].trigger()
    assert document.selection is None and not actions["grow_selection"].isEnabled()


@pytest.mark.parametrize(("action", "bounds"), [("grow", (16, 16, 28, 28)), ("shrink", (24, 24, 12, 12))])
def test_growing_and_shrinking_ask_by_how_much(picture, qtbot, document, action, bounds):
    drag(qtbot, picture, (20, 20), (40, 40))
    picture.actions_table[f"{action}_selection"].trigger()
    dialog = picture.findChild(QInputDialog)
    dialog.setIntValue(4)
    dialog.accept()
    assert document.selection.bounds == Rect(*bounds)


def test_growing_keeps_to_the_document_that_is_open_when_the_question_is_answered(picture, qtbot, document):
    drag(qtbot, picture, (20, 20), (40, 40))
    picture.actions_table["grow_selection"].trigger()
    picture.files.adopt(Document.new_from_picture(np.zeros((24, 32, 3), np.uint8)))
    picture.actions_table["select_all"].trigger()
    dialog = picture.findChild(QInputDialog)
    dialog.setIntValue(9)
    dialog.accept()
    assert picture.document.document.selection.bounds == Rect(0, 0, 32, 24)


def test_selection_to_mask_and_back(picture, qtbot, document):
    actions = picture.actions_table
    drag(qtbot, picture, (20, 20), (40, 40))
    expected = document.selection.read(document.rect)
    actions["mask_from_selection"].trigger()
    assert np.array_equal(document.edit_mask(), expected)
    actions["select_none"].trigger()
    actions["selection_from_mask"].trigger()
    assert np.array_equal(document.selection.read(document.rect), expected)
    actions["invert_selection"].trigger()
    actions["mask_from_selection"].trigger()
    assert np.array_equal(document.edit_mask(), 255 - expected)
    for _ in range(5):
        document.undo()
    assert document.edit_mask() is None and not has_mask(document)


def test_an_edit_without_a_mask_keeps_to_the_selection(picture, qtbot, document, session):
    drag(qtbot, picture, (20, 20), (40, 40))
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert np.array_equal(session.requests[-1].mask, document.selection.read(document.rect))


def test_filling_and_clearing_what_is_selected(picture, qtbot, document):
    drag(qtbot, picture, (20, 20), (40, 40))
    picture.toolbox.colours.set(foreground=(9, 90, 200))
    picture.actions_table["fill_selection"].trigger()
    assert document.picture()[30, 30].tolist() == [9, 90, 200]
    drag(qtbot, picture, (20, 20), (30, 40))
    picture.actions_table["clear_selection"].trigger()
    assert document.picture()[30, 25].tolist() == document.history.current.image[30, 25].tolist()
    assert document.picture()[30, 35].tolist() == [9, 90, 200]


def test_the_outline_marches_while_there_is_something_to_outline(picture, qtbot, document):
    plain = picture.canvas.grab().toImage()
    drag(qtbot, picture, (20, 20), (40, 40))
    edge = at(picture, 20, 30)
    colours = set()
    for _ in range(8):
        colours.add(picture.canvas.grab().toImage().pixelColor(edge).name())
        picture.stage.selection.march()
    assert {"#000000", "#ffffff"} <= colours | {plain.pixelColor(edge).name()}
    assert picture.stage._march.isActive()
    picture.actions_table["select_none"].trigger()
    assert not picture.stage._march.isActive()
    assert picture.canvas.grab().toImage().pixelColor(edge) == plain.pixelColor(edge)
