"""Starts the window: application, event loop, exception hook, worker."""

import logging
import os
import sys
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from editor_core import paths, settings
from gui.dialogs.error import show_fault
from gui.main_window import MainWindow
from gui.theme import Theme
from gui.worker.facade import EngineFacade
from gui.worker.thread import open_session

WAY_OUT_MS = 700  # what the worker gets to finish its step after the window is gone
LOG_BYTES = 1 << 20

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]

log = logging.getLogger(__name__)


def main(argv: list[str]) -> int:
    """Open the window, with a file if one is named; returns the exit code when it is closed."""
    _keep_log()
    app = QApplication(["palimpsest", *argv])
    app.setApplicationName("palimpsest")
    app.setApplicationDisplayName("Palimpsest")
    app.setDesktopFileName("palimpsest")
    loop = QEventLoop(app)
    chosen = settings.load()
    facade = EngineFacade(lambda: open_session(chosen))
    window = MainWindow(facade, Theme(app, chosen.theme), chosen)
    sys.excepthook = _hook(window)
    app.setQuitOnLastWindowClosed(False)
    window.closed.connect(loop.stop)
    path = Path(argv[0]).absolute() if argv else None
    loop.call_soon(window.begin, path)
    with loop:
        loop.run_forever()
    window.recovery.close()
    return _leave(facade)


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


def _keep_log() -> None:
    """Warnings and faults go to a small file in the state folder, for reports."""
    try:
        paths.state_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            paths.state_folder() / "palimpsest.log",
            maxBytes=LOG_BYTES,
            backupCount=1,
            delay=True,
            encoding="utf-8",
        )
    except OSError:
        return  # a read-only home: the program works without a log
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
