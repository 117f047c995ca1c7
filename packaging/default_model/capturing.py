"""A training step captured as a CUDA graph: replayed, so that no time is lost launching thousands of small kernels."""

from collections.abc import Callable

import torch
from torch import Tensor

from replay import Samples

WARM_UP = 3
"""Ordinary steps before the capture, aside: libraries choose their kernels, optimisers make their state."""


class Captured:
    """A step on batches of a few shapes: ordinary at first, captured after that, one graph for each shape.

    The step must not wait for the device, and must keep what outlives it (weights, averages, states) in place. Where
    a capture fails, a line says so and all steps are ordinary ones.
    """

    def __init__(self, step: Callable[[Samples], Tensor], enabled: bool):
        self._step, self._enabled = step, enabled
        self._seen: dict[tuple[torch.Size, ...], int] = {}
        self._graphs: dict[tuple[torch.Size, ...], tuple[torch.cuda.CUDAGraph, Samples, Tensor]] = {}
        self._pool: tuple[int, int] | None = None

    def __call__(self, batch: Samples) -> Tensor:
        """Run the step on a batch; what is returned is overwritten by the next call."""
        if not self._enabled:
            return self._step(batch)
        shapes = tuple(part.shape for part in batch.values())
        self._seen[shapes] = self._seen.get(shapes, 0) + 1
        if self._seen[shapes] <= WARM_UP:
            return self._aside(batch)
        if shapes not in self._graphs:
            try:
                self._graphs[shapes] = self._capture(batch)
            except RuntimeError as error:
                print(f"The step cannot be captured and stays an ordinary one: {error}", flush=True)
                self._enabled = False
                torch.cuda.synchronize()
                return self._step(batch)
        graph, inputs, output = self._graphs[shapes]
        for name, part in batch.items():
            inputs[name].copy_(part)
        graph.replay()
        return output

    def _aside(self, batch: Samples) -> Tensor:
        """An ordinary step on a side stream."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            output = self._step(batch)
        torch.cuda.current_stream().wait_stream(stream)
        return output

    def _capture(self, batch: Samples) -> tuple[torch.cuda.CUDAGraph, Samples, Tensor]:
        inputs = {name: part.clone() for name, part in batch.items()}
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool):
            output = self._step(inputs)
        self._pool = graph.pool()
        return graph, inputs, output


class Pace:
    """Keeps the host at most so many steps ahead of the device, so that time limits mean what they say."""

    def __init__(self, device: torch.device, ahead: int = 4):
        self._device, self._ahead = device, ahead
        self._events: list[torch.cuda.Event] = []

    def step(self) -> None:
        """Mark a step; waits for the one that lies so many steps back."""
        if self._device.type != "cuda":
            return
        event = torch.cuda.Event()
        event.record()
        self._events.append(event)
        if len(self._events) > self._ahead:
            self._events.pop(0).synchronize()
