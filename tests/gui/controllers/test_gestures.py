"""Results, errors and dialogs that come while the artist is in the middle of something take nothing away."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from editor_core.base.errors import ModelError
from editor_core.document.commands import AddLayer, PaintStroke, Select
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.selection import everything
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Generate, Sampling
from gui.dialogs import ask
from gui.viewmodels import document_vm
from gui.viewmodels.results import PendingJob
from gui.worker.facade import QueuePlace
from support.pointing import LEFT, MIDDLE, NONE, at, drag, hover, pen


@pytest.fixture
def at_once(picture, session):
    """A window that applies results at once, with an edit before its last step."""
    picture.editing.apply_at_once = True
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    return picture


def arrive(window, session, qtbot):
    """Let the job that waits come to its end."""
    session.gate.set()
    qtbot.waitUntil(lambda: not window.editing.busy)


def take(window, tool):
    window.actions_table[tool].trigger()
    window.toolbox.colours.set(foreground=(250, 20, 30))
    window.toolbox.tool.settings.set(size=6, hardness=1.0)
    return window.document.document


def go_on(qtbot, window, *points):
    """Draw on, and end the drag."""
    for point in points:
        hover(window, at(window, *point), LEFT)
    qtbot.mouseRelease(window.canvas, LEFT, NONE, at(window, *points[-1]))


def texts(document):
    return [command.text for command in document.undo_stack._done]


@pytest.mark.parametrize("tool", ["brush_tool", "sketch_tool", "mask_tool"])
def test_a_result_applied_at_once_waits_for_the_stroke(at_once, session, qtbot, tool):
    document = take(at_once, tool)
    drag(qtbot, at_once, (10, 20), (30, 20), release=False)
    arrive(at_once, session, qtbot)
    assert len(document.history) == 1
    go_on(qtbot, at_once, (30, 20), (54, 20))
    assert at_once.document.turn.prompt == "a cat on snow"
    assert texts(document)[1:] == [at_once.toolbox.tool.text, "New turn"]
    (painted,) = (
        layer for layer in document.layers if not layer.name.startswith(("Picture", "fox", "a cat"))
    )
    assert all(painted.tiles.read(Rect(x, 20, 1, 1))[0, 0, -1] == 255 for x in (10, 30, 32, 52))
    document.undo()
    assert at_once.document.turn.prompt == "a fox on snow" and painted.id in document.layers
    document.undo()
    assert painted.id not in document.layers


def test_what_was_painted_since_stays_above_the_result(at_once, session, qtbot):
    document = take(at_once, "brush_tool")
    drag(qtbot, at_once, (20, 20), (30, 20), release=False)
    arrive(at_once, session, qtbot)
    go_on(qtbot, at_once, (30, 20))
    assert document.picture()[20, 24].tolist() == [250, 20, 30]  # inside the region of the edit
    assert np.array_equal(document.picture()[28, 20:30], at_once.document.turn.image[28, 20:30])


def test_what_was_painted_since_on_an_older_layer_stays_above_the_result(picture, session, qtbot):
    document = take(picture, "brush_tool")
    drag(qtbot, picture, (8, 22), (22, 22))  # up to the region of the edit, and read with it
    picture.document.current_changed.connect(
        session.gate.clear
    )  # once the painting is read, before the edit is asked for
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    qtbot.waitUntil(lambda: len(document.history) == 2)
    picture.document.current_changed.disconnect(session.gate.clear)
    older = document.layers.layers[-1]
    picture.toolbox.colours.set(foreground=(20, 30, 250))
    drag(qtbot, picture, (20, 28), (50, 28))
    newer = document.layers[older.id]
    before = document.picture()
    arrive(picture, session, qtbot)
    picture.result_bar._look.click() if picture.editing.waiting else None
    picture.actions_table["apply"].trigger()
    assert [layer.name for layer in document.layers] == ["Picture", "Paint", "fox → cat", "Paint"]
    assert document.picture()[28, 26].tolist() == [20, 30, 250] == document.picture()[28, 46].tolist()
    assert np.array_equal(document.picture()[22, 20:30], picture.document.turn.image[22, 20:30])
    outside = picture.document.turn.mask == 0
    assert np.array_equal(document.picture()[outside], before[outside])
    document.undo()
    assert document.layers[older.id].tiles.changed_keys(newer.tiles) == set()
    assert np.array_equal(document.picture(), before)


def test_a_layer_that_is_dragged_stays_one_step(at_once, session, qtbot):
    document = at_once.document.document
    layer = RasterLayer(name="paint", tiles=Tiles(4).with_pixels(4, 4, np.full((9, 9, 4), 255, np.uint8)))
    document.execute(AddLayer(layer))
    at_once.layers.choose(layer.id)
    at_once.actions_table["move_tool"].trigger()
    drag(qtbot, at_once, (10, 10), (15, 10), release=False)
    arrive(at_once, session, qtbot)
    go_on(qtbot, at_once, (20, 12))
    assert (document.layers[layer.id].x, document.layers[layer.id].y) == (10, 2)
    assert texts(document)[-2:] == ["Move layer", "New turn"]


def test_a_lasso_is_drawn_to_its_end(at_once, session, qtbot):
    document = at_once.document.document
    at_once.actions_table["lasso_tool"].trigger()
    drag(qtbot, at_once, (10, 10), (40, 10), release=False)
    arrive(at_once, session, qtbot)
    go_on(qtbot, at_once, (40, 40), (10, 40))
    assert document.selection.read(document.rect)[12:38, 12:38].min() == 255
    assert texts(document)[-2:] == ["Select", "New turn"]


def test_a_polygon_waits_while_a_result_is_judged(picture, session, qtbot):
    picture.actions_table["polygon_tool"].trigger()
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    for point in ((10, 10), (40, 10)):
        drag(qtbot, picture, point)
    arrive(picture, session, qtbot)
    assert picture.editing.candidate is None and picture.editing.waiting == 1
    drag(qtbot, picture, (40, 40))
    picture.result_bar._look.click()
    assert picture.editing.candidate is not None
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Escape)
    assert picture.editing.candidate is None
    drag(qtbot, picture, (10, 40))
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Return)
    assert picture.document.document.selection.read(Rect(12, 12, 26, 26)).min() == 255


def test_a_fill_computed_beside_a_stroke_waits_for_it(window, qtbot, monkeypatch):
    monkeypatch.setattr(document_vm, "AT_ONCE", 0)
    document = Document.new_from_picture(np.full((64, 64, 3), 200, np.uint8))
    window.files.adopt(document)
    take(window, "brush_tool")
    begun, gate = threading.Event(), threading.Event()

    def make(state):
        begun.set()
        return Select(everything(state.rect)) if gate.wait(5) else None

    window.document.execute_made(make)
    qtbot.waitUntil(begun.is_set)
    drag(qtbot, window, (10, 20), (30, 20), release=False)
    with qtbot.assertNotEmitted(window.document.working_changed, wait=200):
        gate.set()
    go_on(qtbot, window, (54, 20))
    qtbot.waitUntil(lambda: not window.document.working)
    assert texts(document) == ["Brush stroke", "Select"]
    assert all(document.picture()[20, x].tolist() == [250, 20, 30] for x in (10, 30, 52))


def test_a_painting_that_was_read_waits_for_the_next_stroke(picture, session, qtbot):
    document = take(picture, "brush_tool")
    drag(qtbot, picture, (10, 50), (30, 50))
    session.gate.clear()
    picture.prompt.use_words("a cat on snow")
    picture.prompt.run()
    drag(qtbot, picture, (10, 20), (30, 20), release=False)
    session.gate.set()
    qtbot.waitUntil(lambda: not picture.editing.busy)
    go_on(qtbot, picture, (54, 20))
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert all(document.picture()[20, x].tolist() == [250, 20, 30] for x in (10, 30, 52))
    assert np.array_equal(session.requests[-1].base.image, document.picture())  # the newer stroke, too


def test_an_error_leaves_the_stroke_alone(at_once, session, qtbot):
    document = take(at_once, "brush_tool")
    session.error = ModelError("It did not work.")
    drag(qtbot, at_once, (10, 20), (30, 20), release=False)
    arrive(at_once, session, qtbot)
    assert at_once.messages.isVisible()
    go_on(qtbot, at_once, (54, 20))
    assert all(document.picture()[20, x].tolist() == [250, 20, 30] for x in (10, 30, 52))


def test_a_new_picture_waits_for_the_stroke_that_is_being_drawn(picture, session, qtbot):
    document = take(picture, "brush_tool")
    session.gate.clear()
    job = PendingJob(picture.documents.current, None, None, (64, 64))
    picture.editing._submit(Generate("an owl", 64, 64, Sampling()), "New", QueuePlace.BACK, job)
    drag(qtbot, picture, (10, 20), (30, 20), release=False)
    arrive(picture, session, qtbot)
    assert len(picture.documents) == 1
    go_on(qtbot, picture, (54, 20))
    qtbot.waitUntil(lambda: len(picture.documents) == 2)
    assert picture.document.document is document and texts(document)[-1] == "Brush stroke"


def test_a_button_that_went_up_under_a_dialog_ends_the_stroke(picture, qtbot):
    document = take(picture, "brush_tool")
    drag(qtbot, picture, (10, 20), (30, 20), release=False)
    hover(picture, at(picture, 50, 50))
    assert not picture.canvas.drawing and texts(document) == ["Brush stroke"]
    assert document.picture()[50, 50].tolist() != [250, 20, 30]


def test_a_second_press_ends_the_stroke_before(picture, qtbot):
    document = take(picture, "brush_tool")
    drag(qtbot, picture, (10, 20), (30, 20), release=False)
    drag(qtbot, picture, (10, 50), (30, 50))
    assert texts(document) == ["Brush stroke", "Brush stroke"]
    document.undo()
    assert document.picture()[20, 20].tolist() == [250, 20, 30] != document.picture()[50, 20].tolist()


def test_the_view_is_moved_in_the_middle_of_a_stroke(picture, qtbot):
    document = take(picture, "brush_tool")
    drag(qtbot, picture, (10, 20), (30, 20), release=False)
    drag(qtbot, picture, (20, 20), (22, 20), button=MIDDLE)
    assert picture.canvas.drawing
    go_on(qtbot, picture, (40, 20))
    assert texts(document) == ["Brush stroke"]


def test_the_window_closes_in_the_middle_of_a_stroke(picture, qtbot, monkeypatch):
    asked = []

    async def keep(*_):
        asked.append(True)
        return ask.Unsaved.CANCEL

    monkeypatch.setattr(ask, "unsaved_changes", keep)
    document = take(picture, "brush_tool")
    document.mark_saved()
    drag(qtbot, picture, (10, 20), (30, 20), release=False)
    picture.close()
    qtbot.waitUntil(lambda: bool(asked))
    assert picture.isVisible() and texts(document) == ["Brush stroke"]


def test_escape_is_the_stroke_s_for_a_pen_as_well(picture, qtbot):
    take(picture, "brush_tool")
    picture.prompt.edit.setFocus()
    pen(picture, (20, 20, 1.0), (30, 20, 1.0))
    assert picture.canvas.hasFocus()


def test_what_is_painted_on_a_picture_while_it_is_analysed_stays(window, session, qtbot):
    window.files.adopt(Document.new_from_picture(np.full((64, 64, 3), 90, np.uint8)))
    session.gate.clear()
    window.prompt.use_words("a wall")
    window.prompt.run()
    document = take(window, "brush_tool")
    drag(qtbot, window, (10, 20), (30, 20))
    arrive(window, session, qtbot)
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert document.picture()[20, 20].tolist() == [250, 20, 30] and "Brush stroke" in texts(document)


def test_words_that_are_being_typed_stay_in_the_field(at_once, session, qtbot):
    edit = at_once.prompt.edit
    edit.setFocus()
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    qtbot.keyClicks(edit, " at ni")
    arrive(at_once, session, qtbot)
    qtbot.keyClicks(edit, "ght")
    assert at_once.document.turn.prompt == "a cat on snow" and edit.words == "a cat on snow at night"
    document = at_once.document.document
    for _ in range(2):  # the end of the word, the turn
        document.undo()
    assert edit.words == "a cat on snow at ni" and at_once.document.turn.prompt == "a fox on snow"


def test_a_name_that_is_being_typed_stays_in_the_list(at_once, session, qtbot):
    at_once.layers.list.setFocus()
    at_once.actions_table["rename"].trigger()
    at_once.layers.list.findChild(QLineEdit).setText("glo")
    arrive(at_once, session, qtbot)
    field = at_once.layers.list.indexWidget(at_once.layers.list.currentIndex())
    qtbot.keyClicks(field, "w")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    document = at_once.document.document
    qtbot.waitUntil(lambda: document.picture_layer.name == "glow")
    assert len(document.history) == 2


def test_the_stroke_s_own_layer_may_be_new(at_once, session, qtbot):
    """The layer comes with the stroke, once, whatever came between."""
    document = take(at_once, "brush_tool")
    drag(qtbot, at_once, (10, 20), (30, 20), release=False)
    arrive(at_once, session, qtbot)
    go_on(qtbot, at_once, (54, 20))
    drag(qtbot, at_once, (10, 40), (30, 40))
    assert isinstance(document.undo_stack.next_undo, PaintStroke)
    assert [layer.name for layer in document.layers].count("Paint") == 1
