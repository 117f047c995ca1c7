"""A baseline's run on one turn."""

from time import perf_counter

import numpy as np

from editor_core.base.errors import RegionError, SizeError
from editor_core.baselines.registry import baseline
from editor_core.baselines.task import Task
from editor_core.engines.common.context import EngineContext
from editor_core.messages.events import BaselineResult
from editor_core.messages.requests import RunBaseline
from editor_core.pixels.drawing_aids import strokes_of


def run_baseline(request: RunBaseline, context: EngineContext) -> BaselineResult:
    """Run it. Raises EditorError for a method that there is not or that lacks something, and JobCancelled."""
    method, base = baseline(request.method), request.base
    if "trajectory" not in base.latents:
        raise SizeError(
            "This picture is larger than the model sees at once; methods are compared on smaller ones."
        )
    height, width = base.image.shape[:2]
    if request.mask is not None and request.mask.shape != (height, width):
        raise RegionError("The mask must be of the picture's size to compare methods.")
    nothing = np.zeros((height, width), np.uint8)
    task = Task(
        context,
        base,
        request.prompt,
        nothing + 255 if request.mask is None else (request.mask > 0).astype(np.uint8) * 255,
        nothing if request.sketch is None else strokes_of(request.sketch, height, width),
        request.instruction,
        request.models,
    )
    start = perf_counter()
    image = np.ascontiguousarray(method.edit(task))
    image.flags.writeable = False
    return BaselineResult(method.name, image, perf_counter() - start)
