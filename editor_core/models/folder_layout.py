"""What a diffusers folder holds, read from its JSON files alone: no torch, no weights.

Layout: https://huggingface.co/docs/diffusers/using-diffusers/other-formats#diffusers-format
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models.bundle import Capabilities, NoiseScheduleConfig
from editor_core.models.weight_files import WeightFiles, find_weights, read_json

CARD = "palimpsest.json"
ADAPTER = "adapter_sketch"
_OTHER_ADAPTERS = ("t2iadapter_sketch_*", "t2iadapter_canny_*", "t2iadapter_*")  # names on the hub
PARTS = {"unet": Message("U-Net"), "vae": Message("autoencoder"), "text_encoder": Message("text encoder")}
_PIPELINES = ("StableDiffusionPipeline", "StableDiffusionInpaintPipeline")
_AUTOENCODERS = ("AutoencoderKL", "AutoencoderDC", "AutoencoderTiny")
_BEYOND_FAMILY = ("addition_embed_type", "class_embed_type", "encoder_hid_dim_type", "time_cond_proj_dim")
_SCHEDULE_CHOICES = {
    "prediction_type": ("epsilon", "v_prediction"),
    "beta_schedule": ("linear", "scaled_linear", "squaredcos_cap_v2"),
    "timestep_spacing": ("leading", "linspace", "trailing"),
}
_CARD_CHECKS: dict[str, Callable[[Any], bool]] = {
    "name": lambda name: isinstance(name, str),
    "default_size": lambda size: isinstance(size, list) and len(size) == 2 and all(map(_is_count, size)),
    "steps": lambda steps: _is_count(steps),
    "guidance": lambda guidance: isinstance(guidance, int | float),
    "example_prompts": lambda prompts: isinstance(prompts, list) and all(isinstance(p, str) for p in prompts),
    "grounded_attention": lambda grounded: isinstance(grounded, bool),
}


@dataclass(frozen=True)
class FolderLayout:
    """A checked folder of the Stable Diffusion 1.x / 2.x family."""

    path: Path
    name: str
    configs: Mapping[str, Mapping[str, Any]]
    """Part ("unet", "vae", "text_encoder") to its config.json."""
    weights: Mapping[str, WeightFiles]
    schedule: NoiseScheduleConfig
    card: Mapping[str, Any]

    @property
    def latent_channels(self) -> int:
        return _latent_channels(self.configs["vae"])

    @property
    def downscale(self) -> int:
        return 1 << len(_vae_levels(self.configs["vae"])) - 1

    @property
    def grid(self) -> int:
        return self.downscale << len(self.configs["unet"]["block_out_channels"]) - 1

    @property
    def default_size(self) -> tuple[int, int]:
        """Pixels, (width, height): the card's, else the size the U-Net was trained at."""
        if size := self.card.get("default_size"):
            return size[0], size[1]
        side = self.configs["unet"].get("sample_size") or 64
        height, width = side if isinstance(side, list) else (side, side)
        return width * self.downscale, height * self.downscale

    @property
    def default_steps(self) -> int:
        return int(self.card.get("steps", 30))

    @property
    def default_guidance(self) -> float:
        return float(self.card.get("guidance", 7.5))

    @property
    def example_prompts(self) -> tuple[str, ...]:
        return tuple(self.card.get("example_prompts", ()))

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            prediction_type=self.schedule.prediction_type,
            inpainting=self.configs["unet"].get("in_channels", 4) > self.latent_channels,
            adapter=find_adapter(self.path) is not None,
            grounded=self.card.get("grounded_attention", False),
        )


def inspect_folder(path: Path) -> FolderLayout:
    """Read and check a model folder.

    Raises ModelError, in one sentence, when a part is missing or damaged, when its weights are pickled, or
    when the model is not of the Stable Diffusion 1.x / 2.x family.
    """
    if not path.is_dir():
        raise ModelError("The model folder “{folder}” does not exist.", folder=str(path))
    _check_pipeline(path)
    configs = {part: _read_part_config(path, part) for part in PARTS}
    _check_family(configs)
    _check_fit(configs)
    if not any((path / "tokenizer" / name).is_file() for name in ("tokenizer.json", "vocab.json")):
        raise ModelError("The model folder contains no tokenizer.")
    weights = {part: find_weights(path / part, _weights_stem(part), PARTS[part]) for part in PARTS}
    card = _read_card(path)
    return FolderLayout(
        path, card.get("name") or path.resolve().name, configs, weights, _read_schedule(path), card
    )


def find_adapter(folder: Path) -> Path | None:
    """The sketch adapter that comes with a model folder or lies beside it, or None."""
    if is_adapter(folder / ADAPTER):
        return folder / ADAPTER
    for place in (folder, folder.parent):
        for pattern in _OTHER_ADAPTERS:
            if found := [path for path in sorted(place.glob(pattern)) if is_adapter(path)]:
                return found[0]
    return None


