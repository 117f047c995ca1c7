"""What the program writes down for a report: warnings and faults in one rotated file, crashes in another."""

import faulthandler
import logging
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from editor_core import __version__
from editor_core.base import paths

LOG_BYTES = 1 << 20
MAX_FILES = 3  # older files of each kind

_crash_file: TextIO | None = None  # faulthandler writes to its descriptor: it stays open to the end

log = logging.getLogger(__name__)


def keep() -> None:
    """Write warnings, faults and crashes of this process to the log folder; nowhere, where none can be made."""
    global _crash_file
    folder = paths.log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        crashed = rotate(folder / "crash.log")
        _crash_file = (folder / "crash.log").open("a", encoding="utf-8")
        handler = RotatingFileHandler(
            folder / "palimpsest.log", maxBytes=LOG_BYTES, backupCount=MAX_FILES, delay=True, encoding="utf-8"
        )
    except OSError:
        return
    faulthandler.enable(_crash_file)
    handler.setFormatter(logging.Formatter(f"%(asctime)s {__version__} %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    threading.excepthook = _log_fault_of_thread
    if crashed is not None:
        log.warning("The program crashed before; the report is in %s", crashed.name)


def rotate(file: Path) -> Path | None:
    """Move a file that has something in it to ``name.1``, older ones up by one; where it is now, or None."""
    if not file.exists() or file.stat().st_size == 0:
        return None
    for age in range(MAX_FILES, 0, -1):
        older = file.with_name(f"{file.name}.{age}")
        newer = file if age == 1 else file.with_name(f"{file.name}.{age - 1}")
        if newer.exists():
            newer.replace(older)
    return file.with_name(f"{file.name}.1")


def _log_fault_of_thread(fault: threading.ExceptHookArgs) -> None:
    name = "?" if fault.thread is None else fault.thread.name
    if fault.exc_value is not None:
        log.critical("Fault in thread %s", name, exc_info=fault.exc_value)
    threading.__excepthook__(fault)
