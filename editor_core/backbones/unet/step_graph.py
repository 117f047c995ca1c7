"""A sparse step captured once and replayed, so that a graphics card does not wait for launches.

At a few per cent of a picture the step's thousand kernels are over sooner than a processor can launch them. A CUDA
graph launches them all at once, but with the memory it was captured with: so what changes from call to call, down to
the region's index plans, is first copied there. Regions of equal bucket sizes (`buckets.py`) so share one graph.

Nothing here but `CudaCapture` knows of CUDA: tests hand in a `Capture` of their own.
"""

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from weakref import WeakSet

import torch
from cachetools import LRUCache

from editor_core.backbones.rows import Emit, Read
from editor_core.backbones.unet.leaves import signature, tensors, with_tensors
from editor_core.backbones.unet.rows import TextKeys
from editor_core.backbones.unet.sparse import SparseStep
from editor_core.models.controlnet import ControlResiduals

log = logging.getLogger(__name__)

Run = Callable[[], list[torch.Tensor]]
Capture = Callable[[Run], Run]
"""Takes a function that reads and writes the same memory at each call; returns one that repeats it."""

MAX_GRAPHS = 4
"""Of one U-Net."""


class CudaCapture:
    """Captures CUDA graphs on one card.

    They share one pool of memory, so that many regions need hardly more of it than the largest: only one runs at a
    time, and what it leaves is copied before the next one does.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        with torch.cuda.device(device):
            self._stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        self._alive: WeakSet[torch.cuda.CUDAGraph] = WeakSet()

    def __call__(self, run: Run) -> Run:
        """Capture a graph. Raises RuntimeError where something in it cannot be captured."""
        here = torch.cuda.current_stream(self._device)
        graph = torch.cuda.CUDAGraph()
        pool = next((other.pool() for other in self._alive), None)
        with (
            torch.cuda.device(self._device),
            torch.cuda.stream(here),
        ):  # they come back even if the capture fails
            self._stream.wait_stream(here)
            with torch.cuda.stream(self._stream):
                run()  # the libraries choose their kernels
            here.wait_stream(self._stream)
            with torch.cuda.graph(
                graph, pool, self._stream, "thread_local"
            ):  # others go on copying meanwhile
                results = run()
        self._alive.add(graph)

        def replay() -> list[torch.Tensor]:
            graph.replay()
            return results

        return replay


@dataclass(frozen=True, eq=False)
class _Inputs:
    """All that a sparse step is given."""

    rows: torch.Tensor
    timestep: torch.Tensor
    text: TextKeys
    recorded: dict[str, torch.Tensor]
    features: tuple[torch.Tensor, ...]
    control: ControlResiduals | None

    @property
    def changing(self) -> list[torch.Tensor]:
        """What is another at every step."""
        return tensors((self.rows, self.timestep, self.recorded, self.features, self.control))


class _Captured:
    """A step bound to memory of its own, and the means to repeat it."""

    def __init__(self, step: SparseStep, inputs: _Inputs, emits: bool, capture: Capture) -> None:
        region = with_tensors(step.region, torch.clone)
        self._step = SparseStep(
            step.unet,
            region,
            step.keys,
            step.choice,
            step.thinned,
            step.fresh_norms,
            step.fused,
            step.as_kept,
        )
        self._inputs = with_tensors(inputs, torch.clone)
        self._told: TextKeys | None = inputs.text
        self._emits = emits
        self._emitted: list[tuple[str, torch.Tensor | None]] = []
        self._replay = capture(self._run)
        self._bound: SparseStep | None = None

    def __call__(self, step: SparseStep, inputs: _Inputs) -> list[torch.Tensor]:
        """Compute `step` for `inputs`: its output, then what it emits, in memory that the next call uses again."""
        if self._bound is not step:
            _copy(self._step.plans, step.plans)
            self._bound = step
        if self._told is not inputs.text:
            _copy(tensors(self._inputs.text), tensors(inputs.text))
            self._told = inputs.text
        _copy(self._inputs.changing, inputs.changing)
        return self._replay()

    def emitted(self, step: SparseStep) -> list[tuple[str, torch.Tensor | None]]:
        """Where each emitted tensor belongs, in terms of `step`'s plans."""
        theirs = {id(mine): other for mine, other in zip(self._step.plans, step.plans, strict=True)}
        return [(site, None if at is None else theirs[id(at)]) for site, at in self._emitted]

    def _run(self) -> list[torch.Tensor]:
        self._emitted.clear()
        fresh: list[torch.Tensor] = []

        def emit(site: str, positions: torch.Tensor | None, tensor: torch.Tensor) -> None:
            self._emitted.append((site, positions))
            fresh.append(tensor)

        inputs = self._inputs
        out = self._step(
            inputs.rows,
            inputs.timestep,
            inputs.text,
            lambda site, _: inputs.recorded[site],
            emit if self._emits else None,
            inputs.features,
            control=inputs.control,
        )
        return [out, *fresh]


