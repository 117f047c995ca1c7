"""Workers as people start them, in processes of their own, for tests, campaigns and benchmarks."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-tests-alone-0123456789"
_START_SECONDS = 240.0
_STOP_SECONDS = 60.0


def free_port() -> int:
    """Below those that Ray gives to its own processes."""
    for port in random.sample(range(7000, 9900), 50):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no port is free")


@dataclass
class Started:
    """A `palimpsest worker` that is at work."""

    process: "subprocess.Popen[str]"
    address: str
    """For windows and commands: "ray://…"; empty for one that joined."""
    join: str
    """For other workers: HOST:PORT."""
    workers: list[str]

    def kill(self) -> None:
        """End it and all that it started, without a word."""
        end_all(self.process)


def end_all(process: "subprocess.Popen[str]") -> None:
    """Without a word, with everything that it started."""
    started = psutil.Process(process.pid)
    every = [started, *started.children(recursive=True)]
    for each in every:
        try:
            each.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(every[1:], _STOP_SECONDS)
    process.wait(_STOP_SECONDS)


@dataclass(frozen=True)
class Ports:
    """Of a cluster that is started again at the same place."""

    join: int = field(default_factory=free_port)
    clients: int = field(default_factory=free_port)


@contextmanager
def worker(
    folder: Path,
    *options: str,
    ports: Ports | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Started]:
    """``palimpsest worker`` with folders of its own, the first of a cluster without --address; ends as with Ctrl+C."""
    folders = {
        f"PALIMPSEST_{name}_DIR": str(folder / name) for name in ("CONFIG", "CACHE", "STATE", "MODELS")
    }
    ports = ports or Ports()
    command = [sys.executable, str(ROOT / "main.py"), "worker", "--device", "cpu", "--json", *options]
    if "--address" not in options:
        command += ["--port", str(ports.join), "--client-port", str(ports.clients)]
    variables = os.environ | folders | {"RAY_AUTH_TOKEN": TOKEN} | dict(environment or {})
    variables.pop("PYTHONUNBUFFERED", None)  # what it says is out at once by itself
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        given_up = threading.Timer(_START_SECONDS, end_all, (process,))
        given_up.start()
        try:
            told = json.loads(process.stdout.readline() or "{}")
            given_up.cancel()
            if "address" not in told:
                raise RuntimeError(f"the worker did not start: {told}")
            yield Started(process, told["address"], told["join"], told["workers"])
        finally:
            given_up.cancel()
            if process.poll() is None:
                process.terminate()  # Ctrl+C may be ignored by what runs in the background
                try:
                    process.wait(_STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    end_all(process)
                    raise
