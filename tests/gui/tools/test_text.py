"""Text on the picture: written, changed, moved, undone, saved; painted over it stays text."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from editor_core.document.arrange import merge_down
from editor_core.document.commands import AddLayer, Select
from editor_core.document.layers import RasterLayer, TextLayer
from editor_core.project.project_file import load_project, save_project
from editor_core.workflow.targets import paint_layer
from gui.dialogs.text import TextDialog
from gui.look.lettering import lettering
from support.pointing import drag


def write(window, qtbot, words, at=(8, 8)):
    window.actions_table["text_tool"].trigger()
    drag(qtbot, window, at)
    qtbot.waitUntil(lambda: window.findChild(TextDialog) is not None)
    dialog = window.findChild(TextDialog)
    assert not words or dialog.words.toPlainText() != words
    dialog.words.setPlainText(words)
    dialog.size_slider.set_value(16)
    dialog.accept()
    qtbot.waitUntil(lambda: window.findChild(TextDialog) is None)


@pytest.fixture
def written(picture, qtbot):
    picture.toolbox.colours.set(foreground=(250, 20, 30))
    write(picture, qtbot, "Fox")
    return picture


def test_text_is_written_in_the_foreground_colour(written):
    document = written.document.document
    layer = document.layers.layers[-1]
    assert isinstance(layer, TextLayer) and (layer.text, layer.name, layer.size) == ("Fox", "Fox", 16)
    pixels = layer.tiles.read(layer.tiles.bounds())
    assert pixels[pixels[..., 3] == 255][0, :3].tolist() == [250, 20, 30]
    assert written.layers.layer is layer, "what comes next is about it"
    document.undo()
    assert len(document.layers) == 1
    document.redo()
    assert document.layers[layer.id].text == "Fox"


def test_a_click_on_text_changes_it(written, qtbot):
    document = written.document.document
    layer = document.layers.layers[-1]
    inside = layer.bounds.x + 2, layer.bounds.y + 2
    write(written, qtbot, "Owl and fox", at=inside)
    changed = document.layers[layer.id]
    assert (changed.text, changed.name) == ("Owl and fox", "Owl and fox") and len(document.layers) == 2
    assert changed.bounds.width > layer.bounds.width
    document.undo()
    assert document.layers[layer.id].text == "Fox" and document.layers[layer.id].bounds == layer.bounds


@pytest.mark.parametrize("answer", ["accept", "reject"])
@pytest.mark.parametrize("first", [False, True], ids=["changed", "new"])
def test_text_is_seen_while_it_is_written(written, qtbot, answer, first):
    document = written.document.document
    document.undo_stack.end_merging()
    document.execute(Select(None))
    document.undo()
    redo = document.undo_stack.next_redo
    before, steps = document.picture(), len(document.undo_stack)
    text = document.layers.layers[-1].bounds
    drag(qtbot, written, (8, 40) if first else (text.x + 2, text.y + 2))
    qtbot.waitUntil(lambda: written.findChild(TextDialog) is not None)
    dialog = written.findChild(TextDialog)
    seen, arrived = [], []
    written.document.when_at_rest(lambda: arrived.append(written.findChild(TextDialog)))
    for change in (lambda: dialog.words.setPlainText("Ow"), lambda: dialog.words.setPlainText("Owl"),
                   lambda: dialog.bold.click(), lambda: dialog.swatch.chosen.emit(QColor("blue")),
                   lambda: dialog.size_slider.moved.emit(dialog.size_slider.set_value(30) or 30)):  # fmt: skip
        change()
        seen.append(document.picture().tobytes())
    assert len({before.tobytes(), *seen}) == 6 and len(document.undo_stack) == steps + 1
    assert dialog.frameGeometry().center().x() > written.frameGeometry().center().x(), "beside the picture"
    assert not arrived, "the last step must stay the dialog's"
    getattr(dialog, answer)()
    qtbot.waitUntil(lambda: written.findChild(TextDialog) is None)
    assert document.picture().tobytes() == (seen[-1] if answer == "accept" else before.tobytes())
    assert arrived
    assert document.undo_stack.next_redo is (None if answer == "accept" else redo)
    if answer == "accept":
        document.undo()
    assert np.array_equal(document.picture(), before) and len(document.undo_stack) == steps


def test_text_comes_back_from_a_file(written, tmp_path):
    document = written.document.document
    save_project(document, tmp_path / "a.palimpsest")
    loaded = load_project(tmp_path / "a.palimpsest")
    layer = loaded.layers.layers[-1]
    assert isinstance(layer, TextLayer) and layer.text == "Fox" and layer.colour == (250, 20, 30)
    assert np.array_equal(loaded.picture(), document.picture()) and not loaded.origin.lost


def test_paint_never_goes_onto_text_and_merging_makes_paint_of_it(written, qtbot):
    document = written.document.document
    text = document.layers.layers[-1]
    assert paint_layer(document, text.id) is not text
    written.actions_table["brush_tool"].trigger()
    drag(qtbot, written, (10, 10), (30, 30))
    paint = document.layers.layers[-1]
    assert type(paint) is RasterLayer and len(document.layers) == 3
    seen = document.picture().astype(int)
    document.execute(merge_down(document, paint.id))
    merged = document.layers[text.id]
    assert type(merged) is RasterLayer and np.abs(document.picture() - seen).max() <= 1


def test_paint_meant_for_a_text_goes_above_it(written, qtbot):
    document = written.document.document
    text = document.layers.layers[-1]
    document.execute(AddLayer(RasterLayer(name="below"), 1))
    written.layers.choose(text.id)
    written.actions_table["brush_tool"].trigger()
    drag(qtbot, written, (10, 10), (30, 30))
    assert [layer.name for layer in document.layers][1:] == ["below", "Fox", "Paint"]


def test_letters_are_as_large_as_asked(qapp):
    small, large = (lettering("Fox\nOwl", "", size, (0, 0, 0)) for size in (16, 48))
    high = [np.flatnonzero(letters[..., 3].any(1)) for letters in (small, large)]
    assert (high[1][-1] - high[1][0]) / (high[0][-1] - high[0][0]) == pytest.approx(3, rel=0.25)
    assert not lettering(" ", "", 16, (0, 0, 0)).any()
