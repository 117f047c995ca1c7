"""Processes that begin where this one is, everything imported: a program that starts in no time, to be killed."""

import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tqdm import tqdm

tqdm.monitor_interval = 0  # its thread would be missing in what is forked


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

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended, but not longer; raises subprocess.TimeoutExpired then."""
        if self.poll() is not None:
            return
        ended = os.pidfd_open(self.pid)
        try:
            if not select.select([ended], [], [], seconds)[0]:
                raise subprocess.TimeoutExpired(["fork"], seconds or 0)
        finally:
            os.close(ended)
        self.poll()

    def kill(self) -> None:
        """End it at once, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
        self.wait()


Process = Forked | subprocess.Popen[bytes]


def let_live(process: Process, seconds: float) -> bool:
    """Wait so long; whether it is still there then."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(seconds, 0.0))
    return process.poll() is None


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
