"""Brushes with a pen and with keys held, sketch, move, fill, picker, colours: pointer to picture and back."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor

from editor_core.document.commands import AddLayer, Select, SetLayerProperty
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer, RegionLayer, SketchLayer
from editor_core.document.selection import Combine, combined, rectangle
from editor_core.document.strokes import Brush, Tip, brush_stamp
from editor_core.document.tiles import Tiles
from gui.state.window_state import WindowState
from gui.tools.outline import dab_outline
from support.pointing import ALT, CTRL, ERASER_END, LEFT, NONE, SHIFT, at, drag, hover, pen, wheel

RED = (250, 20, 30)


def take(window, tool, **brush):
    window.actions_table[tool].trigger()
    window.toolbox.colours.set(foreground=RED)
    if brush:
        window.toolbox.tool.settings.set(**brush)
    return window.document.document


def select(document, *rect):
    chosen = combined(None, rectangle(Rect(*rect)), Combine.REPLACE, document.rect)
    document.execute(Select(chosen))


@pytest.mark.parametrize("pressure", [0.5, 1.0])
def test_pen_pressure_sets_the_width(picture, pressure):
    document = take(picture, "mask_tool", size=20, hardness=1.0)
    pen(picture, (32, 32, pressure))
    covered = (document.edit_mask() > 127).sum()
    assert covered == pytest.approx(np.pi * (10 * pressure) ** 2, rel=0.12)


def test_pen_pressure_sets_the_opacity_if_asked(picture, qtbot):
    document = take(picture, "brush_tool", size=20, hardness=1.0)
    picture.options.brush.pressure["pressure_size"].click()
    picture.options.brush.pressure["pressure_opacity"].click()
    pen(picture, (20, 32, 0.5), (44, 32, 0.5))
    layer = document.layers.layers[-1]
    assert layer.tiles.read(Rect(30, 32, 1, 1))[0, 0].tolist() == [*RED, 128]
    assert layer.tiles.read(Rect(30, 24, 1, 1))[0, 0, 3] > 100  # as wide as with full pressure
    assert len(document.undo_stack) == 1


@pytest.mark.parametrize("tool", ["brush_tool", "sketch_tool", "mask_tool"])
def test_the_other_end_of_the_pen_erases(picture, tool):
    document = take(picture, tool, size=20, hardness=1.0)
    picture.toolbox.eraser.settings.set(size=40, hardness=1.0)
    pen(picture, (20, 32, 1.0), (44, 32, 1.0))
    layer = document.layers.layers[-1]
    picture.layers.choose(layer.id)
    assert layer.tiles.read(Rect(32, 32, 1, 1))[0, 0, -1] == 255
    pen(picture, (32, 32, 1.0), device=ERASER_END)
    assert document.layers[layer.id].tiles.read(Rect(32, 32, 1, 1))[0, 0, -1] == 0
    pen(picture, (32, 32, 1.0))
    assert document.layers[layer.id].tiles.read(Rect(32, 32, 1, 1))[0, 0, -1] == 255


def test_a_pen_stroke_is_undone_as_one(picture):
    document = take(picture, "brush_tool")
    pen(picture, *[(10 + 4 * step, 30, 0.2 + 0.08 * step) for step in range(10)])
    document.undo()
    assert np.array_equal(document.picture(), document.history.current.image)


def test_the_bar_and_the_brush_agree_both_ways(picture):
    take(picture, "brush_tool")
    options, settings = picture.options.brush, picture.toolbox.brush.settings
    for name, slider in options.sliders.items():
        slider._field.setValue(37)
        assert getattr(settings.brush, name) == pytest.approx(0.37)
        settings.set(**{name: 0.62})
        assert slider.value == 62
    settings.set(pressure_size=False)
    assert not options.pressure["pressure_size"].isChecked()


def test_what_a_brush_was_is_known_at_the_next_start(picture):
    take(picture, "sketch_tool", size=33, flow=0.4, smoothing=0.7, pressure_opacity=True)
    picture.toolbox.remember()
    kept = WindowState()
    assert (
        kept.brush("sketch_tool", picture.toolbox.mask.settings.brush)
        == picture.toolbox.sketch.settings.brush
    )
    assert kept.colours[0] == RED


def test_shift_drag_sizes_the_brush_and_paints_nothing(picture, qtbot):
    document = take(picture, "brush_tool", size=10)
    drag(qtbot, picture, (20, 20), (24, 20), (32, 20), modifiers=SHIFT)
    assert picture.toolbox.brush.settings.brush.size == pytest.approx(22, abs=1)
    assert len(document.layers) == 1


def test_shift_click_draws_a_straight_line_from_the_last_stroke(picture, qtbot):
    document = take(picture, "brush_tool", size=4, hardness=1.0)
    drag(qtbot, picture, (10, 10), (12, 10))
    drag(qtbot, picture, (50, 50), modifiers=SHIFT)
    assert document.picture()[31, 32].tolist() == list(RED)
    document.undo()
    assert document.picture()[31, 32].tolist() != list(RED) and document.picture()[10, 11].tolist() == list(
        RED
    )


def test_a_touch_pad_resizes_by_what_it_says(picture):
    """Forty small moves make one notch, not forty."""
    picture.actions_table["brush_tool"].trigger()
    settings = picture.toolbox.brush.settings
    settings.set(size=40)
    for _ in range(40):
        wheel(picture.canvas, QPoint(30, 30), 1 / 40, CTRL)
    assert settings.brush.size == pytest.approx(40 * 1.2, rel=0.02)
    wheel(picture.canvas, QPoint(30, 30), -1, CTRL)
    assert settings.brush.size == pytest.approx(40, rel=0.02)


def test_a_stroke_beside_the_picture_is_nothing(picture, qtbot):
    document = picture.document.document
    for tool in ("brush_tool", "mask_tool", "sketch_tool"):
        picture.actions_table[tool].trigger()
        picture.toolbox.tool.settings.set(size=8)
        layers, entries = document.layers, len(document.undo_stack)
        drag(qtbot, picture, (-30, 10), (-20, 20))
        assert document.layers is layers and len(document.undo_stack) == entries, tool


def test_a_stroke_outside_the_selection_is_nothing(picture, qtbot):
    document = picture.document.document
    select(document, 0, 0, 8, 8)
    picture.actions_table["brush_tool"].trigger()
    layers, entries = document.layers, len(document.undo_stack)
    drag(qtbot, picture, (40, 40), (50, 50))
    assert document.layers is layers and len(document.undo_stack) == entries


def test_the_outline_of_the_brush_is_always_to_be_seen(picture):
    take(picture, "brush_tool", size=20)
    middle = at(picture, 32, 32)
    hover(picture, middle)
    edge = at(picture, 42, 32)
    with_outline = picture.canvas.grab().toImage()
    hover(picture, at(picture, 10, 10))
    assert with_outline.pixelColor(edge) != picture.canvas.grab().toImage().pixelColor(edge)


BOOT = np.pad(np.full((40, 40), 255, np.uint8), ((0, 20), (0, 60)))  # high on the left, flat on the right
BOOT[40:, :] = 255


@pytest.mark.parametrize("tip", [None, BOOT])
def test_the_outline_is_that_of_a_dab(tip):
    brush = Brush(size=101, hardness=1.0, roundness=0.3, angle=30)
    dab = brush_stamp(101, 1.0, (0, 0), 0.3, 30) if tip is None else Tip(tip).stamp(101, (0, 0), 30)
    outline, middle = dab_outline(brush, tip), dab.shape[0] // 2
    inside = [[outline.contains(QPointF(x, y) / 50.5) for x in range(-60, 61)] for y in range(-60, 61)]
    covered = np.pad(dab, 60)[middle : middle + 121, middle : middle + 121] > 127
    assert (inside & covered).sum() > 0.95 * (inside | covered).sum() > 1000


@pytest.mark.parametrize("tool", ["mask_tool", "brush_tool", "sketch_tool"])
def test_the_selection_bounds_every_stroke(picture, qtbot, tool):
    document = take(picture, tool, size=30, hardness=1.0)
    select(document, 20, 20, 12, 12)
    drag(qtbot, picture, (20, 26), (40, 26))
    painted = document.layers.layers[-1].tiles.bounds()
    assert painted == Rect(20, 20, 12, 12)


def test_the_sketch_is_seen_but_is_no_part_of_the_picture(picture, qtbot):
    document = take(picture, "sketch_tool", size=12, hardness=1.0)
    drag(qtbot, picture, (20, 20), (40, 20))
    layer = document.layers.layers[-1]
    assert isinstance(layer, SketchLayer) and layer.name == "Sketch"
    assert np.array_equal(document.picture(), document.history.current.image)
    picture.actions_table["pan_tool"].trigger()
    seen = picture.canvas.grab().toImage().pixelColor(at(picture, 30, 20))
    assert (seen.red(), seen.green(), seen.blue()) == RED
    document.execute(SetLayerProperty(layer.id, visible=False))
    assert picture.canvas.grab().toImage().pixelColor(at(picture, 30, 20)) != seen
    drag(qtbot, picture, (20, 40), (40, 40))
    assert len(document.layers) == 2


def test_brushes_paint_on_the_chosen_layer_of_their_kind(picture, qtbot):
    document = take(picture, "mask_tool", size=10)
    region, sketch = RegionLayer(name="Sky", prompt="a sky"), SketchLayer(name="Lines")
    for layer in (region, sketch):
        document.execute(AddLayer(layer))
    picture.layers.choose(region.id)
    drag(qtbot, picture, (20, 20), (30, 20))
    assert len(document.layers[region.id].tiles) == 1
    picture.layers.choose(sketch.id)
    take(picture, "brush_tool")
    drag(qtbot, picture, (20, 20), (30, 20))
    assert len(document.layers[sketch.id].tiles) == 1
    take(picture, "eraser_tool", size=60, hardness=1.0)
    drag(qtbot, picture, (20, 20), (30, 20))
    assert document.layers[sketch.id].tiles.read(Rect(25, 20, 1, 1))[0, 0, 3] == 0


def test_locked_transparency_keeps_the_shape(picture, qtbot):
    document = take(picture, "brush_tool", size=30, hardness=1.0)
    ink = RasterLayer(
        name="Ink", tiles=Tiles(4).filled(Rect(20, 20, 8, 8), (1, 2, 3, 255)), lock_transparency=True
    )
    document.execute(AddLayer(ink))
    drag(qtbot, picture, (24, 24), (30, 24))
    assert document.layers[ink.id].tiles.bounds() == Rect(20, 20, 8, 8)
    assert document.picture()[22, 22].tolist() == list(RED)
    take(picture, "eraser_tool")
    drag(qtbot, picture, (24, 24), (26, 24))
    assert document.picture()[22, 22].tolist() == list(RED) and "transparency" in picture.messages.sentence


# -- move ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ink(picture):
    document = take(picture, "move_tool")
    layer = RasterLayer(name="Ink", tiles=Tiles(4).filled(Rect(10, 10, 8, 8), (1, 2, 3, 255)))
    document.execute(AddLayer(layer))
    picture.layers.choose(layer.id)
    return layer.id


def place(document, layer):
    return document.layers[layer].x, document.layers[layer].y


def test_moving_is_one_step_and_follows_the_pointer(picture, qtbot, ink):
    document = picture.document.document
    drag(qtbot, picture, (12, 12), (20, 15), (32, 22))
    assert place(document, ink) == (20, 10) and document.picture()[22, 32].tolist() == [1, 2, 3]
    drag(qtbot, picture, (32, 22), (42, 24), modifiers=SHIFT)
    assert place(document, ink) == (30, 10)
    document.undo()
    document.undo()
    assert place(document, ink) == (0, 0)


def test_arrow_keys_nudge_the_layer(picture, qtbot, ink):
    picture.canvas.setFocus()
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Down, SHIFT)
    assert place(picture.document.document, ink) == (1, 10)


def test_escape_puts_a_moved_layer_back_and_a_locked_one_stays(picture, qtbot, ink):
    document = picture.document.document
    drag(qtbot, picture, (12, 12), (30, 30), release=False)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(picture.canvas, LEFT, NONE, at(picture, 30, 30))
    assert place(document, ink) == (0, 0)
    document.execute(SetLayerProperty(ink, locked=True))
    drag(qtbot, picture, (12, 12), (30, 30))
    assert place(document, ink) == (0, 0) and "locked" in picture.messages.sentence


def test_a_group_moves_with_all_it_holds(picture, qtbot, ink):
    document = picture.document.document
    picture.actions_table["group_layers"].trigger()
    drag(qtbot, picture, (12, 12), (20, 15), (32, 22))
    assert place(document, ink) == (20, 10)
    document.undo()
    assert place(document, ink) == (0, 0)
    document.execute(SetLayerProperty(ink, locked=True))
    drag(qtbot, picture, (12, 12), (32, 22))
    assert place(document, ink) == (0, 0) and "locked" in picture.messages.sentence


# -- fill, picker, colours ----------------------------------------------------------------------------------------


def test_filling_what_looks_alike(picture, qtbot):
    document = take(picture, "brush_tool", size=6, hardness=1.0)
    drag(qtbot, picture, (0, 32), (64, 32))
    take(picture, "fill_tool")
    picture.toolbox.colours.set(foreground=(0, 0, 250))
    drag(qtbot, picture, (10, 10))
    seen = document.picture()
    assert seen[10, 50].tolist() == [0, 0, 250] and seen[50, 10].tolist() != [0, 0, 250]
    assert seen[32, 10].tolist() == list(RED)
    document.undo()
    picture.options.fill.contiguous.click()
    drag(qtbot, picture, (10, 10))
    assert document.picture()[50, 10].tolist() == [0, 0, 250]


def test_a_fill_respects_the_selection_and_the_tolerance(picture, qtbot):
    document = take(picture, "fill_tool")
    select(document, 10, 10, 20, 20)
    picture.options.fill.tolerance._field.setValue(255)
    assert picture.toolbox.fill.settings.tolerance == 255
    picture.toolbox.fill.settings.set(tolerance=3)
    assert picture.options.fill.tolerance.value == 3
    drag(qtbot, picture, (15, 15))
    assert document.layers.layers[-1].tiles.bounds() == Rect(10, 10, 20, 20)
    drag(qtbot, picture, (-5, -5))
    assert len(document.layers) == 2


@pytest.mark.parametrize("way", ["picker", "alt"])
def test_picking_a_colour(picture, qtbot, way):
    document = take(picture, "picker_tool" if way == "picker" else "brush_tool")
    expected = tuple(document.picture()[40, 40].tolist())
    drag(qtbot, picture, (5, 5), (40, 40), modifiers=NONE if way == "picker" else ALT)
    assert picture.toolbox.colours.foreground == expected and len(document.layers) == 1


def test_escape_gives_the_old_colour_back(picture, qtbot):
    take(picture, "picker_tool")
    drag(qtbot, picture, (5, 5), (40, 40), release=False)
    assert picture.toolbox.colours.foreground != RED
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    assert picture.toolbox.colours.foreground == RED


def test_the_two_colours(picture, qtbot):
    pair, colours = picture.panels.pair, picture.toolbox.colours
    colours.set(RED, (1, 2, 3))
    assert pair.foreground.accessibleDescription() == QColor(*RED).name()
    picture.actions_table["swap_colours"].trigger()
    assert colours.foreground == (1, 2, 3) and colours.background == RED
    picture.actions_table["default_colours"].trigger()
    assert colours.foreground == (0, 0, 0) and pair.background.accessibleDescription() == "#ffffff"
    pair.background.click()
    assert picture.painting.colours.isVisible() and picture.painting.colours.edited == "background"


def test_each_tool_says_what_held_keys_do(window):
    hints = set()
    for name in (
        "pan_tool",
        "move_tool",
        "polygon_tool",
        "lasso_tool",
        "mask_tool",
        "brush_tool",
        "fill_tool",
    ):
        window.actions_table[name].trigger()
        hints.add(window.options.hint.text())
    assert "" not in hints and len(hints) == 7


def test_a_hint_without_room_is_not_shown_in_part(window):
    hint = window.options.hint
    hint.setText("Alt takes away.")
    hint.resize(400, 20)
    assert hint.shown == hint.toolTip() == hint.text()
    hint.resize(40, 20)
    assert hint.shown == ""


def test_a_long_notice_ends_in_an_ellipsis(window):
    window.status.show_notice("Memory was short, so the cache was emptied; the picture is as it was.")
    window.status.notice.resize(120, 20)
    assert window.status.notice.shown.endswith("…") and "emptied" in window.status.notice.toolTip()


@pytest.mark.parametrize("tool", ["brush_tool", "mask_tool", "eraser_tool"])
def test_undo_during_a_stroke_takes_back_that_stroke_alone(picture, qtbot, tool):
    document = take(picture, "brush_tool", size=10)
    drag(qtbot, picture, (10, 10), (20, 10))
    first = document.picture()
    take(picture, tool)
    drag(qtbot, picture, (15, 15), (40, 40), release=False)
    picture.actions_table["undo"].trigger()
    assert len(document.undo_stack) == 1 and np.array_equal(document.picture(), first)
    qtbot.mouseRelease(picture.canvas, LEFT, NONE, at(picture, 50, 50))
    assert len(document.undo_stack) == 1 and np.array_equal(document.picture(), first)
    picture.actions_table["undo"].trigger()
    assert np.array_equal(document.picture(), document.history.current.image)


def test_a_step_made_during_a_stroke_does_not_see_it(picture, qtbot):
    document = take(picture, "brush_tool", size=10)
    before = document.picture()
    drag(qtbot, picture, (15, 15), (40, 40), release=False)
    document.execute(AddLayer(RasterLayer(name="other")))
    qtbot.mouseRelease(picture.canvas, LEFT, NONE, at(picture, 40, 40))
    document.undo()
    assert len(document.layers.layers) == 1 and np.array_equal(document.picture(), before)


def test_a_stroke_ends_with_its_document(picture, qtbot):
    document = take(picture, "brush_tool", size=10)
    drag(qtbot, picture, (15, 15), (40, 40), release=False)
    picture.files.adopt(other := Document.new_from_picture(np.zeros((64, 64, 3), np.uint8)))
    qtbot.mouseRelease(picture.canvas, LEFT, NONE, at(picture, 40, 40))
    assert (
        len(other.layers.layers) == 1
        and other.undo_stack.next_undo is None
        and len(document.layers.layers) == 2
    )
