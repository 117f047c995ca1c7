"""Work on hostile input in a process of its own, which is watched: how long, how much memory, what it touches.

Each process is forked from one that has everything imported, and does many pieces of work; one that hangs is killed.
"""

import multiprocessing
import os
import resource
import shutil
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

LONGEST_SECONDS = 20.0
MOST_MEGABYTES = 4096
_ROOM_BYTES = 16 * 2**30  # of addresses: more than is allowed of memory, less than the machine has
_PER_PROCESS = 2000

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown"),
    *("os.truncate", "os.utime", "shutil.rmtree", "sqlite3.connect"),
}
_COPIES = {"shutil.copyfile", "shutil.move"}  # their second argument is written
_NEVER = {
    *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "subprocess.Popen", "pty.spawn"),
    *("pickle.find_class", "socket.connect", "socket.getaddrinfo", "webbrowser.open"),
}

Work = Callable[[int], dict[str, int]]


class Watched:
    """Does what ``work`` does with a seed, elsewhere; below ``folder`` alone it may write."""

    def __init__(self, work: Work, folder: Path) -> None:
        self._work, self._folder = work, folder
        self._context = multiprocessing.get_context("fork")
        self._process: Any = None
        self._done = 0
        self.processes = 0
        self.megabytes = 0

    def do(self, seed: int) -> dict[str, int]:
        """What the work counted; raises RuntimeError that says how it failed."""
        if self._process is None or self._done >= _PER_PROCESS:
            self._begin()
        self._ours.send(seed)
        self._wait()
        try:
            answer, told, megabytes = self._ours.recv()
        except EOFError:
            self._process.join()
            code = self._process.exitcode
            self.end()
            raise RuntimeError(f"the process died ({code})") from None
        self._done += 1
        self.megabytes = max(self.megabytes, megabytes)
        if megabytes > MOST_MEGABYTES:
            self.end()
            raise RuntimeError(f"it took {megabytes} MB")
        if told:
            raise RuntimeError(told)
        found: dict[str, int] = answer
        return found

    def _wait(self) -> None:
        """For an answer; raises RuntimeError where it works, or waits, longer than anybody would."""
        process = psutil.Process(self._process.pid)
        worked, asleep = sum(process.cpu_times()[:2]), 0
        while not self._ours.poll(1.0):
            with suppress(psutil.Error):
                busy = sum(process.cpu_times()[:2]) - worked
                asleep = asleep + 1 if process.status() == psutil.STATUS_SLEEPING else 0
                if busy > LONGEST_SECONDS or asleep > LONGEST_SECONDS:
                    self.end()
                    raise RuntimeError(f"it took longer than {LONGEST_SECONDS:.0f} s")

    def end(self) -> None:
        """Stop the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._ours.close()
            self._process = None

    def _begin(self) -> None:
        self.end()
        self._ours, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(self._work, self._folder, theirs, self._ours), daemon=True
        )
        self._process.start()
        theirs.close()
        self._done = 0
        self.processes += 1


def _serve(work: Work, folder: Path, connection: Connection, others: Connection) -> None:
    others.close()  # else this process would not learn that the other has ended
    resource.setrlimit(resource.RLIMIT_AS, (_ROOM_BYTES, _ROOM_BYTES))
    touched: list[str] = []
    sys.addaudithook(_hook(folder, touched))
    while True:
        seed = connection.recv()
        told, answer = "", {}
        _emptied(folder)
        touched.clear()
        try:
            answer = work(seed)
        except BaseException:  # noqa: BLE001 - that is what is looked for
            told = traceback.format_exc(limit=-8)
        if touched:
            told = f"it touched {touched[:5]}\n{told}"
        connection.send((answer, told, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def _emptied(folder: Path) -> None:
    """Made anew, and where names without a folder lead."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.chdir(folder)


def _hook(folder: Path, touched: list[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """Notes what is started, sent, unpickled, or changed elsewhere than below ``folder``."""
    below, nowhere = f"{folder}{os.sep}", os.devnull

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _NEVER:
            touched.append(f"{event} {arguments!r:.200}")
        elif event == "open":
            path, _, flags = arguments
            writes = bool(flags & _WRITING) if isinstance(flags, int) else False
            if writes and not isinstance(path, int):
                note(event, path)
        elif event in _CHANGES:
            note(event, arguments[0])
        elif event in _COPIES:
            note(event, arguments[1])

    def note(event: str, path: object) -> None:
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)
        if name not in (nowhere, ":memory:") and not os.path.abspath(name).startswith(below[:-1]):
            touched.append(f"{event} {name}")

    return hook
