"""The bars that float over the picture, and the mode without any: each says what it must, then gets out of the way."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QTabBar

from editor_core.base import settings
from editor_core.base.errors import ModelError, ProjectError, SettingsError
from editor_core.project.autosave import Autosave
from gui.widgets import live_bar, result_bar
from gui.widgets.tool_grid import ToolGrid
from support.pointing import at, drag

FAR_TOO_LONG = "a very long sentence about everything that there is to be seen in this picture, " * 3


def several(window, qtbot, count=3):
    """Let variants of a repainted place wait, the first one looked at."""
    window.prompt.methods.choose("instdiffedit")
    window.prompt.form.variants.setValue(count)
    window.prompt.use_words("a cat on snow")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.editing.position[1] == count)


def test_a_notice_goes_by_itself_and_an_error_stays(picture):
    bar = picture.messages
    picture.actions_table["eraser_tool"].trigger()
    picture.document.problem.emit("There is no paint to erase yet.")
    assert bar.isVisible() and bar._going.isActive() and not bar.property("problem")
    bar._going.timeout.emit()
    assert not bar.isVisible()
    bar.show_problem("The disk is full.")
    assert bar.isVisible() and bar.property("problem") and not bar._going.isActive()
    bar.show_notice("There is no paint to erase yet.")
    assert bar.sentence == "The disk is full."


def test_a_notice_stays_while_it_is_pointed_at(picture):
    bar = picture.messages
    bar.show_notice("There is nothing to do.")
    QApplication.sendEvent(bar, QEnterEvent(QPointF(3, 3), QPointF(3, 3), QPointF(3, 3)))
    assert not bar._going.isActive()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert bar._going.isActive()


def test_what_was_said_of_one_document_is_not_said_of_the_next(picture):
    picture.messages.show_problem("The layer is locked.")
    picture.documents.place_empty()
    assert not picture.messages.isVisible()


def test_the_eraser_says_what_to_do(picture, qtbot):
    picture.actions_table["eraser_tool"].trigger()
    drag(qtbot, picture, (10, 10), (20, 10))
    assert "Paint first" in picture.messages.sentence and "Layers" in picture.messages.sentence


def test_the_result_bar_keeps_its_width(picture, qtbot):
    several(picture, qtbot)
    bar, widths = picture.result_bar, set()
    pictures = picture.editing.pictures
    for text in ("x", FAR_TOO_LONG):
        for place in range(3):
            bar.show_result(text, place, pictures)
            QApplication.processEvents()
            widths.add(bar.width())
    assert len(widths) == 1 and bar.geometry().right() < picture.canvas.width() and bar.x() >= 0
    assert FAR_TOO_LONG.strip() in bar._text.toolTip()  # cut, but there to be read


def test_a_variant_is_chosen_by_its_thumbnail(picture, qtbot):
    several(picture, qtbot)
    bar = picture.result_bar
    first, second, third = bar._variants.buttons
    assert first.isChecked() and not third.icon().isNull()
    third.click()
    assert picture.editing.position == (3, 3) and third.isChecked() and not first.isChecked()
    second.click()
    assert picture.editing.position == (2, 3)
    bar._discard.click()
    assert picture.editing.position[1] == 2 and len(bar._variants.buttons) == 2


def test_of_many_variants_those_around_the_shown_one_are_seen(picture):
    bar = picture.result_bar
    pictures = [np.full((8, 8, 3), number, np.uint8) for number in range(20)]
    bar.show_result("many", 15, pictures)
    assert len(bar._variants.buttons) == 8 and bar._variants._group.button(15).isChecked()
    bar.show_result("many", 0, pictures)
    assert bar._variants._group.button(0).isChecked() and bar._variants._group.button(15) is None


def test_discard_says_what_it_discards(picture, qtbot):
    several(picture, qtbot, 2)
    tip = picture.result_bar._discard.toolTip()
    assert "fox → cat" in tip and "Undo brings it back" in tip and "other variants stay" in tip
    picture.result_bar._discard.click()
    assert "other variants" not in picture.result_bar._discard.toolTip()
    picture.result_bar.show_waiting(3)
    assert "all 3 results" in picture.result_bar._let_go.toolTip()


def test_canvas_only_hides_everything_else_and_refits(picture, qtbot):
    picture.canvas.zoom_in()
    action = picture.actions_table["canvas_only"]
    layout = [dock.isHidden() for dock in picture.panels.docks]
    qtbot.keyClick(picture.canvas, Qt.Key.Key_F)
    others = (
        picture.menuBar(),
        picture.statusBar(),
        picture.options,
        picture.prompt,
        picture.panels.tool_bar,
    )
    assert action.isChecked() and not any(bar.isVisible() for bar in (*others, *picture.panels.docks))
    QApplication.processEvents()
    assert picture.canvas.size() == picture.centralWidget().size()
    assert picture.canvas.viewport == picture.canvas.viewport.fitted()
    qtbot.keyClick(picture.canvas, Qt.Key.Key_F)
    assert all(bar.isVisible() for bar in others) and layout == [
        dock.isHidden() for dock in picture.panels.docks
    ]
    qtbot.keyClick(picture.canvas, Qt.Key.Key_F)
    picture.actions_table["focus_prompt"].trigger()
    assert not action.isChecked() and picture.prompt.edit.hasFocus()


def test_every_panel_has_one_tab(picture, qtbot):
    def tabs():
        bars = [bar for bar in picture.findChildren(QTabBar) if bar.isVisible()]
        return sorted(bar.tabText(place) for bar in bars for place in range(bar.count()))

    once = ["Colour", "Layers", "Mask", "Queue", "Turns"]
    qtbot.waitUntil(lambda: tabs() == once)
    picture.panels.docks[0].setFloating(True)
    picture.actions_table["reset_layout"].trigger()
    qtbot.waitUntil(lambda: tabs() == once)
    assert not picture.panels.docks[0].isFloating()


def test_a_panel_that_is_asked_for_is_in_front(picture, qtbot):
    steps = picture.panels.docks[5]
    steps.toggleViewAction().trigger()
    qtbot.waitUntil(lambda: not steps.visibleRegion().isEmpty())


def test_both_colours_are_seen_where_the_tools_stand_in_one_column(picture):
    pair, [grid] = picture.panels.pair, picture.panels.tool_bar.findChildren(ToolGrid)
    for height, columns in ((760, 2), (1100, 1)):
        picture.resize(1100, height)
        QApplication.processEvents()
        assert grid.columns == columns and grid.width() >= pair.width() > pair.background.geometry().right()


def test_the_bars_have_the_room_for_their_words_that_they_ask_for(picture, qtbot):
    """A label that may be cut counts for nothing in a layout's own wish."""
    picture.resize(1920, 1050)
    QApplication.processEvents()
    several(picture, qtbot)
    QApplication.processEvents()
    assert picture.result_bar._text.width() >= result_bar.TEXT_WIDTH
    picture.actions_table["apply"].trigger()
    picture.actions_table["live"].setChecked(True)
    QApplication.processEvents()
    bar = picture.live.bar
    assert bar.isVisible() and bar.text.width() >= live_bar.TEXT_WIDTH and bar.text.shown == bar.text.text()


