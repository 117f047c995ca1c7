"""From a drawing to what the U-Net is given: a sketch adapter's features, or a ControlNet's residuals at each call."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from editor_core.base.errors import ModelError
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import Control
from editor_core.models.adapter import SketchAdapter, adapter_for, own_control
from editor_core.models.conditioning import Conditioning
from editor_core.models.control_files import Hint, is_controlnet
from editor_core.models.controlnet import ControlNet, ControlResiduals, control_residuals, controlnet_for
from editor_core.models.latents import pad_to_grid
from editor_core.pixels.drawing_aids import as_depth, coloured


@dataclass(frozen=True, eq=False)
class Drawing:
    """A sketch as a network reads it."""

    name: str
    """Of the adapter or ControlNet, for a turn's log."""
    picture: np.ndarray
    """What it is shown: uint8 (H, W) or (H, W, 3)."""
    features: Sequence[torch.Tensor] = ()
    """An adapter's, one map (1, C, h, w) per level."""
    control: Control | None = None


def read_drawing(
    context: EngineContext, sketch: np.ndarray, strokes: np.ndarray, source: str, strength: float
) -> Drawing:
    """A sketch (H, W) or (H, W, 3) and its strokes (H, W), as the adapter or ControlNet at ``source`` reads them.

    source: a folder or file; empty is the model's own. Raises ModelError.
    """
    bundle = context.bundle
    place = Path(source).expanduser() if source else own_control(bundle)
    if place is None or not is_controlnet(place):
        adapter = adapter_for(bundle, source)
        drawn = strokes if adapter.channels == 1 else coloured(sketch, strokes)
        return Drawing(adapter.name, drawn, adapter_features(context, adapter, drawn, strength))
    net = controlnet_for(bundle, place)
    drawn = _hint(net, sketch, strokes)
    hint = _condition(context, drawn).expand(-1, 3, -1, -1)
    return Drawing(net.name, drawn, control=_control(net, hint, strength))


def adapter_features(
    context: EngineContext, adapter: SketchAdapter, strokes: np.ndarray, strength: float
) -> Sequence[torch.Tensor]:
    """The adapter's features, one map (1, C, h, w) per level of the U-Net, scaled by ``strength``.

    strokes: uint8 (H, W), white on black, or (H, W, 3) in colour for an adapter that reads colours (poses), of any
    size: padded, never stretched.
    """
    features = adapter.network(_condition(context, strokes).expand(1, adapter.channels, -1, -1))
    return [strength * feature for feature in features]


def _condition(context: EngineContext, drawn: np.ndarray) -> torch.Tensor:
    """(1, 1 or 3, H, W) between 0 and 1, on the grid and in the network's precision."""
    padded = np.atleast_3d(pad_to_grid(drawn, context.bundle.grid))
    condition = torch.from_numpy(padded).permute(2, 0, 1)[None] / 255
    return condition.to(context.bundle.device, context.bundle.dtype)


def _hint(net: ControlNet, sketch: np.ndarray, strokes: np.ndarray) -> np.ndarray:
    """What a ControlNet is shown of a sketch. Raises ModelError for one that reads something else."""
    if net.hint is Hint.LINES:
        return strokes
    if net.hint is Hint.DEPTH:
        return as_depth(sketch)
    if net.hint is Hint.POSE:
        return coloured(sketch, strokes)
    raise ModelError(
        "“{file}” does not read sketches: choose it as the ControlNet, and as the adapter one for lines, scribbles, "
        "poses or depth.",
        file=net.name,
    )


def _control(net: ControlNet, hint: torch.Tensor, strength: float) -> Control:
    def control(x_t: torch.Tensor, t: float, told: Conditioning) -> ControlResiduals:
        return control_residuals(net, x_t, t, told, hint, strength)

    return control
