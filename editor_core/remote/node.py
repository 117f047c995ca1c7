"""This computer as a node of a Ray cluster: a child process of ours, which ends with us."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from editor_core.base import paths
from editor_core.base.errors import RemoteError
from editor_core.remote.cluster import LOOPBACK, is_installed, is_loopback, use_loopback

HEAD_PORT = 6379
CLIENT_PORT = 10001
_RAY = """
import os, signal, sys, threading

def end_with_parent():
    sys.stdin.buffer.read()  # a pipe that nothing is written to: it ends with whoever holds its other end
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=end_with_parent, daemon=True).start()
from ray.scripts.scripts import main
sys.exit(main())
"""
_LEFT_OUT = ("--include-log-monitor=false", "--disable-usage-stats")
_HEAD_LEAVES_OUT = ("--include-dashboard=false", "--no-monitor")
"""Processes of Ray's that watch a cluster, scale it and collect its logs: nobody here asks them."""
_DEFAULTS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",  # else it waits half a minute for what never ends by itself
    "RAY_enable_worker_prestart": "0",  # our workers are actors, each started when it is asked for
    "RAY_worker_niceness": "0",  # the work is what the computer is for
}


class Node(AbstractContextManager["Node"]):
    """The first node of a new cluster, or one that joins another's."""

    def __init__(
        self, join: str = "", bind: str = LOOPBACK, port: int = HEAD_PORT, client_port: int = CLIENT_PORT
    ) -> None:
        """join: HOST:PORT of a cluster's head; empty starts a new cluster.

        bind: this computer's address for the others, and where the door for clients (``client_port``) opens. With
        any other than the loopback address Ray's own ports are open at every address, to whoever has the token.
        Settings of Ray's in the environment (``RAY_USE_TLS`` and its like) are passed through.

        Raises RemoteError where Ray is not installed. The node is there some seconds later; see `is_running`.
        """
        if not is_installed():
            raise RemoteError("A worker needs Ray: pip install “palimpsest-editor[remote]”.")
        if is_loopback(join):
            raise RemoteError(
                "{address} is open to its own computer alone; start the first worker with --bind and an address.",
                address=join,
            )
        self.address = join or f"{bind}:{port}"
        self.name = f"{socket.gethostname()}-{uuid.uuid4().hex}"
        """As Ray knows it: several may be on one computer."""
        if join:
            arguments = [f"--address={join}"]
        else:
            arguments = [
                "--head",
                f"--port={port}",
                f"--ray-client-server-port={client_port}",
                *_HEAD_LEAVES_OUT,
            ]
        if not join or bind != LOOPBACK:
            arguments.append(f"--node-ip-address={bind}")
        use_loopback(is_loopback(self.address))
        self._process = self._start([*arguments, f"--node-name={self.name}", *_LEFT_OUT, "--block"])

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float | None = None) -> None:
        """Return once the node has ended, or after so long."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    @property
    def log(self) -> Path:
        """What Ray says."""
        return paths.log_folder() / "ray.log"

    def close(self) -> None:
        """End the node and what runs on it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self.is_running:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
        self.log.parent.mkdir(parents=True, exist_ok=True)
        environment = _DEFAULTS | os.environ | {"RAY_AUTH_MODE": "token"}
        before = os.environ.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([_packages(), *([before] if before else [])])
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-c", _RAY, "start", *arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,  # Ctrl+C is for us, who end it in order
            )


def _packages() -> str:
    """The folder in which our packages lie, a source tree or site-packages: Ray's processes are to find them there.

    One that does not knows a worker by name only, and refuses what its methods are given.
    """
    top = sys.modules[__name__.partition(".")[0]]
    return str(Path(top.__file__ or "").resolve().parents[1])
