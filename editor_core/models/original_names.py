"""The names that Stable Diffusion's first code gave its weights, and what a file's names say it is."""

from collections.abc import Callable, Collection

from editor_core.base.message import Message

UNET = "model.diffusion_model."
TEXT_MODEL = "text_model."
SECOND_TEXT_MODEL = "conditioner.embedders.1.model."
_PREFIXES = {
    "unet": (UNET,),
    "vae": ("first_stage_model.",),
    "text_encoder": (
        "cond_stage_model.transformer.",
        "cond_stage_model.model.",
        "conditioner.embedders.0.transformer.",
    ),
    "text_encoder_2": (SECOND_TEXT_MODEL,),
}

_REFUSALS: tuple[tuple[tuple[str, ...], Callable[[str], Message]], ...] = (
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
        lambda file: Message(
            "{file} is a LoRA, which changes a model and is none itself; add it to the LoRAs and choose its model.",
            file=file,
        ),
    ),
    (
        ("double_blocks.", "double_stream"),
        lambda file: Message(
            "{file} is a Flux model; only Stable Diffusion 1.x, 2.x and SDXL models can be used.", file=file
        ),
    ),
    (
        ("joint_blocks.", "text_encoders.t5xxl."),
        lambda file: Message(
            "{file} is a Stable Diffusion 3 model; only Stable Diffusion 1.x, 2.x and SDXL models can be used.",
            file=file,
        ),
    ),
    (
        ("conditioner.embedders.0.model.",),
        lambda file: Message(
            "{file} is SDXL's refiner, which finishes pictures only; choose the base model.", file=file
        ),
    ),
    (
        ("control_model.", "input_hint_block."),
        lambda file: Message(
            "{file} is a ControlNet, which steers a model; choose the model itself.", file=file
        ),
    ),
)


def belongs_to(name: str, part: str) -> bool:
    """Whether a tensor of a whole model's file is one of a part's."""
    return name.startswith(_PREFIXES[part])


def parts_in(names: Collection[str]) -> frozenset[str]:
    """The parts that a file brings."""
    return frozenset(part for part in _PREFIXES if any(belongs_to(name, part) for name in names))


def why_not(names: Collection[str], file: str) -> Message | None:
    """Why a file with these tensors is no model of the family; None where it may be one."""
    for marks, reason in _REFUSALS:
        if any(mark in name for name in names for mark in marks):
            return reason(file)
    if any(name.startswith(UNET) for name in names):
        return None
    if any(
        name.startswith(("first_stage_model.", "encoder.down.", "encoder.down_blocks.")) for name in names
    ):
        return Message("{file} is an autoencoder (VAE) only; choose the model that it belongs to.", file=file)
    if any(name.startswith(("down_blocks.", "unet.down_blocks.", "text_model.")) for name in names):
        return Message("{file} is one part of a model; choose the whole model's folder.", file=file)
    return Message("{file} is no Stable Diffusion model: its weights have other names.", file=file)
