"""What a diffusers folder holds, read from its JSON files alone: no torch, no weights.

Layout: https://huggingface.co/docs/diffusers/using-diffusers/other-formats#diffusers-format
"""

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.models.layout import (
    PARTS,
    ModelLayout,
    has_two_encoders,
    latent_channels,
    parts_beside,
    vae_levels,
)
from editor_core.models.noise_config import STABLE_DIFFUSION, noise_schedule, read_scheduler, sampler_of
from editor_core.models.weight_files import find_weights, read_json

CARD = "palimpsest.json"
_OTHER_FAMILIES = re.compile(
    r"XL|Diffusion3|Flux|Cascade|Kandinsky|Kolors|PixArt|Sana|Lumina|Hunyuan|AuraFlow|Wuerstchen|^IF|DiT|[uU]nCLIP"
    r"|Upscale|Depth2Img|ImageVariation|Pix2Pix|GLIGEN|Video|Image3D"
)
"""In the names of pipelines whose networks want something else than words, a picture and a mask."""
_OTHER_PARTS = ("transformer", "text_encoder_3", "prior", "image_unet")
_XL = "StableDiffusionXL"
_AUTOENCODERS = ("AutoencoderKL", "AutoencoderDC", "AutoencoderTiny")
_BEYOND_FAMILY = ("class_embed_type", "encoder_hid_dim_type", "time_cond_proj_dim")
_CARD_CHECKS: dict[str, Callable[[Any], bool]] = {
    "name": lambda name: isinstance(name, str),
    "default_size": lambda size: isinstance(size, list) and len(size) == 2 and all(map(_is_count, size)),
    "steps": lambda steps: _is_count(steps),
    "guidance": lambda guidance: isinstance(guidance, int | float),
    "example_prompts": lambda prompts: isinstance(prompts, list) and all(isinstance(p, str) for p in prompts),
    "prediction_type": lambda kind: kind in ("epsilon", "v_prediction"),
    "grounded_attention": lambda grounded: isinstance(grounded, bool),
    "few_steps": lambda name: isinstance(name, str) and Path(name).name == name,
    "vocabulary": lambda groups: isinstance(groups, dict) and all(map(_are_words, groups.values())),
}


def inspect_folder(path: Path) -> ModelLayout:
    """Read and check a model folder.

    Raises ModelError, in one sentence, when a part is missing or damaged, when its weights are pickled, or
    when the model is not of the Stable Diffusion 1.x, 2.x or SDXL family.
    """
    if not path.is_dir():
        raise ModelError("The model folder “{folder}” does not exist.", folder=str(path))
    path = _snapshot(path)
    pipeline = _checked_pipeline(path)
    parts = parts_beside(_read_part_config(path, "unet"))
    configs = {part: _read_part_config(path, part) for part in parts}
    check_family(configs)
    check_fit(configs)
    if not any((path / "tokenizer" / name).is_file() for name in ("tokenizer.json", "vocab.json")):
        raise ModelError("The model folder contains no tokenizer.")
    weights = {part: find_weights(path / part, _weights_stem(part), PARTS[part]) for part in parts}
    second = ("tokenizer_2",) if (path / "tokenizer_2").is_dir() else ()
    card = read_card(path / CARD)
    scheduler = read_scheduler(path, _default_scheduler(configs["unet"]))
    return ModelLayout(
        path=path,
        name=card.get("name") or _name(path),
        configs=configs,
        folders={part: path / part for part in (*parts, "tokenizer", *second)},
        weights=weights,
        schedule=noise_schedule(scheduler, keep_offset=bool(card)),
        card=card,
        default_sampler=sampler_of(scheduler),
        zero_for_no_words=bool(
            pipeline.get("force_zeros_for_empty_prompt", has_two_encoders(configs["unet"]))
        ),
    )


def _snapshot(path: Path) -> Path:
    """The folder itself; of a repository in the hub's cache, the snapshot that was fetched last.

    https://huggingface.co/docs/huggingface_hub/guides/manage-cache
    """
    snapshots = path / "snapshots"
    if not path.name.startswith("models--") or not snapshots.is_dir():
        return path
    main = path / "refs" / "main"
    if main.is_file() and (named := snapshots / main.read_text(encoding="utf-8").strip()).is_dir():
        return named
    return max((each for each in snapshots.iterdir() if each.is_dir()), key=_changed, default=path)


def _changed(folder: Path) -> float:
    return folder.stat().st_mtime


def _name(path: Path) -> str:
    """The folder's name; a repository's in the hub's cache, whose snapshots are called by commit."""
    # The path as given first: what a snapshot's files link to is called by digest.
    for each in (path, path.resolve()):
        if each.parent.name == "snapshots" and each.parent.parent.name.startswith("models--"):
            return each.parent.parent.name.removeprefix("models--").replace("--", "/")
    return path.resolve().name