def is_adapter(folder: Path) -> bool:
    """Whether the folder holds a T2I-Adapter in diffusers' layout."""
    try:
        return read_json(folder / "config.json").get("_class_name") == "T2IAdapter"
    except ModelError:  # not there, or damaged: either way none that can be used
        return False


def _check_pipeline(path: Path) -> None:
    """Refuse other families by name where the folder says which pipeline it is for."""
    index = path / "model_index.json"
    if not index.is_file():
        return
    pipeline = str(read_json(index).get("_class_name", _PIPELINES[0]))
    if pipeline not in _PIPELINES:
        kind = pipeline.removesuffix("Pipeline")
        raise ModelError(
            "This is a {kind} model. Only Stable Diffusion 1.x and 2.x models are supported.", kind=kind
        )


def _read_part_config(path: Path, part: str) -> dict[str, Any]:
    file = path / part / "config.json"
    if not file.is_file():
        raise ModelError("The model folder contains no {part}.", part=PARTS[part])
    return read_json(file)


def _check_family(configs: Mapping[str, Mapping[str, Any]]) -> None:
    unet, vae, text_encoder = configs["unet"], configs["vae"], configs["text_encoder"]
    if unet.get("_class_name") != "UNet2DConditionModel" or any(unet.get(key) for key in _BEYOND_FAMILY):
        raise ModelError("The model's U-Net is not supported. Only Stable Diffusion 1.x and 2.x models are.")
    if vae.get("_class_name") not in _AUTOENCODERS:
        raise ModelError(
            "The model's autoencoder is not supported: {kind}.", kind=str(vae.get("_class_name"))
        )
    if text_encoder.get("model_type") not in ("clip_text_model", "clip"):
        raise ModelError("The model's text encoder is not supported. It must be a CLIP text encoder.")


def _check_fit(configs: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse incomplete configurations, and parts that come from different models."""
    unet, vae = configs["unet"], configs["vae"]
    for part, levels in (("unet", unet.get("block_out_channels")), ("vae", _vae_levels(vae))):
        if not isinstance(levels, list) or not levels:
            raise ModelError(
                "The model could not be loaded: the configuration of its {part} is incomplete.",
                part=PARTS[part],
            )
    channels = _latent_channels(vae)
    in_channels = unet.get("in_channels", 4)
    if in_channels not in (channels, 2 * channels + 1) or unet.get("out_channels", 4) != channels:
        raise ModelError("The model could not be loaded: its U-Net and autoencoder do not match.")
    if unet.get("cross_attention_dim", 1280) != configs["text_encoder"].get("hidden_size", 512):
        raise ModelError("The model could not be loaded: its U-Net and text encoder do not match.")


def _latent_channels(vae: Mapping[str, Any]) -> int:
    return int(vae.get("latent_channels", 4))


def _vae_levels(vae: Mapping[str, Any]) -> Any:
    return vae.get("block_out_channels") or vae.get("encoder_block_out_channels")


def _weights_stem(part: str) -> str:
    return "model" if part == "text_encoder" else "diffusion_pytorch_model"


def _read_schedule(path: Path) -> NoiseScheduleConfig:
    """The noise schedule of any diffusers scheduler; keys it leaves out have DDIMScheduler's defaults."""
    file = path / "scheduler" / "scheduler_config.json"
    if not file.is_file():
        raise ModelError("The model folder contains no scheduler.")
    found = read_json(file)
    known = {f.name: found[f.name] for f in fields(NoiseScheduleConfig) if found.get(f.name) is not None}
    for name, value in known.items():
        _check_schedule_value(name, value)
    if found.get("rescale_betas_zero_snr"):
        raise ModelError(
            "The model's noise schedule is not supported: it ends in pure noise (zero terminal SNR)."
        )
    if "trained_betas" in known:
        known["trained_betas"] = tuple(known["trained_betas"])
    return NoiseScheduleConfig(**known)


def _check_schedule_value(name: str, value: Any) -> None:
    choices = _SCHEDULE_CHOICES.get(name)
    if choices and value not in choices:
        raise ModelError(
            "The model's scheduler is not supported: {name} is “{value}”.",
            value=str(value),
            name=name.replace("_", " "),
        )
    kind: Any = {"trained_betas": list, "beta_start": (int, float), "beta_end": (int, float)}.get(
        name, type(getattr(NoiseScheduleConfig, name))
    )
    if not isinstance(value, kind):
        raise ModelError(
            "The value of “{name}” in the model's scheduler_config.json is not valid.", name=name
        )


def _read_card(path: Path) -> dict[str, Any]:
    """Our own optional file: name, default_size [width, height], steps, guidance, example_prompts, and
    grounded_attention, for `Capabilities.grounded`."""
    file = path / CARD
    if not file.is_file():
        return {}
    card = read_json(file)
    for key, is_right in _CARD_CHECKS.items():
        if key in card and not is_right(card[key]):
            raise ModelError("The value of “{key}” in the model's {file} is not valid.", key=key, file=CARD)
    return card


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value > 0
