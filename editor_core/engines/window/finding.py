"""Finding a mask in a picture larger than the model sees well: looked for at the model's own size, and enlarged."""

from dataclasses import replace

import numpy as np

from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.sizes import fits_one_pass, seen_size
from editor_core.engines.regions.find_mask import EncodedPictures, find_mask
from editor_core.messages.events import FoundMask
from editor_core.messages.requests import FindMask
from editor_core.pixels.opencv import cv2


def find_mask_at_own_size(request: FindMask, context: EngineContext, pictures: EncodedPictures) -> FoundMask:
    """`find_mask`, on a smaller picture where this one is larger than the model paints at once. Raises as that."""
    height, width = request.image.shape[:2]
    if fits_one_pass(context.bundle, width, height):
        return find_mask(request, context, pictures)
    size = seen_size(context.bundle, width, height)
    tell = context.mask_found
    inside = replace(context, mask_found=lambda found: tell(_enlarged(found, width, height)))
    small = cv2.resize(np.ascontiguousarray(request.image), size, interpolation=cv2.INTER_AREA)
    return _enlarged(find_mask(replace(request, image=small), inside, pictures), width, height)


def _enlarged(found: FoundMask, width: int, height: int) -> FoundMask:
    mask, heat = (
        cv2.resize(array, (width, height), interpolation=cv2.INTER_LINEAR)
        for array in (found.mask, found.heat)
    )
    return replace(found, mask=(mask > 127).astype(np.uint8) * 255, heat=heat)
