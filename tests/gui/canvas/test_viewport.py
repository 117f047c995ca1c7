"""Zoom and pan arithmetic."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gui.canvas.viewport import FIT_FOOT, FIT_MARGIN, MAX_ZOOM, MIN_ZOOM, Viewport

sizes = st.integers(1, 9000)
views = st.builds(
    lambda vw, vh, w, h, ratio: Viewport(vw, vh, w, h, device_ratio=ratio).fitted(),
    st.integers(50, 4000),
    st.integers(50, 3000),
    sizes,
    sizes,
    st.sampled_from([1.0, 1.25, 1.5, 2.0]),
)
places = st.tuples(st.floats(0, 3000), st.floats(0, 3000))
steps = st.one_of(
    st.tuples(st.just("zoom"), st.floats(0.1, 10), places),
    st.tuples(st.just("pan"), st.floats(-5000, 5000), st.floats(-5000, 5000)),
    st.tuples(st.just("step"), st.sampled_from([-1, 1]), places),
)


def applied(view: Viewport, step) -> Viewport:
    kind, a, b = step
    if kind == "zoom":
        return view.zoomed_by(a, b)
    return view.panned(a, b) if kind == "pan" else view.next_zoom(a, b)


@given(views, places)
def test_to_image_undoes_to_screen(view, place):
    assert view.to_image(*view.to_screen(*place)) == pytest.approx(place, abs=1e-6)


@given(views, st.lists(steps, max_size=8))
@example(Viewport(50, 50, 1, 4).fitted(), [("zoom", 2.0, (0.0, 0.0))])
def test_some_of_the_picture_always_stays_in_sight(view, done):
    for step in done:
        view = applied(view, step)
    assert MIN_ZOOM <= view.zoom <= MAX_ZOOM
    x, y, width, height = view.visible()
    assert width > 0 and height > 0
    assert x >= 0 and x + width <= view.image_width and y >= 0 and y + height <= view.image_height


def test_zooming_keeps_the_point_under_the_pointer():
    view = Viewport(800, 600, 512, 512).fitted()
    point = view.to_image(300, 200)
    zoomed = view.zoomed_by(1.25, (300, 200))
    assert zoomed.to_image(300, 200) == pytest.approx(point, abs=0.5 / zoomed.scale)


def test_fitting_shows_everything_and_leaves_the_foot_free():
    view = Viewport(1000, 500, 3000, 1000).fitted()
    left, top = view.to_screen(0, 0)
    right, bottom = view.to_screen(3000, 1000)
    assert left >= FIT_MARGIN - 0.5 and right <= 1000 - FIT_MARGIN + 0.5
    assert top >= FIT_MARGIN - 0.5 and bottom <= 500 - FIT_FOOT + 0.5
    assert left == pytest.approx(1000 - right, abs=1)


def test_actual_size_is_exact_on_a_scaled_screen():
    view = Viewport(800, 600, 512, 512, device_ratio=2.0).fitted().actual_size()
    assert view.zoom == 1.0
    left, _ = view.to_screen(0, 0)
    right, _ = view.to_screen(512, 0)
    assert (right - left) * 2 == pytest.approx(512)


@given(views, st.lists(steps, max_size=4))
def test_the_corner_lies_on_a_device_pixel(view, done):
    for step in done:
        view = applied(view, step)
    assert view.left * view.device_ratio == pytest.approx(round(view.left * view.device_ratio), abs=1e-6)
    assert view.top * view.device_ratio == pytest.approx(round(view.top * view.device_ratio), abs=1e-6)


def test_a_small_picture_is_fitted_at_a_whole_zoom():
    assert Viewport(560, 620, 256, 256).fitted().zoom == 2.0


def test_steps_pass_through_100_percent():
    view = Viewport(800, 600, 512, 512, zoom=0.9)
    assert view.next_zoom(1, (0, 0)).zoom == 1.0
    assert view.next_zoom(1, (0, 0)).next_zoom(1, (0, 0)).zoom == 1.5
    assert view.next_zoom(-1, (0, 0)).zoom == 0.75


def test_resizing_keeps_the_middle():
    view = Viewport(800, 600, 5000, 5000, zoom=1.0, left=-1000, top=-1000)
    middle = view.to_image(400, 300)
    assert view.resized(1000, 500, 1.0).to_image(500, 250) == pytest.approx(middle)


@given(views)
def test_what_is_visible_covers_the_view(view):
    x, y, width, height = view.visible()
    left, top = view.to_image(0, 0)
    right, bottom = view.to_image(view.view_width, view.view_height)
    assert x <= max(0, left) and x + width >= min(view.image_width, right) - 1e-6
    assert y <= max(0, top) and y + height >= min(view.image_height, bottom) - 1e-6
