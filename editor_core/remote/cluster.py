"""Workers as Ray actors. Only this file and `door.py` know Ray (docs.ray.io), an extra (`palimpsest-editor[remote]`).

Each worker is a detached, named actor on its own node, so that it outlives the programs that ask it, keeps its model
in memory, and is started anew by Ray when it dies.
"""

import os
import threading
import warnings
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from editor_core import __version__
from editor_core.base import startup
from editor_core.base.errors import EditorError, RemoteError
from editor_core.base.settings import Settings
from editor_core.remote.door import knock
from editor_core.remote.line import ANSWER_SECONDS, LineLost
from editor_core.remote.mailbox import Told
from editor_core.remote.packing import pack_read_only_mappings, packed, unpacked
from editor_core.remote.parcels import Parcel
from editor_core.remote.worker import Order, Worker, WorkerFacts, WorkerState
from editor_core.session.runner import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE = "palimpsest"
LOOPBACK = "127.0.0.1"
"""This computer for itself alone."""
CHECK_SECONDS = 600.0
"""For a worker to read through a model that was sent to it."""
_OBJECT_BYTES = 2**29
"""Of arrays that are kept in the cluster for the jobs to come."""
_TALKERS = 8  # threads of a worker that answer while a job runs


class NameTakenError(Exception):
    """Two computers chose the same name for a worker at the same moment."""


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
        use_loopback(is_loopback(address))
        self._ray = _ray(token)
        self._lines: dict[str, RayLine] = {}
        self._lock = threading.Lock()
        self._connect()

    def lines(self) -> Sequence["RayLine"]:
        """The workers there are now. Connects again where the cluster was away. Raises RemoteError."""
        with self._lock:
            try:
                names = self.names()
            except RemoteError:  # Ray ends a connection that was away for too long
                self._lines.clear()
                self._ray.shutdown()
                self._connect()
                names = self.names()
            found = []
            for name in sorted(names):
                with suppress(LineLost):
                    found.append(self._lines.get(name) or RayLine(self._ray, self._objects, name))
            self._lines = {line.name: line for line in found}
            return found

    def names(self) -> list[str]:
        """Of the workers. Raises RemoteError."""
        with _told(self.address):
            if not self._ray.is_initialized():
                raise ConnectionError
            return list(self._ray.util.list_named_actors())

    def has_node(self, name: str) -> bool:
        """Whether the node of that name is there. Raises RemoteError."""
        with _told(self.address):
            return any(each["NodeName"] == name and each["Alive"] for each in self._ray.nodes())

    def _connect(self) -> None:
        ray = self._ray
        with _told(self.address), warnings.catch_warnings(action="ignore"):
            if not ray.is_initialized():
                knock(self.address)
                self._begin()
        self._objects = _Objects(ray)

    def _begin(self) -> None:
        """Ray forks a server of its own for each client, which now and then dies at birth: then asked once more."""
        begin = partial(
            self._ray.init,
            address=self.address,
            namespace=NAMESPACE,
            log_to_driver=False,
            logging_level="ERROR",
        )
        try:
            begin()
        except ConnectionAbortedError:
            self._ray.shutdown()
            begin()

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

    def start_workers(
        self, names: Sequence[str], node: str, settings: Settings, cards: float, processors: float
    ) -> None:
        """Start some on the node of that name, each with so many cards and processors.

        Raises RemoteError, and NameTakenError where another computer took one of the names meanwhile.
        """
        strategies = self._ray.util.scheduling_strategies
        for method in (*_TALKS, Worker.process_id):
            self._ray.method(concurrency_group="talk")(method)
        made = self._ray.remote(concurrency_groups={"talk": _TALKERS})(_RayWorker)
        with _told(self.address):
            [at] = (
                each["NodeID"] for each in self._ray.nodes() if each["NodeName"] == node and each["Alive"]
            )
            options = {
                "lifetime": "detached",
                "max_restarts": -1,
                "num_gpus": cards,
                "num_cpus": processors,
                "scheduling_strategy": strategies.NodeAffinitySchedulingStrategy(at, soft=False),
            }
            actors: list[Any] = []
            try:
                for name in names:
                    actors.append(made.options(name=name, **options).remote(name, settings))
            except self._ray.exceptions.ActorAlreadyExistsError as error:
                for actor in actors:
                    self._ray.kill(actor)
                raise NameTakenError(name) from error
            self._ray.get([actor.facts.remote() for actor in actors])

    def stop_worker(self, name: str) -> None:
        """Let a worker write out its cache and end it."""
        try:
            actor = self._ray.get_actor(name)
            self._ray.get(actor.close.remote(), timeout=ANSWER_SECONDS)
            self._ray.kill(actor)
        except (ValueError, self._ray.exceptions.RayError):
            pass  # it is gone already

    def close(self) -> None:
        """Disconnect; the workers stay."""
        self._ray.shutdown()

    def __exit__(self, *_: object) -> None:
        self.close()


