"""What a diffusers folder holds, read from its JSON files alone: no torch, no weights.

Layout: https://huggingface.co/docs/diffusers/using-diffusers/other-formats#diffusers-format
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from editor_core.errors import ModelError
from editor_core.models.bundle import Capabilities, NoiseScheduleConfig

CARD = "palimpsest.json"
AUTOENCODERS = ("AutoencoderKL", "AutoencoderDC", "AutoencoderTiny")
NETWORKS = {"unet": "U-Net", "vae": "autoencoder", "text_encoder": "text encoder"}
_TOKENIZER_FILES = ("tokenizer.json", "vocab.json")
_PICKLED = (".bin", ".ckpt", ".pt", ".pth")
_NOT_STABLE_DIFFUSION = (
    "addition_embed_type",
    "class_embed_type",
    "encoder_hid_dim_type",
    "time_cond_proj_dim",
)
_JSON_LIMIT = 64_000_000  # bytes; a tokenizer's file has a few millions, a weight index some thousands


@dataclass(frozen=True)
class WeightFile:
    """The safetensors file of one network, or the parts it is split into."""

    variant: str | None
    """"fp16" in `diffusion_pytorch_model.fp16.safetensors`, None in the plain name."""
    parts: tuple[Path, ...]


@dataclass(frozen=True)
class FolderLayout:
    """A checked folder of the Stable Diffusion 1.x / 2.x family."""

    path: Path
    name: str
    configs: Mapping[str, Mapping[str, Any]]
    """Part ("unet", "vae", "text_encoder") to its config.json."""
    weights: Mapping[str, WeightFile]
    schedule: NoiseScheduleConfig
    card: Mapping[str, Any]

    @property
    def latent_channels(self) -> int:
        return int(self.configs["vae"]["latent_channels"])

    @property
    def downscale(self) -> int:
        vae = self.configs["vae"]
        blocks = vae.get("block_out_channels") or vae["encoder_block_out_channels"]
        return 2 ** (len(blocks) - 1)

    @property
    def grid(self) -> int:
        return self.downscale * 2 ** (len(self.configs["unet"]["block_out_channels"]) - 1)

    @property
    def default_size(self) -> tuple[int, int]:
        """Pixels, (width, height): the card's, else the size the U-Net was trained at."""
        if size := self.card.get("size"):
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
            inpainting=self.configs["unet"]["in_channels"] == 2 * self.latent_channels + 1,
            adapter=(self.path / "adapter" / "config.json").is_file(),
        )


def inspect_folder(path: Path) -> FolderLayout:
    """Read and check a model folder.

    Raises ModelError, in one sentence, when a part is missing or damaged, when its weights are pickled, or
    when the model is not of the Stable Diffusion 1.x / 2.x family.
    """
    if not path.is_dir():
        raise ModelError(f"There is no model folder at {path}.")
    _check_pipeline(path)
    configs = {part: _part_config(path, part) for part in NETWORKS}
    _check_unet(configs["unet"])
    _check_autoencoder(configs["vae"])
    _check_text_encoder(configs["text_encoder"])
    _check_fit(configs)
    if not any((path / "tokenizer" / name).is_file() for name in _TOKENIZER_FILES):
        raise ModelError("The model folder has no tokenizer.")
    weights = {part: _find_weights(path / part, NETWORKS[part]) for part in NETWORKS}
    card = _read_card(path)
    name = card.get("name") or path.name or str(path)
    return FolderLayout(path, name, configs, weights, _read_schedule(path), card)


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises ModelError when it is damaged."""
    try:
        if file.stat().st_size > _JSON_LIMIT:
            raise ModelError(
                f"The model's file {file.parent.name}/{file.name} is too large to be what it should be."
            )
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"The model's file {file.name} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The model's file {file.parent.name}/{file.name} is damaged.") from error
    if not isinstance(found, dict):
        raise ModelError(f"The model's file {file.parent.name}/{file.name} is damaged.")
    return found


def read_safetensors_header(file: Path) -> tuple[dict[str, Any], int]:
    """The header of a safetensors file and where its data begin, in bytes. Raises ModelError when damaged or
    short.

    Format: https://github.com/huggingface/safetensors#format
    """
    damaged = ModelError(f"The model's weight file {file.parent.name}/{file.name} is damaged.")
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(size, 100_000_000):  # the format's own limit
                raise damaged
            header = json.loads(stream.read(length))
        tensors = [header[key] for key in header if key != "__metadata__"]
        end = max((tensor["data_offsets"][1] for tensor in tensors), default=0)
    except OSError as error:
        raise ModelError(f"The model's file {file.name} cannot be read: {error.strerror}.") from error
    except (struct.error, ValueError, TypeError, KeyError, IndexError) as error:
        raise damaged from error
    if 8 + length + end != size:
        raise damaged
    return header, 8 + length


def _check_pipeline(path: Path) -> None:
    """Refuse other families by name where the folder says which pipeline it is for."""
    index = path / "model_index.json"
    if not index.is_file():
        if any(path.glob("*.safetensors")) and not (path / "unet").is_dir():
            raise ModelError(
                "The folder holds a single weight file; a folder in diffusers' layout is needed."
            )
        return
    pipeline = str(read_json(index).get("_class_name", "StableDiffusionPipeline"))
    if pipeline not in ("StableDiffusionPipeline", "StableDiffusionInpaintPipeline"):
        kind = pipeline.removesuffix("Pipeline")
        raise ModelError(
            f"The model is a {kind} model; only Stable Diffusion 1.x and 2.x models can be used."
        )


def _part_config(path: Path, part: str) -> dict[str, Any]:
    file = path / part / "config.json"
    if not file.is_file():
        raise ModelError(f"The model folder has no {NETWORKS[part]}.")
    return read_json(file)


def _check_unet(config: Mapping[str, Any]) -> None:
    other = [key for key in _NOT_STABLE_DIFFUSION if config.get(key)]
    if config.get("_class_name", "UNet2DConditionModel") != "UNet2DConditionModel" or other:
        raise ModelError("The model's U-Net is not one of Stable Diffusion 1.x or 2.x.")
    if not config.get("block_out_channels") or not isinstance(config.get("in_channels"), int):
        raise ModelError("The configuration of the model's U-Net is incomplete.")


def _check_autoencoder(config: Mapping[str, Any]) -> None:
    name = config.get("_class_name")
    if name not in AUTOENCODERS:
        raise ModelError(f"The model's autoencoder ({name}) is of a kind the program does not know.")
    if not isinstance(config.get("latent_channels"), int):
        raise ModelError("The configuration of the model's autoencoder is incomplete.")


def _check_text_encoder(config: Mapping[str, Any]) -> None:
    if config.get("model_type") not in ("clip_text_model", "clip"):
        raise ModelError("The model's text encoder is not a CLIP text encoder.")


def _check_fit(configs: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse parts that come from different models."""
    channels = configs["vae"]["latent_channels"]
    unet = configs["unet"]
    if unet["in_channels"] not in (channels, 2 * channels + 1) or unet.get("out_channels", 4) != channels:
        raise ModelError("The model's U-Net and autoencoder do not fit together.")
    if unet.get("cross_attention_dim", 1280) != configs["text_encoder"].get("hidden_size", 512):
        raise ModelError("The model's U-Net and text encoder do not fit together.")


