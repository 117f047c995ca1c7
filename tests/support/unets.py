"""Tiny random U-Nets with the shapes the editor meets."""

from functools import cache

import torch
from diffusers import UNet2DConditionModel

CROSS, PLAIN = "CrossAttnDownBlock2D", "DownBlock2D"
CROSS_UP, PLAIN_UP = "CrossAttnUpBlock2D", "UpBlock2D"


@cache
def tiny_unet(kind: str = "default", dtype: torch.dtype = torch.float32) -> UNet2DConditionModel:
    """Return a random U-Net, the same object each time.

    "default" and "sd1" project by 1x1 convolutions, "sd2" and "sdxl" by linear layers; "sdxl" is told a pooled text.
    """
    shared = {"sample_size": 16, "norm_num_groups": 4, "cross_attention_dim": 12}
    shapes = {
        "default": {
            "in_channels": 8, "out_channels": 8, "layers_per_block": 1,
            "block_out_channels": (8, 16, 24, 32), "attention_head_dim": (1, 2, 3, 4),
        },
        "sd1": {"layers_per_block": 2, "block_out_channels": (8, 16, 16, 16), "attention_head_dim": 2},
        "sdxl": {
            "layers_per_block": 2, "block_out_channels": (8, 16, 24), "attention_head_dim": (1, 2, 3),
            "transformer_layers_per_block": (1, 2, 3), "use_linear_projection": True,
            "addition_embed_type": "text_time", "addition_time_embed_dim": 4,
            "projection_class_embeddings_input_dim": 6 + 6 * 4,
            "down_block_types": (PLAIN, CROSS, CROSS), "up_block_types": (CROSS_UP, CROSS_UP, PLAIN_UP),
        },
        "sd2": {
            "layers_per_block": 2, "block_out_channels": (8, 16, 16, 16), "attention_head_dim": (1, 2, 4, 4),
            "use_linear_projection": True,
        },
    }  # fmt: skip
    torch.manual_seed(0)
    types = {
        "down_block_types": (CROSS, CROSS, CROSS, PLAIN),
        "up_block_types": (PLAIN_UP, CROSS_UP, CROSS_UP, CROSS_UP),
    }
    unet = UNet2DConditionModel(**shared | types | shapes[kind])
    _randomise_norms(unet)
    unet = unet if dtype is torch.float32 else unet.to(dtype)
    return unet.eval().requires_grad_(False)


def _randomise_norms(unet: UNet2DConditionModel) -> None:
    """A fresh norm multiplies by one and adds zero, which would hide a mistake in either."""
    for module in unet.modules():
        if isinstance(module, torch.nn.GroupNorm | torch.nn.LayerNorm):
            torch.nn.init.normal_(module.weight, 1.0, 0.3)
            torch.nn.init.normal_(module.bias, 0.0, 0.3)


def random_inputs(
    unet: UNet2DConditionModel, height: int = 16, width: int = 16, batch: int = 2, tokens: int = 7
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return latents (batch, channels, height, width), all alike, and text (batch, tokens, channels)."""
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(1, unet.config.in_channels, height, width, generator=generator)
    text = torch.randn(batch, tokens, unet.config.cross_attention_dim, generator=generator)
    return latents.expand(batch, -1, -1, -1).to(unet.dtype), text.to(unet.dtype)
