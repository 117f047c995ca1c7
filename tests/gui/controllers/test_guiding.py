"""Rulers and guides in the window: drawn out of rulers, moved, removed, locked, snapped to, in turned views."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from editor_core.document.commands import AddLayer
from editor_core.document.geometry import Rect
from editor_core.document.guides import Guide, Guides
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from gui.canvas.rulers import Scale, scale_of
from gui.canvas.tool import Pointer
from gui.canvas.viewport import Viewport
from gui.controllers.aids import NEAR
from gui.dialogs.new_guide import NewGuideDialog
from support.pointing import at, drag, hover


@pytest.fixture
def ruled(picture):
    """The picture of 64 pixels with its rulers."""
    picture.actions_table["show_rulers"].trigger()
    picture.canvas.fit()
    return picture


def pull(qtbot, window, level, x, y):
    """A drag out of a ruler to a pixel of the picture."""
    ruler = window.stage.ruled.rulers[0 if level else 1]
    place = ruler.mapFromGlobal(window.canvas.mapToGlobal(at(window, x, y)))
    qtbot.mousePress(ruler, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))
    qtbot.mouseMove(ruler, place)
    qtbot.mouseRelease(ruler, Qt.MouseButton.LeftButton, pos=place)


def guides(window):
    return window.document.document.guides


def test_numbers_are_round_and_ticks_divide_them():
    for step in (0.003, 0.1, 0.37, 1.0, 3.3, 40.0):
        scale = Scale(True, 0.0, step)
        numbered = scale.numbered()
        assert numbered / step >= 56 or numbered == 1
        assert str(numbered).rstrip("0") in ("1", "2", "5") and numbered % scale.ticks() == 0
        assert scale.ticks() / step >= 5
    assert Scale(True, 10, 0.5).at(20) == 20 and Scale(True, 10, 0.5).position(20) == 20


def test_rulers_measure_what_lies_beside_them():
    view = Viewport(200, 100, 50, 50, zoom=2.0, left=20, top=10)
    assert scale_of(view, level=True) == Scale(True, -10.0, 0.5)
    assert scale_of(view, level=False) == Scale(False, -5.0, 0.5)
    turned = view.rotated_to(90)
    assert not scale_of(turned, level=True).along_x and scale_of(turned, level=True).step == pytest.approx(
        -0.5
    )
    assert scale_of(view.flipped(), level=True).step == pytest.approx(-0.5)
    assert scale_of(view.rotated_to(15), level=True) is None


def test_guides_are_drawn_out_of_rulers_moved_and_dragged_back(ruled, qtbot):
    pull(qtbot, ruled, True, 20, 40)
    pull(qtbot, ruled, False, 16, 30)
    assert guides(ruled) == Guides((16,), (40,))
    ruled.actions_table["move_tool"].trigger()
    hover(ruled, at(ruled, 16, 5))
    assert ruled.canvas.cursor().shape() == Qt.CursorShape.SplitHCursor
    drag(qtbot, ruled, (16, 5), (20, 9), (50, 9))
    assert guides(ruled).vertical == (50,)
    drag(qtbot, ruled, (50, 5), (40, 5), (-500, 5))
    assert guides(ruled) == Guides((), (40,))
    for expected in (Guides((50,), (40,)), Guides((16,), (40,)), Guides((), (40,)), Guides()):
        ruled.document.undo()
        assert guides(ruled) == expected
    ruled.document.redo()
    assert guides(ruled) == Guides((), (40,))


def test_escape_leaves_a_guide_where_it_was(ruled, qtbot):
    pull(qtbot, ruled, False, 16, 30)
    ruled.actions_table["move_tool"].trigger()
    drag(qtbot, ruled, (16, 5), (40, 5), release=False)
    assert ruled.stage.guides.dragged == Guide(True, 40)
    qtbot.keyClick(ruled.canvas, Qt.Key.Key_Escape)
    assert guides(ruled).vertical == (16,) and ruled.stage.guides.dragged is None


def test_locked_or_hidden_they_stay(ruled, qtbot):
    pull(qtbot, ruled, False, 16, 30)
    ruled.actions_table["move_tool"].trigger()
    for action in ("lock_guides", "show_guides"):
        ruled.actions_table[action].trigger()
        drag(qtbot, ruled, (16, 5), (40, 5))
        assert guides(ruled).vertical == (16,)
        ruled.actions_table[action].trigger()
    assert not guides(ruled).locked
    ruled.actions_table["clear_guides"].trigger()
    assert not guides(ruled) and not ruled.actions_table["clear_guides"].isEnabled()
    ruled.document.undo()
    assert guides(ruled).vertical == (16,)


def test_shapes_keep_to_guides_nearby_and_else_to_the_grid(ruled):
    def snapped(x, y):
        pointer = Pointer(x, y, snap=ruled.canvas.snap).snapped()
        return pointer.x, pointer.y

    assert snapped(10.2, 11.0) == (10.2, 11.0)  # there are none yet
    ruled.painting.guiding.add(Guide(True, 20))
    assert snapped(20.4, 11.3) == (20, 11.3)
    ruled.actions_table["snap_to_grid"].trigger()
    ruled.painting.aids.set_spacing(16)
    assert snapped(20.4, 11.3) == (20, 16) and snapped(40, 40) in {(32, 32), (48, 48)}
    for action in ("snap_to_grid", "snap_to_guides"):
        ruled.actions_table[action].trigger()
    assert snapped(20.4, 11.3) == (20.4, 11.3)


@pytest.fixture
def square(ruled):
    """A layer of 10 x 10 pixels at (30, 30) that is chosen, and guides at x = 20 and y = 60."""
    layer = RasterLayer(name="square", tiles=Tiles(4).filled(Rect(0, 0, 10, 10), (9, 9, 9, 255)), x=30, y=30)
    ruled.document.execute(AddLayer(layer))
    ruled.layers.choose(layer.id)
    ruled.painting.guiding.add(Guide(True, 20))
    ruled.painting.guiding.add(Guide(False, 60))
    return layer.id


@pytest.mark.parametrize("tool", ["move_tool", "transform_tool"])
def test_what_is_moved_keeps_to_guides_with_a_side_or_its_middle(ruled, qtbot, square, tool):
    assert NEAR / ruled.canvas.viewport.scale < 2, "the places below are told apart"
    for way, end in (((-9, 19), (20, 50)), ((-14, 24), (15, 55)), ((-20, 12), (10, 42)), ((3, -8), (33, 22))):
        ruled.actions_table[tool].trigger()
        drag(qtbot, ruled, (33, 33), (33 + way[0], 33 + way[1]))
        ruled.actions_table["pan_tool"].trigger()
        qtbot.waitUntil(lambda end=end: document_bounds(ruled, square)[:2] == end)
        ruled.document.undo()


def document_bounds(window, layer):
    return window.document.document.layers[layer].bounds


def test_a_handle_keeps_to_guides(ruled, qtbot, square):
    ruled.actions_table["transform_tool"].trigger()
    drag(qtbot, ruled, (30, 35), (21, 36))
    ruled.actions_table["pan_tool"].trigger()
    qtbot.waitUntil(lambda: document_bounds(ruled, square) == Rect(20, 30, 20, 10))


def test_the_crop_keeps_to_guides(ruled, qtbot, square):
    ruled.actions_table["crop_tool"].trigger()
    box = ruled.toolbox.crop.box
    drag(qtbot, ruled, (21, 30), (40, 59))
    assert box.rect == Rect(20, 30, 20, 30)
    drag(qtbot, ruled, (30, 40), (11, 20))
    assert box.rect == Rect(0, 10, 20, 30), "its right side is at the guide"
    drag(qtbot, ruled, (10, 40), (10, 61))
    assert box.rect == Rect(0, 10, 20, 50)
    drag(qtbot, ruled, (50, 20))
    assert box.rect.is_empty


def test_a_guide_by_numbers(ruled, qtbot):
    ruled.actions_table["new_guide"].trigger()
    dialog = ruled.findChild(NewGuideDialog)
    assert dialog.place.value() == 32
    dialog.way.setCurrentIndex(1)
    dialog.place.setValue(12)
    dialog.accept()
    assert guides(ruled) == Guides((), (12,))


def test_in_a_turned_view_a_level_ruler_gives_an_upright_guide(ruled, qtbot):
    for _ in range(6):
        ruled.canvas.rotate(1)
    pull(qtbot, ruled, True, 22, 30)
    assert guides(ruled) == Guides((22,), ())
    ruled.canvas.rotate(1)
    pull(qtbot, ruled, True, 40, 30)  # slanting: rulers measure nothing
    assert guides(ruled) == Guides((22,), ())


def test_rulers_are_remembered_and_follow_the_pointer(ruled, qtbot):
    level, upright = ruled.stage.ruled.rulers
    assert level.isVisible() and upright.isVisible() and ruled.state.rulers
    hover(ruled, QPoint(70, 50))
    assert (level._mark, upright._mark) == (70, 50)
    QApplication.sendEvent(ruled.canvas, QEvent(QEvent.Type.Leave))
    assert level._mark is None


def test_canvas_only_leaves_nothing_but_the_picture_and_fits_it(ruled, qtbot):
    ruled.panels.docks[6].show()
    ruled.panels.docks[6].setFloating(True)
    before = ruled.canvas.size()
    qtbot.keyClick(ruled.canvas, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: ruled.canvas.size() == ruled.size())
    bars = (
        ruled.menuBar(),
        ruled.statusBar(),
        ruled.panels.tool_bar,
        *ruled.panels.docks,
        ruled.options,
        ruled.prompt,
    )
    assert not any(part.isVisible() for part in (*bars, *ruled.stage.ruled.rulers))
    assert ruled.canvas.viewport == ruled.canvas.viewport.fitted()
    qtbot.keyClick(ruled.canvas, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: ruled.canvas.size() == before)
    assert (
        ruled.menuBar().isVisible()
        and ruled.stage.ruled.rulers[0].isVisible()
        and ruled.panels.docks[6].isVisible()
    )
