"""The names that Stable Diffusion's first code gave its weights, and what a file's names say it is."""

from collections.abc import Collection

UNET = "model.diffusion_model."
TEXT_MODEL = "text_model."
_PREFIXES = {
    "unet": (UNET,),
    "vae": ("first_stage_model.",),
    "text_encoder": ("cond_stage_model.transformer.", "cond_stage_model.model."),
}

_REFUSALS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        (
            "lora_up.",
            "lora_down.",
            "lora_A.",
            "lora_B.",
            ".lora.up.",
            ".lora.down.",
            "hada_w",
            "lokr_w",
            "dora_scale",
        ),
        "is a LoRA, which changes a model and is none itself; choose the model that it was made for",
    ),
    (
        ("double_blocks.", "double_stream"),
        "is a Flux model; only Stable Diffusion 1.x and 2.x models can be used",
    ),
    (
        ("joint_blocks.", "text_encoders.t5xxl."),
        "is a Stable Diffusion 3 model; only Stable Diffusion 1.x and 2.x models can be used",
    ),
    (
        ("conditioner.embedders.", UNET + "label_emb."),
        "is an SDXL model; only Stable Diffusion 1.x and 2.x models can be used",
    ),
    (
        ("control_model.", "input_hint_block."),
        "is a ControlNet, which steers a model; choose the model itself",
    ),
)


def belongs_to(name: str, part: str) -> bool:
    """Whether a tensor of a whole model's file is one of a part's."""
    return name.startswith(_PREFIXES[part])


def parts_in(names: Collection[str]) -> frozenset[str]:
    """The parts that a file brings."""
    return frozenset(part for part in _PREFIXES if any(belongs_to(name, part) for name in names))


def why_not(names: Collection[str]) -> str:
    """Why a file with these tensors is no model of the family, to follow the file's name; empty where it may be one."""
    for marks, reason in _REFUSALS:
        if any(mark in name for name in names for mark in marks):
            return reason
    if any(name.startswith(UNET) for name in names):
        return ""
    if any(
        name.startswith(("first_stage_model.", "encoder.down.", "encoder.down_blocks.")) for name in names
    ):
        return "is an autoencoder (VAE) only; choose the model that it belongs to"
    if any(name.startswith(("down_blocks.", "unet.down_blocks.", "text_model.")) for name in names):
        return "is one part of a model; choose the whole model's folder"
    return "is no Stable Diffusion model: its weights have other names"
