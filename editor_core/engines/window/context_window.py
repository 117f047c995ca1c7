"""Pictures larger than the model sees at once are edited in a window around the region.

So are pictures whose canvas was changed since they were made: where the old picture only lies elsewhere on the canvas,
it is the window, from which an edit inside it goes on; otherwise the window is the whole picture, analysed anew.

Such a picture is opened without being inverted. An edit of it cuts a window around its mask, its sides on the model's
grid and never stretched, opens that as a picture of its own, lets any engine edit it, and lays the result back; the
rest of the large picture is not touched. The turn that comes of it keeps no trajectory of its own, by which it is known
again, but those of the turns inside the window (`window_turns.py`): the next edit that fits there goes on from them.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from editor_core.base.errors import RegionError, SizeError
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words
from editor_core.engines.common.result import finished
from editor_core.engines.common.sizes import MIN_SIDE, largest_whole
from editor_core.engines.open_picture import open_picture
from editor_core.engines.window.window_turns import Window, as_base, kept_turns, open_window
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, OpenPicture, Sampling
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import on_grid
from editor_core.models.prompts import tokenize
from editor_core.pixels.opencv import cv2

_SURROUNDINGS = 4  # the model's own size is so many times the margin that a window leaves around the mask
_PREVIEW_SIDE = 1024  # pixels


def needs_window(base: BaseTurn) -> bool:
    """Whether the turn is that of a picture which was too large for the model, or whose canvas was changed."""
    return "trajectory" not in base.latents


def goes_on_in_window(request: OpenPicture) -> bool:
    """Whether paint lies on a turn that a window is kept of: the next edit there sees it as what differs."""
    if not request.lineage:
        return False
    base = request.lineage[-1]
    return needs_window(base) and bool(base.record.window_turns) and base.prompt == request.prompt


def open_large(request: OpenPicture, context: EngineContext, seed: int) -> TurnResult:
    """A turn of a picture with a side beyond `largest_whole`, or painted beside a window; nothing is computed.

    It is the first one, or what was painted on the last of the request's lineage. Raises PromptError and SizeError.
    """
    height, width = request.image.shape[:2]
    if min(width, height) < MIN_SIDE:
        raise SizeError(
            "The picture is {width} × {height} pixels. Each side must be at least {smallest} pixels long.",
            width=width,
            height=height,
            smallest=MIN_SIDE,
        )
    sampling, bundle = request.sampling, context.bundle
    check_words(context, tokenize(bundle, request.prompt))
    painted = bool(request.lineage)
    if not painted:
        context.notice(
            Message(
                "This is a large picture, so only the part around your mask or selection is sent to "
                "the model."
            )
        )
    spec = RunSpec(
        fingerprint=bundle.fingerprint,
        method="paint" if painted else "open",
        prompt=request.prompt,
        negative=sampling.negative,
        seed=seed,
        steps=sampling.steps or bundle.default_steps,
        guidance=bundle.default_guidance if sampling.guidance is None else sampling.guidance,
        sampler=sampling.sampler,
        latent_size=(
            on_grid(height, bundle.grid) // bundle.downscale,
            on_grid(width, bundle.grid) // bundle.downscale,
        ),
    )
    return finished(
        context,
        spec,
        image=np.array(request.image),
        mask=None,
        trajectory=None,
        space="",
        parameters={},
        record=RunRecord(),
        log={},
    )


def edit_in_window(
    request: Edit, context: EngineContext, edit: Callable[[Edit, EngineContext], TurnResult]
) -> TurnResult:
    """Run an engine's ``edit`` on a window of the picture. Raises RegionError and what opening and editing raise."""
    base, mask = request.base, request.mask
    height, width = base.image.shape[:2]
    whole = max(height, width) <= largest_whole(context.bundle)
    if not whole and (mask is None or not mask.any()):
        raise RegionError(
            "This picture is too large to be edited as a whole. Select or mask the area to change."
        )
    if mask is not None and mask.shape != (height, width):
        raise RegionError("The mask and the picture must be the same size.")
    everywhere = np.full((height, width), 255, np.uint8)
    marked = mask if mask is not None and mask.any() else everywhere
    known = open_window(request.lineage, marked, context.bundle)
    window = Window(0, 0, width, height) if whole else window_around(marked, context.bundle)
    window, lineage = known or (window, ())
    if whole and not lineage:
        context.notice(
            Message("The canvas was changed since this picture was made, so the picture was analysed again.")
        )
    inside = _inside(context, window, base)
    if mask is not None:
        inside.region(window.of(mask))
    lineage, fresh = _brought_up_to_date(lineage, window.of(base.image), base, inside)
    inside.variant = lambda result: context.variant(_laid_back(result, fresh, window, base))
    sketch = None if request.sketch is None else window.of(request.sketch)
    part = replace(request, lineage=lineage, mask=None if mask is None else window.of(mask), sketch=sketch)
    return _laid_back(edit(part, inside), fresh, window, base)