def test_an_error_hides_nothing_of_the_picture(picture, qtbot):
    bar, canvas = picture.messages, picture.canvas

    def top():
        return canvas.mapTo(picture, QPoint(0, 0)).y()

    before = top()
    bar.show_notice("There is nothing to do.")
    QApplication.processEvents()
    assert top() == before
    bar.show_problem("The disk is full. " * 12)
    qtbot.waitUntil(lambda: top() >= bar.mapTo(picture, QPoint(0, bar.height())).y())
    bar.hide()
    qtbot.waitUntil(lambda: top() == before)


@pytest.mark.parametrize("words", ["a dog on snow", "a cat on snow"])
def test_an_error_goes_when_the_same_work_succeeds(picture, session, qtbot, words):
    picture.prompt.use_words("a cat on snow")
    session.error = ModelError("The model has no eyes.")
    with qtbot.waitSignal(picture.facade.failed):
        picture.prompt.run()
    assert picture.messages.isVisible()
    with qtbot.waitSignal(picture.facade.finished):
        picture.preferences.reload_model()
    assert picture.messages.isVisible(), "that is other work"
    picture.prompt.use_words(words)
    with qtbot.waitSignal(picture.facade.finished):
        picture.prompt.run()
    assert not picture.messages.isVisible()


def test_what_could_not_be_saved_is_not_said_any_more_once_it_is(picture, run, tmp_path):
    opened = picture.documents.current
    opened.set_path(tmp_path / "gone" / "fox.palimpsest")
    assert not run(picture.files.save()) and picture.messages.isVisible()
    picture.exporting.problem.emit("")
    assert picture.messages.isVisible(), "that is other work"
    opened.set_path(tmp_path / "fox.palimpsest")
    assert run(picture.files.save()) and not picture.messages.isVisible()


def test_settings_that_are_saved_again_say_so_no_more(window, monkeypatch):
    def full(_):
        raise SettingsError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(settings, "save", full)
        window.preferences.choose_theme("light")
    assert window.messages.sentence == "The disk is full." and window.messages.isVisible()
    window.preferences.choose_theme("dark")
    assert not window.messages.isVisible()


def test_a_copy_for_recovery_that_is_written_again_says_so_no_more(picture, monkeypatch, qtbot):
    def full(*_, **__):
        raise ProjectError("The disk is full.")

    with monkeypatch.context() as patch:
        for name in ("add", "write", "start"):
            patch.setattr(Autosave, name, full)
        picture.recovery.keeper().keep()
        qtbot.waitUntil(picture.messages.isVisible)
    picture.recovery.keeper().keep()
    qtbot.waitUntil(lambda: not picture.messages.isVisible())


def test_an_error_waits_for_the_stroke_to_move_the_picture(picture, qtbot):
    canvas = picture.canvas
    picture.actions_table["brush_tool"].trigger()
    drag(qtbot, picture, (10, 10), (20, 10), release=False)
    before = canvas.height()
    picture.messages.show_problem("The disk is full.")
    QApplication.processEvents()
    assert canvas.height() == before
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(picture, 20, 10))
    qtbot.waitUntil(lambda: canvas.height() < before)
