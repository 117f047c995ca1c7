"""LoRA files with random weights for the tiny models, in every way of writing that is in use."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from editor_core.models.bundle import ModelBundle

ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
TEXT = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")
ALL_OF_UNET = (*ATTENTION, "proj_in", "proj_out", "net.0.proj", "net.2", "conv1", "conv2", "conv_shortcut", "conv",
    "time_emb_proj", "conv_in", "conv_out", "linear_1", "linear_2")  # fmt: skip
Factors = dict[str, dict[str, Tensor]]
"""Module to "down", "up" and perhaps "alpha"."""


def factors_for(
    network: nn.Module, endings: Iterable[str], seed: int = 0, rank: int = 3, alpha: float | None = 2.0
) -> Factors:
    """Random factors for a network's layers whose names end so, large enough to be seen in what it says."""
    generator = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator) * 0.15

    found: Factors = {}
    for name, module in network.named_modules():
        if not name.endswith(tuple(endings)) or not isinstance(module, nn.Linear | nn.Conv2d):
            continue
        outputs, *inputs = module.weight.shape
        kernel = (1, 1) if isinstance(module, nn.Conv2d) else ()
        found[name] = {"down": random(rank, *inputs), "up": random(outputs, rank, *kernel)}
        if alpha is not None:
            found[name]["alpha"] = torch.tensor(alpha)
    return found


def write_kohya(
    file: Path, unet: Factors, text: Mapping[str, dict[str, Tensor]] = {}, rename: Callable[[str], str] = str
) -> Path:
    """Flattened names, as most LoRAs have; ``rename`` changes a U-Net's module name before."""
    tensors: dict[str, Tensor] = {}
    for prefix, layers in (("lora_unet_", unet), ("lora_te_", text)):
        for module, slots in layers.items():
            name = (
                rename(module)
                if prefix == "lora_unet_"
                else f"text_model.{module.removeprefix('text_model.')}"
            )
            stem = prefix + name.replace(".", "_")
            for slot, ending in (("down", ".lora_down.weight"), ("up", ".lora_up.weight"), ("mid", ".lora_mid.weight"),
                ("alpha", ".alpha")):  # fmt: skip
                if slot in slots:
                    tensors[stem + ending] = slots[slot]
    save_file(tensors, file)
    return file


def write_dotted(
    file: Path,
    unet: Factors,
    text: Mapping[str, dict[str, Tensor]] = {},
    config: dict[str, Any] | None = None,
) -> Path:
    """diffusers' own names, as peft gives them."""
    tensors = {}
    for prefix, layers in (("unet.", unet), ("text_encoder.", text)):
        for module, slots in layers.items():
            tensors[f"{prefix}{module}.lora_A.weight"] = slots["down"]
            tensors[f"{prefix}{module}.lora_B.weight"] = slots["up"]
    metadata = {"format": "pt"}
    if config is not None:
        metadata["lora_adapter_metadata"] = json.dumps(config)
    save_file(tensors, file, metadata)
    return file


def write_processors(file: Path, unet: Factors) -> Path:
    """diffusers' older names, of attention alone."""
    tensors = {}
    for module, slots in unet.items():
        attention, _, projection = module.removesuffix(".0").rpartition(".")
        for slot in ("down", "up"):
            tensors[f"unet.{attention}.processor.{projection}_lora.{slot}.weight"] = slots[slot]
    save_file(tensors, file)
    return file


def says(bundle: ModelBundle) -> Tensor:
    """What a model's text encoder and U-Net say to some words and latents."""
    tokens = bundle.tokenizer(
        ["a red cat"], padding="max_length", max_length=bundle.max_tokens, return_tensors="pt"
    )
    latents = torch.randn(1, bundle.latent_channels, 8, 8, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        told = bundle.text_encoder(tokens.input_ids).last_hidden_state
        said: Tensor = bundle.unet(latents, 500, told).sample
    return said
