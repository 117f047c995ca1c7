"""A session whose work is done by workers elsewhere; to its caller it is like any other.

A job goes to the worker that holds the activations it needs, else to one that is free; any other recomputes them and
gives the same picture. A worker that dies costs nothing: its job is put back once and done by another, or by the same
after it was started anew, and what was told already is not told twice.
"""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import replace

from editor_core import __version__
from editor_core.base.errors import RemoteError
from editor_core.base.message import Message
from editor_core.base.settings import Settings
from editor_core.messages.events import CacheInfo, Notice, Placed, TurnResult
from editor_core.messages.requests import (
    Configure,
    Edit,
    FindMask,
    Generate,
    LoadModel,
    OpenPicture,
    PreviewPredictions,
    ReadCache,
    Request,
    RunBaseline,
    Upscale,
)
from editor_core.remote.caches import together
from editor_core.remote.line import (
    CountingVariants,
    Line,
    LineLost,
    follow,
    new_ticket,
    without_first_variants,
)
from editor_core.remote.models_here import NotHere, WantedModel, wanted_elsewhere
from editor_core.remote.packing import pack_read_only_mappings
from editor_core.remote.sending import send
from editor_core.remote.worker import Order, WorkerState
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Emit, Result

TRIES = 2
"""A job that ended two workers is not given to a third."""
RETURN_SECONDS = 60.0
"""How long a job that lost its worker waits for one: the worker, or the head of the cluster, may be on its way back."""
SILENT_SECONDS = 1.0
"""A worker that does not say for so long what it is doing is not asked for work, where another one is there."""
_AGAIN_SECONDS = 0.5
_NOBODY = Message("No computer is there to do the work; start one with “palimpsest worker”.")


