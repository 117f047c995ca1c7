"""Every control of the large dialogs can be reached on a screen of 1920 x 1080 at 200 %, in every language."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QScrollArea

from gui.dialogs.about import AboutDialog
from gui.dialogs.shortcuts import ShortcutsDialog
from gui.widgets.dialog import FRAME

SCREEN = QSize(960, 540)
LARGE = {
    "models": lambda window: window.preferences.show_models(),
    "settings": lambda window: window.preferences.show_settings(),
    "cache": lambda window: window.preferences.show_cache(window.document, None, ""),
    "shortcuts": lambda window: ShortcutsDialog(window.shortcuts, window),
    "about": AboutDialog,
}


@pytest.mark.parametrize("name", LARGE)
def test_all_of_a_large_dialog_is_on_the_screen(picture, language, name):
    dialog = LARGE[name](picture)
    dialog.show()
    dialog.fit_into(SCREEN)
    QApplication.processEvents()
    assert dialog.height() <= (SCREEN - FRAME).height() and dialog.width() <= (SCREEN - FRAME).width()
    controls = [each for each in dialog.findChildren(QPushButton) if each.isVisible()]
    controls += [each for each in dialog.findChildren(QLineEdit) if each.isVisible()]
    assert controls
    for control in controls:
        if not any(area.isAncestorOf(control) for area in dialog.findChildren(QScrollArea)):
            assert control.visibleRegion().boundingRect() == control.rect(), control.text()
            assert control.width() >= control.minimumSizeHint().width(), control.text()
    dialog.reject()


def test_a_dialog_is_never_larger_than_its_screen(picture):
    dialog = ShortcutsDialog(picture.shortcuts, picture)
    dialog.resize(9000, 9000)
    dialog.show()
    available = dialog.screen().availableSize()
    assert dialog.width() <= available.width() and dialog.height() <= available.height()
    dialog.reject()
