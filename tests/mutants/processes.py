"""One process has torch, diffusers and the tiny models in memory, and forks for every run of tests.

A fork is given processor time, not time by the clock: a busy machine makes it slow, an endless loop makes it die.
"""

import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType

import psutil
import pytest

OPTIONS = [
    "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", "-p", "no:randomly",
    "-o", "addopts=--import-mode=importlib", "-W", "ignore::pytest.PytestConfigWarning",
]  # fmt: skip
ASLEEP = 120
"""A fork that has used no processor for so many seconds by the clock waits for ever."""


@dataclass
class Done:
    code: int | None
    """The exit code; None where it was stopped."""
    result: str
    output: str
    seconds: float
    """Of the processor."""


def preload() -> None:
    """Load what every test needs and no mutant touches."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import diffusers  # noqa: F401
    import torch
    import transformers  # noqa: F401
    from PIL import Image  # noqa: F401

    from editor_core.models import adapter, latents, prompts  # noqa: F401
    from support.tiny_models import KINDS, sketching_bundle, tiny_bundle

    torch.set_num_threads(1)
    for kind in KINDS:
        tiny_bundle(kind)
        sketching_bundle(kind)


def in_a_fork(run: Callable[[], int], seconds: float) -> Done:
    """Run in a process of its own, for at most so many seconds of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as output:
        pid = os.fork()
        if pid == 0:
            _child(run, seconds, output.fileno())
        status = _wait(pid)
        output.seek(0)
        text = output.read().decode(errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if os.WIFSIGNALED(status):
        stopped = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        return Done(None, "time-out" if stopped else "crash", text, used)
    return Done(os.WEXITSTATUS(status), "ended", text, used)


def _child(run: Callable[[], int], seconds: float, output: int) -> None:
    code = 99
    try:
        os.setpgid(0, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        spent = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(spent.ru_utime + spent.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        code = run()
    finally:  # nothing may go on in the copy of the parent
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(code)


def _wait(pid: int) -> int:
    """The status of the process; it and its children are ended where it does not end by itself."""
    used, since = 0.0, time.monotonic()
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found or time.monotonic() - since > ASLEEP:
            break
        times = psutil.Process(pid).cpu_times()
        if times.user + times.system > used:
            used, since = times.user + times.system, time.monotonic()
        signal.sigtimedwait([], 0.05)
    try:
        os.killpg(pid, signal.SIGKILL)  # what it started
    except ProcessLookupError:
        pass
    if not found:
        _, status = os.waitpid(pid, 0)
    return status


def run_pytest(files: Sequence[str], plugins: Sequence[object] = (), stop_at_first: bool = True) -> int:
    return int(pytest.main([*OPTIONS, *(["-x"] if stop_at_first else []), *files], plugins=list(plugins)))


class Only:
    """A pytest plugin: only these tests, in this order; and which one failed."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.tests, self.failed = {test: place for place, test in enumerate(tests)}, ""

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted(
            (item for item in items if item.nodeid in self.tests), key=lambda item: self.tests[item.nodeid]
        )

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid
            print(f"\nKILLED BY {report.nodeid}", flush=True)

    def pytest_collectreport(self, report):
        if report.failed:
            print(f"\nKILLED BY {report.nodeid or 'the import'}", flush=True)


class MutatedModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the import system other code for one module. It must not be loaded yet."""

    def __init__(self, name: str, path: str, code: CodeType, package: bool) -> None:
        if name in sys.modules:
            raise RuntimeError(f"{name} was loaded before it could be changed")
        self.name, self.path, self.code, self.package = name, path, code, package

    def find_spec(self, name, path, target=None):
        if name != self.name:
            return None
        spec = importlib.util.spec_from_file_location(name, self.path, loader=self)
        if self.package and spec is not None:
            spec.submodule_search_locations = [os.path.dirname(self.path)]
        return spec

    def exec_module(self, module) -> None:
        exec(self.code, module.__dict__)