class RemoteSession:
    """May be used by several threads: each job is on a worker of its own as long as there are enough."""

    def __init__(self, settings: Settings, lines: Callable[[], Sequence[Line]]) -> None:
        """lines: the workers there are now."""
        pack_read_only_mappings()
        self._settings = settings
        self._lines = lines
        self._model = WantedModel(LoadModel.chosen(settings))
        self._is_known = False  # whether the model's fingerprint was looked for
        self._made: dict[str, str] = {}  # cache space to the name of the worker that holds it
        self._running: Counter[str] = Counter()  # jobs of ours by worker
        self._lock = threading.Lock()
        self.at_once = 1
        """How many workers there were when a job was last given away."""

    def close(self) -> None:
        """The workers stay as they are, for others and for the next time."""

    def __enter__(self) -> "RemoteSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, job: int, request: Request, emit: Emit, cancel: CancelToken | None = None) -> Result:
        """As `Session.run`. Raises RemoteError where no worker can be reached or two died of the job."""
        cancel = cancel or CancelToken()
        self._remember(request)
        if isinstance(request, ReadCache):
            return self._read_caches(job, request, emit, cancel)
        if not self._is_known:
            self._model, self._is_known = wanted_elsewhere(self._model.load, cancel), True
        result = self._run(job, _with_seed(request), emit, cancel)
        if isinstance(request, LoadModel):
            self._model = replace(self._model, load=replace(request, anew=False))
        return result

    def _remember(self, request: Request) -> None:
        if isinstance(request, LoadModel):
            self._model, self._is_known = WantedModel(request), False
        if isinstance(request, Configure):
            self._settings = request.settings

    def _run(self, job: int, request: Request, emit: Emit, cancel: CancelToken) -> Result:
        lost: list[str] = []
        told = CountingVariants(emit)
        while True:
            with self._taken(request, lost, cancel) as line:
                emit(Placed(job, line.name))
                heard = without_first_variants(told, told.count) if lost else told
                try:
                    result = self._done_by(line, request, job, heard, cancel)
                except LineLost as error:
                    cancel.raise_if_cancelled()
                    lost.append(line.name)
                    self._forget(line.name)
                    if len(lost) == TRIES:
                        raise RemoteError(
                            "The work was given up: {names} stopped while doing it. Your picture is unchanged.",
                            names=" and ".join(dict.fromkeys(lost)),
                        ) from error
                    emit(Notice(job, Message("{name} stopped; the work was begun again.", name=line.name)))
                    continue
            if isinstance(result, TurnResult) and result.cache_space:
                with self._lock:
                    self._made[result.cache_space] = line.name
            return result

    def _done_by(self, line: Line, request: Request, job: int, emit: Emit, cancel: CancelToken) -> Result:
        """Have a worker do it; what it lacks for that is sent to it. Raises LineLost and what the job raises."""
        sent: set[str] = set()
        model = self._model
        if isinstance(request, PreviewPredictions):
            model = wanted_elsewhere(LoadModel(request.source), cancel)
        while True:
            try:
                return follow(line, self._order(request, model), job, emit, cancel)
            except NotHere as missing:
                sendable = model.sendable(missing.key)
                if sendable is None or missing.key in sent:
                    raise
                send(line, sendable, job, emit, cancel)
                sent.add(missing.key)

    def _order(self, request: Request, model: WantedModel) -> Order:
        return Order(new_ticket(), request, model, self._settings)

    @contextmanager
    def _taken(self, request: Request, lost: Sequence[str], cancel: CancelToken) -> Iterator[Line]:
        """The worker for a job, ours until its end. Raises RemoteError."""
        lines, states = self._answering(lost, cancel)
        self.at_once = len(lines)
        lines = [line for line in lines if line.name not in lost and states[line.name]] or lines
        spaces = _spaces(request)
        with self._lock:
            line = min(lines, key=lambda each: self._distance(each.name, states.get(each.name), spaces))
            self._running[line.name] += 1
        try:
            yield line
        finally:
            with self._lock:
                self._running[line.name] -= 1

    def _answering(
        self, lost: Sequence[str], cancel: CancelToken
    ) -> tuple[list[Line], dict[str, WorkerState | None]]:
        """The workers, and what each is doing. Raises RemoteError, after a loss only where none is back in a while."""
        given_up = time.monotonic() + RETURN_SECONDS
        while True:
            lines: Sequence[Line] = ()
            problem = RemoteError.of(_NOBODY)
            try:
                lines = self._lines()
                states = _states(lines)
                if any(states.values()):
                    return list(lines), states
            except RemoteError as error:
                problem = error
            cancel.raise_if_cancelled()
            if time.monotonic() > given_up or not (lost or lines):
                raise problem
            cancel.wait(_AGAIN_SECONDS)

    def _distance(
        self, name: str, state: WorkerState | None, spaces: Sequence[str]
    ) -> tuple[bool, bool, int, int]:
        """The nearest worker does a job: one that answers; that is free; that holds the activations it begins with, or
        those of the fewest turns before; that has the fewest jobs of ours."""
        ours = self._running[name]
        held = state.spaces if state is not None else frozenset()
        turns = next(
            (number for number, space in enumerate(spaces) if space in held or self._made.get(space) == name),
            len(spaces),
        )
        return state is None, ours > 0 or (state is not None and state.busy), turns, ours

    def _forget(self, name: str) -> None:
        with self._lock:
            self._made = {space: other for space, other in self._made.items() if other != name}

    def _read_caches(self, job: int, request: ReadCache, emit: Emit, cancel: CancelToken) -> CacheInfo:
        """What all workers hold together."""
        found: list[CacheInfo] = []
        for line in self._lines():
            with suppress(LineLost):
                info = follow(line, self._order(request, self._model), job, emit, cancel)
                assert isinstance(info, CacheInfo)
                found.append(info)
                with self._lock:
                    self._made |= {space.name: line.name for space in info.spaces}
        if not found:
            raise RemoteError.of(_NOBODY)
        return together(found)


def _spaces(request: Request) -> list[str]:
    """Where the activations lie that a job reads, the most needed first."""
    if isinstance(request, Edit | OpenPicture):
        bases = request.lineage[::-1]
    elif isinstance(request, RunBaseline | FindMask | Upscale) and request.base is not None:
        bases = (request.base,)
    else:
        bases = ()
    return [base.cache_space for base in bases if base.cache_space]


def _states(lines: Sequence[Line]) -> dict[str, WorkerState | None]:
    """What each is doing; None for those that are gone, or silent while others have answered."""
    if len(lines) < 2:
        return {line.name: _state(line) for line in lines}
    asking = ThreadPoolExecutor(len(lines), thread_name_prefix="state")
    asked = {line.name: asking.submit(_state, line) for line in lines}
    asking.shutdown(wait=False)
    if not any(each.result() for each in wait(asked.values(), SILENT_SECONDS).done):
        wait(asked.values())
    return {name: each.result() if each.done() else None for name, each in asked.items()}


def _state(line: Line) -> WorkerState | None:
    """None, too, for one that joined later with another version of this program."""
    try:
        state = line.state()
    except LineLost:
        return None
    return state if state.version == __version__ else None


def _with_seed(request: Request) -> Request:
    """With its seed drawn here, so that a job which is done again gives the same picture."""
    if isinstance(request, Generate | OpenPicture) and request.sampling.seed is None:
        return replace(request, sampling=replace(request.sampling, seed=secrets.randbelow(2**31)))
    return request
