"""What holds for every test: no display, no network, no user folders, no stray warnings in the log."""

import logging
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from editor_core.base import startup

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny networks gain nothing from threads
if shutil.which("nvidia-smi") is None:
    os.environ.setdefault("TRITON_INTERPRET", "1")  # its kernels then run on a processor
startup.prepare()


settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault
settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers():
    """One more than cores: tests of windows and of other processes wait for much of their time."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def homes(tmp_path_factory):
    """One folder for all of them: pytest looks through all that there are before it makes another."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def user_folders(homes, monkeypatch):
    """Settings, caches and state of a test live in a folder of its own."""
    home = Path(tempfile.mkdtemp(dir=homes))
    for variable in ("CONFIG", "CACHE", "STATE", "MODELS"):
        monkeypatch.setenv(f"PALIMPSEST_{variable}_DIR", str(home / variable.lower()))
    return home


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """A test that opens a connection to another machine fails."""

    def refuse(self, address):
        raise AssertionError(f"A test tried to reach {address}.")

    monkeypatch.setattr(socket.socket, "connect", _unless_local(socket.socket.connect, refuse))


def _unless_local(connect, refuse):
    def guarded(self, address):
        here = self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1")
        return connect(self, address) if here else refuse(self, address)

    return guarded


@pytest.fixture(scope="session", autouse=True)
def nothing_is_planted():
    """Random networks never paint what words say: whether a thing came is asked of them in `test_planting.py` alone."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fisedit", "instdiffedit", "masafusion"):
            if (engine := sys.modules.get(f"editor_core.engines.{name}")) is not None:
                patch.setattr(engine, "is_empty", lambda *_: False)
        yield


class _OwnWarnings(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_stray_log_records(request):
    """A warning or error logged by our own packages fails the test, unless it takes ``caplog`` to look at it."""
    handler = _OwnWarnings()
    loggers = [logging.getLogger(name) for name in ("gui", "editor_core", "cache")]
    for logger in loggers:
        logger.addHandler(handler)
    yield
    for logger in loggers:
        logger.removeHandler(handler)
    if "caplog" not in request.fixturenames:
        assert not handler.records, [record.getMessage() for record in handler.records]
