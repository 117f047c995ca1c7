"""Adjustment layers, layer masks, clipping and filters in the window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from editor_core.document.commands import SetLayerProperty
from editor_core.document.compositing import flatten
from editor_core.document.layers import AdjustmentLayer, GroupLayer
from gui.dialogs.adjustment import AdjustmentDialog
from gui.dialogs.filter import FilterDialog
from gui.widgets.curve_edit import MARGIN, SIDE
from gui.widgets.histogram import Histogram
from support.documents import contents
from support.pointing import LEFT, drag


@pytest.fixture
def document(picture):
    return picture.document.document


def opened(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def seen(document):
    return flatten(document.layers, document.rect)


def test_levels_follow_the_sliders_and_can_be_edited_and_painted_on(picture, qtbot, document):
    before = seen(document)
    picture.actions_table["adjust_levels"].trigger()
    dialog = opened(qtbot, AdjustmentDialog)
    layer = picture.layers.layer
    assert isinstance(layer, AdjustmentLayer) and np.array_equal(seen(document), before)
    dialog.sliders["lightest"].moved.emit(60)
    dialog.sliders["lightest"].moved.emit(40)
    darker = seen(document)
    assert darker[..., :3].max() <= 40
    dialog.accept()
    assert len(document.undo_stack) == 1 and picture.layers.layer is document.layers[layer.id]
    assert np.array_equal(seen(document), darker)
    picture.actions_table["mask_tool"].trigger()
    picture.toolbox.mask.settings.set(size=20, hardness=1.0)
    drag(qtbot, picture, (10, 10), (12, 10))
    assert np.array_equal(seen(document)[10, 11], before[10, 11])
    assert np.array_equal(seen(document)[50, 50], darker[50, 50])
    document.undo()
    picture.actions_table["edit_adjustment"].trigger()
    dialog = opened(qtbot, AdjustmentDialog)
    assert dialog.sliders["lightest"].value == 40
    levels = dialog.findChild(Histogram).counts.nonzero()[0]
    assert set(levels) == set(before[0, 0, :3])  # of what is adjusted, not of what comes of it
    dialog.buttons.button(QDialogButtonBox.StandardButton.Reset).click()
    assert np.array_equal(seen(document), before)
    dialog.reject()
    assert np.array_equal(seen(document), darker)
    document.undo()
    assert len(document.layers) == 1


def test_a_new_adjustment_that_is_cancelled_leaves_nothing(picture, qtbot, document):
    before = contents(document)
    picture.actions_table["adjust_hue"].trigger()
    dialog = opened(qtbot, AdjustmentDialog)
    dialog.sliders["hue"].moved.emit(90)
    assert not np.array_equal(seen(document)[0, 0], before)
    dialog.reject()
    assert contents(document) == before and not len(document.undo_stack)
    document.redo()
    assert contents(document) == before and document.undo_stack.next_redo is None


@pytest.mark.parametrize("moves", [(), (90,), (90, 0)])
def test_a_cancelled_dialog_leaves_redo_as_it_was(picture, qtbot, document, moves):
    picture.actions_table["adjust_hue"].trigger()
    opened(qtbot, AdjustmentDialog).accept()
    document.execute(SetLayerProperty(document.picture_layer_id, opacity=0.5))
    document.mark_saved()
    document.undo()
    redo, steps = document.undo_stack.next_redo, document.undo_stack.done
    for name in ("edit_adjustment", "adjust_hue"):
        picture.actions_table[name].trigger()
        dialog = opened(qtbot, AdjustmentDialog)
        for hue in moves:
            dialog.sliders["hue"].moved.emit(hue)
        dialog.reject()
        assert document.undo_stack.next_redo is redo and document.undo_stack.done == steps
    document.redo()
    assert not document.dirty


def test_a_curve_is_drawn_with_the_pointer(picture, qtbot, document):
    picture.actions_table["rectangle_tool"].trigger()
    drag(qtbot, picture, (0, 0), (32, 64))
    before = seen(document)
    picture.actions_table["adjust_curves"].trigger()
    dialog = opened(qtbot, AdjustmentDialog)
    place = QPoint(MARGIN + SIDE // 2, MARGIN + SIDE // 2)
    qtbot.mousePress(dialog.curve, LEFT, pos=place)
    qtbot.mouseMove(dialog.curve, place - QPoint(0, SIDE // 4))
    qtbot.mouseRelease(dialog.curve, LEFT, pos=place - QPoint(0, SIDE // 4))
    assert len(dialog.curve.points) == 3
    dialog.accept()
    after = seen(document)
    assert (after[10, 10, :3] >= before[10, 10, :3]).all() and (after[10, 10] != before[10, 10]).any()
    assert np.array_equal(after[10, 40], before[10, 40])


@pytest.mark.parametrize("answer", ["reject", "accept"])
def test_a_result_that_comes_meanwhile_waits_for_the_dialog(picture, qtbot, session, document, answer):
    picture.actions_table["apply_at_once"].trigger()
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    picture.actions_table["adjust_levels"].trigger()
    dialog = opened(qtbot, AdjustmentDialog)
    dialog.sliders["lightest"].moved.emit(60)
    session.gate.set()
    qtbot.waitUntil(lambda: not picture.jobs.running)
    dialog.sliders["lightest"].moved.emit(40)
    getattr(dialog, answer)()
    qtbot.waitUntil(lambda: picture.document.turn.prompt == "a cat on snow")
    assert any(isinstance(layer, AdjustmentLayer) for layer in document.layers) == (answer == "accept")


def test_a_masks_filter_is_seen_before_it_is_chosen(picture, qtbot, document):
    actions = picture.actions_table
    actions["mask_layer"].trigger()
    actions["eraser_tool"].trigger()
    picture.toolbox.tool.settings.set(size=30, hardness=1.0)
    drag(qtbot, picture, (10, 30), (12, 30))
    actions["filter_blur"].trigger()
    sharp, colours = opened(qtbot, FilterDialog), set()
    for x in range(64):
        colours.add(sharp.piece.pixmap().toImage().pixelColor(x, 30).name())
    assert len(colours) > 5, "white fades into the squares that are seen through a hole"
    sharp.reject()


def test_a_filter_with_its_preview(picture, qtbot, document):
    before = contents(document)
    picture.actions_table["filter_noise"].trigger()
    dialog = opened(qtbot, FilterDialog)
    assert dialog.piece.pixmap().width() == 64
    grain = dialog.piece.pixmap().toImage()
    dialog.seen.setChecked(False)
    assert dialog.piece.pixmap().toImage() != grain
    dialog.sliders["amount"].set_value(50)
    dialog.accept()
    qtbot.waitUntil(lambda: len(document.layers) == 2)
    assert len(document.undo_stack) == 1 and picture.actions_table["undo"].text() == "&Undo · Add noise"
    assert picture.layers.layer is document.layers.layers[-1], "the next filter is about what is seen"
    document.undo()
    assert contents(document) == before


def test_masks_and_clipping_of_layers(picture, qtbot, document):
    picture.actions_table["brush_tool"].trigger()
    drag(qtbot, picture, (20, 20), (40, 40))
    painted = seen(document)
    picture.actions_table["mask_layer"].trigger()
    assert isinstance(document.layers.layers[-1], GroupLayer) and picture.layers.layer.name.startswith("Mask")
    assert np.array_equal(seen(document), painted)
    picture.actions_table["eraser_tool"].trigger()
    drag(qtbot, picture, (20, 20), (40, 40))
    assert not np.array_equal(seen(document), painted)
    document.undo()
    document.undo()
    picture.layers.choose(document.layers.layers[-1].id)
    picture.actions_table["clip_layer"].trigger()
    assert document.layers.layers[-1].blend_mode == "source-atop"
    picture.actions_table["clip_layer"].trigger()
    assert document.layers.layers[-1].blend_mode == "normal"