def _find_weights(folder: Path, label: str) -> WeightFile:
    """The safetensors file(s) of a part: the plain name first, then half precision."""
    stems = ("diffusion_pytorch_model", "model")
    for variant in (None, "fp16"):
        for stem in stems:
            single = folder / f"{stem}.{variant}.safetensors" if variant else folder / f"{stem}.safetensors"
            if single.is_file():
                return _checked(WeightFile(variant, (single,)))
            index = folder / (single.name + f".index{'.' + variant if variant else ''}.json")
            index = index if not variant else folder / f"{stem}.safetensors.index.{variant}.json"
            if index.is_file():
                return _checked(WeightFile(variant, _split_parts(index)))
    if folder.is_dir() and any(file.suffix in _PICKLED for file in folder.iterdir()):
        raise ModelError(
            f"The weights of the model's {label} are pickled, which is not safe; safetensors are needed."
        )
    raise ModelError(f"The weights of the model's {label} are missing.")


def _split_parts(index: Path) -> tuple[Path, ...]:
    names = read_json(index).get("weight_map", {}).values()
    parts = tuple(sorted({index.parent / Path(str(name)).name for name in names}))
    missing = [part.name for part in parts if not part.is_file()]
    if missing or not parts:
        raise ModelError(f"The model's weight file {(missing or [index.name])[0]} is missing.")
    return parts


def _checked(weights: WeightFile) -> WeightFile:
    for part in weights.parts:
        read_safetensors_header(part)
    return weights


def _read_schedule(path: Path) -> NoiseScheduleConfig:
    """The noise schedule of any diffusers scheduler; keys it leaves out have DDIMScheduler's defaults."""
    file = path / "scheduler" / "scheduler_config.json"
    if not file.is_file():
        raise ModelError("The model folder has no scheduler.")
    found = read_json(file)
    known = {f.name: found[f.name] for f in fields(NoiseScheduleConfig) if found.get(f.name) is not None}
    if "trained_betas" in known:
        known["trained_betas"] = tuple(known["trained_betas"])
    schedule = NoiseScheduleConfig(**known)
    if schedule.prediction_type not in ("epsilon", "v_prediction"):
        raise ModelError(f"The model predicts “{schedule.prediction_type}”, which the program does not know.")
    if schedule.beta_schedule not in ("linear", "scaled_linear", "squaredcos_cap_v2"):
        raise ModelError(
            f"The model's noise schedule “{schedule.beta_schedule}” is not known to the program."
        )
    if schedule.timestep_spacing not in ("leading", "linspace", "trailing"):
        raise ModelError(
            f"The model's step spacing “{schedule.timestep_spacing}” is not known to the program."
        )
    if found.get("rescale_betas_zero_snr"):
        raise ModelError(
            "The model's noise schedule ends in pure noise (zero SNR), which the program cannot invert."
        )
    return schedule


def _read_card(path: Path) -> dict[str, Any]:
    """Our own optional file: name, size [width, height], steps, guidance, example_prompts."""
    file = path / CARD
    if not file.is_file():
        return {}
    card = read_json(file)
    wanted: dict[str, Any] = {
        "name": str,
        "size": list,
        "steps": int,
        "guidance": (int, float),
        "example_prompts": list,
    }
    for key, kind in wanted.items():
        if key in card and not isinstance(card[key], kind):
            raise ModelError(f"“{key}” in the model's {CARD} is not what it should be.")
    if "size" in card and (len(card["size"]) != 2 or not all(isinstance(side, int) for side in card["size"])):
        raise ModelError(f"“size” in the model's {CARD} is not a width and a height.")
    return card
