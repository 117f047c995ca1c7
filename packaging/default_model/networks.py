"""The networks of the model, built from the ordinary classes of diffusers and transformers."""

from typing import Any

import torch
from diffusers import AutoencoderDC, DDIMScheduler, T2IAdapter, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

ADAPTER_FOLDER = "adapter_sketch"
"""Where a model's folder keeps its adapter for sketches."""
FEW_STEPS_FILE = "loras/few-steps.safetensors"
"""Where a model's folder keeps the low-rank changes that make it paint in few steps."""


def build_autoencoder(settings: dict[str, Any]) -> AutoencoderDC:
    """A convolutional autoencoder with spatial factor 8, space-to-channel shortcuts and only local operations."""
    channels = settings["channels"]
    levels = len(channels)
    return AutoencoderDC(
        latent_channels=settings["latent_channels"],
        encoder_block_types=["ResBlock"] * levels,
        decoder_block_types=["ResBlock"] * levels,
        encoder_block_out_channels=channels,
        decoder_block_out_channels=channels,
        encoder_layers_per_block=[1] * levels,
        decoder_layers_per_block=settings["decoder_layers"],
        encoder_qkv_multiscales=[()] * levels,
        decoder_qkv_multiscales=[()] * levels,
        downsample_block_type="pixel_unshuffle",
        upsample_block_type="pixel_shuffle",
        scaling_factor=1.0,
    )


def build_text_encoder(settings: dict[str, Any], tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """A small causal CLIP text encoder for the tokenizer's words."""
    width = settings["text_width"]
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        projection_dim=width,
        intermediate_size=4 * width,
        num_hidden_layers=settings["text_layers"],
        num_attention_heads=settings["text_heads"],
        max_position_embeddings=tokenizer.model_max_length,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config)


def build_unet(settings: dict[str, Any], latent_channels: int) -> UNet2DConditionModel:
    """Stable Diffusion's U-Net at a small size: cross-attention at the top three levels and in the middle."""
    return UNet2DConditionModel(
        sample_size=settings["sample_size"],
        in_channels=latent_channels,
        out_channels=latent_channels,
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        block_out_channels=settings["channels"],
        layers_per_block=settings.get("layers", 1),
        attention_head_dim=settings["heads"],
        cross_attention_dim=settings["text_width"],
        norm_num_groups=settings["norm_groups"],
    )


def build_adapter(settings: dict[str, Any], model_settings: dict[str, Any]) -> T2IAdapter:
    """A T2I-Adapter for pictures of one channel and the U-Net of the model's settings.

    Its features begin near zero, so that training starts from what the U-Net does without them.
    """
    adapter = T2IAdapter(
        in_channels=1,
        channels=model_settings["channels"],
        num_res_blocks=settings["res_blocks"],
        downscale_factor=8,
    )
    with torch.no_grad():
        for parameter in adapter.adapter.conv_in.parameters():
            parameter.mul_(0.1)
    return adapter


def build_scheduler() -> DDIMScheduler:
    """Stable Diffusion's noise schedule, with the velocity as what the network predicts."""
    return DDIMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )
