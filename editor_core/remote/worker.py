"""The far end: one session, its mailboxes, and what there is to know of it. Plain Python; `cluster.py` makes it a Ray
actor, `process_session.py` a child process.

``run`` is called by one thread at a time, the others by any.
"""

import os
import platform
import socket
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

import psutil

from editor_core import __version__
from editor_core.base.errors import EditorError, JobCancelled
from editor_core.base.settings import Settings
from editor_core.messages.events import CacheInfo, TurnResult
from editor_core.messages.requests import Configure, LoadModel, PreviewPredictions, ReadCache, Request
from editor_core.models.available import available_models
from editor_core.remote.caches import with_host
from editor_core.remote.mailbox import Mailbox, Told
from editor_core.remote.models_here import WantedModel, found_here
from editor_core.remote.packing import pack_read_only_mappings
from editor_core.remote.parcels import Parcel
from editor_core.remote.receiving import Receiver
from editor_core.session.runner import Fault, Result, Runner

_OWN = ("model_folders", "device", "device_cache_mb", "ram_cache_mb", "disk_cache_mb", "cache_folder")
"""Settings that are each computer's own."""


@dataclass(frozen=True)
class Order:
    """A job on its way to a worker."""

    ticket: str
    """Its name, which no other job has."""
    request: Request
    model: WantedModel
    settings: Settings
    """Of whoever asks; what is each computer's own is not taken from it."""


@dataclass(frozen=True)
class WorkerFacts:
    """What a computer brings."""

    name: str
    host: str
    version: str
    """The program's."""
    python: str
    torch: str
    card: str
    """The graphics card's name; empty where the work is done by the processor."""
    memory_bytes: int
    """The card's, else the computer's."""
    models: tuple[str, ...]


@dataclass(frozen=True)
class WorkerState:
    """What a worker is doing."""

    version: str
    """The program's."""
    busy: bool
    spaces: frozenset[str]
    """Names of the cache spaces that it holds, as of its last job."""


def _open(settings: Settings) -> Runner:
    from editor_core.session.session import Session  # brings torch

    return Session(settings)


class Worker:
    def __init__(
        self, name: str, settings: Settings, open_session: Callable[[Settings], Runner] = _open
    ) -> None:
        """settings: this computer's own."""
        pack_read_only_mappings()
        self._name = name
        self._own = settings
        self._open = open_session
        self._session: Runner | None = None
        self._configured: Settings | None = None
        self._loaded: LoadModel | None = None
        self._mail: dict[str, Mailbox] = {}
        self._spaces: set[str] = set()
        self._lock = threading.Lock()
        self._busy = False
        self._receiver = Receiver(name)
        self._found: tuple[WantedModel, LoadModel] | None = None

    def run(self, order: Order) -> Result | Exception:
        """Do a job. What it would raise is returned: an EditorError, JobCancelled, or a Fault with its traceback."""
        box = self._box(order.ticket)
        self._busy = True
        box.begin()
        try:
            box.raise_if_cancelled()
            return self._run(order, box)
        except (EditorError, JobCancelled) as known:
            return known.with_traceback(None)
        except Exception:  # noqa: BLE001 the boundary between two processes: it reaches the one who asked
            return Fault(traceback.format_exc())
        finally:
            self._busy = False
            box.end()

    def hear(self, ticket: str, seconds: float, pause: float) -> Told:
        """What a job told since the last call: see `Mailbox.fetch`."""
        return self._box(ticket).fetch(seconds, pause)

    def cancel(self, ticket: str) -> None:
        """Stop a job at its next step, or before it begins."""
        self._box(ticket).cancel()

    def forget(self, ticket: str) -> None:
        """A job's mailbox is no longer needed."""
        with self._lock:
            self._mail.pop(ticket, None)

    def facts(self) -> WorkerFacts:
        import torch

        card, memory = "", psutil.virtual_memory().total
        if self._own.device != "cpu" and torch.cuda.is_available():
            card, (_, memory) = torch.cuda.get_device_name(), torch.cuda.mem_get_info()
        models = tuple(
            each.name for each in available_models(self._own.model_folders) if each.problem is None
        )
        return WorkerFacts(
            self._name,
            socket.gethostname(),
            __version__,
            platform.python_version(),
            torch.__version__,
            card,
            memory,
            models,
        )

    def state(self) -> WorkerState:
        return WorkerState(__version__, self._busy, frozenset(self._spaces))

    def expect(self, parcel: Parcel) -> tuple[int, ...] | None:
        """Get ready for a model that is sent: see `Receiver`."""
        return self._receiver.expect(parcel)

    def take(self, key: str, number: int, place: int, piece: bytes) -> None:
        self._receiver.take(key, number, place, piece)

    def keep(self, key: str, digests: tuple[str, ...]) -> None:
        self._receiver.keep(key, digests)

    def process_id(self) -> int:
        """Of the process that does the work."""
        return os.getpid()

    def close(self) -> None:
        """Write out what the cache holds."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _box(self, ticket: str) -> Mailbox:
        with self._lock:
            return self._mail.setdefault(ticket, Mailbox())

    def _run(self, order: Order, box: Mailbox) -> Result:
        settings = replace(order.settings, **{name: getattr(self._own, name) for name in _OWN})
        session = self._opened(settings, box)
        request = order.request
        if isinstance(request, Configure):
            request = Configure(settings)
        elif isinstance(request, PreviewPredictions):
            request = replace(request, source=self._found_here(order.model).source)
        elif not isinstance(request, ReadCache):
            if isinstance(request, LoadModel):
                self._found = None
            wanted = self._found_here(order.model)
            if isinstance(request, LoadModel):
                request, self._loaded = wanted, None
            elif wanted != self._loaded:
                session.run(0, wanted, box.put, box)
        result = session.run(0, request, box.put, box)
        if not isinstance(request, Configure | ReadCache | PreviewPredictions):
            self._loaded = replace(wanted, anew=False)
        self._note(result)
        return with_host(result) if isinstance(result, CacheInfo) else result

    def _found_here(self, model: WantedModel) -> LoadModel:
        """Where the model lies on this computer; looked for again with every `LoadModel`. Raises NotHere."""
        if self._found is None or self._found[0] != model:
            self._found = None
            self._found = model, found_here(model, self._own.model_folders, self._own.device)
        return self._found[1]

    def _opened(self, settings: Settings, box: Mailbox) -> Runner:
        if self._session is None:
            self._session = self._open(settings)
        elif settings != self._configured:
            self._session.run(0, Configure(settings), box.put, box)
        self._configured = settings
        return self._session

    def _note(self, result: Result) -> None:
        """Which turns' activations are here now."""
        if isinstance(result, TurnResult) and result.cache_space:
            self._spaces.add(result.cache_space)
        if isinstance(result, CacheInfo):
            self._spaces = {space.name for space in result.spaces}
