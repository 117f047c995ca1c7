"""All of the window is in reach on small screens and at 200 %, in every language."""

import numpy as np
import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSlider,
    QTabBar,
    QToolButton,
    QWidget,
)

from editor_core.document.document import Document
from editor_core.document.turns import Turn
from gui.viewmodels.open_document import News
from gui.widgets.elided_label import ElidedLabel, FadingLabel

# 1920 x 1080 at 200 %, and 1366 x 768; less what frame and task bar take.
SMALL, LAPTOP = (960, 500), (1366, 730)
TOOLS = (
    "brush_tool", "mask_tool", "fill_tool", "rectangle_tool", "eraser_tool", "move_tool", "wand_tool", "clone_tool",
    "gradient_tool", "shape_ellipse_tool", "crop_tool", "transform_tool",
)  # fmt: skip
CLOSE = QTabBar.ButtonPosition.RightSide
CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QLabel, QSlider)


@pytest.fixture
def translated(language, picture):
    """A window in the language, with its longest buttons: a method, variants, an open form."""
    return picture


def around(widget, kind):
    while widget is not None and not isinstance(widget, kind):
        widget = widget.parentWidget()
    return widget


def out_of_reach(window):
    """Names of controls that are cut, or whose text is without being told in a tooltip."""
    QApplication.processEvents()
    found = []
    for widget in window.findChildren(QWidget):
        is_part = isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
        if (
            not widget.isVisible()
            or not isinstance(widget, CONTROLS)
            or is_part
            or widget.window() is not window
        ):
            continue
        dock = around(widget, QDockWidget)
        if isinstance(widget.parentWidget(), QTabBar):
            continue  # see tabs_out_of_reach
        if around(widget, QScrollArea) or (dock is not None and dock.visibleRegion().isEmpty()):
            continue  # it can be scrolled to, or its tab can be raised
        name = widget.accessibleName() or getattr(widget, "text", str)()
        told = isinstance(widget, ElidedLabel | FadingLabel) and bool(widget.toolTip())
        is_cut = widget.visibleRegion().boundingRect() != widget.rect()
        if is_cut and not told:
            found.append(f"cut: {name}")
        elif (
            getattr(widget, "text", str)() and widget.width() < widget.minimumSizeHint().width() and not told
        ):
            found.append(f"squeezed: {name}")
    return found


def open_several(window):
    """Nine more documents with long names, in all that a tab says of one."""
    for number in range(9):
        words = f"a painting with a name that fits nowhere, number {number}"
        document = Document.new_from_turn(Turn(prompt=words, image=np.full((24, 32, 3), 90, np.uint8)))
        opened = window.documents.place(document)
        opened.set_progress(number / 9 if number % 3 else None)
        opened.set_news(News.FAILED if number % 2 else News.DONE)


def tabs_out_of_reach(window):
    """What is wrong with each tab that is cut without being told in a tooltip, or shown and not to be seen."""
    row, found = window.tabbing.row, []
    for tab, opened in enumerate(window.documents):
        window.documents.show(opened)
        QApplication.processEvents()
        arrows = [each for each in row.findChildren(QToolButton) if each.isVisible()]
        room = row.rect()
        room.setRight(min((arrow.x() for arrow in arrows), default=row.width()))
        if not row.tabToolTip(tab).startswith(opened.name):
            found.append(f"no tooltip: {opened.name}")
        if not room.contains(row.tabRect(tab)) or not room.contains(row.tabButton(tab, CLOSE).geometry()):
            found.append(f"cut: {opened.name}")
    return found


@pytest.mark.parametrize("size", [SMALL, LAPTOP], ids=["small", "laptop"])
def test_everything_is_in_reach(translated, size, qtbot):
    window, actions = translated, translated.actions_table
    window.resize(*size)
    QApplication.processEvents()
    assert window.size().toTuple() == size, f"the window wants {window.minimumSizeHint().toTuple()}"
    assert window.prompt.edit.width() > 240 and out_of_reach(window) == []
    open_several(window)
    assert tabs_out_of_reach(window) == [] and window.size().toTuple() == size
    window.documents.show(next(iter(window.documents)))
    for tool in TOOLS:
        actions[tool].trigger()
        assert out_of_reach(window) == [], tool
    for dock in window.panels.docks:
        dock.raise_()
        assert out_of_reach(window) == [], dock.windowTitle()
    window.prompt.methods.choose("masafusion")
    window.prompt.details_button.setChecked(True)
    assert out_of_reach(window) == [] and window.size().toTuple() == size
    window.prompt.details_button.setChecked(False)
    window.prompt.methods.choose("fisedit")
    for words in ("a fox on snow", "a red cat on snow", "a cat with a hat in the deep forest at night"):
        window.prompt.use_words(words)
        QApplication.processEvents()
        assert not window.prompt.line.is_cut, "what will change can be read"
    window.prompt.methods.choose("instdiffedit")
    window.prompt.form.variants.setValue(4)
    window.prompt.use_words("a cat on snow")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.editing.position[1] == 4)
    assert out_of_reach(window) == [] and window.size().toTuple() == size
    actions["compare"].trigger()
    assert window.workspace.comparing and out_of_reach(window) == []
