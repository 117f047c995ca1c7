"""From pixels to latents, only where pixels changed."""

import numpy as np
import torch

from editor_core.engines.common.context import EngineContext
from editor_core.models.latents import encode_window, pad_to_grid


def encode_region(
    context: EngineContext, image: np.ndarray, region: torch.Tensor, latents: torch.Tensor
) -> torch.Tensor:
    """Latents (1, C, h, w) with those of a picture, uint8 (H, W, 3), inside ``region``, bool (h, w).

    Only a window around the region goes through the encoder.
    """
    rows, columns = region.any(1).nonzero()[:, 0], region.any(0).nonzero()[:, 0]
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    found = latents.clone()
    picture = pad_to_grid(image, context.bundle.grid)
    found[..., top:bottom, left:right] = encode_window(context.bundle, picture, (top, left, bottom, right))
    return torch.where(region.to(latents.device), found, latents)
