"""Captured graphs: kernels noted while they are launched, and repeated on the same memory."""

import warnings
import weakref
from dataclasses import dataclass
from typing import Any

import torch

from support.pretend_card.arguments import mapped, tensors
from support.pretend_card.memory import POISON, Allocation, Pool, unseen
from support.pretend_card.streams import Stream, active

REFUSED = "CUDA error: operation not permitted when stream is capturing"


@dataclass
class Kernel:
    """One call of an operator, on plain tensors over the memory that it had; `fresh` are its own outputs."""

    func: Any
    args: Any
    kwargs: Any
    fresh: list[torch.Tensor]

    def __call__(self) -> None:
        with unseen():
            outputs = self.func(*self.args, **self.kwargs)
            for into, output in zip(self.fresh, tensors(outputs), strict=False):
                into.copy_(output)


class Recording:
    """What one stream is captured into."""

    def __init__(self, stream: Stream, pool: Pool, thread: int) -> None:
        self.stream, self.pool, self.thread = stream, pool, thread
        self.kernels: list[Kernel] = []
        self.failed = False
        self.uses: dict[int, tuple[weakref.ref, bool, str]] = {}
        """Memory from outside of the capture: whether the graph writes it, and what uses it."""
        self.own: list[weakref.ref] = []

    def refuse(self) -> None:
        self.failed = True
        raise RuntimeError(REFUSED)

    def note(self, kernel: Kernel, allocations: list[tuple[Allocation, bool]]) -> None:
        self.kernels.append(kernel)
        for allocation, writes in allocations:
            if allocation.recording is not self:
                _, before, _ = self.uses.get(id(allocation), (None, False, ""))
                name = str(kernel.func)
                self.uses[id(allocation)] = weakref.ref(allocation), writes or before, name


class CUDAGraph:
    """Stands in for torch.cuda.CUDAGraph, whose captures torch.cuda.graph makes."""

    def __init__(self, keep_graph: bool = False) -> None:
        self._recording: Recording | None = None
        self._pool: Pool | None = None
        active().graphs.add(self)

    def capture_begin(self, pool=None, capture_error_mode: str = "global", **_: Any) -> None:
        machine = active()
        with machine.lock:
            stream = machine.current_stream()
            if stream is machine.default_streams[stream.device.index]:
                raise RuntimeError("CUDA graphs must be captured on a non-default stream.")
            self._pool = machine.pool(pool, stream.device.index)
            stream.drain()
            self._recording = stream.capture = Recording(stream, self._pool, machine.thread)
            machine.captures_of_thread.setdefault(machine.thread, []).append(self._recording)

    def capture_end(self) -> None:
        machine, recording = active(), self._recording
        assert recording is not None
        with machine.lock:
            recording.stream.capture = None
            machine.captures_of_thread[recording.thread].remove(recording)
            if recording.failed or machine.current_stream() is not recording.stream:
                self._recording = self._pool = None
                raise RuntimeError("CUDA error: operation failed due to a previous error during capture")
            for reference in recording.own:
                if (allocation := reference()) is not None:
                    with unseen():
                        allocation.bytes.fill_(POISON)  # nothing was computed yet
        if not recording.kernels:
            warnings.warn("The CUDA Graph is empty: captured on another device or stream?", stacklevel=2)

    def replay(self) -> None:
        machine, recording = active(), self._recording
        assert recording is not None, "replayed before it was captured"
        with machine.lock, torch.inference_mode(False), torch.no_grad():
            stream = machine.current_stream(recording.stream.device)
            stream.drain()
            stream.launch()
            for reference, writes, what in recording.uses.values():
                allocation = reference()
                if allocation is None:
                    machine.hazards.append(f"{what} in a captured graph uses memory that was freed")
                else:
                    allocation.touch(stream, f"a captured {what}", writes)
            for reference in recording.own:
                if (allocation := reference()) is not None:
                    allocation.touch(stream, "a captured graph", True)
            for kernel in recording.kernels:
                kernel()

    def pool(self):
        assert self._pool is not None
        return self._pool.handle

    def reset(self) -> None:
        self._recording = self._pool = None


def graph_pool_handle():
    """A handle for a pool that no graph uses yet."""
    return (0, object())


def frozen(value: Any, plain) -> Any:
    """Arguments as a graph keeps them: a card's tensors by address, the processor's by value."""

    def freeze(leaf: torch.Tensor) -> torch.Tensor:
        return plain(leaf) if hasattr(leaf, "allocation") else leaf.clone()

    return mapped(value, freeze)
