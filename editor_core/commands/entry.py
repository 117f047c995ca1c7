"""From the program's arguments to an exit code: 0 done, 1 failed with one sentence, 2 wrong usage."""

import json
import logging
import os
import sys
from pathlib import Path

from editor_core.base import logs, paths
from editor_core.base.errors import EditorError, JobCancelled
from editor_core.base.starts import SAFE
from editor_core.commands import interrupts, streams

NAME = "palimpsest"
STOPPED = "Stopped; nothing was changed."
COMPLETION = "_PALIMPSEST_COMPLETE"  # set by the shell that asks how a line may go on
_INTERRUPTED = 130  # the exit code that Typer makes of Ctrl+C

log = logging.getLogger(__name__)


def is_command(arguments: list[str]) -> bool:
    """True unless the arguments are empty or begin with a file to open in the window."""
    if COMPLETION in os.environ:
        return True
    if not arguments or arguments[0] == SAFE:
        return False
    from editor_core.commands.app import COMMANDS  # Typer, which the window starts without

    looks_like_file = Path(arguments[0]).suffix or os.sep in arguments[0]
    return arguments[0] in COMMANDS or arguments[0].startswith("-") or not looks_like_file


def has_display() -> bool:
    """False only on a Unix without X11, Wayland or a Qt platform that needs neither."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def demo_without_display(arguments: list[str]) -> int:
    """What starting the program does where no window can open."""
    if arguments:
        sys.stderr.write(
            "There is no display to open a window on; palimpsest --help lists the headless commands.\n"
        )
        return 1
    sys.stderr.write("There is no display, so the demo runs headless and writes to the folder demo.\n")
    return run(["demo", "--out", "demo"])


def run(arguments: list[str]) -> int:
    """Run a command as this process's only work."""
    interrupts.install()
    if COMPLETION not in os.environ:
        logs.keep()
        logging.captureWarnings(True)
    try:
        return main(arguments)
    finally:
        interrupts.ignore()


def main(arguments: list[str]) -> int:
    """Run a command; whatever happens, at most one sentence tells of it, and the rest goes to the log."""
    streams.prepare()
    interrupts.begin()
    try:
        code = _result_of(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 for the interpreter's last flush
        return 1
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return _fail(f"The output could not be written: {error.strerror or error}.", [])
    return code


def _result_of(arguments: list[str]) -> int:
    from editor_core.commands.app import app

    try:
        app(arguments, prog_name=NAME)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            return _stopped(arguments)
        return end.code if isinstance(end.code, int) else 0
    except (JobCancelled, KeyboardInterrupt):
        return _stopped(arguments)
    except EditorError as error:
        from editor_core.commands.advice import with_next_step

        return _fail(with_next_step(error), arguments)
    except BrokenPipeError:
        raise
    except MemoryError:
        return _fail(
            "There is not enough memory for this; try a smaller picture, or close other programs.", arguments
        )
    except OSError as error:
        return _fail(f"{error.filename or 'A file'}: {error.strerror or error}.", arguments)
    except Exception:
        log.critical("Unexpected fault in %r", arguments, exc_info=True)
        return _fail(
            f"Something went wrong in the program itself; what it was is in {paths.log_folder() / 'palimpsest.log'}.",
            arguments,
        )
    return 0


def _stopped(arguments: list[str]) -> int:
    return 0 if interrupts.is_done() else _fail(STOPPED, arguments)


def _fail(sentence: str, arguments: list[str]) -> int:
    sys.stderr.write(streams.one_line(sentence) + "\n")
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"error": sentence}) + "\n")
    return 1
