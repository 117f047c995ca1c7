"""Pictures larger than the model sees at once are edited in a window around the region.

So are pictures whose canvas was changed since they were made: where the old picture only lies elsewhere on the canvas,
it is the window, from which an edit inside it goes on; otherwise the window is the whole picture, analysed anew.

Such a picture is opened without being inverted. An edit of it cuts a window around its mask, opens that as a picture of
its own, lets any engine edit it, and lays the result back; the rest of the large picture is not touched. Where the mask
asks for more than the model paints at once, the window is scaled to its own size, and what comes of it enlarged and
repainted in detail (`enlarging.py`); without a mask the window is the whole picture. The turn that comes of it keeps no
trajectory of its own, by which it is known again, but those of the turns inside the window (`window_turns.py`): the
next edit that fits there goes on from them.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from editor_core.base.errors import RegionError, SizeError
from editor_core.base.message import Message
from editor_core.engines.common.composite import composite
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words
from editor_core.engines.common.given_mask import opacity_in
from editor_core.engines.common.result import finished
from editor_core.engines.common.sizes import MIN_SIDE, fits_one_pass, largest_whole, seen_size
from editor_core.engines.open_picture import open_picture
from editor_core.engines.regions.thresholds import MAX_VISIBLE, MIN_VISIBLE
from editor_core.engines.window.enlarging import enlarged, painting_of
from editor_core.engines.window.tiles import DETAIL
from editor_core.engines.window.window_turns import Window, as_base, kept_turns, open_window
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, OpenPicture, Sampling
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import crop, decode, on_grid
from editor_core.models.prompts import tokenize
from editor_core.pixels.opencv import cv2

_FILLED = 2 / 3  # of the side of a window that is scaled, as far as the mask is long
_SPREAD = (
    2.0  # pixels as the model sees them, over which neighbours decide together whether something changed
)
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
    """A turn of a picture larger than the model paints at once, or painted beside a window; nothing is computed.

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
    if not painted and max(width, height) > largest_whole(bundle):
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
    too_large = max(width, height) > largest_whole(context.bundle)
    if too_large if mask is None else not mask.any():
        raise RegionError(
            "This picture is too large to be edited as a whole. Select or mask the area to change."
        )
    if mask is not None and mask.shape != (height, width):
        raise RegionError("The mask and the picture must be the same size.")
    everywhere = np.full((height, width), 255, np.uint8)
    marked = mask if mask is not None and mask.any() else everywhere
    whole = mask is None or fits_one_pass(context.bundle, width, height)
    wanted = whole_window(width, height, context.bundle) if whole else window_around(marked, context.bundle)
    known = open_window(request.lineage, marked, context.bundle, wanted)
    window, lineage = known or (wanted, ())
    if wanted.seen_at is None and whole and not lineage:
        context.notice(
            Message("The canvas was changed since this picture was made, so the picture was analysed again.")
        )
    inside = _inside(context, window, base)
    if mask is not None:
        inside.region(window.mask_seen(mask))
    lineage, fresh = _brought_up_to_date(lineage, window.seen(base.image), base, inside)

    def laid_back(result: TurnResult) -> TurnResult:
        if window.seen_at is not None:
            result = detailed(result, request, lineage[-1], window, inside)
        return _laid_back(result, fresh, window, base)

    inside.variant = lambda result: context.variant(laid_back(result))
    sketch = None if request.sketch is None else window.seen(request.sketch)
    painted = None if request.painted is None else window.seen(request.painted)
    seen = None if mask is None else window.mask_seen(mask)
    order = replace(request, lineage=lineage, mask=seen, sketch=sketch, painted=painted)
    return laid_back(edit(order, inside))


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


def whole_window(width: int, height: int, bundle: ModelBundle) -> Window:
    """All of a picture of so many pixels, scaled to the model's own size where it is not painted at once."""
    seen = None if fits_one_pass(bundle, width, height) else seen_size(bundle, width, height)
    return Window(0, 0, width, height, None if seen == (width, height) else seen)


