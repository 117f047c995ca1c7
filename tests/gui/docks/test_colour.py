"""The colour dock: wheel, sliders, numbers, recent colours and palettes; remembered over starts."""

import pytest
from PySide6.QtCore import QPoint, Qt

from gui.state.colours import Hsv, hsv_of, with_hue
from gui.state.palettes import Palettes
from gui.widgets.colour_editor import ColourEditor
from support.pointing import LEFT, drag

VIOLET = (128, 0, 255)


@pytest.fixture
def editor(qtbot):
    editor = ColourEditor()
    qtbot.addWidget(editor)
    editor.resize(300, 170)
    editor.show()
    return editor


def test_a_hue_chosen_for_black_or_grey_is_seen():
    """Qt's dialog left the first choice of violet black, for its value stayed 0."""
    assert with_hue(Hsv(), 0.75).rgb == VIOLET
    assert with_hue(Hsv(0, 0, 0.5), 0.75).rgb == (64, 0, 128)


def test_a_grey_keeps_the_hue_that_was_chosen():
    violet = Hsv(0.75, 1, 1)
    assert hsv_of((90, 90, 90), violet).hue == 0.75
    assert hsv_of((0, 0, 0), violet) == Hsv(0.75, 1, 0)
    assert hsv_of((255, 0, 0), violet) == Hsv(0, 1, 1)


def test_ring_and_square_follow_the_pointer(editor, qtbot):
    told = []
    editor.edited.connect(told.append)
    wheel = editor.wheel
    below = QPoint(wheel.width() // 2, wheel.height() - 4)
    qtbot.mouseClick(wheel, LEFT, pos=below)  # black: hue 270° becomes vivid
    assert told[-1][2] == 255 and told[-1][1] == 0 and abs(told[-1][0] - 128) < 4
    square = wheel._square.toRect()
    qtbot.mousePress(wheel, LEFT, pos=square.center())
    qtbot.mouseMove(wheel, QPoint(square.left(), 0))  # beyond the edge is the edge
    qtbot.mouseRelease(wheel, LEFT, pos=QPoint(square.left(), 0))
    assert told[-1] == (255, 255, 255) and editor.hex.text() == "#ffffff"


def test_sliders_fields_and_number_are_one_colour(editor, qtbot):
    told = []
    editor.edited.connect(told.append)
    editor.hex.setText("8000ff")
    editor.hex.editingFinished.emit()
    assert told == [VIOLET] and [field.value() for field in editor.fields] == [270, 100, 100]
    editor.sliders[2].setValue(50)
    assert told[-1] == (64, 0, 128) and editor.fields[2].value() == 50
    editor.fields[1].setValue(0)
    editor.sliders[0].setValue(0)  # a grey's hue
    assert told[-1] == (128, 0, 0)
    editor.hex.setText("no colour")
    editor.hex.editingFinished.emit()
    assert editor.hex.text() == "#800000" and told[-1] == (128, 0, 0)


def test_keys_move_in_the_wheel(editor, qtbot):
    editor.show_colour(VIOLET)
    qtbot.keyClick(editor.wheel, Qt.Key.Key_Down)
    assert editor.fields[2].value() == 99
    qtbot.keyClick(editor.wheel, Qt.Key.Key_PageUp)
    assert editor.fields[0].value() == 274


def test_colours_painted_with_are_at_hand_and_remembered(picture, qtbot):
    panel, colours = picture.painting.colours, picture.toolbox.colours
    for colour in ((1, 2, 3), VIOLET, (1, 2, 3)):
        colours.set(foreground=colour)
        picture.actions_table["brush_tool"].trigger()
        drag(qtbot, picture, (10, 10), (20, 20))
    assert panel.recent.colours == ((1, 2, 3), VIOLET)
    picture.panels.show_colour()
    panel.recent.resize(200, 20)
    qtbot.mouseClick(panel.recent, LEFT, pos=panel.recent.place_of(1).center())
    assert colours.foreground == VIOLET
    qtbot.mouseClick(panel.recent, Qt.MouseButton.RightButton, pos=panel.recent.place_of(0).center())
    assert colours.background == (1, 2, 3)
    picture.toolbox.remember()
    assert picture.state.recent_colours == [(1, 2, 3), VIOLET]


def test_the_background_is_mixed_after_a_click_on_it(window, qtbot):
    panel, colours = window.painting.colours, window.toolbox.colours
    panel.pair.background.click()
    panel.editor.hex.setText("#8000ff")
    panel.editor.hex.editingFinished.emit()
    assert colours.background == VIOLET and colours.foreground == (0, 0, 0)
    panel.swap.click()
    assert panel.editor.hex.text() == "#000000"


def test_a_palette_is_brought_shown_and_removed(window, tmp_path):
    panel = window.painting.colours
    assert panel.palette_key == "basic" and not panel.remove_action.isEnabled()
    (tmp_path / "mine.gpl").write_text("GIMP Palette\nName: Mine\n128 0 255\tViolet\n")
    window.painting.colouring.bring(tmp_path / "mine.gpl")
    assert panel.names.currentText() == "Mine" and panel.grid.colours == (VIOLET,)
    assert window.state.palette == "mine" and set(Palettes().load()) == {"basic", "mine"}
    panel.remove_action.trigger()
    assert panel.palette_key == "basic" and set(Palettes().load()) == {"basic"}
    (tmp_path / "bad.gpl").write_text("nothing")
    window.painting.colouring.bring(tmp_path / "bad.gpl")
    assert "bad.gpl" in window.messages.sentence and set(Palettes().load()) == {"basic"}


def test_a_swatch_mixes_its_colour_in_place(window, qtbot):
    swatch = window.mask_panel.swatch
    told = []
    swatch.chosen.connect(told.append)
    swatch.click()
    swatch.editor.hex.setText("#8000ff")
    swatch.editor.hex.editingFinished.emit()
    assert told[-1].getRgb()[:3] == VIOLET
    swatch._popup.close()
    qtbot.waitUntil(lambda: swatch.editor is None)
