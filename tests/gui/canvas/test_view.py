"""The view turned and mirrored: what is seen, where the pointer is, and that the picture stays as it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from gui.canvas.viewport import Viewport
from gui.look.images import from_qimage
from support.pointing import CTRL, LEFT, SHIFT, at, drag, hover, wheel

views = st.builds(
    lambda width, height, angle, mirrored: Viewport(
        width, height, 300, 200, angle=angle, mirrored=mirrored
    ).fitted(),
    st.integers(100, 2000),
    st.integers(100, 2000),
    st.floats(-180, 179),
    st.booleans(),
)


@given(views, st.floats(-500, 2500), st.floats(-500, 2500))
def test_upright_undoes_turned(view, x, y):
    assert view.upright(*view.rotated(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(views)
def test_a_fitted_picture_is_in_sight_at_any_angle(view):
    corners = [view.rotated(*view.to_screen(x, y)) for x in (0, 300) for y in (0, 200)]
    assert all(-2 <= x <= view.view_width + 2 and -2 <= y <= view.view_height + 2 for x, y in corners)
    assert view.visible() == (0, 0, 300, 200)


@given(views, st.floats(0.2, 5), st.floats(0, 1), st.floats(0, 1))
def test_the_point_under_the_pointer_stays_there(view, factor, x, y):
    anchor = view.upright(x * view.view_width, y * view.view_height)
    before = view.to_image(*anchor)
    after = view.zoomed_by(factor, anchor)
    if 0 <= before[0] <= 300 and 0 <= before[1] <= 200:
        assert after.to_image(*anchor) == pytest.approx(before, abs=1.5 / after.scale)


@given(views)
def test_mirroring_twice_gives_the_same_view(view):
    assert view.flipped().flipped() == view
    seen = view.rotated(100, 50)
    mirrored = view.flipped().rotated(100, 50)
    assert mirrored == pytest.approx((view.view_width - seen[0], seen[1]), abs=1e-6)


def test_turning_by_steps_and_back(picture):
    actions, canvas = picture.actions_table, picture.canvas
    actions["rotate_right"].trigger()
    assert canvas.viewport.angle == 15
    actions["rotate_left"].trigger()
    actions["rotate_left"].trigger()
    assert canvas.viewport.angle == -15
    actions["mirror_view"].trigger()
    assert canvas.viewport.mirrored and canvas.viewport.angle == 15
    actions["straighten_view"].trigger()
    assert not canvas.viewport.is_rotated and canvas.viewport == canvas.viewport.fitted()


@pytest.mark.parametrize("action", ["rotate_left", "rotate_right", "mirror_view", "straighten_view"])
def test_rotating_the_view_does_not_zoom_it(picture, action):
    zoom = picture.canvas.viewport.zoom
    for _ in range(3):
        picture.actions_table[action].trigger()
        assert picture.canvas.viewport.zoom == zoom


def test_a_mirrored_view_shows_the_mirrored_picture(picture, qtbot):
    picture.actions_table["brush_tool"].trigger()
    drag(qtbot, picture, (5, 5), (20, 9))
    picture.actions_table["actual_size"].trigger()
    picture.actions_table["pan_tool"].trigger()
    picture.actions_table["mirror_view"].trigger()
    shown = from_qimage(picture.canvas.grab().toImage())
    corner = at(picture, 64, 0)
    expected = picture.document.document.picture()[:, ::-1]
    assert np.array_equal(shown[corner.y() : corner.y() + 64, corner.x() : corner.x() + 64, :3], expected)


@pytest.mark.parametrize("turns", [0, 3, 6, 11])
def test_tools_work_where_the_pointer_is_seen(picture, qtbot, turns):
    picture.actions_table["mirror_view"].trigger()
    for _ in range(turns):
        picture.actions_table["rotate_right"].trigger()
    picture.actions_table["mask_tool"].trigger()
    picture.toolbox.mask.settings.set(size=8, hardness=1.0)
    drag(qtbot, picture, (40, 12), (41, 12))
    mask = picture.document.document.edit_mask()
    assert mask[12, 40] == 255 and mask[12, 24] == 0


def test_a_stroke_on_a_turned_view_is_drawn_where_it_is(picture, qtbot):
    for _ in range(3):
        picture.actions_table["rotate_right"].trigger()
    picture.actions_table["brush_tool"].trigger()
    picture.toolbox.colours.set(foreground=(250, 0, 0))
    picture.toolbox.brush.settings.set(size=14, hardness=1.0)
    drag(qtbot, picture, (40, 12), (44, 12))
    picture.actions_table["pan_tool"].trigger()
    assert picture.canvas.grab().toImage().pixelColor(at(picture, 42, 12)).getRgb()[:3] == (250, 0, 0)


def test_shift_space_turns_and_ctrl_space_zooms(picture, qtbot):
    canvas = picture.canvas
    canvas.setFocus()
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    qtbot.mousePress(canvas, LEFT, SHIFT, middle + QPoint(100, 0))
    hover(picture, middle + QPoint(0, 100), LEFT, SHIFT)
    qtbot.mouseRelease(canvas, LEFT, SHIFT, middle + QPoint(0, 100))
    assert abs(canvas.viewport.angle) == pytest.approx(90, abs=1)
    zoom = canvas.viewport.zoom
    qtbot.mousePress(canvas, LEFT, CTRL, middle)
    hover(picture, middle + QPoint(50, 0), LEFT, CTRL)
    qtbot.mouseRelease(canvas, LEFT, CTRL, middle + QPoint(50, 0))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport.zoom == pytest.approx(zoom * 1.01**50, rel=0.01)


def test_the_wheel_zooms_at_the_pointer_of_a_turned_view(picture):
    picture.actions_table["rotate_right"].trigger()
    place = at(picture, 20, 40)
    wheel(picture.canvas, place, 3)
    assert (at(picture, 20, 40) - place).manhattanLength() <= 3


def test_a_pinch_zooms_where_the_fingers_are(picture):
    canvas, place = picture.canvas, QPointF(at(picture, 20, 30))
    before = canvas.viewport
    spot = before.to_image(*before.upright(place.x(), place.y()))
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, place, place,
        canvas.mapToGlobal(place), 0.25, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(canvas, pinch)
    after = canvas.viewport
    assert after.zoom == pytest.approx(1.25 * before.zoom)
    assert after.to_image(*after.upright(place.x(), place.y())) == pytest.approx(spot, abs=1 / after.scale)
