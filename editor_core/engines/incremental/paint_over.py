"""What was painted on a turn gets a trajectory, and the rest keeps its own.

Strokes, moved layers, pasted pictures change pixels without a model. Only a window around them goes through the
encoder, and only their rows are inverted (`sampling/inversion.py`), from the activations of the turn they were
painted on, whose latents stay as they are everywhere else. So an edit after painting is as incremental as any other.

The rows the turn itself leaves behind are not those of the inversion, which looks at each step's neighbour; they are
computed when first asked for, as those of any turn that were lost (`RecordedLineage`).
"""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import torch
from torch.nn import functional

from editor_core.backbones.rows import DEFAULT_SPARSITY
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.encoding import encode_region
from editor_core.engines.common.result import finished
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.activations import (
    ActivationsMissing,
    IncrementalDenoiser,
    RecordedLineage,
)
from editor_core.engines.incremental.delta_chain import NO_ROOM, why_whole
from editor_core.engines.incremental.recording_budget import fit_budget
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, OpenPicture
from editor_core.messages.run import RecordingMode, RunRecord, RunSpec
from editor_core.models.latents import mask_to_latent, pad_to_grid
from editor_core.sampling.ddim import DDIM
from editor_core.sampling.guidance import Guidance
from editor_core.sampling.inversion import inverted_plan
from editor_core.sampling.positions import rows_of, with_rows
from editor_core.sampling.sampler import Prediction, TimeStep, run


def paint_over(request: OpenPicture, context: EngineContext) -> TurnResult | None:
    """Invert what differs from the last turn of the request's lineage; None where that would save nothing.

    Raises JobCancelled between steps.
    """
    base = request.lineage[-1]
    changed = (request.image != base.image).any(2)
    path = context.tensor(base.latents["trajectory"])
    kept = fit_budget(context, path, base.steps, halves=1, lineage=request.lineage)
    if kept is RecordingMode.NOTHING or not changed.any() or context.bundle.capabilities.inpainting:
        return None
    region = _region(changed, base, context)
    recorded = RecordedLineage(context, request.lineage, kept)
    words = base.prompt, base.negative, Guidance(1.0)
    sparsity = DEFAULT_SPARSITY.on(context.bundle.device)
    denoise = IncrementalDenoiser(context, recorded, region, *words, (), sparsity)
    if denoise.saves_nothing:
        return None
    with context.timed("inverting"):
        path[-1:] = encode_region(context, request.image, region, path[-1:])
        try:
            _invert(context, denoise, context.plan(base.sampler, base.steps, base.seed), path)
        except ActivationsMissing:
            context.notice(why_whole(context.cache, recorded.chain) or NO_ROOM)
            return None
    spec = _spec(context, request, region)
    return finished(
        context,
        spec,
        image=np.array(request.image),
        mask=changed.astype(np.uint8) * 255,
        trajectory=path,
        region=region.numpy(),
        space=keys.run_space(spec, context.bundle),
        parameters={},
        record=RunRecord(
            recording=kept,
            guidance_every=base.record.guidance_every,
            sparsity=asdict(sparsity),
            levels=tuple(denoise.levels),
        ),
        log={
            "kept": kept,
            "sparsity": asdict(sparsity),
            "levels": denoise.levels,
            "region_share": round(float(region.float().mean()), 4),
            "steps_recomputed": len(recorded.recomputed),
        },
    )


def _region(changed: np.ndarray, base: BaseTurn, context: EngineContext) -> torch.Tensor:
    """bool (h, w): the latent positions of which a pixel changed, and those beside them, whose encoding sees it."""
    mask = pad_to_grid(changed.astype(np.uint8), context.bundle.grid)
    touched = mask_to_latent(mask, base.latents["trajectory"].shape[-2:])
    return functional.max_pool2d(touched.float()[None, None], 3, stride=1, padding=1)[0, 0].bool()


def _invert(
    context: EngineContext, denoise: IncrementalDenoiser, plan: Sequence[TimeStep], path: torch.Tensor
) -> None:
    """From x_0, last in ``path`` (steps + 1, C, h, w), to the noise, inside the region only; written into ``path``."""
    inside, steps = denoise.active[denoise.inside], len(plan)

    def predict(x: torch.Tensor, at: TimeStep) -> Prediction:
        context.progress("inverting", at.index, steps)
        step = steps - 1 - at.index  # of the run that is undone
        own = rows_of(x, inside)
        rows = rows_of(with_rows(path[step : step + 1], inside, own), denoise.active)
        return Prediction(own, denoise(rows, step, at.t, last=step)[:, denoise.inside], inside)

    def place(own: torch.Tensor, _found: Prediction, at: TimeStep) -> torch.Tensor:
        step = steps - 1 - at.index
        path[step : step + 1] = with_rows(path[step : step + 1], inside, own)
        return path[step : step + 1]

    for _ in run(DDIM(), inverted_plan(plan), path[-1:], predict, place):
        pass
    context.progress("inverting", steps, steps)


def _spec(context: EngineContext, request: OpenPicture, region: torch.Tensor) -> RunSpec:
    base = request.lineage[-1]
    height, width = region.shape
    return RunSpec(
        fingerprint=context.bundle.fingerprint,
        method="paint",
        prompt=base.prompt,
        negative=base.negative,
        seed=base.seed,
        steps=base.steps,
        guidance=base.guidance,
        sampler=base.sampler,
        latent_size=(height, width),
        parent=base.cache_space,
        region=region.numpy(),
        parameters={"picture": keys.picture_digest(request.image)},
    )
