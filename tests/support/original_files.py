"""One-file models under the names of Stable Diffusion's first code, made from tiny diffusers networks."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

_RESNET = {
    "norm1.": "in_layers.0.",
    "conv1.": "in_layers.2.",
    "time_emb_proj.": "emb_layers.1.",
    "norm2.": "out_layers.0.",
    "conv2.": "out_layers.3.",
    "conv_shortcut.": "skip_connection.",
}
_UNET = {
    "conv_in.": "input_blocks.0.0.",
    "time_embedding.linear_1.": "time_embed.0.",
    "time_embedding.linear_2.": "time_embed.2.",
    "add_embedding.linear_1.": "label_emb.0.0.",
    "add_embedding.linear_2.": "label_emb.0.2.",
    "conv_norm_out.": "out.0.",
    "conv_out.": "out.2.",
    "mid_block.resnets.0.": "middle_block.0.",
    "mid_block.attentions.0.": "middle_block.1.",
    "mid_block.resnets.1.": "middle_block.2.",
}
_VAE = {
    "mid_block.resnets.0.": "mid.block_1.",
    "mid_block.attentions.0.": "mid.attn_1.",
    "mid_block.resnets.1.": "mid.block_2.",
    "conv_norm_out.": "norm_out.",
    "conv_shortcut.": "nin_shortcut.",
}
_VAE_ATTENTION = {
    "group_norm.": "norm.",
    "to_q.": "q.",
    "to_k.": "k.",
    "to_v.": "v.",
    "to_out.0.": "proj_out.",
}
_OPEN_CLIP = {
    "layer_norm1.": "ln_1.",
    "layer_norm2.": "ln_2.",
    "mlp.fc1.": "mlp.c_fc.",
    "mlp.fc2.": "mlp.c_proj.",
    "self_attn.out_proj.": "attn.out_proj.",
}


def packed(folder: Path, open_clip: bool = False) -> dict[str, Tensor]:
    """All tensors of a diffusers folder under their first names."""
    two = (folder / "text_encoder_2").is_dir()
    parts = {part: _weights(folder / part) for part in ("unet", "vae", "text_encoder")}
    layers = json.loads((folder / "unet/config.json").read_text())["layers_per_block"]
    levels = len(json.loads((folder / "vae/config.json").read_text())["block_out_channels"])
    if two:
        text = _clip(parts["text_encoder"], "conditioner.embedders.0.transformer.")
        text |= _open_clip(_weights(folder / "text_encoder_2"), "conditioner.embedders.1.model.")
    else:
        text = _open_clip(parts["text_encoder"]) if open_clip else _clip(parts["text_encoder"])
    attentive = with_attention(parts["unet"])
    unet = {
        f"model.diffusion_model.{unet_name(name, layers, attentive)}": t for name, t in parts["unet"].items()
    }
    return unet | dict(_vae(name, t, levels) for name, t in parts["vae"].items()) | text


def write_packed(
    folder: Path, file: Path, open_clip: bool = False, dtype: torch.dtype = torch.float32
) -> Path:
    tensors = {name: tensor.to(dtype).contiguous() for name, tensor in packed(folder, open_clip).items()}
    save_file(tensors, file, {"format": "pt"})
    return file


def _weights(folder: Path) -> dict[str, Tensor]:
    (file,) = folder.glob("*.safetensors")
    return load_file(file)


def _replaced(name: str, names: dict[str, str]) -> str:
    for new, old in names.items():
        name = name.replace(new, old)
    return name


def with_attention(names: Iterable[str]) -> frozenset[int]:
    """The U-Net's blocks on the way up that attend."""
    found = (re.match(r"up_blocks\.(\d+)\.attentions", name) for name in names)
    return frozenset(int(block[1]) for block in found if block)


