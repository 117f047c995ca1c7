"""The one plain call of a U-Net."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from editor_core.backbones.attention.sites import Module
from editor_core.models.conditioning import Conditioning


def predict(
    unet: Module,
    x_t: Tensor,
    t: float,
    conditioning: Conditioning,
    residuals: Sequence[Tensor] | None = None,
) -> Tensor:
    """The raw output (B, C, h, w) for latents (B, C', h, w) in the network's precision.

    C' counts what a U-Net made for inpainting takes besides the latents. residuals: an adapter's features, one map
    (B or 1, C, h, w) per level.
    """
    added: dict[str, Any] = {}
    if conditioning.pooled is not None:
        added = {"added_cond_kwargs": {"text_embeds": conditioning.pooled, "time_ids": conditioning.sizes}}
    if residuals is not None:
        added["down_intrablock_additional_residuals"] = list(residuals)  # the U-Net empties the list
    output: Tensor = unet(x_t, t, encoder_hidden_states=conditioning.hidden, return_dict=False, **added)[0]
    return output