class _RayWorker(Worker):
    """A worker as an actor, which has its process to itself."""

    def __init__(self, name: str, settings: Settings) -> None:
        startup.prepare()
        super().__init__(name, settings)

    def run_packed(self, order: bytes, *arrays: np.ndarray) -> Result | Exception:
        return self.run(unpacked(order, arrays))

    def receive(self, step: str, *values: Any) -> Any:
        """A step of `Receiver`; what it would raise is returned."""
        try:
            return getattr(self, step)(*values)
        except EditorError as known:
            return known.with_traceback(None)


_TALKS = (Worker.hear, Worker.cancel, Worker.forget, Worker.facts, Worker.state, _RayWorker.receive)
"""What a worker answers while a job runs."""


class _Objects:
    """Arrays that are in the cluster: what a turn left behind goes there with the first job that needs it alone."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._kept: OrderedDict[bytes, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, array: np.ndarray) -> Any:
        """The reference to it."""
        key = blake2b(
            repr((array.dtype.str, array.shape)).encode() + np.ascontiguousarray(array).data
        ).digest()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._ray.put(array), array.nbytes
            self._kept.move_to_end(key)
            found = self._kept[key][0]
            while sum(size for _, size in self._kept.values()) > _OBJECT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
            return found


class RayLine:
    """The line to one named actor."""

    def __init__(self, ray: Any, objects: _Objects, name: str) -> None:
        self.name = name
        self._ray = ray
        self._objects = objects
        self._lost = (ray.exceptions.RayError, ConnectionError, TimeoutError)
        with self._watched():
            self._actor = ray.get_actor(name)

    def start(self, order: Order) -> "Future[Result | Exception]":
        with self._watched():
            packed_order, arrays = packed(order)
            there = [self._objects.put(array) for array in arrays]
            return self._answer(self._actor.run_packed.remote(packed_order, *there))

    def hear(self, ticket: str, seconds: float, pause: float) -> "Future[Told]":
        with self._watched():
            return self._answer(self._actor.hear.remote(ticket, seconds, pause))

    def cancel(self, ticket: str) -> None:
        self._talk("cancel", ticket)

    def forget(self, ticket: str) -> None:
        with self._watched():
            self._actor.forget.remote(ticket)  # nobody waits for that

    def facts(self) -> WorkerFacts:
        return cast(WorkerFacts, self._talk("facts"))

    def state(self) -> WorkerState:
        return cast(WorkerState, self._talk("state"))

    def expect(self, parcel: Parcel) -> tuple[int, ...] | None:
        return cast("tuple[int, ...] | None", self._talk("receive", "expect", parcel))

    def take(self, key: str, number: int, place: int, piece: bytes) -> None:
        with self._watched():
            there = self._ray.put(piece)
        self._talk("receive", "take", key, number, place, there)

    def keep(self, key: str, digests: tuple[str, ...]) -> None:
        self._talk("receive", "keep", key, digests, seconds=CHECK_SECONDS)

    def _answer(self, asked: Any) -> "Future[Any]":
        """What a worker answers; whatever goes wrong on the way is a LineLost."""
        answer: Future[Any] = Future()
        answer.set_running_or_notify_cancel()

        def pass_on(done: "Future[Any]") -> None:
            if done.exception() is None:
                answer.set_result(done.result())
            else:
                answer.set_exception(LineLost(self.name))

        asked.future().add_done_callback(pass_on)
        return answer

    def _talk(self, method: str, *values: Any, seconds: float = ANSWER_SECONDS) -> Any:
        with self._watched():
            # not `get`, for which Ray's client opens a stream of its own each time: a fifth of the whole cost
            found = getattr(self._actor, method).remote(*values).future().result(seconds)
        if isinstance(found, EditorError):
            raise found
        return found

    @contextmanager
    def _watched(self) -> "Iterator[None]":
        """What Ray says about an actor that is gone, or a connection, is a LineLost."""
        try:
            yield
        except (*self._lost, ValueError) as error:
            raise LineLost(self.name) from error
        except Exception as error:
            if self._ray.is_initialized():
                raise
            raise LineLost(self.name) from error  # its client says so by an Exception without a kind


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


def use_loopback(alone: bool) -> None:
    """Whether Ray is to take 127.0.0.1 for what it is, and opens no port to other computers; else a cluster may have
    several, under macOS and Windows, too. Only before Ray is imported."""
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0" if alone else "1"


def _ray(token: str) -> Any:
    """The library, told to ask for a token and to tell nobody of its use. Raises RemoteError."""
    if not is_installed():
        raise RemoteError("Other computers are reached through Ray: pip install “palimpsest-editor[remote]”.")
    os.environ["RAY_AUTH_MODE"] = "token"
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = (
        "0"  # else what has lost its cluster goes on in any other it finds
    )
    os.environ.setdefault("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "10")  # seconds; then it is not there any more
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
    except Exception as error:
        if type(error) is not Exception:
            raise
        raise RemoteError("{address} cannot be reached.", address=address) from error  # see RayLine
