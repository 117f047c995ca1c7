"""From a drawing to what the U-Net is given: the features of a sketch adapter."""

from collections.abc import Sequence

import numpy as np
import torch

from editor_core.engines.common.context import EngineContext
from editor_core.models.adapter import SketchAdapter
from editor_core.models.latents import pad_to_grid


def adapter_features(
    context: EngineContext, adapter: SketchAdapter, strokes: np.ndarray, strength: float
) -> Sequence[torch.Tensor]:
    """The adapter's features, one map (1, C, h, w) per level of the U-Net, scaled by ``strength``.

    strokes: uint8 (H, W), white on black, or (H, W, 3) in colour for an adapter that reads colours (poses), of any
    size: padded, never stretched.
    """
    padded = np.atleast_3d(pad_to_grid(strokes, context.bundle.grid))
    condition = torch.from_numpy(padded).permute(2, 0, 1)[None] / 255
    condition = condition.to(context.bundle.device, context.bundle.dtype)
    features = adapter.network(condition.expand(1, adapter.channels, -1, -1))
    return [strength * feature for feature in features]
