"""Which weight of a network a tensor of a LoRA's file belongs to.

Three ways to write it are in use: kohya's flattened names (``lora_unet_down_blocks_0_…``, also with the blocks of
Stable Diffusion's first code, and LyCORIS's), diffusers' and peft's dotted names (``unet.down_blocks.0.…``), and
diffusers' older ones with processors. A network's own module names, flattened, are what all of them are looked up in.
"""

import re
from dataclasses import dataclass

SLOTS = (
    ("down", (".lora_down.weight", ".lora_A.weight", ".lora_A.default.weight", ".lora.down.weight")),
    ("up", (".lora_up.weight", ".lora_B.weight", ".lora_B.default.weight", ".lora.up.weight")),
    ("down", ("_lora.down.weight", ".lora_linear_layer.down.weight")),
    ("up", ("_lora.up.weight", ".lora_linear_layer.up.weight")),
    ("mid", (".lora_mid.weight",)),
    ("alpha", (".alpha",)),
)
_PARTS = (
    ("text_encoder_2", ("lora_te2_", "text_encoder_2.")),
    ("text_encoder", ("lora_te1_", "lora_te_", "text_encoder.")),
    ("unet", ("lora_unet_", "unet.", "diffusion_model.")),
)
_IN_RESNET = {
    "in_layers_2": "conv1",
    "emb_layers_1": "time_emb_proj",
    "out_layers_3": "conv2",
    "skip_connection": "conv_shortcut",
}
_OUTSIDE = {
    "time_embed_0": "time_embedding_linear_1",
    "time_embed_2": "time_embedding_linear_2",
    "label_emb_0_0": "add_embedding_linear_1",
    "label_emb_0_2": "add_embedding_linear_2",
    "input_blocks_0_0": "conv_in",
    "out_2": "conv_out",
}
_FIRST_CODE = re.compile(r"(input_blocks|middle_block|output_blocks)_(\d+)(?:_(\d+))?_?(.*)")


@dataclass(frozen=True)
class LoraName:
    part: str
    """"unet", "text_encoder" or "text_encoder_2"."""
    module: str
    """The module's name with underscores for dots, as the file has it."""
    slot: str
    """One of `SLOTS`."""


def lora_name(key: str) -> LoraName | None:
    """What a tensor of that name is; None for one that no LoRA has."""
    for slot, endings in SLOTS:
        for ending in endings:
            if key.endswith(ending):
                part, module = _split(key.removesuffix(ending))
                return LoraName(part, module, slot)
    return None


def flat(module: str) -> str:
    """A module's own name as it is looked up: CLIP's layers with or without their wrapper are the same."""
    return module.replace(".", "_").removeprefix("text_model_")


def candidates(part: str, module: str, layers_per_block: int) -> tuple[str, ...]:
    """The flattened names that a module may have in a network of diffusers, of so many layers a U-Net's block."""
    found = _in_diffusers(module, layers_per_block) if part == "unet" else module
    return found, f"{found}_0"  # older files leave out that attention's projection is one of two modules


def _split(stem: str) -> tuple[str, str]:
    stem = stem.removeprefix("base_model.model.")
    for part, prefixes in _PARTS:
        for prefix in prefixes:
            if stem.startswith(prefix):
                return part, flat(_without_processor(stem.removeprefix(prefix)))
    return "unet", flat(_without_processor(stem))


def _without_processor(stem: str) -> str:
    return stem.replace(".processor.", ".").removesuffix("_lora")


def _in_diffusers(module: str, layers: int) -> str:
    """A flattened name of Stable Diffusion's first code as diffusers has it; other names stay."""
    if module in _OUTSIDE:
        return _OUTSIDE[module]
    if (match := _FIRST_CODE.fullmatch(module)) is None:
        return module
    side, number, place = match[1], int(match[2]), match[3]
    if side == "middle_block":
        if number == 1:
            return f"mid_block_attentions_0_{match[4]}"
        return f"mid_block_resnets_{number // 2}_{_IN_RESNET.get(match[4], match[4])}"
    each = layers + 1
    down = side == "input_blocks"
    level, index = divmod(number - 1 if down else number, each)
    block = f"{'down' if down else 'up'}_blocks_{level}"
    if match[4] == "op":
        return f"{block}_downsamplers_0_conv"
    if match[4] == "conv":
        return f"{block}_upsamplers_0_conv"
    if place == "0":
        return f"{block}_resnets_{index}_{_IN_RESNET.get(match[4], match[4])}"
    return f"{block}_attentions_{index}_{match[4]}"
