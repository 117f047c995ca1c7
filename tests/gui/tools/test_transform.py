"""The transform tool, moving what is selected, cut and paste: by mouse, keys and numbers, one undo entry each."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from editor_core.document.commands import AddLayer
from editor_core.document.compositing import flatten
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project.project_file import load_project
from support.documents import contents
from support.pointing import ALT, SHIFT, at, drag, hover

RED = (200, 10, 10, 255)


@pytest.fixture
def document(picture, qtbot):
    """The picture with a red square that is chosen."""
    document = picture.document.document
    layer = RasterLayer(name="square", tiles=Tiles(4).filled(Rect(0, 0, 16, 12), RED), x=20, y=24)
    document.execute(AddLayer(layer))
    picture.layers.choose(layer.id)
    return document


@pytest.fixture
def floating(picture, document):
    picture.actions_table["transform_tool"].trigger()
    return picture.toolbox.floating


def square(document):
    return next(layer for layer in document.layers if layer.name == "square")


def shown(picture):
    """The picture as the canvas shows it, in picture pixels' middles."""
    image = picture.canvas.grab().toImage()

    def pixel(x, y):
        place = at(picture, x + 0.5, y + 0.5)
        colour = image.pixelColor(
            round(place.x() * image.devicePixelRatio()), round(place.y() * image.devicePixelRatio())
        )
        return colour.red(), colour.green(), colour.blue()

    return pixel


def test_it_is_seen_where_it_will_be_and_enter_leaves_it_there(picture, qtbot, document, floating):
    before = contents(document)
    assert floating.box == Rect(20, 24, 16, 12)
    drag(qtbot, picture, (26, 30), (36, 35), (40, 40))
    assert contents(document) == before
    look = shown(picture)
    assert look(38, 38) == RED[:3] and look(23, 26) != RED[:3]
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Return)
    assert floating.lifted is None and square(document).bounds == Rect(34, 34, 16, 12)
    assert document.undo_stack.next_undo.text == "Transform" and len(document.undo_stack) == 2
    after = contents(document)
    document.undo()
    assert contents(document) == before
    document.redo()
    assert contents(document) == after


def test_a_layers_mask_floats_as_a_tint_that_hides_nothing(picture, document):
    picture.layers.choose(document.picture_layer_id)
    picture.layers.add_mask()
    before = shown(picture)(4, 4)
    picture.actions_table["transform_tool"].trigger()
    red, green, blue = shown(picture)(4, 4)
    assert picture.toolbox.floating.lifted is not None
    assert (red, green, blue) != before and min(green, blue) < 200 < red  # not the mask's white


def test_handles_scale_shear_and_rotate(picture, qtbot, document, floating):
    drag(qtbot, picture, (36, 36), (44, 48))
    assert floating.placement.scale_x == pytest.approx(1.5, abs=0.1)
    assert floating.placement.scale_y == pytest.approx(2.0, abs=0.1)
    picture.options.transform.across.setValue(100)
    picture.options.transform.down.setValue(100)
    x, y = floating.placement.place_of(floating.box, (1, 1))
    drag(qtbot, picture, (x, y), (x + 16, y), modifiers=SHIFT)
    assert floating.placement.scale_x == floating.placement.scale_y > 1.3
    x, y = floating.placement.place_of(floating.box, (0.5, 0))
    drag(qtbot, picture, (x, y), (x + 5, y), modifiers=ALT)
    assert floating.placement.shear < -0.1
    middle = floating.placement
    drag(qtbot, picture, (middle.x + 30, middle.y), (middle.x, middle.y + 22), modifiers=SHIFT)
    assert floating.placement.angle == pytest.approx(90)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    assert floating.lifted is None and len(document.undo_stack) == 1


def test_numbers_flips_and_arrows(picture, qtbot, document, floating):
    options = picture.options.transform
    assert options.centre_x.value() == 28 and options.across.value() == 100 and options.isVisible()
    options.angle.setValue(90)
    options.flip_across.click()
    assert options.across.value() == -100 and floating.placement.angle == -90
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Right, SHIFT)
    assert options.centre_x.value() == 38
    options.done.click()
    assert square(document).bounds == Rect(32, 22, 12, 16)
    assert not options.centre_x.isEnabled()
    hover(picture, at(picture, 1, 1))
    assert picture.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_undo_takes_one_drag_or_number_back_and_then_the_document_s_step(picture, qtbot, document, floating):
    drag(qtbot, picture, (26, 30), (31, 30))
    options = picture.options.transform
    options.angle.setValue(90)
    drag(qtbot, picture, (31, 30), (31, 40), release=False)
    action = picture.actions_table["undo"]
    undo = action.trigger
    undo()  # of a drag, that drag alone
    assert (floating.placement.y, floating.placement.angle) == (30, 90)
    qtbot.mouseRelease(picture.canvas, Qt.MouseButton.LeftButton)
    undo()
    assert (floating.placement.x, floating.placement.angle) == (33, 0) and options.angle.value() == 0
    assert action.text() == "&Undo · Transform"
    undo()
    assert floating.placement.x == 28 and floating.lifted is not None and "square" in names(document)
    assert action.text() == "&Undo · Add layer"
    undo()
    assert floating.lifted is None and "square" not in names(document)


