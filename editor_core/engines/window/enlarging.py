"""Pictures at more pixels than a model paints well: made at its own size, enlarged, and repainted in detail.

Enlarging goes by doubling. After each, tiles of the model's own size repaint the detail that is missing (`tiles.py`).
What is beyond `largest_whole` is enlarged without: there a tile shows parts of a thing only, and things come of them.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.sizes import largest_whole, picture_size, seen_size
from editor_core.engines.generate import generate
from editor_core.engines.incremental.painting import Words
from editor_core.engines.window.tiles import DETAIL, Painting, repaint_in_tiles
from editor_core.engines.window.window_turns import kept_turns
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Generate
from editor_core.pixels.opencv import cv2


def generate_large(request: Generate, context: EngineContext, seed: int) -> TurnResult:
    """A picture larger than the model paints at once: what stands where is decided at its own size.

    The turn keeps that first pass, so that an edit goes on from it. Raises as `generate`.
    """
    width, height = picture_size(request.width, request.height, context.bundle.default_size)
    seen = seen_size(context.bundle, width, height)
    first = generate(replace(request, width=seen[0], height=seen[1]), context, seed)
    with context.timed("refining"):
        painting = painting_of(first)
        image = enlarged(context, first.image, (width, height), painting)
    latents, told = kept_turns((first,))
    record = replace(first.record, window=(0, 0, width, height), window_seen=seen, window_turns=told)
    stages = dict(context.stages)
    image.flags.writeable = False
    return replace(
        first,
        image=image,
        latents=latents,
        record=record,
        parameters={**first.parameters, "detail": painting.strength},
        log={**first.log, "first_pass": list(seen), "stages": stages},
        seconds=round(sum(stages.values()), 3),
    )


def painting_of(result: TurnResult, strength: float = DETAIL) -> Painting:
    """How the detail of a result is painted: with its words, unguided, for guidance paints things into every tile."""
    words = Words(result.record.painted_words or result.prompt, result.negative, 1.0)
    return Painting(words, result.steps, result.sampler, result.seed, strength)


def enlarged(
    context: EngineContext,
    picture: np.ndarray,
    size: tuple[int, int],
    painting: Painting,
    mask: np.ndarray | None = None,
) -> np.ndarray:
    """A picture uint8 (h, w, 3) at (width, height), its detail repainted.

    mask: uint8 (height, width), where it is wanted; elsewhere detail may be missing. Raises JobCancelled.
    """
    for width, height in _sizes((picture.shape[1], picture.shape[0]), size):
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LANCZOS4)
        if max(width, height) <= largest_whole(context.bundle):
            part = None
            if mask is not None:
                part = (cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > 0).astype(
                    np.uint8
                ) * 255
            picture = repaint_in_tiles(context, picture, painting, part)
    return picture


def _sizes(now: tuple[int, int], wanted: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The sizes on the way, each at most twice the one before."""
    while 2 * now[0] < wanted[0] or 2 * now[1] < wanted[1]:
        now = min(2 * now[0], wanted[0]), min(2 * now[1], wanted[1])
        yield now
    if now != wanted:
        yield wanted