class StepGraphs:
    """The captured steps of one U-Net: the few used last. What cannot be captured runs as it is."""

    def __init__(self, capture: Capture | None = None) -> None:
        """`capture` is CUDA's if none is given."""
        self._capture = capture
        self._weights: tuple[int, ...] = ()
        self._captured: LRUCache[Hashable, _Captured] = LRUCache(MAX_GRAPHS)
        self._refused: set[Hashable] = set()

    def __len__(self) -> int:
        return len(self._captured)

    def __call__(
        self,
        step: SparseStep,
        rows: torch.Tensor,
        timestep: float,
        text: TextKeys,
        read: Read,
        emit: Emit | None = None,
        features: Sequence[torch.Tensor] = (),
        control: ControlResiduals | None = None,
    ) -> torch.Tensor:
        """Do what `step` does when it is called with the rest, from a graph where there is or can be one."""
        if not len(step.region.active) or step.choice.dense_from == 0:
            return step(rows, timestep, text, read, emit, features, control=control)
        recorded = {site: read(site, positions) for site, positions in step.reads()}
        if (
            text.told.reference is not None
        ):  # rows and maps have its keys; its weights need no place in a graph
            text = replace(text, told=text.told.with_reference(None))
        at = torch.full((), timestep, dtype=torch.float32, device=rows.device)
        inputs = _Inputs(rows, at, text, recorded, tuple(features), control)
        captured = self._find(step, inputs, emit is not None)
        if captured is None:
            return step(rows, timestep, text, lambda site, _: recorded[site], emit, features, control=control)
        out, *fresh = _copies(captured(step, inputs))
        if emit is not None:
            for (site, positions), tensor in zip(captured.emitted(step), fresh, strict=True):
                emit(site, positions, tensor)
        return out

    def follow(self, unet: torch.nn.Module) -> None:
        """Forget what was captured of the U-Net if its weights lie elsewhere now: a graph would read where they lay."""
        weights = tuple(parameter.data_ptr() for parameter in unet.parameters())
        if weights != self._weights:
            self.clear()
            self._weights = weights

    def clear(self) -> None:
        """Give the graphs' memory back."""
        self._captured.clear()

    def _find(self, step: SparseStep, inputs: _Inputs, emits: bool) -> _Captured | None:
        key = (step.kind, signature(inputs), emits)
        if key in self._refused:
            return None
        found = self._captured.get(key)
        if found is None:
            self._capture = self._capture or CudaCapture(inputs.rows.device)
            try:
                found = self._captured[key] = _Captured(step, inputs, emits, self._capture)
            except RuntimeError as error:
                if "out of memory" in f"{error} {error.__context__}":
                    raise
                log.warning("A step could not be captured, so it runs uncaptured: %s", error)
                self._refused.add(key)
                return None
        return found


def _copy(into: Sequence[torch.Tensor], source: Sequence[torch.Tensor]) -> None:
    """Copy all with few launches, which torch can only where precisions are one and nothing is laid out anew."""
    alike: dict[Hashable, tuple[list[torch.Tensor], list[torch.Tensor]]] = {}
    for pair in zip(into, source, strict=True):
        kind = pair[0].dtype, pair[1].dtype, pair[0].stride() == pair[1].stride()
        for tensor, those in zip(pair, alike.setdefault(kind, ([], [])), strict=True):
            those.append(tensor)
    for places, values in alike.values():
        torch._foreach_copy_(places, values)


def _copies(of: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    copies = [torch.empty_like(each) for each in of]
    _copy(copies, of)
    return copies
