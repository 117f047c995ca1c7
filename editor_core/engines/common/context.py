"""What a run gets from the session: the model, the cache, and a way to be heard and stopped."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np
import torch

from cache import ActivationCache
from editor_core.backbones.backbone import Backbone
from editor_core.base.errors import EditorError
from editor_core.base.message import Message
from editor_core.messages.events import FoundMask, TurnResult
from editor_core.models.bundle import ModelBundle
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.samplers import sampler_called
from editor_core.sampling.schedule import NoiseSchedule

MOST_RECORDED = 3_000_000_000


def _none_beside(source: str) -> tuple[ModelBundle, Backbone]:
    raise RuntimeError("this context loads no other models")


@dataclass(eq=False)
class EngineContext:
    """One run's surroundings.

    progress: (stage, done, total). preview and region take uint8 arrays (h, w, 3) and (H, W); region, also the context
    window as `messages/events.py` has it. check_cancelled raises JobCancelled between steps.
    """

    bundle: ModelBundle
    backbone: Backbone
    """The bundle's network, as engines call it."""
    cache: ActivationCache
    progress: Callable[[str, int, int], None]
    preview: Callable[[np.ndarray], None]
    region: Callable[..., None]
    notice: Callable[[Message], None]
    check_cancelled: Callable[[], None]
    variant: Callable[[TurnResult], None] = lambda result: None
    """One of several results, but the last."""
    mask_found: Callable[[FoundMask], None] = lambda found: None
    model_beside: Callable[[str], tuple[ModelBundle, Backbone]] = _none_beside
    """Another model's folder or file to that model, loaded beside this one. Raises ModelError."""
    live_preview: bool = True
    batched: bool = True
    """Whether memory is thought to suffice for several rounds as one batch."""
    most_recorded: int = MOST_RECORDED
    """Bytes that a first turn leaves behind at most, where less precise records are as small."""
    packed: bool = False
    """Whether first turns are recorded in four bits a number (`RecordingMode.PACKED`)."""
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds per stage of the run, for its log."""

    @property
    def schedule(self) -> NoiseSchedule:
        return NoiseSchedule.from_config(self.bundle.schedule)

    def plan(self, sampler: str, steps: int, seed: int) -> list[TimeStep]:
        """The steps of a whole run, which draw their noise, if any, from its seed.

        Raises EditorError when there is no such sampler, or when it cannot take so many steps.
        """
        chosen = sampler_called(sampler)
        try:
            plan = chosen.plan(self.schedule, steps)
        except ValueError as error:
            raise EditorError(
                "{sampler} cannot take {steps} steps.", sampler=chosen.label, steps=steps
            ) from error
        return [replace(at, seed=seed) for at in plan]

    def tensor(self, array: np.ndarray) -> torch.Tensor:
        """A float32 copy of a stored array on the model's device."""
        return torch.tensor(array, dtype=torch.float32, device=self.bundle.device)

    def timed(self, stage: str) -> "_Stopwatch":
        """``with context.timed("painting"):`` adds the body's seconds to the log."""
        return _Stopwatch(self.stages, stage)


class _Stopwatch:
    def __init__(self, stages: dict[str, float], stage: str) -> None:
        self._stages, self._stage = stages, stage

    def __enter__(self) -> None:
        self._start = perf_counter()

    def __exit__(self, *_: Any) -> None:
        self._stages[self._stage] = round(self._stages.get(self._stage, 0) + perf_counter() - self._start, 3)