def names(document):
    return [layer.name for layer in document.layers]


def test_enter_in_a_number_gives_the_keys_back_to_the_tool(picture, qtbot, document, floating):
    field = picture.options.transform.angle
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, "90")
        qtbot.keyClick(field, key)
        assert picture.canvas.hasFocus() and floating.lifted is not None and floating.placement.angle == 90
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Return)
    assert square(document).bounds == Rect(22, 22, 12, 16) and floating.lifted is None


def test_another_tool_or_layer_keeps_what_was_done_and_another_change_lets_go(
    picture, qtbot, document, floating
):
    drag(qtbot, picture, (26, 30), (31, 30))
    picture.layers.choose(document.picture_layer_id)
    assert square(document).x == 25 and floating.box == Rect(0, 0, 64, 64)
    picture.layers.choose(square(document).id)
    drag(qtbot, picture, (30, 30), (32, 30))
    picture.actions_table["brush_tool"].trigger()
    assert square(document).x == 27 and floating.lifted is None
    picture.actions_table["transform_tool"].trigger()
    document.undo()
    assert floating.lifted is None and square(document).x == 25


def test_what_is_selected_is_moved_transformed_and_cut_to_layers(picture, qtbot, document):
    picture.actions_table["rectangle_tool"].trigger()
    drag(qtbot, picture, (20, 24), (28, 36))
    before = contents(document)
    picture.actions_table["move_tool"].trigger()
    drag(qtbot, picture, (24, 30), (40, 40), (44, 44))
    assert document.undo_stack.next_undo.text == "Move selection"
    assert square(document).bounds == Rect(28, 24, 20, 26) and document.selection.bounds == Rect(
        40, 38, 8, 12
    )
    document.undo()
    assert contents(document) == before and document.selection.bounds == Rect(20, 24, 8, 12)
    seen = flatten(document.layers, document.rect)
    picture.actions_table["cut_to_layer"].trigger()
    assert len(document.layers) == 3 and np.array_equal(flatten(document.layers, document.rect), seen)
    assert picture.layers.layer.bounds == Rect(20, 24, 8, 12)
    document.undo()
    picture.layers.choose(square(document).id)
    picture.actions_table["cut"].trigger()
    assert square(document).bounds == Rect(28, 24, 8, 12)
    assert QGuiApplication.clipboard().image().width() == 8
    picture.actions_table["paste"].trigger()
    qtbot.waitUntil(lambda: len(document.layers) == 3)
    assert picture.layers.layer.bounds == Rect(20, 24, 8, 12)


def test_layers_above_what_floats_stay_above(picture, qtbot, document):
    cover = RasterLayer(name="cover", tiles=Tiles(4).filled(Rect(0, 0, 64, 30), (0, 0, 250, 255)))
    document.execute(AddLayer(cover))
    picture.layers.choose(square(document).id)
    picture.actions_table["transform_tool"].trigger()
    drag(qtbot, picture, (26, 33), (30, 33))
    look = shown(picture)
    assert look(30, 33) == RED[:3] and look(30, 27) == (0, 0, 250)


def test_a_locked_layer_stays_and_that_is_told(picture, qtbot, document):
    picture.actions_table["lock_layer"].trigger()
    with qtbot.waitSignal(picture.document.problem):
        picture.actions_table["transform_tool"].trigger()
    assert picture.toolbox.floating.lifted is None


def test_what_floats_is_put_down_before_the_document_is_saved(
    picture, qtbot, run, document, floating, tmp_path
):
    drag(qtbot, picture, (26, 30), (31, 30))
    assert run(picture.files._save_to(picture.document.shown, tmp_path / "a.palimpsest"))
    assert square(document).x == 25 and floating.lifted is None and not document.dirty
    assert square(load_project(tmp_path / "a.palimpsest")).x == 25
