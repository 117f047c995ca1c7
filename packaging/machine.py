"""An artist's machine for the built program: a home of its own, no network, no graphics card, no rights."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checks import CheckFailed, Facts, require

NOBODY = 65534
PATIENCE = 600  # seconds for one command, on a busy machine
TIDY = (".config/palimpsest", ".cache/palimpsest", ".local/state/palimpsest", ".cache/fontconfig", "work")
"""What may appear in a home on Linux; "work" is where the tests put their projects."""


class Machine:
    """Runs the program at ``program`` with ``home`` as the user's home."""

    def __init__(self, program: Path, home: Path) -> None:
        self.program = program
        self.home = home
        self.work = home / "work"
        self.work.mkdir(parents=True, exist_ok=True)
        self._sessions: set[int] = set()
        if _is_root():
            for folder in (home, self.work):
                os.chown(folder, NOBODY, NOBODY)

    def run(self, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the program to its end; its output as text."""
        with self.started(*arguments, **variables) as process:
            out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def json(self, *arguments: str | Path) -> dict[str, Any]:
        """Run a command with --json. Raises CheckFailed with what it said when it does not pass."""
        done = self.run(*arguments, "--json")
        require(done.returncode == 0, f"{arguments[0]} ended with {done.returncode}: {done.stderr[-300:]}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @contextmanager
    def started(self, *arguments: str | Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
        """The program while it runs; ended if it still does when the block is left."""
        process = subprocess.Popen(
            [*_isolation(), str(self.program), *map(str, arguments)],
            cwd=self.work,
            env=self._environment() | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=sys.platform != "win32",
        )
        self._sessions.add(process.pid)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _environment(self) -> dict[str, str]:
        """Nothing of the developer's shell but what a program needs to run at all."""
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT", "TEMP") if name in os.environ
        }
        homes = {"HOME": str(self.home), "USERPROFILE": str(self.home), "LOCALAPPDATA": str(self.home)}
        return kept | homes | {"QT_QPA_PLATFORM": "offscreen", "CUDA_VISIBLE_DEVICES": ""}

    # -- what is left afterwards ----------------------------------------------------------------------------------

    def require_quiet(self) -> Facts:
        """No process of any run is left. Raises CheckFailed."""
        left = self.processes()
        require(not left, f"{len(left)} processes are still there: {left}")
        return {"runs": len(self._sessions)}

    def processes(self) -> list[int]:
        """Running processes that belong to a run, by their session; empty where there is no /proc."""
        return [pid for pid, session in sessions() if session in self._sessions]

    def require_tidy_home(self) -> Facts:
        """Everything in the home lies where the platform wants it. Raises CheckFailed."""
        if sys.platform != "linux":
            return {"skipped": "only Linux is checked"}
        files = [path.relative_to(self.home).as_posix() for path in self.home.rglob("*") if path.is_file()]
        strays = [name for name in files if not name.startswith(TIDY)]
        require(not strays, f"these do not belong there: {strays[:5]}")
        return {"files": len(files)}


def until(condition: Any, what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until a condition holds. Raises CheckFailed after ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise CheckFailed(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.05)  # noqa: TID251 - another program sends no signal to wait for


def interrupt(process: subprocess.Popen[str]) -> None:
    """What Ctrl+C does."""
    process.send_signal(signal.CTRL_C_EVENT if sys.platform == "win32" else signal.SIGINT)


def _isolation() -> list[str]:
    """The command that takes away network and rights, as far as this system and user can."""
    if not shutil.which("unshare"):
        return []
    if _is_root():
        return ["unshare", "--net", "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    rootless = ["unshare", "--map-root-user", "--net"]
    allowed = subprocess.run([*rootless, "true"], capture_output=True).returncode == 0
    return rootless if allowed else []


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def sessions() -> Iterator[tuple[int, int]]:
    """Process and session of everything that runs and is not just waiting to be collected."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if fields[0] != "Z":
            yield int(stat.parent.name), int(fields[3])
