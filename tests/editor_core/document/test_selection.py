"""Selections: shapes, combinations, grow, feather, invert, undo."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.document import masks
from editor_core.document import selection as selecting
from editor_core.document.commands import Select
from editor_core.document.document import Document
from editor_core.document.events import SelectionChanged
from editor_core.document.geometry import Rect
from editor_core.document.selection import Combine, Selection

CANVAS = Rect(0, 0, 300, 200)


def pixels(selection: Selection | None) -> np.ndarray:
    return np.zeros((200, 300), np.uint8) if selection is None else selection.read(CANVAS)


def chosen(*rect: int) -> Selection:
    found = selecting.combined(None, selecting.rectangle(Rect(*rect)), Combine.REPLACE, CANVAS)
    assert found is not None
    return found


boxes = st.builds(
    Rect, st.integers(-40, 310), st.integers(-40, 210), st.integers(1, 200), st.integers(1, 200)
)


@settings(max_examples=40, deadline=None)
@given(boxes, boxes, st.sampled_from(Combine))
def test_combining_is_what_sets_do(first, second, how):
    one, two = np.zeros((200, 300), bool), np.zeros((200, 300), bool)
    for array, rect in ((one, first), (two, second)):
        array[rect.intersected(CANVAS).slices_in(CANVAS)] = True
    before = selecting.combined(None, selecting.rectangle(first), Combine.REPLACE, CANVAS)
    after = selecting.combined(before, selecting.rectangle(second), how, CANVAS)
    expected = {
        Combine.REPLACE: two,
        Combine.ADD: one | two,
        Combine.SUBTRACT: one & ~two,
        Combine.INTERSECT: one & two,
    }[how]
    assert np.array_equal(pixels(after) > 0, expected)
    assert (after is None) == (not expected.any())


def test_adding_shares_the_tiles_that_stay():
    before = chosen(0, 0, 128, 128)
    after = selecting.combined(before, selecting.rectangle(Rect(200, 150, 20, 20)), Combine.ADD, CANVAS)
    assert after is not None and after.tiles.tile((0, 0)) is before.tiles.tile((0, 0))


def test_inverting_twice_gives_the_same():
    selection = chosen(10, 20, 90, 60)
    once = selecting.inverted(selection, CANVAS)
    assert np.array_equal(pixels(once), 255 - pixels(selection))
    assert np.array_equal(pixels(selecting.inverted(once, CANVAS)), pixels(selection))
    assert (pixels(selecting.inverted(None, CANVAS)) == 255).all()
    assert selecting.inverted(selecting.everything(CANVAS), CANVAS) is None


@pytest.mark.parametrize("radius", [1, 7, 30])
def test_growing_and_shrinking(radius):
    selection = chosen(100, 80, 70, 70)
    wider, narrower = (selecting.grown(selection, sign * radius, CANVAS) for sign in (1, -1))
    assert wider is not None and narrower is not None
    assert wider.bounds == Rect(100 - radius, 80 - radius, 70 + 2 * radius, 70 + 2 * radius).intersected(
        CANVAS
    )
    assert narrower.bounds == Rect(100 + radius, 80 + radius, 70 - 2 * radius, 70 - 2 * radius)
    assert selecting.grown(selection, -80, CANVAS) is None


def test_growing_something_at_the_edge_does_not_shrink_it_there():
    selection = chosen(0, 0, 50, 200)
    narrower = selecting.grown(selection, -5, CANVAS)
    assert narrower is not None and narrower.bounds == Rect(0, 0, 45, 200)


def test_a_feathered_edge_falls_softly_around_the_old_one():
    row = pixels(selecting.feathered(chosen(100, 50, 100, 100), 16, CANVAS))[100].astype(int)
    assert (np.diff(row[80:150]) >= 0).all() and row[150] == 255 and row[60] == 0
    assert row[100] == pytest.approx(128, abs=12)


def test_shapes_lie_where_they_were_drawn():
    oval = selecting.ellipse(Rect(40, 60, 100, 50))
    assert oval.rect == Rect(40, 60, 100, 50) and oval.mask[25, 50] == 255 and oval.mask[0, 0] == 0
    lasso = selecting.polygon([(-20, 10), (60, 10), (60, 90)], CANVAS)
    assert lasso.rect == Rect(0, 10, 60, 80) and lasso.mask.shape == (80, 60)
    found = pixels(selecting.combined(None, lasso, Combine.REPLACE, CANVAS))
    assert found[20, 50] == 255 and found[80, 20] == 0 and found[20, 0] == 255
    nothing = selecting.polygon([(1, 1), (5, 5)], CANVAS)
    assert selecting.combined(None, nothing, Combine.REPLACE, CANVAS) is None


def test_selecting_is_a_step_that_can_be_undone():
    document, heard = Document(300, 200), []
    document.subscribe(heard.append)
    document.execute(Select(chosen(0, 0, 10, 10)))
    first = document.selection
    document.execute(Select(None, "Deselect"))
    assert document.selection is None and document.undo_stack.nbytes > 0
    document.undo()
    assert document.selection is first
    document.undo()
    assert document.selection is None
    document.redo()
    assert document.selection is first
    assert heard.count(SelectionChanged()) == 5


@pytest.mark.parametrize("radius", [1.0, 4.0, 9.0])
def test_a_softened_shape_has_room_for_all_of_its_edge(radius):
    soft = selecting.softened(selecting.rectangle(Rect(60, 70, 30, 12)), radius)
    canvas = Rect(0, 0, 160, 160)
    whole = np.zeros((160, 160), np.uint8)
    whole[70:82, 60:90] = 255
    whole = masks.feather(whole, radius)
    drawn = np.zeros_like(whole)
    drawn[soft.rect.slices_in(canvas)] = soft.mask
    assert np.abs(drawn.astype(int) - whole).max() <= 1 and (drawn > 0).any()
