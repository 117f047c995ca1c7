"""The one plain call of a U-Net, and what SDXL's is told beside words and timestep."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from editor_core.backbones.attention.reference import reference_keys, referring
from editor_core.backbones.attention.sites import Module
from editor_core.backbones.unet.sites import attention_sites
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals


def predict(
    unet: Module,
    x_t: Tensor,
    t: float | Tensor,
    conditioning: Conditioning,
    residuals: Sequence[Tensor] | None = None,
    control: ControlResiduals | None = None,
) -> Tensor:
    """The raw output (B, C, h, w) for latents (B, C', h, w) in the network's precision.

    C' counts what a U-Net made for inpainting takes besides the latents. residuals: an adapter's features, one map
    (B or 1, C, h, w) per level. control: what a ControlNet adds, one row each or one for all.
    """
    added: dict[str, Any] = {}
    if conditioning.pooled is not None:
        added["added_cond_kwargs"] = pooled_text(conditioning)
    if residuals is not None:
        # The U-Net empties the list, and passes over the middle's feature unless it is as large as the batch.
        whole = [each.expand(len(x_t), -1, -1, -1) for each in residuals]
        added["down_intrablock_additional_residuals"] = whole
    if control is not None:
        added["down_block_additional_residuals"] = control.skips
        added["mid_block_additional_residual"] = control.middle
    sites = attention_sites(unet) if conditioning.reference is not None else ()
    with referring(sites, reference_keys(sites, conditioning)):
        output: Tensor = unet(x_t, t, encoder_hidden_states=conditioning.hidden, return_dict=False, **added)[
            0
        ]
    return output


def time_knows_words(unet: Module) -> bool:
    """Whether the pooled text is part of the time embedding, so that words reach every layer."""
    return unet.config.addition_embed_type is not None


def pooled_text(conditioning: Conditioning) -> dict[str, Tensor | None]:
    """The pooled text and the size numbers as diffusers names them."""
    return {"text_embeds": conditioning.pooled, "time_ids": conditioning.sizes}


def added_to_time(unet: Module, conditioning: Conditioning) -> Tensor | None:
    """What a pooled text and sizes add to the time embedding, (B, time channels), the same at all steps."""
    if not time_knows_words(unet):
        return None
    hidden = conditioning.hidden
    added: Tensor = unet.get_aug_embed(hidden, hidden, pooled_text(conditioning))
    return added
