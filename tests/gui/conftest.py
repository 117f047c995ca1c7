"""The window's tests: offscreen, with a fake session on a real worker thread and a real event loop."""

import asyncio
import threading

import pytest
import qasync
from PySide6.QtCore import QLocale, QTranslator

from editor_core.base.settings import Settings
from gui.look.theme import Theme
from gui.shell.main_window import MainWindow
from gui.texts import translation
from gui.worker import background
from gui.worker.facade import EngineFacade
from support.fake_session import FakeSession


def pytest_collection_modifyitems(items):
    """Qt's offscreen platform says of itself, at warning level, what it cannot do."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def loop(qapp, qtbot):
    """Coroutines run on Qt's event loop, as in the program."""
    before = threads()
    loop = qasync.QEventLoop(qapp)
    asyncio.events._set_running_loop(
        loop
    )  # pytest-qt's own waiting drives it; run_forever would block the test
    yield loop
    qtbot.waitUntil(lambda: not background._running)
    asyncio.events._set_running_loop(None)
    loop.close()
    qtbot.waitUntil(lambda: threads() <= before)  # nothing may go on behind a test that is over


def threads():
    """Python's own threads that are alive; Qt's are waited for where they are started, tqdm's never end."""
    return {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread) and not type(thread).__module__.startswith("tqdm")
    }


@pytest.fixture
def run(qtbot, loop):
    """Runs a coroutine to its end and returns what it returns."""

    def run(coroutine):
        task = loop.create_task(coroutine)
        qtbot.waitUntil(task.done)
        return task.result()

    return run


@pytest.fixture(scope="session")
def theme(qapp):
    return Theme(qapp, "dark")


@pytest.fixture
def session():
    return FakeSession()


@pytest.fixture
def facade(session, qtbot):
    facade = EngineFacade(lambda: session)
    facade.start()
    yield facade
    session.gate.set()
    facade.close()
    assert facade.wait(2000)


@pytest.fixture
def window(qtbot, session, theme):
    """A window as it is after the start: the model loaded, nothing open."""
    facade = EngineFacade(lambda: session)
    window = MainWindow(facade, theme, Settings(theme="dark"))
    qtbot.addWidget(window, before_close_func=let_go)
    window.resize(1100, 760)
    window.begin()
    qtbot.waitUntil(lambda: window.prompt.form.isEnabled())
    yield window
    session.gate.set()
    assert facade.wait(2000)  # pytest-qt has closed the window by now


def let_go(window):
    """Close without the question about unsaved changes."""
    window._may_close = True


@pytest.fixture
def picture(qtbot, window):
    """The window with a first picture: "a fox on snow"."""
    window.prompt.use_words("a fox on snow")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    return window


@pytest.fixture(params=translation.LANGUAGES)
def language(request, qapp):
    """The window speaks each of its languages in turn."""
    before, locale = qapp.findChildren(QTranslator), QLocale()
    translation.install(qapp, request.param)
    yield request.param
    QLocale.setDefault(locale)
    for translator in qapp.findChildren(QTranslator):
        if translator not in before:
            qapp.removeTranslator(translator)
            translator.deleteLater()