def unet_name(name: str, layers: int, attentive: frozenset[int]) -> str:
    """A tensor's first name, of so many layers a block."""
    if found := re.match(r"(down|up)_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.*)", name):
        side, level, kind, number, rest = found.groups()
        blocks, first, each = ("input", 1, layers + 1) if side == "down" else ("output", 0, layers + 1)
        place = first + int(level) * each + int(number)
        if kind == "resnets":
            return f"{blocks}_blocks.{place}.0.{_replaced(rest, _RESNET)}"
        return f"{blocks}_blocks.{place}.1.{rest}"
    if found := re.match(r"down_blocks\.(\d+)\.downsamplers\.0\.conv\.(.*)", name):
        return f"input_blocks.{(int(found[1]) + 1) * (layers + 1)}.0.op.{found[2]}"
    if found := re.match(r"up_blocks\.(\d+)\.upsamplers\.0\.(.*)", name):
        place = int(found[1]) * (layers + 1) + layers
        # An upsampler follows the block's attention, where there is one.
        return f"output_blocks.{place}.{2 if int(found[1]) in attentive else 1}.{found[2]}"
    name = _replaced(name, _UNET)
    return _replaced(name, _RESNET) if re.match(r"middle_block\.[02]", name) else name


def _vae(name: str, tensor: Tensor, levels: int) -> tuple[str, Tensor]:
    if ".attentions." in name:
        name = _replaced(name, _VAE_ATTENTION)
        if name.endswith("weight") and ".norm." not in name:
            tensor = tensor[..., None, None]  # 1x1 convolutions there
    if found := re.match(r"decoder\.up_blocks\.(\d+)\.(.*)", name):
        name = f"decoder.up.{levels - 1 - int(found[1])}.{found[2]}"
    name = (
        name.replace("down_blocks.", "down.").replace(".resnets.", ".block.")
        if "mid_block" not in name
        else name
    )
    name = name.replace("downsamplers.0.", "downsample.").replace("upsamplers.0.", "upsample.")
    return f"first_stage_model.{_replaced(name, _VAE)}", tensor


def _clip(weights: dict[str, Tensor], prefix: str = "cond_stage_model.transformer.") -> dict[str, Tensor]:
    prefix += "text_model."
    return {prefix + name.removeprefix("text_model."): tensor for name, tensor in weights.items()}


def _open_clip(weights: dict[str, Tensor], prefix: str = "cond_stage_model.model.") -> dict[str, Tensor]:
    weights = {name.removeprefix("text_model."): tensor for name, tensor in weights.items()}
    found = {
        prefix + "token_embedding.weight": weights.pop("embeddings.token_embedding.weight"),
        prefix + "positional_embedding": weights.pop("embeddings.position_embedding.weight"),
        prefix + "ln_final.weight": weights.pop("final_layer_norm.weight"),
        prefix + "ln_final.bias": weights.pop("final_layer_norm.bias"),
    }
    if "text_projection.weight" in weights:
        found[prefix + "text_projection"] = weights.pop("text_projection.weight").T
    for name, tensor in weights.items():
        name = _replaced(name.replace("encoder.layers.", "transformer.resblocks."), _OPEN_CLIP)
        if ".self_attn.q_proj." in name:
            of = [weights[_source(name).replace("q_proj", f"{each}_proj")] for each in "qkv"]
            name, tensor = name.replace("self_attn.q_proj.", "attn.in_proj_"), torch.cat(of)
        if "self_attn" not in name:
            found[prefix + name] = tensor
    return found


def _source(name: str) -> str:
    return name.replace("transformer.resblocks.", "encoder.layers.")


def original_control_names(tensors: dict[str, Tensor], layers: int = 2) -> dict[str, Tensor]:
    """A ControlNet's tensors under the first code's names, of so many layers a block."""
    return {_control_name(name, layers): tensor for name, tensor in tensors.items()}


def _control_name(name: str, layers: int) -> str:
    if found := re.match(r"controlnet_down_blocks\.(\d+)\.(.*)", name):
        return f"zero_convs.{found[1]}.0.{found[2]}"
    if found := re.match(r"controlnet_cond_embedding\.blocks\.(\d+)\.(.*)", name):
        return f"input_hint_block.{2 * (int(found[1]) + 1)}.{found[2]}"
    name = name.replace("controlnet_mid_block.", "middle_block_out.0.")
    name = name.replace("controlnet_cond_embedding.conv_in.", "input_hint_block.0.")
    name = name.replace("controlnet_cond_embedding.conv_out.", "input_hint_block.14.")
    return unet_name(name, layers, frozenset())
