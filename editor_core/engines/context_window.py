"""Pictures larger than the model sees at once are edited in a window around the region.

Such a picture is opened without being inverted. Each edit of it cuts a window around its mask, its sides on the
model's grid and never stretched, opens that as a picture of its own, lets any engine edit it, and lays the result
back; the rest of the large picture is not touched. The turn that comes of it keeps no trajectory, by which it is known
again, and tells in its log where the window lay.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from editor_core.diffusion.latents import on_grid
from editor_core.diffusion.prompts import tokenize
from editor_core.engines.context import EngineContext
from editor_core.engines.denoiser import check_words
from editor_core.engines.generate import LARGEST_SIDE, SMALLEST_SIDE
from editor_core.engines.open_picture import open_picture
from editor_core.engines.result import finished
from editor_core.errors import RegionError, SizeError
from editor_core.models.bundle import ModelBundle
from editor_core.opencv import cv2
from editor_core.session.events import TurnResult
from editor_core.session.requests import BaseTurn, Edit, OpenPicture, Sampling

WHOLE = 4
"""Times the model's own size: pictures with longer sides are edited in windows."""
_SURROUNDINGS = 4  # the model's own size is so many times the margin that a window leaves around the mask
_PREVIEW_SIDE = 1024  # pixels


@dataclass(frozen=True)
class Window:
    """A rectangle of the picture, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def of(self, array: np.ndarray) -> np.ndarray:
        """The part of (H, W, …) that lies in the window."""
        return array[self.top : self.top + self.height, self.left : self.left + self.width]

    def placed(self, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        """A copy of the whole with a part of the window's size in its place."""
        copy = whole.copy()
        self.of(copy)[:] = part
        return copy

    def on(self, scale: float) -> "Window":
        """The same on a picture of another scale."""
        left, top = round(scale * self.left), round(scale * self.top)
        right, bottom = round(scale * (self.left + self.width)), round(scale * (self.top + self.height))
        return Window(left, top, right - left, bottom - top)


def largest_whole(bundle: ModelBundle) -> int:
    """Pixels: how long the sides of a picture may be that is edited as a whole."""
    return min(WHOLE * max(bundle.default_size), LARGEST_SIDE)


def needs_window(base: BaseTurn) -> bool:
    """Whether the turn is that of a picture which was too large for the model."""
    return "trajectory" not in base.latents


def open_large(request: OpenPicture, context: EngineContext, seed: int) -> TurnResult:
    """A first turn of a picture with a side beyond `largest_whole`; nothing is computed.

    Raises PromptError and SizeError.
    """
    height, width = request.image.shape[:2]
    if min(width, height) < SMALLEST_SIDE:
        raise SizeError(
            f"The picture is {width}x{height} pixels; each side must have {SMALLEST_SIDE} of them."
        )
    sampling, bundle = request.sampling, context.bundle
    check_words(context, tokenize(bundle, request.prompt))
    context.notice(
        "The picture is larger than the model sees at once; it is edited in windows around what you mark."
    )
    return finished(
        context,
        method="open",
        prompt=request.prompt,
        negative=sampling.negative,
        seed=seed,
        steps=sampling.steps or bundle.default_steps,
        guidance=bundle.default_guidance if sampling.guidance is None else sampling.guidance,
        image=np.array(request.image),
        mask=None,
        trajectory=None,
        space="",
        parameters={},
        log={},
    )


def edit_in_window(
    request: Edit, context: EngineContext, edit: Callable[[Edit, EngineContext], TurnResult]
) -> TurnResult:
    """Run an engine's ``edit`` on a window of the picture. Raises RegionError and what opening and editing raise."""
    base, mask = request.base, request.mask
    if mask is None or not mask.any():
        raise RegionError("This picture is larger than the model sees at once: mark where it may change.")
    if mask.shape != base.image.shape[:2]:
        raise RegionError("The mask and the picture must be alike in size.")
    window = window_around(mask, context.bundle)
    inside = _inside(context, window, base)
    sampling = Sampling(base.seed, base.steps, base.guidance, base.negative)
    inside.region(window.of(mask))
    opened = open_picture(OpenPicture(window.of(base.image), base.prompt, sampling), inside, base.seed)
    sketch = None if request.sketch is None else window.of(request.sketch)
    part = replace(request, lineage=(_as_base(opened),), mask=window.of(mask), sketch=sketch)
    return _laid_back(edit(part, inside), window, base)


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
        raise RegionError(f"The marked place is too large for the model; mark at most {most} pixels across.")
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
        variant=lambda result: context.variant(_laid_back(result, window, base)),
    )


def _laid_back(result: TurnResult, window: Window, base: BaseTurn) -> TurnResult:
    mask = None
    if result.mask is not None:
        mask = window.placed(result.mask, np.zeros(base.image.shape[:2], np.uint8))
    rectangle = [window.left, window.top, window.width, window.height]
    return replace(
        result,
        image=window.placed(result.image, base.image),
        mask=mask,
        latents={},
        log={**result.log, "window": rectangle},
    )


def _as_base(result: TurnResult) -> BaseTurn:
    return BaseTurn(**{field.name: getattr(result, field.name) for field in fields(BaseTurn)})
