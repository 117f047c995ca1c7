"""Workers as people start them, in processes of their own, for tests, campaigns and benchmarks."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
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
        if not is_heard(port):
            return port
    raise RuntimeError("no port is free")


def is_heard(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody listens there."""
    with socket.socket() as asked:
        return asked.connect_ex((host, port)) == 0


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
    with starting(folder, *options, ports=ports, environment=environment) as begun:
        yield begun.ready()


@dataclass
class Starting:
    """A `palimpsest worker` that was begun; others may be begun before it is there."""

    process: "subprocess.Popen[str]"
    ports: Ports

    def wait_for_node(self, bind: str) -> str:
        """HOST:PORT of the head, once others can join it; its own workers may be on their way yet."""
        given_up = time.monotonic() + _START_SECONDS
        while not is_heard(self.ports.join, bind):
            if self.process.poll() is not None or time.monotonic() > given_up:
                raise RuntimeError("the worker did not start")
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
        return f"{bind}:{self.ports.join}"

    def ready(self) -> Started:
        """Once its workers are there."""
        assert self.process.stdout is not None
        given_up = threading.Timer(_START_SECONDS, end_all, (self.process,))
        given_up.start()
        try:
            told = json.loads(self.process.stdout.readline() or "{}")
        finally:
            given_up.cancel()
        if "address" not in told:
            raise RuntimeError(f"the worker did not start: {told}")
        return Started(self.process, told["address"], told["join"], told["workers"])


@contextmanager
def starting(
    folder: Path,
    *options: str,
    ports: Ports | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Starting]:
    """As `worker`, without waiting for it."""
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
        try:
            yield Starting(process, ports)
        finally:
            if process.poll() is None:
                process.terminate()  # Ctrl+C may be ignored by what runs in the background
                try:
                    process.wait(_STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    end_all(process)
                    raise