def _default_scheduler(unet: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stable Diffusion's own; 2.x at 768 pixels was trained to predict v."""
    predicts_v = unet.get("cross_attention_dim") == 1024 and unet.get("sample_size") == 96
    return {**STABLE_DIFFUSION, "prediction_type": "v_prediction"} if predicts_v else STABLE_DIFFUSION


def _checked_pipeline(path: Path) -> Mapping[str, Any]:
    """What the folder says of its pipeline; other families, which it may name, are refused."""
    index = path / "model_index.json"
    if not index.is_file():
        _check_is_model(path)
        return {}
    found = read_json(index)
    pipeline = str(found.get("_class_name", "StableDiffusionPipeline"))
    if pipeline.startswith(_XL) and "text_encoder" in found and not (found["text_encoder"] or [None])[0]:
        raise ModelError("This is SDXL's refiner, which finishes pictures only; choose the base model.")
    if _OTHER_FAMILIES.search(pipeline.removeprefix(_XL)) or any(
        (found.get(part) or [None])[0] for part in _OTHER_PARTS
    ):
        kind = pipeline.removesuffix("Pipeline")
        raise ModelError(
            "This is a {kind} model. Only Stable Diffusion 1.x, 2.x and SDXL models are supported.", kind=kind
        )
    return found


def _check_is_model(path: Path) -> None:
    """A folder that holds no model, but perhaps whole models or one part of a model."""
    if any((path / part).is_dir() for part in PARTS):
        return
    if files := sorted(
        file.name for file in path.glob("*.safetensors") if not (path / "config.json").is_file()
    ):
        raise ModelError("This folder holds model files; choose one of them, such as {file}.", file=files[0])
    if (path / "config.json").is_file():
        raise ModelError("This folder is one part of a model; choose the folder around it.")


def _read_part_config(path: Path, part: str) -> dict[str, Any]:
    file = path / part / "config.json"
    if not file.is_file():
        raise ModelError("The model folder contains no {part}.", part=PARTS[part])
    return read_json(file)


def check_family(configs: Mapping[str, Mapping[str, Any]]) -> None:
    unet, vae = configs["unet"], configs["vae"]
    known = unet.get("addition_embed_type") in (None, "text_time")
    if (
        unet.get("_class_name") != "UNet2DConditionModel"
        or not known
        or any(unet.get(key) for key in _BEYOND_FAMILY)
    ):
        raise ModelError(
            "The model's U-Net is not supported. Only Stable Diffusion 1.x, 2.x and SDXL models are."
        )
    if vae.get("_class_name") not in _AUTOENCODERS:
        raise ModelError(
            "The model's autoencoder is not supported: {kind}.", kind=str(vae.get("_class_name"))
        )
    encoders = [configs[part] for part in configs if part.startswith("text_encoder")]
    if any(encoder.get("model_type") not in ("clip_text_model", "clip") for encoder in encoders):
        raise ModelError("The model's text encoder is not supported. It must be a CLIP text encoder.")


def check_fit(configs: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse incomplete configurations, and parts that come from different models."""
    _check_numbers(configs)
    unet, vae = configs["unet"], configs["vae"]
    for part, levels in (("unet", unet.get("block_out_channels")), ("vae", vae_levels(vae))):
        if not isinstance(levels, list) or not levels:
            raise ModelError(
                "The model could not be loaded: the configuration of its {part} is incomplete.",
                part=PARTS[part],
            )
    channels = latent_channels(vae)
    in_channels = unet.get("in_channels", 4)
    if in_channels not in (channels, 2 * channels + 1) or unet.get("out_channels", 4) != channels:
        raise ModelError("The model could not be loaded: its U-Net and autoencoder do not match.")
    if unet.get("cross_attention_dim", 1280) != _width_of_words(configs) or not _takes_pooled(configs):
        raise ModelError("The model could not be loaded: its U-Net and text encoder do not match.")


def _check_numbers(configs: Mapping[str, Mapping[str, Any]]) -> None:
    """What is calculated with here; the rest the libraries look at when they build the networks."""
    for part, name in (
        *(("vae", "scaling_factor"), ("vae", "shift_factor")),
        *((part, "num_hidden_layers") for part in configs if part.startswith("text_encoder")),
    ):
        value = configs[part].get(name)
        if value is not None and not (isinstance(value, int | float) and math.isfinite(value)):
            raise ModelError(
                "The model could not be loaded: its {part} is damaged or incompatible.", part=PARTS[part]
            )


def _width_of_words(configs: Mapping[str, Mapping[str, Any]]) -> int:
    """Of the hidden states that the U-Net is told: those of all encoders side by side."""
    return sum(configs[part].get("hidden_size", 512) for part in configs if part.startswith("text_encoder"))


def _takes_pooled(configs: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the second encoder's pooled text and six size numbers are as wide as the U-Net wants them."""
    unet = configs["unet"]
    if not has_two_encoders(unet):
        return True
    width = configs["text_encoder_2"].get("projection_dim", 512) + 6 * (
        unet.get("addition_time_embed_dim") or 0
    )
    return bool(unet.get("projection_class_embeddings_input_dim") == width)


def _weights_stem(part: str) -> str:
    return "model" if part.startswith("text_encoder") else "diffusion_pytorch_model"


def read_card(file: Path) -> dict[str, Any]:
    """Our own optional file: name, prediction_type, default_size [width, height], steps, guidance, example_prompts,
    grounded_attention, for `Capabilities.grounded`, the vocabulary, as `base/vocabulary.py` has it, and few_steps, the
    name of a LoRA in its folder "loras" that was distilled for that."""
    if not file.is_file():
        return {}
    card = read_json(file)
    for key, is_right in _CARD_CHECKS.items():
        if key in card and not is_right(card[key]):
            raise ModelError(
                "The value of “{key}” in the model's {file} is not valid.", key=key, file=file.name
            )
    return card


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value > 0
