"""The window of a first start lies on the screen, however small."""

import pytest
from PySide6.QtCore import QSize

from editor_core.base.settings import Settings
from gui.shell.main_window import MainWindow
from gui.worker.facade import EngineFacade


@pytest.mark.parametrize("screen", [QSize(1366, 768), QSize(960, 540)], ids=["laptop", "small"])
def test_a_first_window_fits_onto_the_screen(qtbot, session, theme, screen):
    facade = EngineFacade(lambda: session)
    window = MainWindow(facade, theme, Settings(theme="dark"))
    qtbot.addWidget(window)
    assert window.width() <= window.screen().availableSize().width()
    window.fit_into(screen)
    facade.start()
    window.show()
    assert window.height() < screen.height() and window.width() < screen.width()
    facade.close()
    assert facade.wait(2000)
