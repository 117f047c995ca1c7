"""Processes that begin where this one is, everything imported: a program that starts in no time, to be killed."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path


class Forked:
    """A process that does ``work`` with this environment, its output and errors appended to files."""

    def __init__(
        self, work: Callable[[], object], environment: dict[str, str], output: Path, errors: Path
    ) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.code: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _live(work, environment, output, errors)

    def poll(self) -> int | None:
        """The exit code, None as long as it runs."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def wait(self, seconds: float) -> None:
        """Until it has ended, but not longer."""
        ends = time.monotonic() + seconds
        while self.poll() is None and (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, 0.01))

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
            while self.poll() is None:
                time.sleep(0.001)


def _live(work: Callable[[], object], environment: dict[str, str], output: Path, errors: Path) -> None:
    code = 1
    try:
        for number, path in ((1, output), (2, errors)):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(file, number)
            os.close(file)
        os.environ |= environment
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing of this process goes on in the other's place
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
