"""A run's outcome as plain, read-only data."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from editor_core.engines.common.context import EngineContext
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Edit
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.available import absolute_source

_WORDS = ("prompt", "negative", "seed", "steps", "guidance", "sampler", "fingerprint", "image")


def finished(
    context: EngineContext,
    spec: RunSpec,
    *,
    image: np.ndarray,
    mask: np.ndarray | None,
    trajectory: torch.Tensor | None,
    space: str,
    parameters: Mapping[str, Any],
    record: RunRecord,
    log: Mapping[str, Any],
    prompt: str | None = None,
    negative: str | None = None,
    region: np.ndarray | None = None,
    latents: Mapping[str, np.ndarray] | None = None,
) -> TurnResult:
    """Pack a finished run. image: uint8 (H, W, 3); mask: uint8 (H, W).

    prompt and negative: the turn's words, where they are not those that the network was told. space: where the run's
    activations lie, empty for nowhere. trajectory: (steps + 1, C, h, w), noise first; None where there is none. region:
    bool (h, w), the latent positions an incremental edit computed; None when all were. latents: what else the engine
    wants to find again.
    """
    stages = dict(context.stages)
    kept = {name: _frozen(array) for name, array in (latents or {}).items()}
    if trajectory is not None:
        kept["trajectory"] = _frozen(trajectory.float().cpu().numpy())
    if region is not None:
        kept["region"] = _frozen(region.astype(np.uint8))
        if spec.begins is not None:
            kept["begins"] = _frozen(spec.begins)
    return TurnResult(
        method=spec.method,
        prompt=spec.prompt if prompt is None else prompt,
        negative=spec.negative if negative is None else negative,
        seed=spec.seed,
        steps=spec.steps,
        guidance=spec.guidance,
        sampler=spec.sampler,
        strength=spec.strength,
        model=context.bundle.name,
        model_source=absolute_source(context.bundle.source),
        loras=context.bundle.loras,
        vae=context.bundle.vae_source,
        clip_skip=context.bundle.clip_skip,
        fingerprint=spec.fingerprint,
        image=_frozen(image),
        mask=None if mask is None else _frozen(mask),
        latents=kept,
        parameters=dict(parameters),
        record=record,
        log={**log, "stages": stages},
        cache_space=space,
        seconds=round(sum(stages.values()), 3),
    )


def unchanged(context: EngineContext, request: Edit) -> TurnResult:
    """What an edit of no strength gives: the edited turn's own picture, words and latents."""
    base = request.base
    is_whole = "region" not in base.latents
    kept = {name: base.latents[name] for name in ("trajectory", "null_text") if name in base.latents}
    record = RunRecord(
        recording=base.record.recording,
        painted_words=base.record.painted_words,
        first_step=base.steps,
        guidance_every=base.record.guidance_every,
        inversion=base.record.inversion,
    )
    return TurnResult(
        **{name: getattr(base, name) for name in _WORDS},
        method=request.method,
        model=context.bundle.name,
        model_source=absolute_source(context.bundle.source),
        loras=context.bundle.loras,
        strength=0.0,
        mask=_frozen(np.zeros(base.image.shape[:2], np.uint8)),
        latents=kept,
        parameters=dict(request.parameters),
        record=record,
        log={},
        cache_space=base.cache_space if is_whole else f"{base.cache_space}-whole",
        seconds=0.0,
    )


def _frozen(array: np.ndarray) -> np.ndarray:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
