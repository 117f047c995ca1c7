"""Graphics cards on a machine without one: processor tensors that call themselves "cuda:0" and "cuda:1".

A processor forgives what a card does not. A pretend card does not forgive either:
- tensors of two devices do not mix, and numpy sees none of a card's;
- copies to and from page-locked memory run as late as a real card's may, when somebody waits for them or works on;
- a stream that touches what another one wrote or reads, without having waited for it, is a `hazard`, and so is memory
  that is freed while another stream still uses it; what is freed is overwritten;
- memory is counted, and can be full;
- a captured graph repeats kernels on the memory that it was captured with, computes nothing while it is captured, and
  refuses what would make the host wait.

What it computes is what the processor computes, so results can be compared bit by bit. Times mean nothing on it.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from unittest import mock

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from support.pretend_card import graphs, streams
from support.pretend_card.memory import Allocation, Memory, Pool
from support.pretend_card.streams import Stream
from support.pretend_card.tensors import CardTensor, dispatch


class Machine:
    """So many cards, each with so many bytes."""

    def __init__(self, cards: int, capacity: int, capability: tuple[int, int]) -> None:
        self.lock = threading.RLock()
        self.memory = [Memory(capacity) for _ in range(cards)]
        self.capability = capability
        self.hazards: list[str] = []
        """What would go wrong on a real card, sooner or later."""
        self.waits_of_host = 0
        """How often the host waited for a card."""
        self.streams: list[Stream] = []
        self.default_streams: list[Stream] = []
        self.host_seen: dict[Stream, int] = {}
        self.captures_of_thread: dict[int, list[graphs.Recording]] = {}
        self.graphs: weakref.WeakSet[graphs.CUDAGraph] = weakref.WeakSet()
        self._numbers = count()
        self._local = threading.local()
        self._page_locked: dict[int, torch.Tensor] = {}

    def start(self) -> None:
        self.default_streams = [
            self.new_stream(torch.device("cuda", index), name="the default stream")
            for index in range(len(self.memory))
        ]

    def next_number(self) -> int:
        return next(self._numbers)

    def new_stream(self, device: streams.Device = None, priority: int = 0, name: str = "") -> Stream:
        stream = Stream(device, priority, name)
        self.streams.append(stream)
        return stream

    @property
    def thread(self) -> int:
        return threading.get_ident()

    @property
    def here(self) -> Any:
        """What is current on this thread."""
        if not hasattr(self._local, "device"):
            self._local.device, self._local.streams = 0, {}
            self._local.assigns_number, self._local.waits = False, 0
        return self._local

    @property
    def waits_of_this_thread(self) -> int:
        return self.here.waits

    def numbered(self, device: streams.Device) -> torch.device:
        """A device with its number; None is the current card."""
        if device is None:
            return torch.device("cuda", self.here.device)
        found = torch.device("cuda", device) if isinstance(device, int) else torch.device(device)
        if found.type == "cuda" and found.index is None:
            found = torch.device("cuda", self.here.device)
        if found.type == "cuda" and found.index >= len(self.memory):
            raise RuntimeError("CUDA error: invalid device ordinal")
        return found

    def current_stream(self, device: streams.Device = None) -> Stream:
        index = self.numbered(device).index
        return self.here.streams.get(index, self.default_streams[index])

    def host_waits(self) -> None:
        """The host is about to wait for a card; no thread may that is capturing."""
        for recording in self.captures_of_thread.get(self.thread, ()):
            recording.refuse()
        self.waits_of_host += 1
        self.here.waits += 1

    def allocate(self, tensor: torch.Tensor, stream: Stream) -> Allocation:
        allocation = Allocation(self, tensor, stream)
        if stream.capture is not None:
            stream.capture.own.append(weakref.ref(allocation))
        return allocation

    def pool(self, handle: Any, device: int) -> Pool:
        """The pool of graphs that are alive, by its handle, or a new one."""
        for graph in self.graphs:
            if handle is not None and graph._pool is not None and graph._pool.handle == handle:
                return graph._pool
        return Pool(self.memory[device])

    def page_lock(self, tensor: torch.Tensor) -> torch.Tensor:
        self._page_locked[tensor.untyped_storage().data_ptr()] = (
            tensor  # kept, so that no other takes its place
        )
        return tensor

    def is_page_locked(self, tensor: torch.Tensor) -> bool:
        return tensor.untyped_storage().data_ptr() in self._page_locked

    def settle(self) -> None:
        """Let all that is queued happen."""
        with self.lock:
            for stream in self.streams:
                stream.drain()


class _Operators(TorchDispatchMode):
    """Sees operators that make tensors out of nothing, too."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # no compiler comes near, and making sure of it would import one, for seconds

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return dispatch(func, args, kwargs or {})


_NAMES_A_DEVICE = {str, torch.device}


