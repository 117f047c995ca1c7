"""Workers as Ray actors: the only file that knows Ray (docs.ray.io), which is an extra (`palimpsest-editor[remote]`).

Each worker is a detached, named actor on its own node, so that it outlives the programs that ask it, keeps its model
in memory, and is started anew by Ray when it dies.
"""

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from editor_core import __version__
from editor_core.base.errors import RemoteError
from editor_core.base.settings import Settings
from editor_core.remote.line import LineLost
from editor_core.remote.mailbox import Told
from editor_core.remote.packing import pack_read_only_mappings
from editor_core.remote.worker import Order, Worker, WorkerFacts
from editor_core.session.runner import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE = "palimpsest"
LOOPBACK = "127.0.0.1"
"""This computer for itself alone."""
TALK_SECONDS = 20.0
"""A worker that does not answer a short question for so long is lost."""
_TALKERS = 8  # threads of a worker that answer while a job runs


def is_installed() -> bool:
    return find_spec("ray") is not None


class Cluster(AbstractContextManager["Cluster"]):
    """The workers at an address. One process can be connected to one cluster at a time."""

    def __init__(self, address: str, token: str = "") -> None:
        """Connect. address: "ray://HOST:10001", or "HOST:PORT" from a computer that is itself part of the cluster.

        token: as `palimpsest worker` prints it; empty takes Ray's own (RAY_AUTH_TOKEN, or ~/.ray/auth_token).
        Raises RemoteError.
        """
        pack_read_only_mappings()
        self.address = address
        if is_loopback(address):
            keep_to_loopback()
        ray = _ray(token)
        with _told(address), warnings.catch_warnings(action="ignore"):
            if not ray.is_initialized():
                ray.init(address=address, namespace=NAMESPACE, log_to_driver=False, logging_level="ERROR")
        self._ray = ray
        self._lines: dict[str, RayLine] = {}

    def lines(self) -> Sequence["RayLine"]:
        """The workers there are now, those of another version left out. Raises RemoteError."""
        with _told(self.address):
            names = self._ray.util.list_named_actors()
        for name in sorted(names):
            if name not in self._lines:
                self._lines[name] = RayLine(self._ray, name)
        return [line for name, line in self._lines.items() if name in names]

    def facts(self) -> list[WorkerFacts]:
        """What each worker is. Raises RemoteError where one has another version of this program."""
        found = []
        for line in self.lines():
            try:
                found.append(line.facts())
            except LineLost:
                continue
        for facts in found:
            require_same_version(facts)
        return found

    def start_worker(
        self, name: str, node: str, settings: Settings, cards: float, processors: float
    ) -> "RayLine":
        """Start one on the node of that name. Raises RemoteError."""
        strategies = self._ray.util.scheduling_strategies
        [at] = (each["NodeID"] for each in self._ray.nodes() if each["NodeName"] == node and each["Alive"])
        options = {
            "name": name,
            "lifetime": "detached",
            "max_restarts": -1,
            "num_gpus": cards,
            "num_cpus": processors,
            "scheduling_strategy": strategies.NodeAffinitySchedulingStrategy(at, soft=False),
        }
        for method in (Worker.hear, Worker.cancel, Worker.forget, Worker.facts, Worker.process_id):
            self._ray.method(concurrency_group="talk")(method)
        made = self._ray.remote(concurrency_groups={"talk": _TALKERS})(Worker)
        with _told(self.address):
            actor = made.options(**options).remote(name, settings)
            self._ray.get(actor.facts.remote())
        self._lines[name] = RayLine(self._ray, name)
        return self._lines[name]

    def stop_worker(self, name: str) -> None:
        """Let a worker write out its cache and end it."""
        try:
            actor = self._ray.get_actor(name)
            self._ray.get(actor.close.remote(), timeout=TALK_SECONDS)
            self._ray.kill(actor)
        except (ValueError, self._ray.exceptions.RayError):
            pass  # it is gone already

    def close(self) -> None:
        """Disconnect; the workers stay."""
        self._ray.shutdown()

    def __exit__(self, *_: object) -> None:
        self.close()


class RayLine:
    """The line to one named actor."""

    def __init__(self, ray: Any, name: str) -> None:
        self.name = name
        self._ray = ray
        self._lost = (ray.exceptions.RayError, ConnectionError, TimeoutError)
        try:
            self._actor = ray.get_actor(name)
        except ValueError as error:
            raise LineLost(name) from error

    def start(self, order: Order) -> "Future[Result | Exception]":
        answer: Future[Result | Exception] = Future()
        answer.set_running_or_notify_cancel()

        def pass_on(done: "Future[Result | Exception]") -> None:
            error = done.exception()
            if error is None:
                answer.set_result(done.result())
            else:
                answer.set_exception(LineLost(self.name))

        try:
            self._actor.run.remote(order).future().add_done_callback(pass_on)
        except self._lost as error:
            raise LineLost(self.name) from error
        return answer

    def hear(self, ticket: str, seconds: float) -> Told:
        return cast(Told, self._talk("hear", ticket, seconds))

    def cancel(self, ticket: str) -> None:
        self._talk("cancel", ticket)

    def forget(self, ticket: str) -> None:
        self._talk("forget", ticket)

    def facts(self) -> WorkerFacts:
        return cast(WorkerFacts, self._talk("facts"))

    def _talk(self, method: str, *values: Any) -> Any:
        try:
            return self._ray.get(getattr(self._actor, method).remote(*values), timeout=TALK_SECONDS)
        except self._lost as error:
            raise LineLost(self.name) from error


def require_same_version(facts: WorkerFacts) -> None:
    """Raises RemoteError."""
    if facts.version != __version__:
        raise RemoteError(
            "{host} has version {theirs} of this program and this computer {ours}; both must have the same.",
            host=facts.host,
            theirs=facts.version,
            ours=__version__,
        )


def is_loopback(address: str) -> bool:
    """Whether HOST:PORT is this computer for itself alone."""
    return address.rpartition(":")[0] == LOOPBACK


def keep_to_loopback() -> None:
    """Let Ray take 127.0.0.1 for what it is, instead of looking for an address that other computers can reach.

    It then opens no port of its nodes to others. Only before Ray is imported.
    """
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"


def _ray(token: str) -> Any:
    """The library, told to ask for a token and to tell nobody of its use. Raises RemoteError."""
    if not is_installed():
        raise RemoteError("Other computers are reached through Ray: pip install “palimpsest-editor[remote]”.")
    os.environ["RAY_AUTH_MODE"] = "token"
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if token:
        os.environ["RAY_AUTH_TOKEN"] = token
    import ray
    import ray.util.scheduling_strategies

    raylet: Any = import_module("ray._raylet")
    raylet.Config.initialize("")  # it read the environment when it was imported, perhaps with another token
    raylet.AuthenticationTokenLoader.instance().reset_cache()
    return ray


@contextmanager
def _told(address: str) -> "Iterator[None]":
    """What Ray says about a connection in one sentence."""
    import ray

    try:
        yield
    except ray.exceptions.AuthenticationError as error:
        raise RemoteError("{address} does not accept the token.", address=address) from error
    except (ConnectionError, TimeoutError, ray.exceptions.RayError) as error:
        if "authentication token" in str(error):
            raise RemoteError("{address} does not accept the token.", address=address) from error
        raise RemoteError("{address} cannot be reached.", address=address) from error
    except RuntimeError as error:
        if "ersion mismatch" not in str(error):
            raise
        raise RemoteError(
            "{address} runs another version of Ray or Python; both computers must have the same.",
            address=address,
        ) from error
