"""From latents to pixels, only where pixels changed."""

import numpy as np
import torch

from editor_core.engines.common.context import EngineContext
from editor_core.models.latents import crop, decode_window


def decode_region(context: EngineContext, x_0: torch.Tensor, opacity: np.ndarray) -> np.ndarray:
    """A picture uint8 (H, W, 3) that is right wherever ``opacity``, uint8 (H, W), is not 0, and 0 elsewhere.

    Only the window around the region goes through the decoder. x_0: (1, C, h, w).
    """
    downscale = context.bundle.downscale
    height, width = (side * downscale for side in x_0.shape[-2:])
    picture = np.zeros((height, width, 3), np.uint8)
    rows, columns = (np.flatnonzero((opacity > 0).any(axis=axis)) for axis in (1, 0))
    top, bottom = rows[0] // downscale, rows[-1] // downscale + 1
    left, right = columns[0] // downscale, columns[-1] // downscale + 1
    window = decode_window(context.bundle, x_0, (top, left, bottom, right))
    picture[top * downscale : bottom * downscale, left * downscale : right * downscale] = window
    return crop(picture, opacity.shape[1], opacity.shape[0])
