"""A turn's picture at two or four times its pixels, the detail that enlarging leaves out painted by the model.

Where the artist has a network that enlarges, it does that instead, and the model paints only if it is asked to.
"""

from pathlib import Path

import numpy as np

from editor_core.base.errors import EditorError, SizeError
from editor_core.base.limits import MAX_PIXELS, MAX_SIDE
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words
from editor_core.engines.common.result import finished
from editor_core.engines.common.sizes import largest_whole
from editor_core.engines.incremental.painting import Words
from editor_core.engines.window.enlarging import enlarged
from editor_core.engines.window.network_tiles import enlarged_by
from editor_core.engines.window.tiles import DETAIL, Painting, repaint_in_tiles
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Upscale
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.latents import on_grid
from editor_core.models.prompts import tokenize
from editor_core.models.upscaler import load_upscaler

FACTORS = (2, 4)


def upscale(request: Upscale, context: EngineContext) -> TurnResult:
    """The larger picture, its detail painted as far as the model reaches (`enlarging.py`).

    The request's upscaler, if any, is a file. Raises EditorError for another factor, SizeError for a picture that
    becomes too large, ModelError for a file that is no upscaler, and JobCancelled.
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
    upscaler = load_upscaler(Path(request.upscaler), bundle.device) if request.upscaler else None
    strength = DETAIL if request.strength is None else request.strength
    if not (upscaler is None if request.repaint is None else request.repaint):
        strength = 0.0
    if strength:
        check_words(context, tokenize(bundle, base.prompt))
    words = Words(base.prompt, base.negative, 1.0)
    painting = Painting(words, base.steps or bundle.default_steps, base.sampler, base.seed, strength)
    if upscaler is None:
        with context.timed("refining"):
            image = enlarged(context, base.image, (width, height), painting)
    else:
        with context.timed("enlarging"):
            image = enlarged_by(context, upscaler, base.image, request.factor)
        with context.timed("refining"):
            image = _repainted(context, image, painting)
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
        parameters={"factor": request.factor} | ({} if upscaler is None else {"upscaler": upscaler.name}),
        record=RunRecord(),
        log={},
    )


def _repainted(context: EngineContext, image: np.ndarray, painting: Painting) -> np.ndarray:
    """A picture uint8 (H, W, 3) with its detail painted, where it is no larger than the model reaches."""
    if not painting.strength:
        return image
    if max(image.shape[:2]) > largest_whole(context.bundle):
        context.notice(Message("The picture is too large by now for the model to paint its detail."))
        return image
    return repaint_in_tiles(context, image, painting)
