"""A turn's picture at two or four times its pixels, the detail that enlarging leaves out painted by the model."""

import numpy as np

from editor_core.base.errors import EditorError, SizeError
from editor_core.base.limits import MAX_PIXELS, MAX_SIDE
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words
from editor_core.engines.common.result import finished
from editor_core.engines.incremental.painting import Words
from editor_core.engines.window.enlarging import enlarged
from editor_core.engines.window.tiles import DETAIL, Painting
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Upscale
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.latents import on_grid
from editor_core.models.prompts import tokenize

FACTORS = (2, 4)


def upscale(request: Upscale, context: EngineContext) -> TurnResult:
    """The larger picture, its detail painted as far as the model reaches (`enlarging.py`).

    Raises EditorError for another factor, SizeError for a picture that becomes too large and JobCancelled.
    """
    base, bundle = request.base, context.bundle
    if request.factor not in FACTORS:
        raise EditorError(
            "A picture is upscaled two or four times, not {factor} times.", factor=request.factor
        )
    height, width = (request.factor * side for side in base.image.shape[:2])
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise SizeError(
            "The picture would become {width} × {height} pixels, which is too large.",
            width=width,
            height=height,
        )
    check_words(context, tokenize(bundle, base.prompt))
    strength = DETAIL if request.strength is None else request.strength
    words = Words(base.prompt, base.negative, 1.0)
    painting = Painting(words, base.steps or bundle.default_steps, base.sampler, base.seed, strength)
    with context.timed("refining"):
        image = enlarged(context, base.image, (width, height), painting)
    spec = RunSpec(
        fingerprint=bundle.fingerprint,
        method="upscale",
        prompt=base.prompt,
        negative=base.negative,
        seed=base.seed,
        steps=painting.steps,
        guidance=base.guidance,
        sampler=base.sampler,
        latent_size=(
            on_grid(height, bundle.grid) // bundle.downscale,
            on_grid(width, bundle.grid) // bundle.downscale,
        ),
        strength=strength,
    )
    return finished(
        context,
        spec,
        image=np.ascontiguousarray(image),
        mask=None,
        trajectory=None,
        space="",
        parameters={"factor": request.factor},
        record=RunRecord(),
        log={},
    )