class _Devices(TorchFunctionMode):
    """Gives "cuda" its number, which torch would ask a driver for, and refuses what only a card's kernel would."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func is torch.device:
            return func(*args, **kwargs)
        if not _NAMES_A_DEVICE.isdisjoint(map(type, args)) or (
            kwargs and not _NAMES_A_DEVICE.isdisjoint(map(type, kwargs.values()))
        ):
            args = tuple(_numbered(arg) for arg in args)
            kwargs = {name: _numbered(value) for name, value in kwargs.items()}
        if func is torch.tensor and _is_card(kwargs.get("device")):
            device = kwargs.pop("device")
            return func(*args, **kwargs).to(device)
        if func is torch.Tensor.to and any(isinstance(arg, CardTensor) for arg in args[1:2]):
            return func(args[0], args[1].device, args[1].dtype, *args[2:], **kwargs)
        if (
            func is torch.native_group_norm
            and isinstance(args[0], CardTensor)
            and not args[0].is_contiguous()
        ):
            raise RuntimeError("Expected X.is_contiguous(memory_format) to be true, but got false.")
        if func is torch.nn.functional.group_norm and isinstance(args[0], CardTensor):
            args = args[0].contiguous(), *args[1:]  # as torch does for a card
        if func is torch.Tensor.cuda:
            return args[0].to(args[1] if len(args) > 1 else kwargs.get("device") or _numbered("cuda"))
        if func is torch.Tensor.__setitem__ and isinstance(args[2], int | float | bool):
            here = streams.active().here
            here.assigns_number = True
            try:
                return func(*args, **kwargs)
            finally:
                here.assigns_number = False
        return func(*args, **kwargs)


def _numbered(value: Any) -> Any:
    bare = isinstance(value, torch.device) and value.type == "cuda" and value.index is None
    return (
        streams.active().numbered("cuda") if bare or (isinstance(value, str) and value == "cuda") else value
    )


def _is_card(device: Any) -> bool:
    return device is not None and torch.device(device).type == "cuda"


@contextmanager
def _modes() -> Iterator[None]:
    with _Devices(), _Operators():
        yield


@contextmanager
def pretend_cards(
    cards: int = 2, capacity: int = 2 << 30, capability: tuple[int, int] = (9, 0)
) -> Iterator[Machine]:
    """In the body, on all its threads, this machine has so many cards with so many bytes each.

    A hazard that nobody took out of `hazards` fails the body in the end.
    """
    machine = Machine(cards, capacity, capability)
    run = threading.Thread.run

    def run_with_cards(thread: threading.Thread) -> None:
        with _modes():
            run(thread)

    with ExitStack() as stack:
        streams.use(machine)
        stack.callback(streams.use, None)
        machine.start()
        for owner, name, value in _answers(machine):
            stack.enter_context(mock.patch.object(owner, name, value, create=True))
        overwrites = torch.__future__.get_overwrite_module_params_on_conversion()
        torch.__future__.set_overwrite_module_params_on_conversion(True)
        stack.callback(torch.__future__.set_overwrite_module_params_on_conversion, overwrites)
        stack.enter_context(mock.patch.object(threading.Thread, "run", run_with_cards))
        stack.enter_context(_modes())
        yield machine
        machine.settle()
        assert not machine.hazards, "\n".join(dict.fromkeys(machine.hazards))


def _answers(machine: Machine) -> list[tuple[Any, str, Any]]:
    """What stands in for what."""

    def memory(device: streams.Device = None) -> Memory:
        return machine.memory[machine.numbered(device).index]

    def empty_cache() -> None:
        for each in machine.memory:
            each.empty()

    def set_device(device: streams.Device) -> None:
        machine.here.device = machine.numbered(device).index

    cuda = {
        "is_available": lambda: True,
        "is_initialized": lambda: True,
        "device_count": lambda: len(machine.memory),
        "current_device": lambda: machine.here.device,
        "set_device": set_device,
        "device": streams.device,
        "get_device_capability": lambda device=None: machine.capability,
        "get_device_name": lambda device=None: "Pretend card",
        "is_bf16_supported": lambda *_: machine.capability >= (8, 0),
        "mem_get_info": lambda device=None: (memory(device).free, memory(device).capacity),
        "memory_allocated": lambda device=None: memory(device).used,
        "memory_reserved": lambda device=None: memory(device).reserved,
        "max_memory_allocated": lambda device=None: memory(device).peak,
        "empty_cache": empty_cache,
        "synchronize": streams.synchronize,
        "Stream": machine.new_stream,
        "Event": streams.Event,
        "stream": streams.stream,
        "current_stream": streams.current_stream,
        "default_stream": lambda device=None: machine.default_streams[machine.numbered(device).index],
        "is_current_stream_capturing": lambda: machine.current_stream().capture is not None,
        "CUDAGraph": graphs.CUDAGraph,
        "graph_pool_handle": graphs.graph_pool_handle,
        "get_rng_state": lambda device="cuda": torch.zeros(16, dtype=torch.uint8),
        "set_rng_state": lambda state, device="cuda": None,
        "_lazy_init": lambda: None,
    }
    return [
        *((torch.cuda, name, value) for name, value in cuda.items()),
        (torch._C, "_host_emptyCache", lambda: None),
        (torch.cuda.graph, "default_capture_stream", None),
    ]
