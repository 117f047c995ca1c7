"""Networks out of a file that holds a whole model under the names of Stable Diffusion's first code.

The names are https://github.com/CompVis/latent-diffusion's, which every other program writes, too; diffusers'
functions rename them. The file stays mapped, and only what a network wants is read.
"""

from collections.abc import Mapping
from typing import Any

import diffusers
import torch
import transformers
from diffusers.loaders import single_file_utils
from safetensors import safe_open
from torch import Tensor, nn

from editor_core.models.layout import ModelLayout
from editor_core.models.mapped_memory import in_precision
from editor_core.models.original_names import SECOND_TEXT_MODEL, TEXT_MODEL, belongs_to


def load_packed(layout: ModelLayout, part: str, dtype: torch.dtype) -> tuple[nn.Module, dict[str, list[str]]]:
    """One network on the CPU, and what was missing, as diffusers' `output_loading_info` has it.

    Raises what the libraries do for weights that do not fit: RuntimeError, KeyError, ValueError.
    """
    (file,) = layout.weights[part].parts
    with safe_open(file, "pt") as opened:
        names = list(opened.keys())
        own = [name for name in names if belongs_to(name, part)] or names  # a part's own file has no prefixes
        tensors = {name: opened.get_tensor(name) for name in own}
    config = dict(layout.configs[part])
    network = text_encoder(config) if part.startswith("text_encoder") else diffusers_network(config)
    expected = network.state_dict()
    renamed = _renamed(network, tensors, part, config)
    wanted = {name: tensor for name, tensor in renamed.items() if name in expected}
    network.load_state_dict(wanted, strict=False, assign=True)
    return in_precision(network, dtype), {
        "missing_keys": sorted(expected.keys() - wanted.keys()),
        "mismatched_keys": [],
    }


def text_encoder(config: dict[str, Any]) -> nn.Module:
    """CLIP's text encoder of this configuration, without numbers; SDXL's second one also gives a pooled embedding."""
    told = transformers.CLIPTextConfig.from_dict(config)
    with torch.device("meta"):  # random numbers would take seconds
        network: nn.Module = text_encoder_class(config)(told)
    embeddings: Any = next(module for module in network.modules() if hasattr(module, "position_ids"))
    embeddings.position_ids = torch.arange(told.max_position_embeddings)[None]  # which no file holds
    return network


def text_encoder_class(config: Mapping[str, Any]) -> Any:
    """The class that a text encoder's configuration names."""
    projects = "CLIPTextModelWithProjection" in (config.get("architectures") or ())
    return transformers.CLIPTextModelWithProjection if projects else transformers.CLIPTextModel


def diffusers_network(config: dict[str, Any]) -> nn.Module:
    """A U-Net or autoencoder of this configuration, without numbers."""
    with torch.device("meta"):  # every number comes from the file
        network: nn.Module = getattr(diffusers, config["_class_name"]).from_config(config)
    return network


def _renamed(
    network: nn.Module, tensors: dict[str, Tensor], part: str, config: dict[str, Any]
) -> dict[str, Tensor]:
    if part == "unet":
        return dict(single_file_utils.convert_ldm_unet_checkpoint(tensors, config))
    if part == "vae" and any(name.startswith("encoder.down_blocks.") for name in tensors):
        return tensors  # diffusers' own names
    if part == "vae":
        return dict(single_file_utils.convert_ldm_vae_checkpoint(tensors, config))
    if part == "text_encoder_2":
        renamed = single_file_utils.convert_open_clip_checkpoint(network, tensors, SECOND_TEXT_MODEL)
    elif any(name.startswith("cond_stage_model.model.") for name in tensors):
        renamed = single_file_utils.convert_open_clip_checkpoint(network, tensors)
    else:
        renamed = single_file_utils.convert_ldm_clip_checkpoint(tensors)
    return named_as_in(network, renamed)


def named_as_in(text_encoder: nn.Module, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Whether the encoder's parts lie below `text_model` differs between versions of transformers, and of files."""
    prefix = TEXT_MODEL if hasattr(text_encoder, "text_model") else ""
    return {
        name if name.startswith("text_projection.") else prefix + name.removeprefix(TEXT_MODEL): tensor
        for name, tensor in tensors.items()
    }
