"""The list of undo entries, the navigator, grid and snapping, the full screen."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from editor_core.document.geometry import Rect
from support.pointing import LEFT, drag


@pytest.fixture
def painted(picture, qtbot):
    """Three strokes."""
    picture.actions_table["brush_tool"].trigger()
    for y in (10, 30, 50):
        drag(qtbot, picture, (10, y), (50, y))
    return picture


def names(steps):
    return [steps.index(row).data() for row in range(steps.rowCount())]


def test_the_steps_are_listed_and_a_click_goes_there(painted):
    steps, document = painted.painting.steps.steps, painted.document.document
    assert names(steps) == ["Beginning", *["Brush stroke"] * 3] and steps.current == 3
    seen = document.picture()
    steps.go_to(1)
    assert len(document.undo_stack) == 1 and names(steps) == ["Beginning", *["Brush stroke"] * 3]
    assert not np.array_equal(document.picture(), seen)
    steps.go_to(3)
    assert np.array_equal(document.picture(), seen)
    steps.go_to(0)
    assert len(document.layers) == 1
    painted.documents.place_empty()
    assert steps.rowCount() == 0


def test_a_new_step_ends_what_was_taken_back(painted, qtbot):
    steps = painted.painting.steps.steps
    steps.go_to(1)
    drag(qtbot, painted, (10, 20), (50, 20))
    assert len(names(steps)) == 3 and steps.current == 2


def test_a_drag_in_the_navigator_moves_the_view(picture, qtbot):
    picture.panels.docks[6].show()
    picture.panels.docks[6].raise_()
    navigator, canvas = picture.painting.navigator, picture.canvas
    qtbot.waitUntil(navigator.map.isVisible)
    navigator.zoom.moved.emit(3200)
    assert canvas.viewport.zoom == 32
    place = navigator.map.picture_rect
    spot = QPoint(round(place.left() + place.width() / 4), round(place.top() + place.height() / 2))
    qtbot.mousePress(navigator.map, LEFT, pos=spot)
    x, y = canvas.viewport.to_image(canvas.width() / 2, canvas.height() / 2)
    assert x == pytest.approx(16, abs=1) and y == pytest.approx(32, abs=1)
    assert navigator.zoom.value == 3200
    shot = navigator.map.grab().toImage()
    corner = shot.pixelColor(round(place.right()) - 2, round(place.bottom()) - 2)
    assert corner.getRgb()[:3] == tuple(picture.document.document.picture()[60, 60].tolist())


def test_shapes_and_selections_snap_to_the_grid(picture, qtbot):
    document = picture.document.document
    picture.painting.aids.set_spacing(8)
    assert picture.state.grid == 8
    picture.actions_table["snap_to_grid"].trigger()
    picture.actions_table["rectangle_tool"].trigger()
    drag(qtbot, picture, (9, 11), (30, 42))
    assert document.selection.bounds == Rect(8, 8, 24, 32)
    picture.actions_table["snap_to_grid"].trigger()
    drag(qtbot, picture, (9, 11), (30, 42))
    assert document.selection.bounds == Rect(9, 11, 21, 31)


def test_the_grid_is_drawn_where_it_is_wanted(picture):
    before = picture.canvas.grab().toImage()
    picture.actions_table["show_grid"].trigger()
    assert picture.canvas.grab().toImage() != before
    picture.actions_table["show_grid"].trigger()
    assert picture.canvas.grab().toImage() == before


def test_the_full_screen_and_back(picture, qtbot):
    qtbot.keyClick(picture, Qt.Key.Key_F11)
    assert picture.windowState() & Qt.WindowState.WindowFullScreen
    qtbot.keyClick(picture, Qt.Key.Key_F11)
    assert not picture.windowState() & Qt.WindowState.WindowFullScreen
