"""Starts the window: application, event loop, exception hook, worker."""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from editor_core.base import logs, settings
from editor_core.base.message import Message
from editor_core.base.starts import SAFE, Start
from gui.dialogs.error import show_fault
from gui.look.icons import program_icon
from gui.look.theme import Theme
from gui.shell.main_window import MainWindow
from gui.texts import translation
from gui.texts.messages import message_text
from gui.worker.background import spawn
from gui.worker.facade import EngineFacade
from gui.worker.thread import open_session

# How long another thread keeps the interpreter while the window waits for it, which it does many times a frame.
SWITCH_S = 0.0005
STARTED_MS = 5000  # a window that worked so long has started
WAY_OUT_MS = 700  # what the worker gets to finish its step after the window is gone

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]

log = logging.getLogger(__name__)


Script = Callable[[MainWindow], Coroutine[Any, Any, None]]


class Application(QApplication):
    """Qt's application, which on macOS is handed a double-clicked file as an event.

    Signals:
        file_asked: The Path of a file to open. Main thread.
    """

    file_asked = Signal(Path)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.file_asked.emit(Path(event.file()))
            return True
        return super().event(event)


def main(argv: list[str], script: Script | None = None) -> int:
    """Open the window, with a file if one is named; returns the exit code when it is closed.

    ``--safe`` before that, or two starts in a row that failed, open it in safe mode: with the settings and the layout
    that the program comes with, on the processor, and remembering no layout. A script is run on the window's event loop
    once the window is there (the self-test).
    """
    sys.setswitchinterval(SWITCH_S)
    logs.keep()
    start = Start()
    asked = argv[:1] == [SAFE]
    argv = argv[1:] if asked else argv
    safe = asked or start.should_be_safe
    app = Application(["palimpsest", *argv])
    app.setApplicationName("palimpsest")
    app.setApplicationDisplayName("Palimpsest")
    app.setDesktopFileName("palimpsest")
    app.setWindowIcon(program_icon())
    loop = QEventLoop(app)
    chosen, told = settings.read()
    if safe:
        chosen, told = settings.safe(chosen), safe_mode_message(asked)
        settings.keep_aside()
    translation.install(app, chosen.language)
    facade = EngineFacade(lambda: open_session(chosen))
    window = MainWindow(facade, Theme(app, chosen.theme), chosen, safe)
    sys.excepthook = _hook(window)
    app.setQuitOnLastWindowClosed(False)
    app.file_asked.connect(lambda path: spawn(window.files.open(path)))
    window.closed.connect(loop.stop)
    window.closed.connect(start.done)
    until_started = QTimer(window, singleShot=True, interval=STARTED_MS)
    until_started.timeout.connect(start.done)
    until_started.start()
    if told is not None:
        loop.call_soon(window.messages.show_problem, message_text(told))
    path = Path(argv[0]).absolute() if argv else None
    loop.call_soon(window.begin, path)
    if script is not None:
        loop.call_soon(lambda: spawn(script(window)))
    with loop:
        loop.run_forever()
    window.recovery.close()
    return _leave(facade)


def safe_mode_message(asked: bool) -> Message:
    """What the artist is told in safe mode, which was asked for or not."""
    if asked:
        return Message(
            "Safe mode: default settings and layout, on the CPU. Your own are kept and used at the next start."
        )
    return Message(
        "Palimpsest failed to start twice, so it is in safe mode: default settings and layout, on the CPU. "
        "Your own are kept and used at the next start."
    )


def _leave(facade: EngineFacade) -> int:
    """The exit code. A worker in the middle of a long step is not waited for: nothing of the artist's depends on it."""
    if facade.wait(WAY_OUT_MS):
        return 0
    logging.shutdown()
    os._exit(0)


def _hook(window: MainWindow) -> Hook:
    """The last resort for faults on the main thread: into the log, and to the artist."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        log.critical("Unexpected fault", exc_info=(kind, error, trace))
        show_fault("".join(traceback.format_exception(kind, error, trace)), window)

    return report
