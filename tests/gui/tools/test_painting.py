"""Shapes, gradient, stamps, smudge, symmetry and brush presets by the pointer, in both directions of undo."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor_core.document.commands import AddLayer
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project.project_file import load_project, save_project
from gui.docks.brush_presets import preset_name, sample
from gui.state.brush_presets import OWN, BrushPresets
from gui.tools.shapes import Style
from support.pointing import CTRL, SHIFT, drag

RED, GREEN = (250, 20, 30), (10, 200, 60)


def take(window, tool, **brush):
    window.actions_table[tool].trigger()
    window.toolbox.colours.set(RED, GREEN)
    if brush:
        window.toolbox.tool.settings.set(**brush)
    return window.document.document


def painted(document, x, y):
    return document.layers.layers[-1].tiles.read(Rect(x, y, 1, 1))[0, 0].tolist()


@pytest.mark.parametrize(
    ("tool", "inside"), [("shape_rectangle_tool", True), ("shape_ellipse_tool", True), ("line_tool", False)]
)
def test_shapes_are_drawn_and_undone(picture, qtbot, tool, inside, tmp_path):
    document = take(picture, tool)
    picture.toolbox.shapes.set(width=4, style=Style.BOTH)
    drag(qtbot, picture, (10, 10), (30, 30), (50, 50))
    if inside:
        assert painted(document, 30, 30) == [*GREEN, 255] and painted(document, 30, 10) == [*RED, 255]
    else:
        assert painted(document, 30, 30) == [*RED, 255] and painted(document, 30, 10)[3] == 0
    assert picture.toolbox.colours.recent[0] == RED and len(document.undo_stack) == 1
    seen = document.picture()
    save_project(document, tmp_path / "a.palimpsest")
    assert np.array_equal(load_project(tmp_path / "a.palimpsest").picture(), seen)
    document.undo()
    assert len(document.layers) == 1
    document.redo()
    assert np.array_equal(document.picture(), seen)


def test_shift_makes_a_square_and_escape_drops_it(picture, qtbot):
    document = take(picture, "shape_rectangle_tool")
    picture.toolbox.shapes.set(style=Style.FILL)
    drag(qtbot, picture, (10, 10), (20, 20), release=False)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    assert len(document.layers) == 1
    drag(qtbot, picture, (10, 10), (40, 20), modifiers=SHIFT)
    assert document.layers.layers[-1].bounds == Rect(10, 10, 30, 30)


def test_a_gradient_fills_what_is_selected(picture, qtbot):
    document = take(picture, "rectangle_tool")
    drag(qtbot, picture, (16, 0), (48, 64))
    take(picture, "gradient_tool")
    drag(qtbot, picture, (0, 32), (64, 32))
    assert document.layers.layers[-1].bounds == Rect(16, 0, 32, 64)
    assert painted(document, 18, 5)[0] > painted(document, 45, 5)[0]
    document.undo()
    picture.toolbox.shapes.set(to_clear=True, radial=True)
    drag(qtbot, picture, (32, 32), (44, 32))
    assert painted(document, 32, 32)[3] > 230 and painted(document, 46, 32)[3] == 0


@pytest.fixture
def dotted(picture):
    """A green square from (6, 6) to (14, 14) on the plain picture."""
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[6:14, 6:14] = (*GREEN, 255)
    picture.document.execute(AddLayer(RasterLayer(name="Dot", tiles=Tiles.from_array(pixels))))
    return picture


def test_the_clone_stamp_copies_from_where_it_was_told(dotted, qtbot):
    document = take(dotted, "clone_tool", size=12, hardness=1.0)
    drag(qtbot, dotted, (40, 40))
    assert "Ctrl+click" in dotted.messages.sentence and len(document.undo_stack) == 1
    drag(qtbot, dotted, (10, 10), modifiers=CTRL)
    drag(qtbot, dotted, (40, 40))
    assert document.picture()[40, 40].tolist() == list(GREEN)
    drag(qtbot, dotted, (50, 40))  # the offset stays: this is a copy of what lies 10 pixels to the right
    assert document.picture()[40, 50].tolist() == document.picture()[20, 60].tolist()
    document.undo()
    document.undo()
    assert document.picture()[40, 40].tolist() != list(GREEN)


def test_the_heal_stamp_takes_on_the_tones_around(picture, qtbot):
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:32, :32] = (*GREEN, 255)
    picture.document.execute(AddLayer(RasterLayer(name="Corner", tiles=Tiles.from_array(pixels))))
    document = take(picture, "heal_tool", size=8, hardness=1.0)
    plain = document.picture()[48, 48].tolist()
    drag(qtbot, picture, (16, 16), modifiers=CTRL)
    drag(qtbot, picture, (48, 48))
    assert document.picture()[48, 48].tolist() == pytest.approx(plain, abs=3)  # a flat colour has no texture


def test_the_smudge_brush_smears_what_is_seen(dotted, qtbot):
    document = take(dotted, "smudge_tool", size=10, hardness=0.6)
    plain = document.picture()[10, 18].tolist()
    drag(qtbot, dotted, (10, 10), (14, 10), (26, 10))
    assert document.picture()[10, 18].tolist() != plain and document.picture()[40, 18].tolist() == plain
    document.undo()
    assert document.picture()[10, 18].tolist() == plain


def test_strokes_are_repeated_on_the_other_side(picture, qtbot):
    document = take(picture, "brush_tool", size=6, hardness=1.0)
    picture.actions_table["symmetry_across"].trigger()
    picture.actions_table["symmetry_down"].trigger()
    drag(qtbot, picture, (12, 14), (20, 14))
    alpha = document.layers.layers[-1].tiles.read(document.rect)[..., 3] > 127
    assert alpha[14, 16] and np.array_equal(alpha, alpha[:, ::-1]) and np.array_equal(alpha, alpha[::-1])


def test_a_preset_is_taken_saved_and_removed(picture):
    take(picture, "brush_tool")
    button = picture.options.presets
    button.refresh()
    assert button.list.count() == len(OWN) >= 10
    chalk = next(preset for preset in OWN if preset.name == "Chalk")
    button.chosen.emit(chalk)
    assert picture.toolbox.brush.settings.brush == chalk.brush
    picture.toolbox.brush.settings.set(size=77)
    picture.painting.brushes.save("My chalk")
    again = BrushPresets()
    assert (
        again.all[-1].name == "My chalk"
        and again.all[-1].brush.size == 77
        and again.all[-1].brush.grain == 0.95
    )
    button.refresh()
    button.list.setCurrentRow(len(OWN))
    button.remove_action.trigger()
    assert len(BrushPresets().all) == len(OWN)


def test_a_tip_is_imported_and_painted_with(picture, qtbot, tmp_path):
    import struct

    tip = np.full((8, 8), 255, np.uint8)
    header = struct.pack(">5I", 33, 2, 8, 8, 1) + b"GIMP" + struct.pack(">I", 100) + b"Tile\0"
    (tmp_path / "a tile.gbr").write_bytes(header + tip.tobytes())
    document = take(picture, "brush_tool")
    picture.painting.brushes.bring(tmp_path / "a tile.gbr")
    drag(qtbot, picture, (32, 32))
    alpha = document.layers.layers[-1].tiles.read(document.rect)[..., 3] > 127
    assert alpha.sum() == pytest.approx(64, abs=18) and alpha[29, 29]
    picture.toolbox.remember()
    assert picture.state.brush("brush_tool", OWN[0].brush).tip == "a-tile"
    (tmp_path / "bad.gbr").write_bytes(b"nothing")
    picture.painting.brushes.bring(tmp_path / "bad.gbr")
    assert "bad.gbr" in picture.messages.sentence
    picture.painting.brushes.bring(tmp_path / "set.ABR")
    assert "set.ABR" in picture.messages.sentence and "New Brush" in picture.messages.sentence
    picture.painting.brushes.bring(tmp_path / "a tile.gbr")
    assert not picture.messages.isVisible()


def test_every_preset_leaves_a_mark_of_its_own():
    seen = {sample(preset.brush, None, (0, 0)).tobytes() for preset in OWN}
    assert len(seen) == len(OWN)
    for preset in OWN:
        assert sample(preset.brush, None, (0, 0)).max() > 20 and preset_name(preset) == preset.name