def _brought_up_to_date(
    lineage: tuple[BaseTurn, ...], picture: np.ndarray, base: BaseTurn, inside: EngineContext
) -> tuple[tuple[BaseTurn, ...], tuple[BaseTurn, ...]]:
    """The window's lineage to the picture it shows now, uint8 (h, w, 3), and those of its turns that are new."""
    if lineage and lineage[-1].prompt != base.prompt:  # the picture was read anew with other words
        lineage = ()
    if lineage and np.array_equal(lineage[-1].image, picture):
        return lineage, ()
    sampling = Sampling(base.seed, base.steps, base.guidance, base.negative, base.sampler)
    opening = OpenPicture(picture, base.prompt, sampling, lineage=lineage)
    opened = as_base(open_picture(opening, inside, base.seed))
    return ((*lineage, opened) if "region" in opened.latents else (opened,)), (opened,)


def window_around(mask: np.ndarray, bundle: ModelBundle) -> Window:
    """The window for a mask uint8 (H, W) that is not empty: the model's own size, or more where the mask needs it.

    A side that is shorter than the picture's is on the model's grid. Raises RegionError when the mask is too large.
    """
    width, height = bundle.default_size
    left, across = _along(np.flatnonzero(mask.any(0)), mask.shape[1], width, bundle)
    top, down = _along(np.flatnonzero(mask.any(1)), mask.shape[0], height, bundle)
    return Window(left, top, across, down)


def _along(marked: np.ndarray, side: int, own: int, bundle: ModelBundle) -> tuple[int, int]:
    """Where the window begins along a side of the picture, and how long it is there."""
    first, last = int(marked[0]), int(marked[-1])
    most = largest_whole(bundle)
    if last - first + 1 > most:
        raise RegionError(
            "The selected area is too large for the model. Select at most {most} pixels across.", most=most
        )
    wanted = max(own, last - first + 1 + 2 * own // _SURROUNDINGS)
    length = min(on_grid(wanted, bundle.grid), most // bundle.grid * bundle.grid, side)
    middle = (first + last + 1) // 2
    return min(max(middle - length // 2, 0), side - length), length


def _inside(context: EngineContext, window: Window, base: BaseTurn) -> EngineContext:
    """A context for a run in the window, whose listeners hear of the whole picture."""
    height, width = base.image.shape[:2]
    nothing = np.zeros((height, width), np.uint8)
    scale = min(1.0, _PREVIEW_SIDE / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    coarse = cv2.resize(base.image, small, interpolation=cv2.INTER_AREA)
    place = window.on(scale)

    def preview(image: np.ndarray) -> None:
        part = cv2.resize(image, (place.width, place.height), interpolation=cv2.INTER_LINEAR)
        context.preview(place.placed(part, coarse))

    rectangle = (window.left, window.top, window.width, window.height)
    return replace(
        context,
        preview=preview,
        region=lambda mask: context.region(window.placed(mask, nothing), rectangle),
    )


def _laid_back(result: TurnResult, fresh: tuple[BaseTurn, ...], window: Window, base: BaseTurn) -> TurnResult:
    """The result on the large picture; it keeps the window's new turns, those that led to it and itself."""
    mask = None
    if result.mask is not None:
        mask = window.placed(result.mask, np.zeros(base.image.shape[:2], np.uint8))
    rectangle = (window.left, window.top, window.width, window.height)
    latents, told = kept_turns((*fresh, result))
    return replace(
        result,
        image=window.placed(result.image, base.image),
        mask=mask,
        latents=latents,
        record=replace(result.record, window=rectangle, window_turns=told),
    )
