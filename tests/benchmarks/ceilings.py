"""What a device can do at most, bytes and products, and how a call on a graphics card compares with that."""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch

LARGE_COPY, LARGE_SIDE = 2**31, 8192
"""Bytes copied and the matrices' side on a card, which they fill; a processor gets a small share of them."""


def shortest(call: Callable[[], object], device: str, rounds: int = 5) -> float:
    """Seconds of the shortest of a few calls, after one that warms up."""
    times = []
    for _ in range(rounds + 1):
        wait(device)
        start = time.perf_counter()
        call()
        wait(device)
        times.append(time.perf_counter() - start)
    return min(times[1:])


def wait(device: str) -> None:
    """Until the card has done everything."""
    if device == "cuda":
        torch.cuda.synchronize()


def bytes_per_second(device: str) -> float:
    """Of a copy within the device, bytes read and written both counted."""
    nbytes = LARGE_COPY if device == "cuda" else LARGE_COPY >> 9
    source = torch.randint(0, 255, (nbytes,), dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2 * nbytes / shortest(lambda: target.copy_(source), device)


def operations_per_second(device: str, dtype: torch.dtype) -> float:
    """Of a product of square matrices of random numbers; a multiply-add counts as two."""
    side = LARGE_SIDE if device == "cuda" else LARGE_SIDE >> 5
    a, b = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    return 2 * side**3 / shortest(lambda: a @ b, device)


@dataclass(frozen=True)
class Ceilings:
    """A device's rates."""

    bytes_per_second: float
    operations_per_second: float

    def floor(self, nbytes: float, operations: float) -> float:
        """Seconds below which no call can be that moves so many bytes and does so many operations."""
        return max(nbytes / self.bytes_per_second, operations / self.operations_per_second)


@cache
def ceilings(device: str, dtype: torch.dtype) -> Ceilings:
    """Measured once."""
    return Ceilings(bytes_per_second(device), operations_per_second(device, dtype))


def captured(call: Callable[[], torch.Tensor], device: str) -> Callable[[], torch.Tensor]:
    """The call as a CUDA graph, to be replayed in inference mode: so a rival need not wait for launches either.

    On a processor the call itself.
    """
    if device != "cuda":
        return call
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream), torch.inference_mode():
        for _ in range(2):
            call()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.inference_mode(), torch.cuda.graph(graph):
        result = call()

    def replay() -> torch.Tensor:
        graph.replay()
        return result

    return replay


@dataclass(frozen=True)
class Kernel:
    """A kernel or copy on the card, or an operator on a processor: how often, and how long in all."""

    name: str
    count: int
    microseconds: float


def kernels(call: Callable[[], object], device: str) -> list[Kernel]:
    """What a call launches on the card, the costliest first; on a processor, the operators it calls."""
    activities = [torch.profiler.ProfilerActivity.CPU]
    kind = torch.autograd.DeviceType.CPU
    if device == "cuda":
        activities.append(torch.profiler.ProfilerActivity.CUDA)
        kind = torch.autograd.DeviceType.CUDA
    with torch.inference_mode():
        call()
        wait(device)
        with torch.profiler.profile(activities=activities) as profile:
            call()
            wait(device)
    taken: dict[str, list[float]] = {}
    for event in profile.events():
        if event.device_type == kind:
            taken.setdefault(event.name, []).append(event.time_range.elapsed_us())
    found = [Kernel(name, len(each), sum(each)) for name, each in taken.items()]
    return sorted(found, key=lambda kernel: -kernel.microseconds)


def waits(call: Callable[[], object], device: str) -> int:
    """How often a call makes the processor wait for the card."""
    if device != "cuda":
        return 0
    torch.cuda.set_sync_debug_mode("warn")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    return sum("synchroniz" in str(warning.message) for warning in caught)