def window_around(mask: np.ndarray, bundle: ModelBundle) -> Window:
    """The window for a mask uint8 (H, W) that is not empty: the model's own size, or more where the mask needs it.

    Where that is more than the model paints at once, it is scaled to its own size. A side that is not scaled, and
    shorter than the picture's, is on the model's grid. Raises RegionError for a mask that cannot be scaled so far.
    """
    height, width = mask.shape
    own_width, own_height = bundle.default_size
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    across = _along(columns, width, _with_room(columns, own_width), bundle.grid)
    down = _along(rows, height, _with_room(rows, own_height), bundle.grid)
    if fits_one_pass(bundle, across[1], down[1]):
        return Window(across[0], down[0], across[1], down[1])
    scale = max((columns[-1] - columns[0] + 1) / own_width, (rows[-1] - rows[0] + 1) / own_height) / _FILLED
    across = _along(columns, width, round(max(scale, 1) * own_width))
    down = _along(rows, height, round(max(scale, 1) * own_height))
    seen = seen_size(bundle, across[1], down[1])
    if max(seen) > (most := largest_whole(bundle)):
        raise RegionError(
            "The selected area is too large for the model. Select at most {most} pixels across.", most=most
        )
    return Window(across[0], down[0], across[1], down[1], None if seen == (across[1], down[1]) else seen)


def _with_room(marked: np.ndarray, own: int) -> int:
    return max(own, int(marked[-1] - marked[0]) + 1 + 2 * own // _SURROUNDINGS)


def _along(marked: np.ndarray, side: int, wanted: int, grid: int = 1) -> tuple[int, int]:
    """Where the window begins along a side of the picture, and how long it is there."""
    length = min(on_grid(wanted, grid), side)
    middle = (int(marked[0]) + int(marked[-1]) + 1) // 2
    return min(max(middle - length // 2, 0), side - length), length


def detailed(
    result: TurnResult, request: Edit, before: BaseTurn, window: Window, context: EngineContext
) -> TurnResult:
    """A result in a window that was scaled, at the window's own size, its detail repainted.

    before: the turn that was edited, as the model saw it. Where the result does not differ from what the autoencoder
    makes of that, the picture keeps its own pixels. Raises JobCancelled.
    """
    bundle, picture = context.bundle, window.of(request.base.image)
    height, width = result.image.shape[:2]
    assert result.mask is not None
    opacity = window.enlarged(result.mask, cv2.INTER_LINEAR)
    if request.mask is not None:
        soft, exact = (bool(result.parameters.get(name)) for name in ("soft_mask", "exact_mask"))
        given = window.of(request.mask)
        if result.parameters.get("grow_mask"):
            pushed = ((result.mask > 0) & (window.mask_seen(request.mask) == 0)).astype(np.uint8) * 255
            pushed = cv2.dilate(pushed, np.ones((3, 3), np.uint8))  # so that no gap is left between the two
            given = np.maximum(given, window.enlarged(pushed, cv2.INTER_NEAREST))
        opacity = np.minimum(opacity, opacity_in(given, picture, soft, exact, window.scale))
    known, made = (
        window.enlarged(crop(decode(bundle, context.tensor(turn.latents["trajectory"][-1:])), width, height))
        for turn in (before, result)
    )
    change = np.abs(made.astype(np.float32) - known).max(2)
    visible = cv2.GaussianBlur(change, (0, 0), _SPREAD * window.scale)
    shown = ((visible - MIN_VISIBLE) / (MAX_VISIBLE - MIN_VISIBLE)).clip(0, 1)
    opacity = np.rint(opacity * shown).astype(np.uint8)
    strength = min(DETAIL, request.strength)
    if opacity.any():
        painting = painting_of(result, strength)
        with context.timed("refining"):
            made = enlarged(context, result.image, (window.width, window.height), painting, opacity)
    image = composite(picture, made, opacity)
    log = {**result.log, "window_scale": round(window.scale, 3), "stages": dict(context.stages)}
    return replace(
        result,
        image=image,
        mask=opacity,
        parameters={**result.parameters, "detail": strength},
        log=log,
        seconds=round(sum(context.stages.values()), 3),
    )


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

    rectangle = window.rectangle
    return replace(
        context,
        preview=preview,
        region=lambda mask: context.region(
            window.placed(window.enlarged(mask, cv2.INTER_NEAREST), nothing), rectangle
        ),
    )


def _laid_back(result: TurnResult, fresh: tuple[BaseTurn, ...], window: Window, base: BaseTurn) -> TurnResult:
    """The result on the large picture; it keeps the window's new turns, those that led to it and itself."""
    mask = None
    if result.mask is not None:
        mask = window.placed(result.mask, np.zeros(base.image.shape[:2], np.uint8))
    rectangle = window.rectangle
    latents, told = kept_turns((*fresh, result))
    return replace(
        result,
        image=window.placed(result.image, base.image),
        mask=mask,
        latents=latents,
        record=replace(result.record, window=rectangle, window_seen=window.seen_at, window_turns=told),
    )
