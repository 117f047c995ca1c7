"""All of the window is in reach on small screens and at 200 %, in every language."""

import pytest
from PySide6.QtCore import QLocale, QTranslator
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
    QWidget,
)

from gui.texts import translation
from gui.widgets.elided_label import ElidedLabel

# 1920 x 1080 at 200 %, and 1366 x 768; less what frame and task bar take.
SMALL, LAPTOP = (960, 500), (1366, 730)
TOOLS = (
    "brush_tool", "mask_tool", "fill_tool", "rectangle_tool", "eraser_tool", "move_tool", "wand_tool", "clone_tool",
    "gradient_tool", "shape_ellipse_tool", "crop_tool", "transform_tool",
)  # fmt: skip
CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QLabel, QSlider)


@pytest.fixture(params=translation.LANGUAGES)
def language(request, qapp):
    before, locale = qapp.findChildren(QTranslator), QLocale()
    translation.install(qapp, request.param)
    yield request.param
    QLocale.setDefault(locale)
    for translator in qapp.findChildren(QTranslator):
        if translator not in before:
            qapp.removeTranslator(translator)
            translator.deleteLater()


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
        if around(widget, QScrollArea) or (dock is not None and dock.visibleRegion().isEmpty()):
            continue  # it can be scrolled to, or its tab can be raised
        name = widget.accessibleName() or getattr(widget, "text", str)()
        told = isinstance(widget, QLabel) and bool(widget.toolTip())
        is_cut = widget.visibleRegion().boundingRect() != widget.rect()
        if is_cut and not (isinstance(widget, ElidedLabel) and told):
            found.append(f"cut: {name}")
        elif (
            getattr(widget, "text", str)() and widget.width() < widget.minimumSizeHint().width() and not told
        ):
            found.append(f"squeezed: {name}")
    return found


@pytest.mark.parametrize("size", [SMALL, LAPTOP], ids=["small", "laptop"])
def test_everything_is_in_reach(translated, size, qtbot):
    window, actions = translated, translated.actions_table
    window.resize(*size)
    QApplication.processEvents()
    assert window.size().toTuple() == size, f"the window wants {window.minimumSizeHint().toTuple()}"
    assert window.prompt.edit.width() > 240
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
    window.prompt.methods.choose("instdiffedit")
    window.prompt.form.variants.setValue(4)
    window.prompt.use_words("a cat on snow")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.editing.position[1] == 4)
    assert out_of_reach(window) == [] and window.size().toTuple() == size
