"""The button that says how the picture will be edited."""

import numpy as np
import pytest

from editor_core.document.commands import AddLayer
from editor_core.document.layers import MaskLayer, SketchLayer
from editor_core.document.tiles import Tiles


def mark(window, kind=MaskLayer, channels=()):
    pixels = np.full((64, 64, *channels), 255, np.uint8)
    window.document.execute(AddLayer(kind(name="m", tiles=Tiles.from_array(pixels))))


@pytest.mark.parametrize(
    ("words", "text"),
    [("a cat on snow", "Reword"), ("a red fox on snow", "Recolour")],
)
def test_words_propose(picture, words, text):
    picture.prompt.use_words(words)
    assert picture.prompt.run_button.text() == text
    assert "Proposed because" in picture.prompt.run_button.toolTip()


def test_a_mask_and_a_sketch_propose(picture):
    assert not picture.prompt.run_button.isEnabled()
    mark(picture)
    assert picture.prompt.run_button.text() == "Repaint" and picture.prompt.run_button.isEnabled()
    mark(picture, SketchLayer, (4,))
    assert picture.prompt.run_button.text() == "Redraw"
    picture.document.undo()
    picture.document.undo()
    assert picture.prompt.run_button.text() == "Reword" and not picture.prompt.run_button.isEnabled()


def test_the_artist_chooses_and_lets_the_window_propose_again(picture, session, qtbot):
    way = picture.prompt.way
    way.menu.aboutToShow.emit()
    ways = {action.text(): action for action in way.menu.actions() if action.text()}
    assert set(ways) == {
        "What fits: Reword",
        "Reword\tFISEdit",
        "Repaint\tInstDiffEdit",
        "Redraw\tMaSaFusion",
        "Recolour\tEmbCtrl",
    }
    ways["Repaint\tInstDiffEdit"].trigger()
    picture.prompt.use_words("a cat on snow")
    assert (
        picture.prompt.run_button.text() == "Repaint"
        and "Chosen by you" in picture.prompt.run_button.toolTip()
    )
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert session.requests[-1].method == "instdiffedit"
    assert picture.result_bar._text.text().startswith("Repaint")
    ways["What fits: Reword"].trigger()
    assert picture.prompt.run_button.text() == "Reword"
