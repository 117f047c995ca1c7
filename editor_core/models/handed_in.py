"""A model that the caller has in memory already: a diffusers pipeline, or its parts, becomes a bundle.

The networks are used as they are, not copied: they are put into evaluation mode on the chosen device, and nobody else
may run them while an engine does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import torch

from editor_core.base.errors import ModelError
from editor_core.models.bundle import Capabilities, ModelBundle
from editor_core.models.fingerprint import SAMPLE
from editor_core.models.folder_layout import check_family, check_fit
from editor_core.models.layout import ModelLayout, parts_beside
from editor_core.models.networks import padding_id
from editor_core.models.noise_config import STABLE_DIFFUSION, noise_schedule, sampler_of
from editor_core.models.placement import choose_device

SOURCE = "handed in"
"""The source of a model that no folder holds."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a Stable Diffusion 1.x, 2.x or SDXL model, as diffusers and transformers load them."""

    unet: Any
    """UNet2DConditionModel; with 2 C + 1 input channels it is one for inpainting."""
    vae: Any
    """AutoencoderKL, AutoencoderDC or AutoencoderTiny; it is put into float32."""
    text_encoder: Any
    """CLIPTextModel."""
    tokenizer: Any
    """CLIPTokenizer."""
    scheduler: Any = None
    """Any of diffusers' schedulers, for the numbers of its noise; None is Stable Diffusion's own."""
    name: str = "model"
    """What results and files call it."""
    text_encoder_2: Any = None
    """CLIPTextModelWithProjection, SDXL's second; None for families with one."""
    tokenizer_2: Any = None
    """CLIPTokenizer, for what fills its prompts up."""
    zero_for_no_words: bool = False
    """Whether the network is told zeros where there are no words, as SDXL was trained."""

    @classmethod
    def of(cls, pipeline: Any, name: str = "") -> "Parts":
        """Those of a diffusers pipeline. Raises ModelError for one that has others."""
        names = ("unet", "vae", "text_encoder", "tokenizer", "scheduler")
        parts = {each: getattr(pipeline, each, None) for each in names}
        if any(part is None for part in parts.values()):
            raise ModelError(
                "This is not a Stable Diffusion pipeline: it must have a U-Net, an autoencoder, a text encoder, a "
                "tokenizer and a scheduler."
            )
        second = {each: getattr(pipeline, each, None) for each in ("text_encoder_2", "tokenizer_2")}
        zero = getattr(pipeline.config, "force_zeros_for_empty_prompt", False)
        called = name or type(pipeline).__name__.removesuffix("Pipeline")
        return cls(**parts, **second, zero_for_no_words=bool(zero), name=called)


def bundle_of(parts: Parts, device: str = "auto") -> ModelBundle:
    """The bundle of a model in memory, in the precision that its U-Net has. Raises ModelError, DeviceError."""
    place = choose_device(device)
    unet = _config(parts.unet)
    configs = {part: _config(getattr(parts, part)) for part in parts_beside(unet)}
    check_family(configs)
    check_fit(configs)
    found = STABLE_DIFFUSION if parts.scheduler is None else _config(parts.scheduler)
    schedule = noise_schedule(found, keep_offset=True)
    nowhere = Path(SOURCE)
    layout = ModelLayout(nowhere, parts.name, configs, {}, {}, schedule, {}, sampler_of(found))
    dtype, second = parts.unet.dtype, parts.text_encoder_2 if "text_encoder_2" in configs else None
    return ModelBundle(
        unet=_ready(parts.unet, place, dtype),
        vae=_ready(parts.vae, place, torch.float32),
        text_encoder=_ready(parts.text_encoder, place, dtype),
        tokenizer=parts.tokenizer,
        text_encoder_2=second and _ready(second, place, dtype),
        padding_id_2=padding_id(parts.tokenizer_2 or parts.tokenizer, None),
        zero_for_no_words=parts.zero_for_no_words,
        schedule=schedule,
        name=parts.name,
        source=SOURCE,
        fingerprint=_fingerprint(parts, configs, vars(schedule)),
        device=place,
        dtype=dtype,
        latent_channels=layout.latent_channels,
        downscale=layout.downscale,
        grid=layout.grid,
        scaling_factor=float(configs["vae"].get("scaling_factor") or 1.0),
        shift_factor=float(configs["vae"].get("shift_factor") or 0.0),
        default_size=layout.default_size,
        default_steps=layout.default_steps,
        default_guidance=layout.default_guidance,
        default_sampler=layout.default_sampler,
        example_prompts=(),
        capabilities=Capabilities(
            prediction_type=schedule.prediction_type,
            inpainting=configs["unet"].get("in_channels", 4) > layout.latent_channels,
            adapter=False,
        ),
    )


def _config(part: Any) -> dict[str, Any]:
    """A part's configuration as its JSON file would have it. Raises ModelError for what has none."""
    config = getattr(part, "config", None)
    if config is None:
        raise ModelError("This part of the model has no configuration: {kind}.", kind=type(part).__name__)
    if hasattr(config, "to_dict"):  # transformers
        plain: dict[str, Any] = config.to_dict()
        return plain
    return {**json.loads(json.dumps(dict(config), default=str)), "_class_name": type(part).__name__}


def _ready(network: Any, place: torch.device, dtype: torch.dtype) -> Any:
    """Raises ModelError where peft has wrapped layers: rows read weights directly, and would pass its LoRAs over."""
    if any(type(module).__module__.startswith("peft.") for module in network.modules()):
        raise ModelError(
            "LoRAs lie beside the weights of the {kind}, where edits would not see them: call fuse_lora() and then "
            "unload_lora_weights() of the pipeline, or name them as the editor’s LoRAs.",
            kind=type(network).__name__,
        )
    return network.to(place, dtype).eval().requires_grad_(False)


def _fingerprint(parts: Parts, configs: Mapping[str, Any], schedule: Mapping[str, Any]) -> str:
    """32 hex digits, as `fingerprint.py` has them of files: names, shapes, and bytes of every tensor at two places."""
    digest = blake2b(digest_size=16)
    for part in sorted(configs):
        kept = {
            key: value
            for key, value in configs[part].items()
            if not key.startswith("_") or key == "_class_name"
        }
        digest.update(json.dumps(kept, sort_keys=True, default=str).encode())
        for name, tensor in sorted(getattr(parts, part).state_dict().items()):
            digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
            flat = tensor.detach().flatten()
            for first in (0, len(flat) // 2):
                digest.update(flat[first : first + SAMPLE].float().cpu().numpy().tobytes())
    digest.update(json.dumps(schedule, sort_keys=True).encode())
    digest.update(json.dumps(sorted(parts.tokenizer.get_vocab().items())).encode())
    if parts.tokenizer_2 is not None:
        digest.update(f"{parts.tokenizer_2.pad_token_id} {parts.zero_for_no_words}".encode())
    return digest.hexdigest()
