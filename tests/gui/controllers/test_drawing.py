"""Aids for a Redraw in the window: traced edges, the mask a sketch asks for, strengths, the intermediate image."""

import numpy as np
import pytest

from editor_core.document.commands import AddLayer
from editor_core.document.layers import MaskLayer, SketchLayer
from editor_core.document.tiles import Tiles
from editor_core.workflow import mask_layers, sketch_layers
from gui.dialogs.picture import PictureDialog
from gui.dialogs.trace import TraceDialog
from support.pointing import drag


def square(side, size=64, width=3):
    strokes = np.zeros((size, size), np.uint8)
    low, high = (size - side) // 2, (size + side) // 2
    strokes[low:high, low:high] = 255
    strokes[low + width : high - width, low + width : high - width] = 0
    return strokes


def sketched(window, strokes):
    pixels = np.zeros((*strokes.shape, 4), np.uint8)
    pixels[..., 3] = strokes
    window.document.execute(AddLayer(SketchLayer(name="s", tiles=Tiles.from_array(pixels))))


def test_lines_follow_the_sliders(picture):
    image = np.full((64, 64, 3), 220, np.uint8)
    image[20:40, 20:40] = 40
    dialog = TraceDialog(image, picture)
    thin = dialog.strokes.copy()
    dialog.line_width._field.setValue(9)
    assert (dialog.strokes > 0).sum() > 2 * (thin > 0).sum() > 0
    dialog.deleteLater()


def test_traced_edges_become_a_faint_sketch_that_can_be_undone(picture):
    picture.drawing.add_strokes(square(20))
    (layer,) = [layer for layer in picture.document.document.layers.walk() if isinstance(layer, SketchLayer)]
    assert layer.opacity < 1 and picture.prompt.methods.method == "masafusion"
    assert sketch_layers.sketch_of(picture.document.document).min() == 0  # the engine sees the lines in full
    picture.document.undo()
    assert not sketch_layers.has_sketch(picture.document.document)


def test_the_sketch_asks_for_a_mask(picture):
    action = picture.actions_table["mask_from_sketch"]
    assert not action.isEnabled()
    sketched(picture, square(30))
    assert action.isEnabled()
    action.trigger()
    mask = picture.document.document.edit_mask()
    assert mask[32, 32] == 255 and mask[2, 2] == 0
    assert any(isinstance(layer, MaskLayer) for layer in picture.document.document.layers.walk())


def test_a_sketch_that_became_a_turn_is_out_of_the_way(picture, qtbot):
    sketched(picture, square(30))
    (sketch,) = (layer for layer in picture.document.document.layers if isinstance(layer, SketchLayer))
    picture.layers.choose(sketch.id)
    picture.prompt.use_words("a fox on snow with a balloon")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    picture.actions_table["apply"].trigger()
    document = picture.document.document
    assert picture.document.turn.method == "masafusion" and not document.layers[sketch.id].visible
    picture.prompt.use_words("a cat on snow with a balloon")
    assert picture.prompt.run_button.text() == "Reword"
    for tool in ("sketch_tool", "brush_tool"):  # nobody draws on what is not seen
        picture.actions_table[tool].trigger()
        drag(qtbot, picture, (10, 10), (20, 10))
        assert document.layers[sketch.id].tiles is sketch.tiles
        document.undo()
    document.undo()  # the words
    document.undo()
    assert document.layers[sketch.id].visible and picture.document.turn.parent is None


def test_a_sketch_that_was_drawn_on_since_stays(picture, session, qtbot):
    sketched(picture, square(30))
    session.gate.clear()
    picture.prompt.use_words("a fox on snow with a balloon")
    picture.prompt.run()
    picture.actions_table["sketch_tool"].trigger()
    drag(qtbot, picture, (10, 10), (20, 10))
    session.gate.set()
    qtbot.waitUntil(lambda: picture.editing.waiting == 1)  # the artist draws
    for _ in ("look", "apply"):
        picture.actions_table["apply"].trigger()
    assert len(picture.document.document.history) == 2
    assert sketch_layers.has_sketch(picture.document.document)


def test_a_sketch_that_cannot_be_used_is_explained(picture):
    sketched(picture, np.full((64, 64), 255, np.uint8))
    picture.actions_table["mask_from_sketch"].trigger()
    assert picture.messages.isVisibleTo(picture) and not mask_layers.has_mask(picture.document.document)


def test_strengths_go_with_the_sketch(picture, session, qtbot):
    fields = picture.prompt.method_form.fields
    strength, share = (fields[f"masafusion.{name}"] for name in ("sketch_strength", "sketch_share"))
    picture.prompt.methods.choose("masafusion")
    assert strength.isHidden()
    sketched(picture, square(30))
    assert not strength.isHidden() and strength.isEnabled()
    strength._control.widget._field.setValue(80)
    share._control.widget._field.setValue(60)
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    request = session.requests[-1]
    assert request.method == "masafusion" and request.sketch.shape == (64, 64, 3)
    assert request.parameters == {"sketch_strength": 0.8, "sketch_share": 0.6}


def test_the_intermediate_image_is_shown_on_demand(picture, qtbot):
    action = picture.actions_table["show_intermediate"]
    assert not action.isEnabled()
    sketched(picture, square(30))
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert action.isEnabled()
    action.trigger()
    (dialog,) = picture.findChildren(PictureDialog)
    assert dialog.windowTitle() == "Intermediate image"
    dialog.close()


@pytest.mark.parametrize("name", ["trace_edges", "mask_from_sketch", "show_intermediate"])
def test_nothing_is_offered_without_a_picture(window, name):
    assert not window.actions_table[name].isEnabled()
