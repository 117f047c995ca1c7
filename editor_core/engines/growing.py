"""A mask that gives way to what is painted in it: a thing that does not fit pushes its edge outwards, shadow and all.

The edit is tried once with more room, in which it may change less the farther out (Differential Diffusion, arXiv
2306.00950): the thing's place and size are decided within the mask, and what reaches beyond is what does not fit. The
thing is then looked for as a phrase is in any picture, and the mask takes in as much of it as is joined to the mask.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from editor_core.engines.common.context import EngineContext
from editor_core.engines.planting import new_phrase
from editor_core.engines.regions.find_mask import EncodedPicture, on_picture, phrase_in, search
from editor_core.engines.regions.mask_recipes import recipe_for
from editor_core.engines.regions.outline import thing_in
from editor_core.engines.regions.thresholds import MAX_VISIBLE, MIN_PLANTED_PIXELS
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Edit
from editor_core.models.prompts import tokenize
from editor_core.pixels.opencv import cv2

_ROOM = 0.5  # of the mask's shorter side: how far its edge may be pushed
_STRENGTHS = 0.7, 0.3  # next to the mask, and at the end of the room


def grown(
    request: Edit,
    context: EngineContext,
    edit: Callable[[Edit, EngineContext], TurnResult],
    once: Mapping[str, Any] = MappingProxyType({}),
) -> Edit:
    """The edit with a mask that has room for what the engine's ``edit`` paints. Raises what that raises.

    once: parameters with which it paints a single result.
    """
    mask, phrase = request.mask, _phrase(request, context)
    if mask is None or not mask.any() or mask.shape != request.base.image.shape[:2] or not phrase:
        return request
    room = _with_room(mask)
    trial = {**request.parameters, **once, "grow_mask": False, "soft_mask": True, "exact_mask": True}
    quiet = replace(context, region=lambda *_: None, preview=lambda _: None)
    result = edit(replace(request, mask=room, parameters=trial), quiet)
    if result.cache_space:
        context.cache.drop_space(result.cache_space)
    thing = _thing(request, context, result, phrase)
    pushed = _pushed(thing, request.base.image, result.image, mask, room, context.bundle.downscale)
    return replace(request, mask=np.maximum(mask, pushed))


def _phrase(request: Edit, context: EngineContext) -> str:
    """The thing that is painted; empty where the words name none."""
    before, after = (tokenize(context.bundle, text) for text in (request.base.prompt, request.prompt))
    return request.parameters.get("phrase") or new_phrase(before, after)


def _with_room(mask: np.ndarray) -> np.ndarray:
    """The mask with weaker grey around it, uint8 (H, W)."""
    outside = (mask == 0).astype(np.uint8)
    rows, columns = (np.flatnonzero((1 - outside).any(axis)) for axis in (1, 0))
    reach = _ROOM * min(rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)
    far = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) / reach
    near, end = _STRENGTHS
    around = np.where((far > 0) & (far <= 1), 255 * (near + (end - near) * far), 0)
    found: np.ndarray = np.maximum(mask, np.rint(around).astype(np.uint8))
    return found


def _pushed(
    thing: np.ndarray, before: np.ndarray, after: np.ndarray, mask: np.ndarray, room: np.ndarray, cell: int
) -> np.ndarray:
    """What of a thing, bool (H, W), and of its shadow lies beside the mask and is joined to it, uint8 (H, W).

    before, after: the pictures without and with it, uint8 (H, W, 3). cell: pixels to a latent position.
    """
    thing = thing & (room > 0)
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * cell + 1, 2 * cell + 1))
    light, shaded = (
        cv2.GaussianBlur(image.mean(axis=2, dtype=np.float32), (0, 0), cell / 2) for image in (before, after)
    )
    beside = cv2.dilate(thing.astype(np.uint8), near, iterations=2) > 0
    new = thing | (beside & (light - shaded > MAX_VISIBLE) & (room > 0))
    _, pieces = cv2.connectedComponents(((mask > 0) | new).astype(np.uint8), connectivity=4)
    new &= np.isin(pieces, np.unique(pieces[mask > 0]))
    if (new & (mask == 0)).sum() < MIN_PLANTED_PIXELS or not (thing & (mask > 0)).any():
        return np.zeros_like(mask)
    edge = cv2.dilate(new.astype(np.uint8), near) > 0  # where old and new are blended
    return np.where(edge & (room > 0) & (mask == 0), 255, 0).astype(np.uint8)


def _thing(request: Edit, context: EngineContext, result: TurnResult, phrase: str) -> np.ndarray:
    """The pixels of the thing that came, bool (H, W); none where the phrase names the place."""
    base, bundle = request.base, context.bundle
    recipe = replace(recipe_for(bundle, {}), outline=False)
    looked = phrase_in(context, phrase, request.prompt, recipe)
    picture = EncodedPicture(context.tensor(result.latents["trajectory"][-1:]))
    with context.timed("looking"):
        *_, found = search(
            context, picture, looked, result.negative, result.guidance, base.steps, base.seed, recipe
        )
        if found.background:
            return np.zeros(base.image.shape[:2], bool)
        whole, heat = on_picture(found, recipe, bundle, result.image)
    changed = (np.abs(result.image.astype(int) - base.image).max(2) > 0).astype(np.uint8)
    return thing_in(result.image, heat.astype(np.float32) / 255, whole * changed, bundle.downscale)
