"""This computer as a node of a Ray cluster: a child process of ours, which ends with us."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from editor_core.base import paths
from editor_core.base.errors import RemoteError
from editor_core.remote.cluster import is_installed

LOOPBACK = "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"
"""This computer for itself alone. Under Linux Ray takes 127.0.0.1 for the computer's address in its network."""
HEAD_PORT = 6379
CLIENT_PORT = 10001
_RAY = "import sys; from ray.scripts.scripts import main; sys.exit(main())"


class Node(AbstractContextManager["Node"]):
    """The first node of a new cluster, or one that joins another's."""

    def __init__(
        self, join: str = "", bind: str = LOOPBACK, port: int = HEAD_PORT, client_port: int = CLIENT_PORT
    ) -> None:
        """join: HOST:PORT of a cluster's head; empty starts a new cluster.

        bind: this computer's address for the others, and where the door for clients (``client_port``) opens. Ray's own
        ports are open at every address, to whoever has the token.

        Raises RemoteError where Ray is not installed. The node is there some seconds later; see `is_running`.
        """
        if not is_installed():
            raise RemoteError("A worker needs Ray: pip install “palimpsest-editor[remote]”.")
        self.address = join or f"{bind}:{port}"
        if join:
            arguments = [f"--address={join}"]
        else:
            arguments = ["--head", f"--port={port}", f"--ray-client-server-port={client_port}"]
            arguments += ["--include-dashboard=false"]
        if not join or bind != LOOPBACK:
            arguments.append(f"--node-ip-address={bind}")
        self._process = self._start([*arguments, "--disable-usage-stats", "--block"])

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait(self) -> None:
        """Return once the node has ended."""
        self._process.wait()

    @property
    def log(self) -> Path:
        """What Ray says."""
        return paths.log_folder() / "ray.log"

    def close(self) -> None:
        """End the node and what runs on it."""
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
        environment = {"RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0"} | os.environ
        before = os.environ.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([_packages(), *([before] if before else [])])
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-c", _RAY, "start", *arguments],
                stdin=subprocess.DEVNULL,
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
