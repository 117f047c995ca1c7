"""How well a training run uses its machine: arithmetic done, against what plain matrix products reach there."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode


@cache
def matrix_speed(device: torch.device) -> float:
    """Floating-point operations per second of a product of square bfloat16 matrices, measured once a process.

    The best of five, or of fewer after a second: a processor without bfloat16 takes 2.5 s for one.
    """
    side = 8192 if device.type == "cuda" else 1024
    matrix = torch.randn(side, side, device=device, dtype=torch.bfloat16)
    times: list[float] = []
    while len(times) < 5 and sum(times) < 1:
        synchronise(device)
        start = time.perf_counter()
        matrix @ matrix
        synchronise(device)
        times.append(time.perf_counter() - start)
    return 2 * side**3 / min(times)


def synchronise(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


class Meter:
    """Steps, samples per second and the share of the peak since the last report."""

    def __init__(self, device: torch.device):
        self._device, self._peak = device, matrix_speed(device)
        self._work: dict[tuple[int, ...], int] = {}
        self._samples = self._done = self.steps = 0
        self._start = time.perf_counter()

    def step(self, shape: torch.Size, call: Callable[[], Any]) -> Any:
        """Run a training step on a batch of this shape; the first of each shape is counted."""
        if tuple(shape) not in self._work:
            with FlopCounterMode(display=False) as counter:
                result = call()
            self._work[tuple(shape)] = counter.get_total_flops()
        else:
            result = call()
        self.steps += 1
        self._samples += shape[0]
        self._done += self._work[tuple(shape)]
        return result

    def report(self) -> str:
        """What was reached since the last report."""
        synchronise(self._device)
        seconds = time.perf_counter() - self._start
        share = 100 * self._done / seconds / self._peak
        line = f"{self._samples / seconds:.1f} samples/s  {share:.1f} % of peak"
        self._samples = self._done = self.steps = 0
        self._start = time.perf_counter()
        return line
