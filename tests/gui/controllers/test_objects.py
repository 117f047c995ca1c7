"""Magic wand, selection by colour and of things, cut out to a layer, fill behind."""

import numpy as np
import pytest

from editor_core.base.function_words import words_behind
from editor_core.document.commands import AddLayer
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Edit, FindObject
from gui.dialogs.colour_range import ColourRangeDialog
from support.pointing import SHIFT, drag

BLUE = (10, 20, 200)


@pytest.fixture
def two_squares(picture):
    """Two blue squares above the plain picture, (10, 10) to (20, 20) and (40, 40) to (50, 50)."""
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[10:20, 10:20] = pixels[40:50, 40:50] = (*BLUE, 255)
    picture.document.execute(AddLayer(RasterLayer(name="Squares", tiles=Tiles.from_array(pixels))))
    return picture


def chosen(window):
    document = window.document.document
    selection = document.selection
    return 0 if selection is None else int((selection.read(document.rect) > 127).sum())


def test_the_wand_selects_what_looks_alike(two_squares, qtbot):
    window = two_squares
    window.actions_table["wand_tool"].trigger()
    drag(qtbot, window, (15, 15))
    assert chosen(window) == 100
    drag(qtbot, window, (45, 45), modifiers=SHIFT)
    assert chosen(window) == 200
    window.document.undo()
    assert chosen(window) == 100
    window.options.fill.contiguous.click()
    drag(qtbot, window, (15, 15))
    assert chosen(window) == 200
    window.toolbox.alike.set(tolerance=255)
    drag(qtbot, window, (15, 15))
    assert chosen(window) == 64 * 64


def test_a_colour_is_selected_everywhere(two_squares, qtbot):
    window = two_squares
    window.toolbox.colours.set(foreground=BLUE)
    window.actions_table["select_colour"].trigger()
    qtbot.waitUntil(lambda: window.findChild(ColourRangeDialog) is not None)
    dialog = window.findChild(ColourRangeDialog)
    dialog.tolerance.set_value(10)
    dialog.accept()
    qtbot.waitUntil(lambda: chosen(window) == 200)
    assert window.toolbox.alike.tolerance == 10


def test_a_thing_is_found_by_click_and_by_box(two_squares, qtbot, session):
    window, document = two_squares, two_squares.document.document
    window.actions_table["object_tool"].trigger()  # the network looks at the picture already
    qtbot.waitUntil(lambda: isinstance(session.requests[-1], FindObject))
    assert session.requests[-1].at is None
    drag(qtbot, window, (30, 30))
    qtbot.waitUntil(lambda: chosen(window) == 64)
    assert session.requests[-1].at == (30, 30) and session.requests[-1].box is None
    drag(qtbot, window, (5, 5), (20, 20), (24, 22), modifiers=SHIFT)
    qtbot.waitUntil(lambda: chosen(window) == 64 + 20 * 18)
    document.undo()
    assert chosen(window) == 64
    document.undo()
    assert chosen(window) == 0
    document.redo()
    assert chosen(window) == 64


def test_a_picture_that_is_only_passed_by_is_not_looked_at(two_squares, qtbot, session):
    window = two_squares
    window.actions_table["object_tool"].trigger()
    window.actions_table["new"].trigger()
    qtbot.waitUntil(lambda: window.document.document is None)
    qtbot.waitUntil(lambda: not window.painting.objects._soon.isActive())
    assert not any(isinstance(request, FindObject) for request in session.requests)


def test_what_is_selected_is_cut_out_to_a_layer(two_squares, qtbot):
    window, document = two_squares, two_squares.document.document
    assert not window.actions_table["cut_out"].isEnabled()
    window.actions_table["wand_tool"].trigger()
    drag(qtbot, window, (15, 15))
    before = len(document.layers)
    seen = document.picture()
    window.actions_table["cut_out"].trigger()
    layer = document.layers.layers[-1]
    assert len(document.layers) == before + 1 and layer.bounds == Rect(10, 10, 10, 10)
    assert layer.tiles.read(Rect(15, 15, 1, 1))[0, 0].tolist() == [*BLUE, 255]
    assert np.array_equal(document.picture(), seen)
    assert window.layers.layer is layer, "what comes next is about it"
    document.undo()
    assert len(document.layers) == before


def test_what_is_behind_is_repainted_with_a_margin(picture, qtbot, session):
    picture.actions_table["rectangle_tool"].trigger()
    drag(qtbot, picture, (10, 10), (20, 20))
    assert picture.actions_table["fill_behind"].isEnabled()
    picture.painting.objects.fill_behind("on snow")
    qtbot.waitUntil(lambda: isinstance(session.requests[-1], Edit))
    edit = session.requests[-1]
    assert (
        edit.method == "instdiffedit" and edit.prompt == "on snow" and edit.parameters["phrase"] == "on snow"
    )
    assert edit.mask[15, 9] and not edit.mask[15, 7]
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)


@pytest.mark.parametrize("is_chosen", [True, False])
def test_what_was_cut_out_stays_before_what_is_filled_behind_it(picture, qtbot, is_chosen):
    document, actions = picture.document.document, picture.actions_table
    actions["rectangle_tool"].trigger()
    drag(qtbot, picture, (8, 8), (32, 32))
    before = document.picture()
    actions["cut_out"].trigger()
    if not is_chosen:
        picture.layers.choose(document.picture_layer_id)
    picture.painting.objects.fill_behind("on ice")
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    judged = picture.canvas.source.read(0, 0, 64, 64)[..., :3]
    actions["apply"].trigger()
    names = [layer.name for layer in document.layers]
    assert names.index("Cut-out") == (2 if is_chosen else 1) and len(names) == 3
    assert np.array_equal(document.picture(), judged)
    assert np.array_equal(judged[8:32, 8:32], before[8:32, 8:32]) == is_chosen
    document.undo()
    assert len(document.layers) == 2


@pytest.mark.parametrize(
    ("sentence", "behind"),
    [
        ("a fox on snow", "on snow"),
        ("a fox and a cat in a meadow at night", "in a meadow at night"),
        ("a fox", ""),
    ],
)
def test_the_words_for_what_is_behind(sentence, behind):
    assert words_behind(sentence) == behind
